"""What helpers wrote of one place, way, pool or party, as a part of a scenario: calendar days become days of the scenario, and what
was used since things were stated is taken off. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.journeys.reckoning import scenario
from kunak.journeys.reckoning.scenario import FOREVER, Zone

from . import events

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .records import Known, Party
    from .whereabouts import Used

# Points a night at home by the level of danger (cases: watched, threatened, hunted, in their hands), and what is left of them
# elsewhere. 1 point = 1 chance in 10,000 of grave harm for one person in one night: an estimate to be corrected by coordinators.
URGENCY: tuple[int, ...] = (4, 15, 35, 80, 200)
ELSEWHERE: dict[Zone, int] = {"danger": 1, "inside": 4, "near_abroad": 10}  # divisors; abroad: none


def hazards_of(urgency: Iterable[tuple[int, int]]) -> events.Hazards:
    """Hazards that follow from the levels of a sheet; whoever has none counts as threatened."""
    steps = sorted(urgency) or [(0, 2)]
    zones = {
        zone: [(day, -(-URGENCY[max(0, min(level, len(URGENCY) - 1))] // part)) for day, level in steps]
        for zone, part in ELSEWHERE.items()
    }
    return events.Hazards(**zones, abroad=[(0, 0)])


def party_of(party: Party, start: events.Start, first: int, now: int) -> scenario.Party:
    if party.sheet is None or party.placed is None:
        raise RuntimeError("a party without a sheet or a place is not planned")
    sheet, placed = party.sheet.kept, party.placed.kept
    taken = {(step.leg, step.day) for step in party.steps}
    return scenario.Party(
        id=party.party,
        size=sheet.size,
        weight=sheet.weight,
        makeup=sheet.makeup,
        start=scenario.Start(start.place, max(0, start.since - first), start.nights_used, start.bed_lost),
        hazard=hazard_by_night(placed.hazards or hazards_of(sheet.urgency), first),
        earliest_day=max(0, sheet.earliest - first) if sheet.earliest is not None else 0,
        forbidden=frozenset(placed.forbidden),
        documents=tuple(
            _paper(paper, first) for paper in sheet.documents if paper.until is None or paper.until >= first
        ),
        needs=frozenset(sheet.needs),
        escort=sheet.escort,
        wanted=sheet.wanted,
        pins=tuple(
            scenario.Step(pin.leg, pin.day - first)
            for pin in placed.pins
            if pin.day - first >= now and (pin.leg, pin.day) not in taken
        ),
    )


def hazard_by_night(hazards: events.Hazards, first: int) -> scenario.Hazard:
    """`first`: the calendar day of the scenario's day 0."""
    return scenario.Hazard(
        danger=_from_day(hazards.danger, first),
        inside=_from_day(hazards.inside, first),
        near_abroad=_from_day(hazards.near_abroad, first),
        abroad=_from_day(hazards.abroad, first),
    )


def _from_day(steps: Sequence[tuple[int, int]], first: int) -> tuple[tuple[int, int], ...]:
    """Steps by nights of the scenario: of those before its first night the last one holds on it."""
    before = [index for index, (day, _) in enumerate(steps) if day < first]
    start = before[-1] if before and not any(day == first for day, _ in steps) else len(before)
    kept = [(max(0, day - first), points) for day, points in steps[start:]]
    if not kept or kept[0][0] != 0:
        kept.insert(0, (0, steps[0][1] if steps else 0))
    return tuple(kept)


def _paper(paper: events.Paper, first: int) -> scenario.Paper:
    return scenario.Paper(
        paper.doc,
        max(0, paper.since - first) if paper.since is not None else 0,
        paper.until - first if paper.until is not None else FOREVER,
    )


