"""What if: a changed copy of a scenario, planned beside the real one and never approved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from .scenario import Scenario


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


def changed(scenario: Scenario, change: Change) -> Scenario:
    """The scenario with these changes; what is not in it is passed by."""
    places = tuple(
        replace(
            place,
            beds=change.beds if place.id == change.beds_at else place.beds,
            compromised_from=scenario.now if place.id == change.closed else place.compromised_from,
        )
        for place in scenario.places
    )
    legs = tuple(leg for leg in scenario.legs if leg.id != change.without)
    pools = tuple(
        replace(pool, available=tuple(free + change.escorts for free in pool.available))
        if pool.id == change.pool
        else pool
        for pool in scenario.escort_pools
    )
    budget = scenario.budget
    if change.money is not None and budget is not None:
        # More in all is of no use while each week stays as narrow as it was.
        weekly = None if budget.weekly is None else tuple(max(each, change.money) for each in budget.weekly)
        budget = replace(budget, total=change.money, weekly=weekly)
    parties = tuple(
        replace(party, pins=tuple(pin for pin in party.pins if pin.leg != change.without)) for party in scenario.parties
    )
    return replace(scenario, places=places, legs=legs, parties=parties, escort_pools=pools, budget=budget)
