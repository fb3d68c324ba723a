"""The room at the desk: who comes in, and who sees what."""

from __future__ import annotations

from tests.cast import CASEWORKERS, COORDINATOR, Cast


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
