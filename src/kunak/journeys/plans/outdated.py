"""What was changed since a plan was made, of all that it counts on. Pure.

A plan is the bytes that were approved; the room goes on. A place that was compromised since, a way that no longer goes, a party that
lost a document: the plan does not know, and whoever approves it, or is about to tell somebody of it, must.

What journeys themselves used since (beds, money, a host's faces) is no change. More of something than the plan counts on is none either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from msgspec.structs import replace as with_fields

from kunak.journeys.known.scenario_parts import budget_of, leg_of, party_of, place_of, pool_of
from kunak.journeys.known.whereabouts import Used, whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kunak.journeys.known import events
    from kunak.journeys.known.records import Known, Party
    from kunak.journeys.reckoning import scenario
    from kunak.journeys.reckoning.plan import Plan
    from kunak.journeys.reckoning.scenario import Scenario

_OF_PLACE = (
    "zone", "kind", "beds", "services", "admits", "open_from", "open_until", "compromised_from", "night_cost", "hazard", "max_stay",
)  # fmt: skip
_OF_PARTY = (
    "size", "weight", "makeup", "hazard", "earliest_day", "forbidden", "documents", "needs", "escort", "wanted",
)  # fmt: skip
_OF_FRAME = ("horizon", "tail_nights", "point_value", "unsheltered_hazard", "compromised_hazard")


@dataclass(frozen=True)
class Outdated:
    """Short names, in the order of the plan. `newcomers`: parties that are to be planned for and are not in it."""

    frame: bool = False
    places: Sequence[str] = ()
    legs: Sequence[str] = ()
    pools: Sequence[str] = ()
    parties: Sequence[str] = ()
    newcomers: Sequence[str] = ()

    def __bool__(self) -> bool:
        return any((self.frame, self.places, self.legs, self.pools, self.parties, self.newcomers))


def outdated(known: Known, made: Scenario, plan: Plan, first: int) -> Outdated:
    """`first`: the calendar day of the plan's day 0."""
    if known.frame is None:
        return Outdated(frame=True)
    frame = with_fields(known.frame.kept, first=first, horizon=made.horizon)
    legs = {leg.id: leg for leg in made.legs}
    taken = [legs[step.leg] for journey in plan.journeys.values() for step in journey.steps if step.leg in legs]
    starts = {party.start.place for party in made.parties}
    visited = starts | {leg.to for leg in taken}
    pools = {leg.escort_pool for leg in taken}
    used = Used()
    same_places = {p.place: place_of(known, p, frame, used) for each in known.places.values() for p in [each.kept]}
    same_legs = {name: leg_of(known, each.kept, first) for name, each in known.legs.items()}
    same_pools = {name: pool_of(each.kept, frame, used) for name, each in known.escorts.items()}
    return Outdated(
        frame=_frame_changed(known, made, first),
        places=[p.id for p in made.places if p.id in visited and _place_changed(p, same_places.get(p.id))],
        legs=[leg.id for leg in dict.fromkeys(taken) if leg != same_legs.get(leg.id)],
        pools=[p.id for p in made.escort_pools if p.id in pools and not _at_least(same_pools.get(p.id), p)],
        parties=[p.id for p in made.parties if _party_changed(known, made, plan, p, first)],
        newcomers=list(_newcomers(known, made)),
    )


def _frame_changed(known: Known, made: Scenario, first: int) -> bool:
    if known.frame is None or known.frame.kept.first != first:
        return True
    frame = known.frame.kept
    if any(getattr(frame, name) != getattr(made, name) for name in _OF_FRAME):
        return True
    parties = {party.id for party in made.parties}
    if {frozenset(pair) for pair in frame.apart if set(pair) <= parties} - {frozenset(pair) for pair in made.apart}:
        return True
    return not _covers(budget_of(frame, Used()), made.budget)


def _covers(now: scenario.Budget | None, then: scenario.Budget | None) -> bool:
    """Whether there is at least as much money as the plan counts on."""
    if now is None:
        return True
    if then is None:
        return False
    total = now.total is None or (then.total is not None and now.total >= then.total)
    return total and _row_covers(now.weekly, then.weekly)


def _row_covers(now: Sequence[int] | None, then: Sequence[int] | None) -> bool:
    if now is None:
        return True
    return then is not None and all(one >= other for one, other in zip(now, then, strict=False))


def _at_least(now: scenario.EscortPool | None, then: scenario.EscortPool) -> bool:
    return now is not None and _row_covers(now.available, then.available)


def _place_changed(then: scenario.Place, now: scenario.Place | None) -> bool:
    if now is None or any(getattr(then, name) != getattr(now, name) for name in _OF_PLACE):
        return True
    faces = now.max_parties is None or (then.max_parties is not None and now.max_parties >= then.max_parties)
    return not (faces and _row_covers(now.intake, then.intake))


def _party_changed(known: Known, made: Scenario, plan: Plan, then: scenario.Party, first: int) -> bool:
    party = known.parties.get(then.id)
    if party is not None and party.state == "safe":
        return False
    if party is None or party.state != "planned" or party.sheet is None or party.placed is None:
        return True
    # What was confirmed on that very day may have been known to the plan, or not.
    starts = [_stood(known, party, first + made.now, until) for until in (first + made.now, first + made.now + 1)]
    start = next((each for each in starts if each is not None and each.place == then.start.place), None)
    if start is None:
        return True
    now = party_of(party, start, first, made.now)
    if any(getattr(then, name) != getattr(now, name) for name in _OF_PARTY):
        return True
    journey = plan.journeys.get(then.id)
    return journey is None or not set(now.pins) <= set(journey.steps)


def _stood(known: Known, party: Party, day: int, until: int) -> events.Start | None:
    """Where the party was on this day, by what is stated now and was confirmed of departures before `until`."""
    return whereabouts(known, replace(party, steps=[step for step in party.steps if step.day < until]), day, Used())


def _newcomers(known: Known, made: Scenario) -> Iterator[str]:
    planned = {party.id for party in made.parties}
    for name, party in known.parties.items():
        if name in planned or party.state != "planned" or party.sheet is None or party.placed is None:
            continue
        start = party.placed.kept.start
        place = known.places.get(start.place) if start is not None else None
        if place is not None and place.kept.kind != "haven":
            yield name