def place_of(known: Known, place: events.PlaceKept, frame: events.FrameKept, used: Used) -> scenario.Place:
    first, said = frame.first, known.compromised.get(place.place)
    since = None if said is None else min(s.since for s in (said.kept, *said.others) if s.since is not None)
    closed = place.open_until is not None and place.open_until < first
    return scenario.Place(
        id=place.place,
        zone=place.zone,
        kind=place.kind,
        beds=0 if closed else place.beds,
        services=frozenset(place.services),
        admits=None if place.admits is None else frozenset(place.admits),
        open_from=max(0, place.open_from - first) if place.open_from is not None else 0,
        open_until=place.open_until - first if place.open_until is not None and not closed else None,
        compromised_from=None if since is None else max(0, since - first),
        night_cost=place.night_cost,
        hazard=place.hazard,
        max_stay=place.max_stay,
        max_parties=None if place.max_parties is None else max(0, place.max_parties - used.hosts[place.place]),
        intake=_intake(place, frame, used),
    )


def _intake(place: events.PlaceKept, frame: events.FrameKept, used: Used) -> tuple[int, ...] | None:
    if place.intake is None:
        return None
    weeks = _weeks(frame)
    offset = (frame.first - (frame.first if place.intake_from is None else place.intake_from)) // 7
    row = [_going_on(place.intake, offset + week) for week in range(weeks)]
    return tuple(max(0, number - used.havens[place.place, week]) for week, number in enumerate(row))


def leg_of(known: Known, leg: events.LegKept, first: int) -> scenario.Leg | None:
    """None if an end of it is gone, or it no longer goes."""
    if leg.origin not in known.places or leg.to not in known.places or leg.last < first:
        return None
    begins = leg.first - first
    if begins < 0:
        begins += -(begins // leg.every) * leg.every
    return scenario.Leg(
        id=leg.leg,
        origin=leg.origin,
        to=leg.to,
        mode=leg.mode,
        nights=leg.nights,
        first=begins,
        last=leg.last - first,
        every=leg.every,
        fare=leg.fare,
        risk=leg.risk,
        excepted=frozenset(day - first for day in leg.excepted if day >= first),
        seats=leg.seats,
        documents=tuple(frozenset(each) for each in leg.documents),
        checks=leg.checks,
        step_free=leg.step_free,
        escort_pool=leg.escort_pool if leg.escort_pool in known.escorts else None,
        escort_days=leg.escort_days,
    )


def pool_of(pool: events.EscortsKept, frame: events.FrameKept, used: Used) -> scenario.EscortPool:
    row = [_going_on(pool.available, frame.first + day - pool.first) for day in range(frame.horizon)]
    return scenario.EscortPool(
        pool.pool, tuple(max(0, number - used.escorts[pool.pool, day]) for day, number in enumerate(row))
    )


def budget_of(frame: events.FrameKept, used: Used) -> scenario.Budget | None:
    if frame.budget is None:
        return None
    weekly, spent = frame.budget.weekly, sum(used.money.values())
    row = None
    if weekly is not None:
        row = tuple(max(0, _going_on(weekly, week) - used.money.get(week, 0)) for week in range(_weeks(frame)))
    total = None if frame.budget.total is None else max(0, frame.budget.total - spent)
    return scenario.Budget(total, row)


def previous_of(
    frame: events.FrameKept, previous: Mapping[str, Sequence[events.Promise]] | None, names: set[str], day: int
) -> dict[str, tuple[scenario.Step, ...]] | None:
    """The promises of the plan in force, else those that were imported: the steps still to come."""
    said = previous if previous is not None else frame.previous
    if said is None:
        return None
    later = frame.as_of if previous is None and day == frame.as_of else day
    first = 0 if previous is None and day == frame.as_of else later
    return {
        party: tuple(scenario.Step(step.leg, step.day - frame.first) for step in steps if step.day >= first)
        for party, steps in said.items()
        if party in names
    }


def change_of(change: events.Change | None) -> scenario.Change | None:
    return None if change is None else scenario.Change(change.near_days, change.near, change.far)


def _going_on(row: Sequence[int], at: int) -> int:
    """The number at this place of a row; before it the first, behind it the last."""
    return row[max(0, min(at, len(row) - 1))] if row else 0


def _weeks(frame: events.FrameKept) -> int:
    return (frame.horizon + 6) // 7
