"""The keys of letters are made by those who open letters; an admin signs their public halves and holds none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import msgspec

from kunak.desk.documents import Week, read_helpline, signed
from kunak.desk.epochs import revoke
from kunak.journal.grants import INTAKE, RECOVERY, KeyOffered, week_of
from kunak.sealing.compartment import identity_of, reply_key_of
from kunak.sealing.hybrid import Identity
from kunak.vault import offers
from kunak.vault.folding import Folding
from kunak.vault.troubles import standing
from tests.house import DAY, House, Noted, NotesRoom, Person, PlainNotesRoom

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

HOUR = 3_600


def of_letters(house: House, callsign: str) -> list[str]:
    held = house.benches[callsign].keyring.compartments()
    return [name for name in held if name == INTAKE or name.startswith("week:")]


def weeks_published(house: House) -> list[str]:
    document = read_helpline(house.relay.documents["helpline"], house.benches["Oak"].keyring.own.organisation)
    assert document is not None
    return [week.recipient for week in document.weeks]


def opened_by(house: House, callsign: str) -> set[str]:
    """The recipients whose letters this desk opens."""
    bench = house.benches[callsign]
    rows = bench.vault.db.execute("SELECT secret FROM secret WHERE compartment GLOB 'week:*'").fetchall()
    return {str(identity_of(secret).recipient) for (secret,) in rows}


def quiet(house: House) -> None:
    assert {call: [t.kind for t in standing(bench.vault.db)] for call, bench in house.benches.items()} == {
        call: [] for call in house.benches
    }


def test_a_helpline_is_not_open_until_a_caseworker_has_joined(house: House) -> None:
    house.found("Oak", role="admin")
    house.settle()
    assert of_letters(house, "Oak") == []
    assert weeks_published(house) == []
    house.welcome("Birch")
    house.settle()
    assert len(of_letters(house, "Birch")) == 10
    assert len(weeks_published(house)) == 9
    assert set(weeks_published(house)) == opened_by(house, "Birch")
    assert of_letters(house, "Oak") == []
    quiet(house)


def test_who_founds_alone_with_both_roles_opens_letters(house: House) -> None:
    house.found("Oak", role="admin+caseworker")
    Person(house).write("only you are there")
    house.step("Oak")
    assert NotesRoom.letters(house.benches["Oak"]) == ["only you are there"]


def test_the_second_caseworker_is_let_in_by_the_first_and_both_open_letters(house: House) -> None:
    house.found("Oak", role="admin")
    house.welcome("Birch")
    house.settle()
    Person(house).write("before Ash came")
    house.step("Birch")
    house.welcome("Ash")
    house.settle()
    Person(house).write("since")
    house.settle()
    for callsign in ("Birch", "Ash"):
        assert sorted(NotesRoom.letters(house.benches[callsign])) == ["before Ash came", "since"]
    assert of_letters(house, "Oak") == []
    quiet(house)


def test_two_who_join_at_once_begin_two_keys_and_hold_both(house: House) -> None:
    house.found("Oak", role="admin")
    for callsign in ("Birch", "Ash"):
        house.invite(callsign)
    house.step("Oak")
    # Each hears the roster and writes before it has heard the other.
    seen = list(house.relay.log)
    house.step("Birch")
    later = house.relay.log[len(seen) :]
    del house.relay.log[len(seen) :]
    for envelope in later:
        house.relay.places.pop(next(key for key in house.relay.places if key[0] == envelope.label))
    house.step("Ash")
    house.relay.append([(envelope.label, envelope.sealed) for envelope in later if envelope.sealed])
    house.now += 13 * HOUR
    house.settle()
    house.now += 13 * HOUR
    house.settle()
    assert opened_by(house, "Birch") == opened_by(house, "Ash")
    assert set(weeks_published(house)) <= opened_by(house, "Ash")
    for text in ("one", "two"):
        Person(house).write(text)
    house.settle()
    for callsign in ("Birch", "Ash"):
        assert sorted(NotesRoom.letters(house.benches[callsign])) == ["one", "two"]
    assert of_letters(house, "Oak") == []


def test_after_a_revocation_by_an_admin_the_caseworkers_begin_anew_and_the_admin_gets_nothing(house: House) -> None:
    house.found("Oak", role="admin")
    for callsign in ("Birch", "Ash"):
        house.welcome(callsign)
    house.settle()
    revoke(house.benches["Oak"], house.id_of("Ash"))
    assert of_letters(house, "Oak") == []
    house.settle()
    assert not set(weeks_published(house)) & opened_by(house, "Ash")
    assert set(weeks_published(house)) <= opened_by(house, "Birch")
    assert of_letters(house, "Oak") == []
    Person(house).write("not for Ash")
    house.settle()
    assert NotesRoom.letters(house.benches["Birch"]) == ["not for Ash"]
    assert NotesRoom.letters(house.benches["Ash"]) == []


def test_a_second_admin_is_granted_no_key_of_letters(house: House) -> None:
    house.found("Oak", role="admin")
    house.welcome("Birch")
    house.welcome("Elm", "admin")
    house.settle()
    house.now += 3 * 7 * DAY
    house.settle()
    assert of_letters(house, "Elm") == of_letters(house, "Oak") == []
    assert "root" in house.benches["Elm"].keyring.compartments()


def test_the_last_caseworkers_desk_is_lost_and_the_next_one_opens_letters_again(house: House) -> None:
    house.found("Oak", role="admin")
    house.welcome("Birch")
    house.settle()
    revoke(house.benches["Oak"], house.id_of("Birch"))
    lost = house.syncs.pop("Birch")
    assert lost
    house.welcome("Ash")
    house.settle()
    assert set(weeks_published(house)) <= opened_by(house, "Ash")
    Person(house).write("somebody is there")
    house.step("Ash")
    assert NotesRoom.letters(house.benches["Ash"]) == ["somebody is there"]


def test_a_colleague_whose_laptop_is_closed_for_days_does_not_keep_a_caseworker_from_letters(house: House) -> None:
    house.found("Oak", role="admin")
    house.welcome("Birch")
    house.settle()
    asleep = house.syncs.pop("Birch")
    house.welcome("Ash")
    house.settle()
    assert of_letters(house, "Ash") == []
    house.now += 25 * HOUR
    house.settle()
    house.now += 13 * HOUR
    house.settle()
    Person(house).write("for whoever is awake")
    house.settle()
    assert NotesRoom.letters(house.benches["Ash"]) == ["for whoever is awake"]
    house.syncs["Birch"] = asleep
    house.settle()
    house.settle()
    assert NotesRoom.letters(house.benches["Birch"]) == ["for whoever is awake"]


def test_a_false_key_of_the_week_that_an_admin_signed_is_seen_by_who_opens_letters(house: House) -> None:
    house.found("Oak", role="admin")
    house.welcome("Birch")
    house.settle()
    quiet(house)
    oak = house.benches["Oak"]
    true = read_helpline(house.relay.documents["helpline"], oak.keyring.own.organisation)
    assert true is not None
    mine = Week(true.weeks[0].from_day, str(Identity.generate().recipient))
    false = msgspec.structs.replace(true, version=true.version + 1, weeks=[mine, *true.weeks[1:]])
    house.relay.documents["helpline"] = signed(oak, false)
    house.now += 700
    house.step("Birch")
    assert [t.kind for t in standing(house.benches["Birch"].vault.db)] == ["helpline-false"]
    house.step("Oak")
    house.now += 700
    house.step("Birch")
    quiet(house)


def test_a_new_epoch_of_a_case_does_not_wait_for_a_member_who_is_asleep(house: House) -> None:
    house.found("Oak", role="admin")
    for callsign in ("Birch", "Ash", "Elm"):
        house.welcome(callsign)
    house.settle()
    first, second = sorted(("Birch", "Ash"), key=house.id_of)
    house.benches[first].pen.new_compartment("case:1", [house.id_of(second), house.id_of("Elm")])
    house.settle()
    asleep = house.syncs.pop(first)
    revoke(house.benches["Oak"], house.id_of("Elm"))
    house.settle()
    assert house.benches[second].keyring.newest("case:1")[0] == 0
    house.now += 130
    house.settle()
    assert house.benches[second].keyring.newest("case:1")[0] == 1
    house.syncs[first] = asleep
    house.settle()
    assert house.benches[first].keyring.newest("case:1") == house.benches[second].keyring.newest("case:1")
    quiet(house)


def test_who_begins_the_same_epoch_at_once_as_another_ends_with_the_same_key(house: House) -> None:
    house.found("Oak", role="admin")
    for callsign in ("Birch", "Ash", "Elm"):
        house.welcome(callsign)
    house.settle()
    birch, ash = house.benches["Birch"], house.benches["Ash"]
    birch.pen.new_compartment("case:1", [house.id_of("Ash"), house.id_of("Elm")])
    house.settle()
    for bench in (birch, ash):
        bench.pen.new_epoch("case:1", [house.id_of("Elm")])
        bench.pen.write("case:1", [Noted(f"by {bench.keyring.own.callsign}")])
    house.settle()
    for bench in (birch, ash):
        bench.pen.write("case:1", [Noted(f"again {bench.keyring.own.callsign}")])
    house.settle()
    assert birch.keyring.newest("case:1") == ash.keyring.newest("case:1")
    wanted = ["again Ash", "again Birch", "by Ash", "by Birch"]
    assert NotesRoom.texts(birch) == NotesRoom.texts(ash) == wanted
    assert NotesRoom.texts(house.benches["Elm"]) == []
    quiet(house)


def test_nothing_is_written_under_a_key_that_a_revoked_helper_holds(house: House) -> None:
    house.found("Oak", role="admin")
    for callsign in ("Birch", "Ash", "Elm"):
        house.welcome(callsign)
    house.settle()
    second = max(("Birch", "Ash"), key=house.id_of)
    revoke(house.benches["Oak"], house.id_of("Elm"))
    house.step("Oak")
    bench = house.benches[second]
    old = bench.keyring.all_secrets_of(INTAKE)
    house.step(second)  # it was the other's turn to begin
    bench.pen.write(INTAKE, [Noted("not for Elm")])
    assert bench.keyring.newest(INTAKE)[1] not in old
    house.settle()
    assert NotesRoom.texts(house.benches["Elm"]) == []


# --- organisations from before


def as_before(house: House) -> None:
    """What an admin's desk did before: it makes and holds `intake` and the weeks, and grants them; nobody offers anything."""
    house.found("Oak", role="admin")
    oak = house.benches["Oak"]
    with patch("kunak.vault.writing.is_offered", return_value=False), oak.vault.transaction():
        oak.pen.new_compartment(INTAKE)
        for ahead in range(9):
            oak.pen.new_compartment(week_of(oak.today + 7 * ahead))
    house.step("Oak")


