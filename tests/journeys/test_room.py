"""The room at the desk: who comes in, and who sees what."""

from __future__ import annotations

from pathlib import Path

import pytest

from kunak.journeys.known import keys
from tests.cast import CASEWORKERS, COORDINATOR, Cast
from tests.house import House


def test_a_coordinators_work_begins_here_and_a_caseworkers_does_not(cast: Cast) -> None:
    assert cast.at_work(COORDINATOR).get("/").headers["location"] == "/journeys"
    assert cast.at_work(CASEWORKERS[0]).get("/").headers["location"] == "/inbox"


def test_a_coordinator_begins_the_room_and_a_caseworker_cannot(cast: Cast) -> None:
    aspen, linden = cast.at_work(COORDINATOR), cast.at_work(CASEWORKERS[0])
    assert "holds no key to the places yet" in aspen.see("/journeys/places")
    assert linden.post("/journeys/begin").status_code == 404
    assert aspen.post("/journeys/begin").status_code == 303
    assert "No places yet" in aspen.see("/journeys/places")
    cast.everybody_syncs()
    assert "open to coordinators only" in linden.see("/journeys/places")
    assert not linden.bench.keyring.holds("places")


def test_a_coordinator_who_came_later_is_let_in_by_hand_with_all_that_was_written(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.found("Oak")
    aspen, linden = house.welcome("Aspen", "coordinator"), house.welcome("Linden")
    house.settle()
    keys.begin(aspen)
    linden.pen.new_compartment("case:k1")
    party = keys.begin_party(linden, "k1")
    house.settle()
    assert keys.outside(aspen) == []
    birch = house.welcome("Birch", "coordinator")
    house.settle()
    assert [each.callsign for each in keys.outside(aspen)] == ["Birch"]
    assert not birch.keyring.holds(keys.PLACES)
    with pytest.raises(LookupError):
        keys.let_in(aspen, house.id_of("Linden"))
    keys.let_in(aspen, house.id_of("Birch"))
    house.settle()
    assert birch.keyring.holds(keys.PLACES)
    assert birch.keyring.holds(keys.JOURNEY + party)
    assert not birch.keyring.holds("case:k1")
    assert not linden.keyring.holds(keys.PLACES)
    house.close()


def test_a_helper_who_is_let_into_the_case_later_reads_its_sheet(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.found("Oak")
    aspen, linden, maple = house.welcome("Aspen", "coordinator"), house.welcome("Linden"), house.welcome("Maple")
    house.settle()
    linden.pen.new_compartment("case:k1")
    party = keys.begin_party(linden, "k1")
    linden.pen.grant("case:k1", house.id_of("Maple"))
    house.settle()
    assert not maple.keyring.holds(keys.JOURNEY + party)
    keys.share_party(linden, "k1", party)
    house.settle()
    assert maple.keyring.holds(keys.JOURNEY + party)
    assert aspen.keyring.holds(keys.JOURNEY + party)
    house.close()
