"""Two plans side by side, over the same days and the same parties: figures of different days cannot be taken from one another. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from .plan import Journey, Plan
from .reviewing import Review

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .scenario import Scenario


def changed(one: Review, other: Review) -> Sequence[str]:
    """Parties whose journeys differ between two plans in what is still to come, in the order of the first."""
    since = max(one.scenario.now, other.scenario.now)
    return [
        party
        for party, journey in one.plan.journeys.items()
        if party in other.plan.journeys and _to_come(journey, since) != _to_come(other.plan.journeys[party], since)
    ]


def _to_come(journey: Journey, since: int) -> tuple[object, ...]:
    steps = [step for step in journey.steps if step.day >= since]
    return (steps, sorted(night for night in journey.unsheltered if night >= since))


def comparable(one: Review, other: Review, *, question: bool = False) -> tuple[Review, Review] | None:
    """Both as they are if they are plans of one scenario; else what is left of both, as the scenario of `other`, the later one, has it.
    A `question` (a what-if about `one`) changes the scenario and nothing else: both are as they are. None if one cannot be followed.
    Both scenarios have the same day 0."""
    alike = one.scenario.now == other.scenario.now and one.plan.journeys.keys() == other.plan.journeys.keys()
    if question or one.scenario == other.scenario:
        return (one, other) if alike else None
    common = one.plan.journeys.keys() & other.plan.journeys.keys()
    scenario = replace(other.scenario, parties=tuple(each for each in other.scenario.parties if each.id in common))
    left = _left(one, scenario), _left(other, scenario)
    return None if left[0] is None or left[1] is None else (left[0], left[1])


def _left(review: Review, scenario: Scenario) -> Review | None:
    """What this plan still has to do, done in this scenario; None if it has people elsewhere than where they are."""
    journeys = {}
    for party in scenario.parties:
        journey = review.plan.journeys[party.id]
        since = max(scenario.now, party.start.day)
        before = [ride for ride in review.courses[party.id].rides if ride.day < since]
        here = before[-1].to if before else review.courses[party.id].party.start.place
        if here != party.start.place:
            return None
        journeys[party.id] = Journey(
            tuple(step for step in journey.steps if step.day >= since),
            tuple(night for night in journey.unsheltered if night >= since),
        )
    left = Review(scenario, Plan(scenario.name, journeys, {}, None))
    return None if any(trip.impossible for trip in left.verdict.trips.values()) else left
