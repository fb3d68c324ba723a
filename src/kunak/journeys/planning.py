"""The scenario of a day, made of all that the room knows: what `kunak plan` plans, and what is exported.

Parties are those that travel and whose whereabouts a coordinator has stated. A day after the one for which things were stated
(`frame.as_of`), everything is moved on to it: parties start where they are now, on the road they arrive later, and what was
used since (money, hosts' new faces, a haven's places, escorts on their way) is taken off. On that day itself nothing is changed,
so that what was imported is exported again as it was.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec.structs import replace

from kunak.frame.words import mark

from . import events, scenario
from .scenario import FOREVER, Scenario, Unplannable, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .records import Known, Party

# Points for a broken promise when nobody has said how many: a plan in force is not turned over for a trifle.
USUAL_CHANGE = events.Change(near_days=7, near=40, far=10)
NOBODY = mark("There is nobody to plan for: no party is placed yet. Place one first.")
NO_FRAME = mark("Nothing is said of the time and the money to plan with. Fill in the frame first.")
OVER = mark("The days to plan are over, or have not begun. Set another first day in the frame, or plan more days.")
# Points a night at home by the level of danger (cases: watched, threatened, hunted, in their hands), and what is left of them
# elsewhere. 1 point = 1 chance in 10,000 of grave harm for one person in one night: an estimate to be corrected by coordinators.
URGENCY: tuple[int, ...] = (4, 15, 35, 80, 200)
ELSEWHERE: dict[Zone, int] = {"danger": 1, "inside": 4, "near_abroad": 10}  # divisors; abroad: none


@dataclass
class Used:
    """What journeys took between the day for which things were stated and the day that is planned."""

    money: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # by week
    hosts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    havens: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))  # place and week
    escorts: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))  # pool and day


@dataclass(frozen=True)
class Prepared:
    """`first`: the calendar day of day 0. `unplaced`: parties that nobody has placed yet; `disputed`: on whom or what helpers
    disagree (`place/x`, `party/y` …): the newest value was taken."""

    scenario: Scenario
    first: int
    unplaced: Sequence[str]
    disputed: Sequence[str]


def prepare(known: Known, today: int, previous: Mapping[str, Sequence[events.Promise]] | None = None) -> Prepared:
    """`previous`: steps of the plan in force, by party. Raises Unplannable with what to mend."""
    if known.frame is None:
        raise Unplannable(NO_FRAME)
    frame = known.frame.kept
    day = max(today, frame.as_of)
    now = day - frame.first
    if not 0 <= now < frame.horizon:
        raise Unplannable(OVER)
    used = Used()
    parties, unplaced = [], []
    for party in known.parties.values():
        start = whereabouts(known, party, day, used)
        if party.state != "planned" or party.sheet is None:
            continue
        if start is None:
            unplaced.append(party.party)
        elif (place := known.places.get(start.place)) is not None and place.kept.kind != "haven":
            parties.append(_party(party, start, frame.first, now))
    if not parties:
        raise Unplannable(NOBODY)
    names = {each.id for each in parties}
    made = Scenario(
        format="kunak-scenario/1",
        name=frame.name,
        horizon=frame.horizon,
        tail_nights=frame.tail_nights,
        point_value=frame.point_value,
        unsheltered_hazard=frame.unsheltered_hazard,
        compromised_hazard=frame.compromised_hazard,
        places=tuple(_place(known, each.kept, frame, used) for each in known.places.values()),
        legs=tuple(leg for each in known.legs.values() if (leg := _leg(known, each.kept, frame.first)) is not None),
        parties=tuple(parties),
        now=now,
        escort_pools=tuple(_pool(each.kept, frame, used) for each in known.escorts.values()),
        apart=tuple((one, other) for one, other in frame.apart if {one, other} <= names),
        budget=_budget(frame, used),
        previous=_previous(frame, previous, names, day),
        change=_change(frame.change or (USUAL_CHANGE if previous else None)),
    )
    return Prepared(made, frame.first, unplaced, disputes(known))


def disputes(known: Known) -> list[str]:
    """Subjects on which helpers wrote different things without knowing of each other."""
    groups: list[tuple[str, Mapping[str, object]]] = [
        ("place", known.places),
        ("place", known.compromised),
        ("leg", known.legs),
        ("escorts", known.escorts),
        ("party", known.parties),
    ]
    found = [f"{kind}/{name}" for kind, each in groups for name, kept in each.items() if getattr(kept, "disputed")]  # noqa: B009 - several kinds
    return (["frame"] if known.frame is not None and known.frame.disputed else []) + found


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


def _party(party: Party, start: events.Start, first: int, now: int) -> scenario.Party:
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
        hazard=_hazard(placed.hazards or hazards_of(sheet.urgency), first),
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


def hazards_of(urgency: Iterable[tuple[int, int]]) -> events.Hazards:
    """Hazards that follow from the levels of a sheet; whoever has none counts as threatened."""
    steps = sorted(urgency) or [(0, 2)]
    zones = {
        zone: [(day, -(-URGENCY[max(0, min(level, len(URGENCY) - 1))] // part)) for day, level in steps]
        for zone, part in ELSEWHERE.items()
    }
    return events.Hazards(**zones, abroad=[(0, 0)])


def _change(change: events.Change | None) -> scenario.Change | None:
    return None if change is None else scenario.Change(change.near_days, change.near, change.far)


def _hazard(hazards: events.Hazards, first: int) -> scenario.Hazard:
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


def _place(known: Known, place: events.PlaceKept, frame: events.FrameKept, used: Used) -> scenario.Place:
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


def _leg(known: Known, leg: events.LegKept, first: int) -> scenario.Leg | None:
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


def _pool(pool: events.EscortsKept, frame: events.FrameKept, used: Used) -> scenario.EscortPool:
    row = [_going_on(pool.available, frame.first + day - pool.first) for day in range(frame.horizon)]
    return scenario.EscortPool(
        pool.pool, tuple(max(0, number - used.escorts[pool.pool, day]) for day, number in enumerate(row))
    )


def _budget(frame: events.FrameKept, used: Used) -> scenario.Budget | None:
    if frame.budget is None:
        return None
    weekly, spent = frame.budget.weekly, sum(used.money.values())
    row = None
    if weekly is not None:
        row = tuple(max(0, _going_on(weekly, week) - used.money.get(week, 0)) for week in range(_weeks(frame)))
    total = None if frame.budget.total is None else max(0, frame.budget.total - spent)
    return scenario.Budget(total, row)


def _previous(
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


def _going_on(row: Sequence[int], at: int) -> int:
    """The number at this place of a row; before it the first, behind it the last."""
    return row[max(0, min(at, len(row) - 1))] if row else 0


def _weeks(frame: events.FrameKept) -> int:
    return (frame.horizon + 6) // 7