def test_an_admins_desk_from_before_hands_its_keys_over_and_keeps_nothing(house: House) -> None:
    as_before(house)
    oak = house.benches["Oak"]
    assert len(weeks_published(house)) == 9
    Person(house).write("opened by an admin, then")
    house.step("Oak")
    assert NotesRoom.letters(oak) == ["opened by an admin, then"]
    old = opened_by(house, "Oak")
    house.welcome("Birch")
    house.settle()
    assert of_letters(house, "Oak") == []
    assert NotesRoom.letters(oak) == []
    assert NotesRoom.letters(house.benches["Birch"]) == ["opened by an admin, then"]
    # What is written from now on is sealed to keys that the admin has never had.
    assert not set(weeks_published(house)) & old
    assert RECOVERY in house.benches["Birch"].keyring.members(INTAKE)
    assert house.id_of("Oak") not in house.benches["Birch"].keyring.members(INTAKE)
    for table in ("letter", "correspondent"):
        assert oak.vault.db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    # Every desk's, not only this one's: tables that are not what the entries say would differ from desk to desk.
    for bench in house.benches.values():
        snapshot = bench.folding.snapshot()
        bench.folding.rebuild()
        assert bench.folding.snapshot() == snapshot
    quiet(house)


def test_the_same_where_only_what_is_forgotten_is_folded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(folding: Folding) -> None:
        raise AssertionError("folded again as a whole")

    house = House(tmp_path, PlainNotesRoom())
    as_before(house)
    oak = house.benches["Oak"]
    Person(house).write("opened by an admin, then")
    house.step("Oak")
    house.welcome("Birch")
    with monkeypatch.context() as patch:
        patch.setattr(Folding, "rebuild", never)
        house.settle()
    assert of_letters(house, "Oak") == []
    assert NotesRoom.letters(house.benches["Birch"]) == ["opened by an admin, then"]
    # What was offered is said in the roster, which nobody forgets: its rows stand there still, every one.
    (offered,) = oak.vault.db.execute("SELECT count(*) FROM roster_offered").fetchone()
    assert offered >= 9
    for bench in house.benches.values():
        snapshot = bench.folding.snapshot()
        bench.folding.rebuild()
        assert bench.folding.snapshot() == snapshot
    house.close()


