"""Why somebody waits: a journey that would be better, and exactly what stands in its way.

The witness is the party's best journey when each thing in its way costs a penalty: with a high penalty it names few
things, with none it shows what the party would do alone. If even alone nothing is better, it is better to wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from kunak.journeys.reckoning.plan import BetterToWait, Blocked, Journey
from kunak.journeys.reckoning.referee import Count, Referee, Trip
from kunak.journeys.reckoning.scenario import Budget, Paper

from .compiled import ready
from .network import HAVEN, HOME, IMPOSSIBLE, Network, build
from .prices import everything, no_prices
from .pricing import cheapest, desk
from .sweeping import Sweep, Way
from .wording import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kunak.journeys.reckoning.plan import Blocker
    from kunak.journeys.reckoning.scenario import Party, Scenario

    from .compiled import Ints
    from .pricing import Prices, Room

UNWANTED = 1e9  # added to journeys that end in danger or without a bed, which are no witnesses
PENALTIES = (1e8, 0.0, 2000.0, 200.0)  # for each thing in the way; the first that gives a witness with one blocker wins


def penalise(net: Network, room: Room, group: int, penalty: float, prices: Prices) -> None:
    """Price everything that is full for parties of this group at the penalty."""
    size, free, places, departures = int(net.groups["size"][group]), room.free, net.places, net.departures
    broke = free[net.total_row] <= 0
    weekly = free[net.week_row : net.total_row]
    prices.visit[:] = penalty * (free[net.visit_row : net.intake_row] < 1)[: len(places)]
    full = size > free[: net.seat_row].reshape(len(places), net.horizon).T
    cost = places["night_cost"] * size
    poor = (cost > 0) & (broke | (weekly[np.arange(net.horizon) // 7][:, None] < cost))
    prices.bed[group] = penalty * 0.2 * full + penalty * 0.2 * poor
    heads = np.full(len(departures), size)
    missing = np.zeros(len(departures), dtype=bool)
    if net.groups["escort"][group]:
        heads += departures["pool"] >= 0
        needed = departures["pool"] >= 0
        none = np.concatenate([[0], np.cumsum(free[net.escort_row : net.visit_row] < 1)])  # days without any, so far
        row = departures["pool"][needed] * net.horizon
        missing[needed] = none[row + departures["escort_until"][needed]] > none[row + departures["day"][needed]]
    price = penalty * missing
    price += penalty * (free[net.seat_row : net.seat_row + len(departures)] < heads)
    received = free[net.intake_row + departures["to"] * net.weeks + departures["arrival"] // 7]
    price += penalty * ((places["kind"][departures["to"]] == HAVEN) & (received < size))
    cost = departures["fare"] * heads
    poor = (cost > 0) & ((free[net.total_row] < cost) | (weekly[departures["day"] // 7] < cost))
    prices.seat[group] = price + penalty * poor


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
        self.room, self.desk, self.quick = everything(self.net), desk(self.net), ready()

    def cheapest(self, net: Network, prices: Prices, i: int) -> Way | None:
        """The best journey of party i in an empty network, by the inner loop if that is compiled."""
        if not self.quick:
            return Sweep(net, prices, self.room, np.array([i])).way(0)
        value, count = cheapest(net, prices, self.room, i, self.desk)
        return None if value >= IMPOSSIBLE else Way(value, count, self.desk.steps, self.desk.ends)

    def alone(self, i: int) -> float:
        """The best that the party could do if it were alone."""
        way = self.cheapest(self.net, self.free_of_charge, i)
        return IMPOSSIBLE if way is None else way.value

    def of(self, i: int) -> Iterator[Journey]:
        """Journeys within the rules for this party alone, by penalty. The party itself is taken out of `free`."""
        room = self.room._replace(free=self.free)
        for penalty in PENALTIES if self.quick else PENALTIES[:2]:
            penalise(self.net, room, int(self.net.parties["group"][i]), penalty, self.prices)
            way = self.cheapest(self.out, self.prices, i)
            if way is not None:
                yield spoken(self.scenario, self.net, i, way.length, way.steps, way.ends)

    def beyond_rules(self, i: int) -> Iterator[Journey]:
        """Journeys that would break rules of the party itself: papers, needs, closed or forbidden places."""
        for relaxed in relaxations(self.scenario, self.scenario.parties[i]):
            small = Witnesses(relaxed, build(relaxed), np.zeros(0, dtype=np.int64))
            way = small.cheapest(small.out, small.free_of_charge, 0)
            if way is not None:
                yield spoken(relaxed, small.net, 0, way.length, way.steps, way.ends)


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

    def replace(self, i: int, journey: Journey) -> None:
        """From now on party i takes this journey."""
        party = self.referee.scenario.parties[i]
        self.count.add(self.trips[party.id], -1)
        self.trips[party.id] = self.referee.follow(party, journey)
        self.count.add(self.trips[party.id])

    def _blockers(self, mine: Trip, found: Journey) -> frozenset[Blocker] | None:
        """What stands in the way of this journey; None if it is no witness."""
        trip = self.referee.follow(mine.party, found)
        if trip.impossible or trip.promises or trip.waits or not trip.sheltered:
            return None
        if self.referee.score(trip) >= self.referee.score(mine):
            return None
        return self.referee.obstacles(self.count, self.trips, trip)
