"""What if: a changed copy of a scenario, planned beside the real one and never approved.

What was is left as it was: the copy differs from today on, and nobody leaves on a day that is over but as the plan had them leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .plan import Journey
    from .scenario import Leg, Party, Scenario


@dataclass(frozen=True)
class Change:
    """What is otherwise; empty means: as it is. `beds`: at this place; `closed`: nobody comes there or sleeps there; `without`: this way does
    not go; `money`: in all; `escorts`: so many more each day in that pool."""

    beds_at: str = ""
    beds: int | None = None
    closed: str = ""
    without: str = ""
    money: int | None = None
    pool: str = ""
    escorts: int = 0

    @property
    def empty(self) -> bool:
        return self == Change()


def as_it_was(scenario: Scenario, journeys: Mapping[str, Journey], today: int) -> Scenario:
    """The scenario in which days before `today` (a day of the scenario) are over: who has left by this plan has left, nobody else goes."""
    since = min(max(scenario.now, today), scenario.horizon)
    if since <= scenario.now:
        return scenario
    gone = {
        party.id: [step for step in journeys[party.id].steps if step.day < since]
        for party in scenario.parties
        if party.id in journeys
    }
    went = {(step.leg, step.day) for steps in gone.values() for step in steps}

    def party_since(party: Party) -> Party:
        steps = gone.get(party.id, [])
        if not steps:
            return replace(party, earliest_day=max(party.earliest_day, since))
        return replace(party, pins=tuple(sorted({*party.pins, *steps}, key=lambda step: (step.day, step.leg))))

    def leg_since(leg: Leg) -> Leg:
        over = {day for day in range(since) if leg.departs(day) and (leg.id, day) not in went}
        return replace(leg, excepted=leg.excepted | over)

    return replace(
        scenario, parties=tuple(map(party_since, scenario.parties)), legs=tuple(map(leg_since, scenario.legs))
    )


def changed(scenario: Scenario, change: Change, today: int = 0) -> Scenario:
    """The scenario with these changes from `today` (a day of the scenario) on; what is not in it is passed by."""
    since = max(scenario.now, today)
    places = tuple(
        replace(
            place,
            beds=change.beds if place.id == change.beds_at else place.beds,
            compromised_from=since if place.id == change.closed else place.compromised_from,
        )
        for place in scenario.places
    )
    pools = tuple(
        replace(
            pool, available=tuple(free + change.escorts * (day >= since) for day, free in enumerate(pool.available))
        )
        if pool.id == change.pool
        else pool
        for pool in scenario.escort_pools
    )
    parties = tuple(
        replace(party, pins=tuple(pin for pin in party.pins if pin.leg != change.without or pin.day < since))
        for party in scenario.parties
    )
    return replace(
        _with_money(_without(scenario, change.without, since), change.money),
        places=places,
        parties=parties,
        escort_pools=pools,
    )


def _without(scenario: Scenario, without: str, since: int) -> Scenario:
    legs = [replace(leg, last=min(leg.last, since - 1)) if leg.id == without else leg for leg in scenario.legs]
    return replace(scenario, legs=tuple(leg for leg in legs if leg.id != without or leg.first <= leg.last))


def _with_money(scenario: Scenario, money: int | None) -> Scenario:
    budget = scenario.budget
    if money is None or budget is None:
        return scenario
    # More in all is of no use while each week stays as narrow as it was.
    weekly = None if budget.weekly is None else tuple(max(each, money) for each in budget.weekly)
    return replace(scenario, budget=replace(budget, total=money, weekly=weekly))