def test_an_organisation_of_one_from_before_goes_on_until_somebody_can_take_over(house: House) -> None:
    as_before(house)
    house.now += 3 * 7 * DAY
    house.settle()
    assert len(weeks_published(house)) == 10
    Person(house).write("still open")
    house.step("Oak")
    assert NotesRoom.letters(house.benches["Oak"]) == ["still open"]


def test_nobody_listens_to_an_admin_who_offers_a_key(house: House) -> None:
    house.found("Oak", role="admin")
    house.welcome("Birch")
    house.settle()
    before = weeks_published(house)
    oak = house.benches["Oak"]
    oak.pen.new_compartment(week_of(oak.today), epoch=99)
    house.settle()
    assert weeks_published(house) == before
    # And what it tried to grant is not taken by whoever opens letters.
    assert max(epoch for epoch, _ in [house.benches["Birch"].keyring.newest(week_of(oak.today))]) < 99


def test_a_number_that_a_revoked_helper_once_named_outbids_nobody(house: House) -> None:
    house.found("Oak", role="admin")
    for callsign in ("Birch", "Ash"):
        house.welcome(callsign)
    house.settle()
    ash, week = house.benches["Ash"], week_of(house.benches["Oak"].today)
    ash.pen.new_compartment(week, epoch=10**9)
    house.settle()
    revoke(house.benches["Oak"], house.id_of("Ash"))
    house.settle()
    oak = house.benches["Oak"]
    best = offers.standing(oak.vault.db, oak.roster)[week][0]
    assert best.active
    assert best.key not in opened_by(house, "Ash")


def test_coordinators_speak_for_the_helpline_with_a_key_of_their_own(house: House) -> None:
    house.found("Oak")
    birch = house.welcome("Birch")
    pine = house.welcome("Pine", "coordinator")
    pine.pen.new_compartment("places")
    house.settle()
    document = read_helpline(house.relay.documents["helpline"], birch.keyring.own.organisation)
    assert document is not None
    voice = reply_key_of(pine.keyring.newest("places")[1]).public.hex()
    assert document.reply_keys == [reply_key_of(birch.keyring.newest("intake")[1]).public.hex(), voice]
    # Nobody else names a key for it, and the one that watches the page for persons finds nothing strange.
    birch.pen.write("roster", [KeyOffered("places", 9, "ab" * 32)])
    house.settle()
    document = read_helpline(house.relay.documents["helpline"], birch.keyring.own.organisation)
    assert document is not None
    assert document.reply_keys[1:] == [voice]
    assert "helpline-false" not in {each.kind for each in house.step("Birch").troubles}
