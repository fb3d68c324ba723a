"""Organisations, invitations, joining, revoking, over an honest relay."""

from __future__ import annotations

import threading

import pytest

from kunak.desk.epochs import revoke
from kunak.desk.hindrance import AWAY
from kunak.desk.joining import InvitationMistake, ask_to_join, asking, invite, join, read_invitation, withdraw
from kunak.desk.sync import Sync
from kunak.journal.grants import DeviceRevoked
from kunak.sealing.code import new_code
from kunak.vault.keyring import NotHeld
from kunak.vault.store import Vault
from kunak.vault.troubles import standing
from tests.house import CHEAP, DAY, House, Noted, NotesRoom


def kinds(house: House, callsign: str) -> list[str]:
    return [trouble.kind for trouble in standing(house.benches[callsign].vault.db)]


def test_who_is_invited_joins_and_reads_what_the_role_holds(house: House) -> None:
    house.found("Oak", role="admin")
    house.welcome("Birch", "caseworker")
    house.welcome("Ash", "coordinator")
    house.settle()
    birch, ash = house.benches["Birch"].keyring, house.benches["Ash"].keyring
    assert {"roster", "intake"} <= set(birch.compartments())
    assert len([name for name in birch.compartments() if name.startswith("week:")]) == 9
    assert ash.compartments() == ["roster"]
    for callsign in ("Oak", "Birch", "Ash"):
        helpers = [(device.callsign, device.role) for device in house.benches[callsign].roster.helpers()]
        assert sorted(helpers) == [("Ash", "coordinator"), ("Birch", "caseworker"), ("Oak", "admin")]
        assert kinds(house, callsign) == []


def test_two_helpers_read_each_other_in_a_compartment_that_they_share(house: House) -> None:
    house.found("Oak")
    house.welcome("Birch")
    house.welcome("Ash")
    house.settle()
    birch = house.benches["Birch"]
    birch.pen.new_compartment("case:1")
    birch.pen.write("case:1", [Noted("first")])
    house.settle()
    birch.pen.grant("case:1", house.id_of("Ash"))
    house.settle()
    house.benches["Ash"].pen.write("case:1", [Noted("second")])
    house.settle()
    assert NotesRoom.texts(house.benches["Ash"]) == NotesRoom.texts(birch) == ["first", "second"]
    assert NotesRoom.texts(house.benches["Oak"]) == []
    for callsign in house.benches:
        assert kinds(house, callsign) == []


def test_a_revoked_helper_cannot_open_the_next_epoch(house: House) -> None:
    house.found("Oak")
    house.welcome("Birch")
    house.welcome("Ash")
    house.settle()
    birch, ash = house.benches["Birch"], house.benches["Ash"]
    birch.pen.new_compartment("case:1")
    birch.pen.grant("case:1", house.id_of("Ash"))
    birch.pen.write("case:1", [Noted("before")])
    house.settle()
    revoke(house.benches["Oak"], house.id_of("Ash"))
    house.settle()
    birch.pen.write("case:1", [Noted("after")])
    house.settle()
    assert NotesRoom.texts(birch) == ["after", "before"]
    assert NotesRoom.texts(ash) == ["before"]
    assert birch.keyring.newest("case:1")[0] == 1
    assert house.id_of("Ash") not in birch.keyring.members("case:1")


def test_what_a_revoked_helper_writes_afterwards_is_not_believed(house: House) -> None:
    house.found("Oak")
    house.welcome("Birch")
    house.welcome("Ash")
    house.settle()
    birch, ash = house.benches["Birch"], house.benches["Ash"]
    birch.pen.new_compartment("case:1")
    birch.pen.grant("case:1", house.id_of("Ash"))
    house.settle()
    ash.pen.write("case:1", [Noted("in time")])
    house.step("Ash")
    revoke(house.benches["Oak"], house.id_of("Ash"))
    house.step("Oak", "Birch")
    ash.pen.write("case:1", [Noted("too late")])
    house.step("Ash", "Birch")
    assert NotesRoom.texts(birch) == ["in time"]
    assert kinds(house, "Birch") == ["refused"]


def test_an_invitation_is_good_for_one_device_and_a_second_one_raises_an_alarm(house: House) -> None:
    house.found("Oak")
    given = invite(house.benches["Oak"], "caseworker", "Birch")
    house.step("Oak")
    read = read_invitation(given.file, given.code)
    for name in ("first", "second"):
        vault = Vault.create(house.folder / name, name, **CHEAP)
        bench = join(house.folder / name, name, read, house.clock, [NotesRoom()], vault)
        ask_to_join(bench, house.relay)
        house.benches[name] = bench
    house.step("Oak")
    assert [device.id for device in house.benches["Oak"].roster.helpers() if device.callsign == "Birch"] == [
        house.id_of("first")
    ]
    assert kinds(house, "Oak") == ["invitation-copied"]


def test_a_request_to_join_that_found_the_relay_away_is_sent_by_the_desk_itself(house: House) -> None:
    house.found("Oak")
    given = invite(house.benches["Oak"], "caseworker", "Birch")
    house.step("Oak")
    read = read_invitation(given.file, given.code)
    vault = Vault.create(house.folder / "Birch", "Birch", **CHEAP)
    bench = join(house.folder / "Birch", "Birch", read, house.clock, [NotesRoom()], vault)
    house.benches["Birch"] = bench
    house.relay.away = True
    # The desk's app makes a client with the invitation's key; the relay in memory asks for none.
    house.syncs["Birch"] = Sync(bench, house.relay, lambda: ask_to_join(bench, house.relay))
    assert house.step("Birch").now == AWAY
    assert asking(bench) is not None
    house.relay.away = False
    house.settle()
    assert asking(bench) is None
    assert "intake" in bench.keyring.compartments()


def test_an_invitation_runs_out_after_two_weeks(house: House) -> None:
    house.found("Oak")
    house.invite("Birch")
    house.now += 15 * DAY
    house.step("Oak")
    assert [device.callsign for device in house.benches["Oak"].roster.helpers()] == ["Oak"]
    assert kinds(house, "Oak") == ["join-late"]


def test_a_withdrawn_invitation_admits_nobody(house: House) -> None:
    house.found("Oak")
    oak = house.benches["Oak"]
    house.invite("Birch")
    (invitation,) = [name for name, _ in oak.roster.open_invitations(oak.vault.db, oak.today)]
    withdraw(oak, invitation)
    house.step("Oak")
    assert [device.callsign for device in oak.roster.helpers()] == ["Oak"]


def test_wrong_words_open_no_invitation(house: House) -> None:
    house.found("Oak")
    given = invite(house.benches["Oak"], "caseworker", "Birch")
    with pytest.raises(InvitationMistake, match="words"):
        read_invitation(given.file, new_code("en"))


def test_only_an_admin_invites(house: House) -> None:
    house.found("Oak")
    house.welcome("Birch")
    with pytest.raises(NotHeld):
        invite(house.benches["Birch"], "admin", "Mole")


def test_a_roster_that_another_thread_read_before_the_commit_is_not_remembered(house: House) -> None:
    house.found("Oak")
    house.welcome("Birch")
    house.settle()
    oak = house.benches["Oak"]
    with oak.vault.transaction():
        oak.pen.write("roster", [DeviceRevoked(house.id_of("Birch"))])
        # What a page's thread does meanwhile: it sees, and remembers, what is committed.
        oak.receiving.forget_cached()
        reader = threading.Thread(target=lambda: oak.receiving.roster(oak.vault.db))
        reader.start()
        reader.join()
    device = oak.roster.get(house.id_of("Birch"))
    assert device is not None
    assert not device.active
