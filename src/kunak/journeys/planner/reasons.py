"""Why somebody waits: a journey that would be better, and exactly what stands in its way.

The witness is the party's best journey when each thing in its way costs a penalty: with a high penalty it names few
things, with none it shows what the party would do alone. If even alone nothing is better, it is better to wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from kunak.journeys.plan import BetterToWait, Blocked, Journey
from kunak.journeys.referee import Count, Referee, Trip
from kunak.journeys.scenario import Budget, Paper

from .compiled import compiled
from .network import HAVEN, HOME, IMPOSSIBLE, Network, build
from .prices import everything, no_prices
from .pricing import Prices, Room, cheapest, desk
from .wording import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kunak.journeys.plan import Blocker
    from kunak.journeys.scenario import Party, Scenario

    from .compiled import Ints

UNWANTED = 1e9  # added to journeys that end in danger or without a bed, which are no witnesses
PENALTIES = (1e8, 0.0, 2000.0, 200.0)  # for each thing in the way; the first that gives a witness with one blocker wins


@compiled
def penalise(net: Network, room: Room, group: int, penalty: float, prices: Prices) -> None:
    """Price everything that is full for parties of this group at the penalty."""
    size, free, horizon = net.groups[group].size, room.free, net.horizon
    broke = free[net.total_row] <= 0
    for p in range(len(net.places)):
        prices.visit[p] = penalty if free[net.visit_row + p] < 1 else 0.0
        for t in range(horizon):
            full = free[p * horizon + t] < size
            cost = net.places[p].night_cost * size
            poor = cost > 0 and (broke or free[net.week_row + t // 7] < cost)
            prices.bed[group, t, p] = penalty * 0.2 * full + penalty * 0.2 * poor
    for d in range(len(net.departures)):
        price, heads = 0.0, size
        if net.groups[group].escort and net.departures[d].pool >= 0:
            heads += 1
            for t in range(net.departures[d].day, net.departures[d].escort_until):
                if free[net.escort_row + net.departures[d].pool * horizon + t] < 1:
                    price = penalty
        cost = net.departures[d].fare * heads
        if free[net.seat_row + d] < heads:
            price += penalty
        if net.places[net.departures[d].to].kind == HAVEN:
            price += penalty * (
                free[net.intake_row + net.departures[d].to * net.weeks + net.departures[d].arrival // 7] < size
            )
        if cost > 0 and (free[net.total_row] < cost or free[net.week_row + net.departures[d].day // 7] < cost):
            price += penalty
        prices.seat[group, d] = price


@dataclass
class Witnesses:
    """Looks for journeys that would bring one party out of danger into a bed or a haven."""

    scenario: Scenario
    net: Network
    free: Ints  # what the others leave: the plan's own ledger, watched while it changes

    def __post_init__(self) -> None:
        unsheltered, nightly = self.net.unsheltered.copy(), self.net.nightly.copy()
        unsheltered[-1] += UNWANTED * (self.net.places["kind"] != HOME)
        nightly[:, -1, 0] += UNWANTED
        self.out = self.net._replace(unsheltered=unsheltered, nightly=nightly)
        self.prices, self.free_of_charge = no_prices(self.net), no_prices(self.net)
        self.room, self.desk = everything(self.net), desk(self.net)

    def alone(self, i: int) -> float:
        """The best that the party could do if it were alone."""
        return cheapest(self.net, self.free_of_charge, self.room, i, self.desk)[0]

    def of(self, i: int) -> Iterator[Journey]:
        """Journeys within the rules for this party alone, by penalty. The party itself is taken out of `free`."""
        room = self.room._replace(free=self.free)
        for penalty in PENALTIES:
            penalise(self.net, room, int(self.net.parties["group"][i]), penalty, self.prices)
            value, count = cheapest(self.out, self.prices, self.room, i, self.desk)
            if value < IMPOSSIBLE:
                yield spoken(self.scenario, self.net, i, count, self.desk.steps, self.desk.ends)

    def beyond_rules(self, i: int) -> Iterator[Journey]:
        """Journeys that would break rules of the party itself: papers, needs, closed or forbidden places."""
        for relaxed in relaxations(self.scenario, self.scenario.parties[i]):
            small = Witnesses(relaxed, build(relaxed), np.zeros(0, dtype=np.int64))
            value, count = cheapest(small.out, small.free_of_charge, small.room, 0, small.desk)
            if value < IMPOSSIBLE:
                yield spoken(relaxed, small.net, 0, count, small.desk.steps, small.desk.ends)


def relaxations(scenario: Scenario, party: Party) -> Iterator[Scenario]:
    """The scenario for this party alone with fewer and fewer rules."""
    every = {doc for leg in scenario.legs for alternative in leg.documents for doc in alternative}
    papers = tuple(Paper(doc) for doc in sorted(every))
    open_places = tuple(
        msgspec.structs.replace(
            place, beds=None, max_parties=None, intake=None, admits=None, max_stay=None, open_from=0, open_until=None,
            compromised_from=None,
        )
        for place in scenario.places
    )  # fmt: skip
    legs = tuple(msgspec.structs.replace(leg, seats=None, escort_pool=None) for leg in scenario.legs)
    free = Budget()
    changes: tuple[dict[str, object], ...] = (
        {"documents": papers},
        {"forbidden": frozenset()},
        {"earliest_day": 0},
        {"needs": frozenset()},
        {"documents": papers, "forbidden": frozenset(), "earliest_day": 0, "needs": frozenset(), "wanted": False},
    )
    for places, change in [(scenario.places, c) for c in changes] + [(open_places, changes[-1])]:
        who = msgspec.structs.replace(party, **change)
        yield msgspec.structs.replace(
            scenario, parties=(who,), apart=(), budget=free, places=places,
            legs=legs if places is open_places else scenario.legs,
        )  # fmt: skip


@dataclass
class Reasons:
    """Looks for the reason of every waiting party of one valid plan."""

    referee: Referee
    witnesses: Witnesses
    trips: dict[str, Trip]

    def __post_init__(self) -> None:
        self.count = Count()
        for trip in self.trips.values():
            self.count.add(trip)

    def find(self, i: int) -> Blocked | BetterToWait | Journey | None:
        """The reason of party i; or a journey that is better and that nothing blocks, which the plan should use."""
        mine = self.trips[self.referee.scenario.parties[i].id]
        if self.witnesses.alone(i) >= self.referee.score(mine):
            return BetterToWait()
        best: Blocked | None = None
        for source in (self.witnesses.of(i), self.witnesses.beyond_rules(i)):
            for found in source:
                blockers = self._blockers(mine, found)
                if blockers is None:
                    continue
                if not blockers:
                    return found
                if best is None or len(blockers) < len(best.blocked_by):
                    best = Blocked(found, tuple(sorted(blockers, key=str)))
                if len(best.blocked_by) == 1:
                    return best
            if best is not None:
                return best
        return None

    def _blockers(self, mine: Trip, found: Journey) -> frozenset[Blocker] | None:
        """What stands in the way of this journey; None if it is no witness."""
        trip = self.referee.follow(mine.party, found)
        if trip.impossible or trip.promises or trip.waits or not trip.sheltered:
            return None
        if self.referee.score(trip) >= self.referee.score(mine):
            return None
        return self.referee.obstacles(self.count, self.trips, trip)
