"""A plan looked at from all sides: who is where on which night, how full the places are, what each week costs, what it scores.

Pure: a scenario and a plan in, figures out. Days here are those of the scenario.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from .referee import Count, Referee

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .plan import Journey, Plan
    from .referee import Trip, Verdict
    from .scenario import Leg, Party, Place, Scenario


@dataclass(frozen=True)
class Stay:
    """Nights `first` to `last` at a place; `rough`: those without a bed."""

    place: str
    kind: str
    first: int
    last: int
    rough: Sequence[int] = ()


@dataclass(frozen=True)
class Ride:
    """On the road from `day` to `arrival`."""

    leg: str
    mode: str
    origin: str
    to: str
    day: int
    arrival: int


@dataclass(frozen=True)
class Course:
    """One party's journey as it is lived."""

    party: Party
    stays: Sequence[Stay]
    rides: Sequence[Ride]
    trip: Trip

    @property
    def waits(self) -> bool:
        return self.trip.waits

    @property
    def stuck(self) -> bool:
        """Goes nowhere, and is not safe: in the danger zone, at a place that is compromised, or without a bed in the end."""
        end = self.trip.end
        return (
            not self.rides
            and end is not None
            and (self.waits or end.compromised_from is not None or not self.trip.sheltered)
        )

    @property
    def end(self) -> str:
        return self.stays[-1].place if self.stays else self.party.start.place

    @property
    def rough_nights(self) -> int:
        return sum(len(stay.rough) for stay in self.stays)


@dataclass(frozen=True)
class PlaceLoad:
    """`used`: people in beds on each night; `beds`: how many there are (None: no limit)."""

    place: Place
    used: Sequence[int]
    beds: int | None

    @property
    def most(self) -> int:
        return max(self.used, default=0)


@dataclass
class Review:
    """Everything that the plan's page shows."""

    scenario: Scenario
    plan: Plan
    referee: Referee = field(init=False)
    verdict: Verdict = field(init=False)

    def __post_init__(self) -> None:
        self.referee = Referee(self.scenario)
        self.verdict = self.referee.judge(self.plan.journeys)

    @cached_property
    def courses(self) -> dict[str, Course]:
        return {
            party.id: self.course(party, self.plan.journeys[party.id])
            for party in self.scenario.parties
            if party.id in self.plan.journeys
        }

    def course(self, party: Party, journey: Journey) -> Course:
        """The stays and rides of a journey, the last night of the horizon included."""
        here, day, rough = self.referee.places[party.start.place], party.start.day, set(journey.unsheltered)
        stays: list[Stay] = []
        rides: list[Ride] = []
        for step in journey.steps:
            leg = self.referee.legs.get(step.leg)
            if leg is None:
                break
            if step.day > day:
                stays.append(_stay(here, day, step.day, rough))
            rides.append(_ride(leg, step.day))
            here, day = self.referee.places[leg.to], step.day + leg.nights
        if day < self.scenario.horizon:
            stays.append(_stay(here, day, self.scenario.horizon, rough))
        trip = self.verdict.trips.get(party.id) or self.referee.follow(party, journey)
        return Course(party, stays, rides, trip)

    @cached_property
    def loads(self) -> list[PlaceLoad]:
        """Flats and way stations with how full they are, those in use first as the scenario lists them."""
        used: dict[str, list[int]] = defaultdict(lambda: [0] * self.scenario.horizon)
        for trip in self.verdict.trips.values():
            for (kind, place, night), people in trip.taken.items():
                if kind == "beds":
                    used[place][night] += people
        return [
            PlaceLoad(place, used[place.id], place.beds)
            for place in self.scenario.places
            if place.kind in ("transit", "shelter")
        ]

    @cached_property
    def arrivals(self) -> dict[str, list[int]]:
        """People who come to each haven, by week."""
        found = {each.id: [0] * self.scenario.weeks for each in self.scenario.places if each.kind == "haven"}
        for trip in self.verdict.trips.values():
            for (kind, place, week), people in trip.taken.items():
                if kind == "intake":
                    found[place][week] += people
        return found

    @cached_property
    def money(self) -> list[int]:
        """What each week costs."""
        spent = [0] * self.scenario.weeks
        for trip in self.verdict.trips.values():
            for day, amount in trip.spent.items():
                spent[day // 7] += amount
        return spent

    @cached_property
    def together(self) -> Count:
        """What all journeys take together."""
        count = Count()
        for trip in self.verdict.trips.values():
            count.add(trip)
        return count

    @cached_property
    def streams(self) -> dict[tuple[str, str], int]:
        """People on the way from one place to another, by both."""
        found: dict[tuple[str, str], int] = defaultdict(int)
        for course in self.courses.values():
            for ride in course.rides:
                found[ride.origin, ride.to] += course.party.size
        return found

    @property
    def score(self) -> int:
        return self.verdict.score

    @cached_property
    def harm(self) -> int:
        return sum(trip.harm for trip in self.verdict.trips.values())

    @cached_property
    def cost(self) -> int:
        return sum(self.money)

    @property
    def gap(self) -> float | None:
        """The part of the score that a better plan could still save, at the most; None without a proven bound."""
        if self.plan.bound is None:
            return None
        return max(0.0, (self.score - self.plan.bound) / max(1, self.score))

    @cached_property
    def waiting(self) -> list[Course]:
        return [course for course in self.courses.values() if course.waits or course.stuck]

    @cached_property
    def rough_nights(self) -> int:
        return sum(course.rough_nights for course in self.courses.values())


def _stay(place: Place, first: int, end: int, rough: set[int]) -> Stay:
    return Stay(place.id, place.kind, first, end - 1, sorted(night for night in rough if first <= night < end))


def _ride(leg: Leg, day: int) -> Ride:
    return Ride(leg.id, leg.mode, leg.origin, leg.to, day, day + leg.nights)
