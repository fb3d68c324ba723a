"""Whether a plan keeps every rule, and what it costs: told from the scenario's own words.

Shares nothing with the planner but the scenario, so that a mistake of the planner cannot excuse itself here.

The steps of `follow` for one journey:

1. Each step leaves from where the party is, on a day the leg goes, not before the party can be there.
2. The party holds the papers, is not wanted where it is checked, and manages the leg.
3. It arrives where it may, before the place is compromised.
4. Each night it has a bed that suits, or none; once without a bed, never again a bed in that visit.
5. Promised steps are there.

What parties share is counted by `together`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .plan import Blocker, Journey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .scenario import Leg, Party, Place, Scenario

Limit = tuple[str, str, int]


@dataclass(slots=True)
class Trip:
    """One journey followed to its end."""

    party: Party
    impossible: list[str] = field(default_factory=list)
    broken: set[Blocker] = field(default_factory=set)
    promises: list[str] = field(default_factory=list)
    harm: int = 0
    steps: set[tuple[str, int]] = field(default_factory=set)
    taken: dict[Limit, int] = field(default_factory=lambda: defaultdict(int))
    spent: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # by day
    seen: set[tuple[str, int]] = field(default_factory=set)  # place and night, homes and havens excepted
    end: Place | None = None
    sheltered: bool = True

    @property
    def cost(self) -> int:
        return sum(self.spent.values())

    def meets(self, other: Trip) -> bool:
        return bool(self.seen & other.seen or self.steps & other.steps)

    @property
    def waits(self) -> bool:
        return self.end is not None and self.end.zone == "danger"


class Count:
    """What some trips take together."""

    def __init__(self) -> None:
        self.taken: dict[Limit, int] = defaultdict(int)
        self.spent: dict[int, int] = defaultdict(int)  # by week

    def add(self, trip: Trip, sign: int = 1) -> None:
        for limit, amount in trip.taken.items():
            self.taken[limit] += sign * amount
        for day, money in trip.spent.items():
            self.spent[day // 7] += sign * money


class Referee:
    """Knows one scenario by heart."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.places = {place.id: place for place in scenario.places}
        self.legs = {leg.id: leg for leg in scenario.legs}
        self.pools = {pool.id: pool.available for pool in scenario.escort_pools}
        self.parties = {party.id: party for party in scenario.parties}

    def follow(self, party: Party, journey: Journey) -> Trip:
        """The trip that this journey is for this party."""
        trip = Trip(party)
        here, day, leave = self.places[party.start.place], party.start.day, party.start.day
        rough, slept = set(journey.unsheltered), party.start.nights_used
        lost = party.start.bed_lost
        for step in journey.steps:
            leg = self.legs.get(step.leg)
            if leg is None or leg.origin != here.id or not leg.departs(step.day):  # 1
                trip.impossible.append(f"{step.leg} does not leave {here.id} on day {step.day}")
                return trip
            arrival = step.day + leg.nights
            there = self.places[leg.to]
            too_early = step.day < max(leave, self.scenario.now)
            if too_early or arrival >= self.scenario.horizon or here.kind == "haven" or there.kind == "home":
                trip.impossible.append(f"{step.leg} on day {step.day} cannot be taken")
                return trip
            self._stay(trip, here, range(day, step.day), rough, slept, lost=lost, known=slept > 0)  # 4
            self._board(trip, leg, step.day)  # 2
            self._arrive(trip, there, arrival)  # 3
            here, day, leave = there, arrival, step.day + max(1, leg.nights)
            slept, lost = 0, False
        self._stay(trip, here, range(day, self.scenario.horizon), rough, slept, lost=lost, known=slept > 0)  # 4
        trip.end = here
        trip.sheltered = self.scenario.horizon - 1 not in journey.unsheltered
        if rough:
            trip.impossible.append(f"nights {sorted(rough)} without a bed are not spent anywhere")
        trip.promises = [f"{p.leg} on day {p.day}" for p in party.pins if (p.leg, p.day) not in trip.steps]  # 5
        return trip

    def _board(self, trip: Trip, leg: Leg, day: int) -> None:
        party = trip.party
        if day < party.earliest_day:
            trip.broken.add(Blocker("earliest"))
        if not party.may_take(leg, day):
            trip.broken.add(Blocker("documents", leg=leg.id))
        if leg.checks and party.wanted:
            trip.broken.add(Blocker("wanted", leg=leg.id))
        if "step_free" in party.needs and not leg.step_free:
            trip.broken.add(Blocker("need", leg=leg.id))
        escorted = party.escort and leg.escort_pool is not None
        heads = party.size + escorted
        if escorted:
            for busy in range(day, min(self.scenario.horizon, day + leg.escort_days)):
                trip.taken["escort", str(leg.escort_pool), busy] += 1
        trip.taken["seats", leg.id, day] += heads
        trip.spent[day] += leg.fare * heads
        trip.harm += party.weight * leg.risk
        trip.steps.add((leg.id, day))

    def _arrive(self, trip: Trip, there: Place, day: int) -> None:
        if there.id in trip.party.forbidden:
            trip.broken.add(Blocker("forbidden", place=there.id))
        if there.compromised_from is not None and day >= there.compromised_from:
            trip.broken.add(Blocker("compromised", place=there.id))
        if there.kind == "haven":
            trip.taken["intake", there.id, day // 7] += trip.party.size

    def _stay(
        self, trip: Trip, place: Place, nights: range, rough: set[int], slept: int, *, lost: bool, known: bool
    ) -> None:
        """Every night at one place; nights without a bed are taken out of `rough`."""
        party, scenario = trip.party, self.scenario
        hazard = party.hazard.nightly(place.zone, scenario.horizon)
        for night in nights:
            points = hazard[night] + place.hazard
            if place.kind in ("transit", "shelter"):
                trip.seen.add((place.id, night))
                if night in rough:
                    lost = True
                    rough.discard(night)
                    points += scenario.unsheltered_hazard
                elif lost:
                    trip.impossible.append(f"night {night}: a bed at {place.id} again after a night without one")
                    return
                else:
                    self._sleep(trip, place, night, slept)
                    if not known:
                        trip.taken["max_parties", place.id, 0] += 1
                        known = True
                    slept += 1
                if place.compromised_from is not None and night >= place.compromised_from:
                    points += scenario.compromised_hazard
            if night == scenario.horizon - 1:
                points *= 1 + scenario.tail_nights
            trip.harm += party.weight * points

    def _sleep(self, trip: Trip, place: Place, night: int, slept: int) -> None:
        party = trip.party
        last = self.scenario.horizon - 1 if place.open_until is None else place.open_until
        if not place.open_from <= night <= last:
            trip.broken.add(Blocker("closed", place=place.id))
        if place.compromised_from is not None and night >= place.compromised_from:
            trip.broken.add(Blocker("compromised", place=place.id))
        if not party.needs <= place.services:
            trip.broken.add(Blocker("need", place=place.id))
        if place.admits is not None and party.makeup not in place.admits:
            trip.broken.add(Blocker("admits", place=place.id))
        if place.max_stay is not None and slept >= place.max_stay:
            trip.broken.add(Blocker("max_stay", place=place.id))
        trip.taken["beds", place.id, night] += party.size
        trip.spent[night] += place.night_cost * party.size

    def limit(self, kind: str, name: str, when: int) -> int | None:
        """How much there is of something shared."""
        if kind == "seats":
            return self.legs[name].seats
        if kind == "escort":
            return self.pools[name][when]
        place = self.places[name]
        if kind == "beds":
            return place.beds
        if kind == "max_parties":
            return place.max_parties
        return None if place.intake is None else place.intake[when]

    def together(self, trips: Mapping[str, Trip]) -> Iterator[tuple[Blocker, str]]:
        """Every shared rule that these trips break together."""
        count = Count()
        for trip in trips.values():
            count.add(trip)
        yield from self._overdrawn(count, count.taken)
        yield from self._money(count.spent)
        for one, other in self.scenario.apart:
            if one in trips and other in trips and trips[one].meets(trips[other]):
                yield Blocker("apart", party=other), f"{one} and {other} meet"

    def _overdrawn(self, count: Count, limits: Iterable[Limit]) -> Iterator[tuple[Blocker, str]]:
        for kind, name, when in limits:
            most, amount = self.limit(kind, name, when), count.taken[kind, name, when]
            if most is not None and amount > most:
                yield named(kind, name, when), f"{kind} at {name} ({when}): {amount} of {most}"

    def _money(self, spent: Mapping[int, int]) -> Iterator[tuple[Blocker, str]]:
        budget = self.scenario.budget
        if budget is not None and budget.total is not None and sum(spent.values()) > budget.total:
            yield Blocker("budget"), f"{sum(spent.values())} spent of {budget.total}"
        if budget is not None and budget.weekly is not None:
            for week, money in spent.items():
                if money > budget.weekly[week]:
                    yield Blocker("budget", week=week), f"week {week}: {money} spent of {budget.weekly[week]}"

    def changes(self, trip: Trip) -> int:
        """Change points against the old plan."""
        old = (self.scenario.previous or {}).get(trip.party.id)
        if old is None:
            return 0
        kept = {(step.leg, step.day) for step in old}
        return sum(self.scenario.change_points(day) for _, day in kept ^ trip.steps)

    def score(self, trip: Trip) -> int:
        """What this trip adds to the plan's score."""
        return self.scenario.point_value * (trip.harm + self.changes(trip)) + trip.cost

    def judge(self, journeys: Mapping[str, Journey]) -> Verdict:
        """The verdict on a whole plan."""
        wrong = [f"{party}: has no journey" for party in self.parties if party not in journeys]
        wrong += [f"{party}: is not in the scenario" for party in journeys if party not in self.parties]
        trips = {name: self.follow(party, journeys[name]) for name, party in self.parties.items() if name in journeys}
        for name, trip in trips.items():
            wrong += [f"{name}: {what}" for what in trip.impossible]
            wrong += [f"{name}: breaks the rule {rule}" for rule in sorted(map(str, trip.broken))]
            wrong += [f"{name}: the promise {promise} is broken" for promise in trip.promises]
        wrong += [text for _, text in self.together(trips)]
        return Verdict(wrong, sum(self.score(trip) for trip in trips.values()), trips)

    def newcomer(self, count: Count, trips: Mapping[str, Trip], trip: Trip) -> frozenset[Blocker]:
        """Exactly the rules that break if this trip joins the others, which take `count` together."""
        name = trip.party.id
        count.add(trip)
        found = set(trip.broken)
        found |= {blocker for blocker, _ in self._overdrawn(count, trip.taken)}
        found |= {blocker for blocker, _ in self._money(count.spent)}
        count.add(trip, -1)
        for one, other in self.scenario.apart:
            whom = other if one == name else one
            if name in (one, other) and whom in trips and trip.meets(trips[whom]):
                found.add(Blocker("apart", party=whom))
        return frozenset(found)

    def obstacles(self, count: Count, trips: Mapping[str, Trip], trip: Trip) -> frozenset[Blocker]:
        """Exactly the rules that break if this trip replaces the party's own while all others keep theirs."""
        own = trips[trip.party.id]
        count.add(own, -1)
        found = self.newcomer(count, trips, trip)
        count.add(own)
        return found


@dataclass(frozen=True, slots=True)
class Verdict:
    wrong: list[str]
    score: int
    trips: dict[str, Trip]


def named(kind: str, name: str, when: int) -> Blocker:
    """A shared limit as the reason that names it."""
    if kind == "seats":
        return Blocker("seats", leg=name, day=when)
    if kind == "escort":
        return Blocker("escort", pool=name)
    if kind == "intake":
        return Blocker("intake", place=name, week=when)
    return Blocker("beds", place=name) if kind == "beds" else Blocker("max_parties", place=name)
