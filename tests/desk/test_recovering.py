"""All desks are lost; enough shares together give the organisation back."""

from __future__ import annotations

import msgspec
import pytest

from kunak.desk.recovering import NotRecovered, recover
from kunak.desk.sync import Sync
from kunak.desk.workbench import Workbench
from kunak.sealing.shares import SharesMistake
from kunak.vault.keyring import Organisation
from kunak.vault.store import Vault
from tests.house import CHEAP, DAY, House, Noted, NotesRoom


def recovered(house: House, shares: list[str], organisation: Organisation | None = None) -> Workbench:
    vault = Vault.create(house.folder / "Phoenix", "phoenix", **CHEAP)
    try:
        recover(
            house.folder / "Phoenix",
            "phoenix",
            shares,
            organisation=organisation or msgspec.json.decode(house.document, type=Organisation),
            relay="http://relay.test",
            callsign="Phoenix",
            clock=house.clock,
            connect=lambda _device, _seed: house.relay,
            vault=vault,
        )
    except BaseException:
        vault.close()
        raise
    bench = Workbench.over(vault, [NotesRoom()], house.clock)
    house.benches["Phoenix"] = bench
    house.syncs["Phoenix"] = Sync(bench, house.relay)
    house.step("Phoenix")
    return bench


def lose_all_desks(house: House) -> None:
    house.close()
    house.benches.clear()
    house.syncs.clear()


def test_three_of_five_shares_bring_back_every_compartment(house: House) -> None:
    house.found("Oak")
    house.welcome("Birch")
    house.settle()
    house.benches["Birch"].pen.new_compartment("case:1")
    house.benches["Birch"].pen.write("case:1", [Noted("must not be lost")])
    house.now += 20 * DAY
    house.settle()
    held = set(house.benches["Birch"].keyring.compartments())
    lose_all_desks(house)
    bench = recovered(house, [house.shares[4], house.shares[0], house.shares[2]])
    assert NotesRoom.texts(bench) == ["must not be lost"]
    assert held < set(bench.keyring.compartments())
    # And it lives on: somebody new can be invited by the recovered admin.
    house.welcome("Ash", by="Phoenix")
    house.settle()
    assert "intake" in house.benches["Ash"].keyring.compartments()
    assert {device.callsign for device in bench.roster.helpers()} == {"Oak", "Birch", "Phoenix", "Ash"}


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
