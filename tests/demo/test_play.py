"""A thin year lived through the real doors ends as it was invented."""

from __future__ import annotations

import time
from pathlib import Path

from kunak.cases import register as cases
from kunak.demo.house import CHEAP, Clock, found
from kunak.demo.play import ADMIN, CASEWORKERS, DAY, Year
from kunak.demo.year import LAST_DAY, invent
from kunak.desk.app import ROOMS
from kunak.helpline import register as helpline


def test_a_thin_year_ends_with_its_cases_open_and_its_people_answered(tmp_path: Path) -> None:
    start = int(time.time() // DAY) - LAST_DAY
    clock = Clock(start * DAY)
    house = found(tmp_path, clock, ROOMS, callsign=ADMIN, cheap=CHEAP)
    try:
        for callsign in CASEWORKERS:
            house.join("caseworker", callsign, CHEAP)
        stories = invent(people=8)
        told: list[float] = []
        Year(house, clock, stories, start, told.append).live()
        opened = [story for story in stories if story.opened is not None]
        found_cases = [sum(cases.count(house.desks[callsign].bench.vault.db).values()) for callsign in CASEWORKERS]
        assert sum(found_cases) == len(opened)
        assert min(found_cases) > 0
        marked = [helpline.count(house.desks[callsign].bench.vault.db).get("spam", 0) for callsign in CASEWORKERS]
        assert marked[0] == marked[1] == sum(story.kind == "spam" for story in stories)
        assert told[-1] == 1.0
        assert all(desk.sync.state().missing == [] for desk in house.desks.values())
    finally:
        house.close()
