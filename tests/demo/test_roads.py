"""The demo's plan was made for the demo's year, keeps every rule, and is laid through the doors that everybody uses."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from kunak.demo.house import CHEAP, Clock, found
from kunak.demo.laying import demo_plan
from kunak.demo.play import ADMIN, CASEWORKERS, COORDINATOR, DAY, SECOND_COORDINATOR, Year
from kunak.demo.roads import full_scenario
from kunak.demo.year import LAST_DAY, invent
from kunak.desk.app import ROOMS
from kunak.journeys import register as journeys
from kunak.journeys.known.bringing import write_scenario
from kunak.journeys.reckoning.reading import read_scenario
from kunak.journeys.reckoning.reviewing import Review


def test_the_demos_plan_is_the_one_that_was_made_for_this_year() -> None:
    """Red after the year or its places were changed: run `python tools/demo_plan.py`."""
    text, plan = write_scenario(full_scenario(invent())), demo_plan()
    assert plan.meta["scenario_sha256"] == hashlib.sha256(text).hexdigest()
    review = Review(read_scenario(text), plan)
    assert review.verdict.wrong == []
    assert plan.bound is not None
    assert plan.bound <= review.score < 1.05 * plan.bound
    assert {course.party.id for course in review.waiting} == set(plan.reasons)
    assert len([course for course in review.courses.values() if course.rides]) > 20


def test_a_thin_year_ends_with_a_plan_in_force_that_no_caseworker_can_see(tmp_path: Path) -> None:
    start = int(time.time() // DAY) - LAST_DAY
    clock = Clock(start * DAY)
    house = found(tmp_path, clock, ROOMS, callsign=ADMIN, cheap=CHEAP)
    try:
        for callsign in CASEWORKERS:
            house.join("caseworker", callsign, CHEAP)
        for callsign in (COORDINATOR, SECOND_COORDINATOR):
            house.join("coordinator", callsign, CHEAP)
        Year(house, clock, invent(people=20), start, lambda _: None).live()
        bench = house.desks[COORDINATOR].bench
        standing = journeys.standing_of(bench.vault.db, bench.roster)
        assert standing.in_force is not None
        assert {each.helper for each in standing.in_force.words} == {COORDINATOR, SECOND_COORDINATOR}
        known = journeys.read_known(bench.vault.db)
        assert known.parties
        assert not journeys.cases_of_parties(bench.vault.db)
        for callsign in CASEWORKERS:
            heron = house.desks[callsign].bench
            assert not journeys.holds_places(heron)
            assert journeys.read_known(heron.vault.db).places == {}
        assert all(desk.sync.state().troubles == [] for desk in house.desks.values())
    finally:
        house.close()
