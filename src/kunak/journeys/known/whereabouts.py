"""Where each party is on a day, by what was stated and confirmed; and what journeys took since the day for which things were stated.

Pure. Days are days since 1970-01-01; nights in `Used` are counted from the frame's first day.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec.structs import replace

from . import events

if TYPE_CHECKING:
    from .records import Known, Party


@dataclass
class Used:
    """What journeys took between the day for which things were stated and the day that is planned."""

    money: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # by week
    hosts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    havens: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))  # place and week
    escorts: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))  # pool and day


def whereabouts(known: Known, party: Party, day: int, used: Used) -> events.Start | None:
    """Where the party is on this day by what was stated and confirmed; on the road, where and when it arrives. What it used since the
    day for which things were stated is added to `used`."""
    frame = known.frame.kept if known.frame else None
    start = party.placed.kept.start if party.placed else None
    sheet = party.sheet.kept if party.sheet else None
    if frame is None or start is None or sheet is None:
        return start
    here = start
    for step in party.steps:
        leg = known.legs.get(step.leg)
        if leg is None or step.day < here.since or step.state == "failed":
            continue
        _stay(known, here, step.day, sheet, used)
        heads = sheet.size + (sheet.escort and leg.kept.escort_pool is not None)
        if step.day >= frame.as_of:
            used.money[(step.day - frame.first) // 7] += leg.kept.fare * heads
        if heads > sheet.size:
            for busy in range(step.day, step.day + leg.kept.escort_days):
                used.escorts[str(leg.kept.escort_pool), busy - frame.first] += 1
        there = leg.kept.to
        arrival = step.at if step.state == "arrived" and not step.disputed else step.day + leg.kept.nights
        here = events.Start(there, max(step.day, arrival))
        place = known.places.get(there)
        if place is not None and place.kept.kind == "haven" and here.since >= frame.as_of:
            used.havens[there, (here.since - frame.first) // 7] += sheet.size
    return _moved_on(known, here, day, sheet, used)


def _moved_on(known: Known, here: events.Start, day: int, sheet: events.SheetKept, used: Used) -> events.Start:
    """The same whereabouts, as they are on this day."""
    place, frame = known.places.get(here.place), known.frame
    since = max(here.since, frame.kept.as_of if frame else day)
    if place is None or since >= day:
        return here
    nights = _stay(known, here, day, sheet, used)
    return replace(here, since=day, nights_used=here.nights_used + nights)


def _stay(known: Known, here: events.Start, until: int, sheet: events.SheetKept, used: Used) -> int:
    """Bed nights since the day for which things were stated; they cost money and, if they are the first, a host's new face."""
    place, frame = known.places.get(here.place), known.frame
    if place is None or frame is None or here.bed_lost or place.kept.kind not in ("transit", "shelter"):
        return 0
    first = max(here.since, frame.kept.as_of)
    for night in range(first, until):
        used.money[(night - frame.kept.first) // 7] += place.kept.night_cost * sheet.size
    if until > first and here.nights_used == 0:
        used.hosts[here.place] += 1
    return max(0, until - first)
