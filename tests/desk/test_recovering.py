"""All desks are lost; enough shares together give the organisation back."""

from __future__ import annotations

import msgspec
import pytest

from kunak.desk.recovering import NotRecovered, recover
from kunak.desk.sync import Sync
from kunak.desk.workbench import Workbench
from kunak.journal.grants import Role
from kunak.sealing.shares import SharesMistake
from kunak.vault.keyring import Organisation
from kunak.vault.store import Vault
from tests.house import CHEAP, DAY, House, Noted, NotesRoom


def recovered(
    house: House,
    shares: list[str],
    organisation: Organisation | None = None,
    role: Role = "admin",
    callsign: str = "Phoenix",
) -> Workbench:
    vault = Vault.create(house.folder / callsign, "phoenix", **CHEAP)
    try:
        recover(
            house.folder / callsign,
            "phoenix",
            shares,
            organisation=organisation or msgspec.json.decode(house.document, type=Organisation),
            relay="http://relay.test",
            callsign=callsign,
            clock=house.clock,
            role=role,
            connect=lambda _device, _seed: house.relay,
            vault=vault,
        )
    except BaseException:
        vault.close()
        raise
    bench = Workbench.over(vault, [NotesRoom()], house.clock)
    house.benches[callsign] = bench
    house.syncs[callsign] = Sync(bench, house.relay)
    house.step(callsign)
    return bench


def lose_all_desks(house: House) -> None:
    house.close()
    house.benches.clear()
    house.syncs.clear()


def busy(house: House) -> set[str]:
    """An organisation with a case, lost; what its only caseworker's desk held."""
    house.found("Oak", role="admin")
    house.welcome("Birch")
    house.settle()
    house.benches["Birch"].pen.new_compartment("case:1")
    house.benches["Birch"].pen.write("case:1", [Noted("must not be lost")])
    house.now += 20 * DAY
    house.settle()
    held = set(house.benches["Birch"].keyring.compartments())
    lose_all_desks(house)
    return held


def test_three_of_five_shares_bring_back_every_compartment(house: House) -> None:
    held = busy(house)
    shares = [house.shares[4], house.shares[0], house.shares[2]]
    bench = recovered(house, shares, role="admin+caseworker")
    assert NotesRoom.texts(bench) == ["must not be lost"]
    assert held < set(bench.keyring.compartments())
    # And it lives on: somebody new can be invited by the recovered admin.
    house.welcome("Ash", by="Phoenix")
    house.settle()
    # It may have been a lost desk's turn to let Ash in: then Ash asks, and who is there answers.
    house.now += 700
    house.settle()
    assert "intake" in house.benches["Ash"].keyring.compartments()
    assert {device.callsign for device in bench.roster.helpers()} == {"Oak", "Birch", "Phoenix", "Ash"}


def test_an_admin_who_recovers_opens_no_letter_and_no_case_and_a_caseworker_opens_them_all(house: House) -> None:
    held = busy(house)
    admin = recovered(house, house.shares[:3])
    assert admin.keyring.compartments() == ["root", "roster"]
    assert NotesRoom.texts(admin) == []
    caseworker = recovered(house, house.shares[:3], role="caseworker", callsign="Heron")
    house.settle()
    assert NotesRoom.texts(caseworker) == ["must not be lost"]
    assert held <= set(caseworker.keyring.compartments())
    assert "root" not in caseworker.keyring.compartments()
    assert admin.keyring.compartments() == ["root", "roster"]


def test_two_of_three_needed_shares_bring_back_nothing(house: House) -> None:
    house.found("Oak")
    lose_all_desks(house)
    with pytest.raises(SharesMistake):
        recovered(house, house.shares[:2])


def test_shares_of_another_organisation_are_told_apart(house: House, tmp_path_factory: pytest.TempPathFactory) -> None:
    house.found("Oak")
    other = House(tmp_path_factory.mktemp("other"))
    other.found("Elm")
    lose_all_desks(house)
    with pytest.raises(NotRecovered, match="open nothing"):
        recovered(house, other.shares[:3])
    other.close()


def test_a_founder_whom_the_root_key_did_not_name_is_not_believed(house: House) -> None:
    house.found("Oak")
    lose_all_desks(house)
    known = msgspec.json.decode(house.document, type=Organisation)
    founder = msgspec.structs.replace(known.founder, key="00" * 32)
    with pytest.raises(NotRecovered, match="false"):
        recovered(house, house.shares[:3], msgspec.structs.replace(known, founder=founder))
