"""Small enough to try every plan there is: the planner's is the best of them, and its bound says so."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kunak.journeys.planner import Effort, plan
from kunak.journeys.reckoning.plan import Journey
from kunak.journeys.reckoning.referee import Referee, Trip
from kunak.journeys.reckoning.scenario import Party, Scenario, Step

from .scenes import leg, parties, scenario_of, scene

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS = 4


def short_scene(people: list[dict[str, Any]], **change: Any) -> dict[str, Any]:
    """Four days, three legs."""
    raw = scene(
        people,
        horizon=DAYS,
        legs=[
            leg("car", "home", "hub", last=3, nights=1, seats=3),
            leg("lift", "home", "flat", last=3, every=2, seats=2, escort_pool="south", escort_days=2),
            leg("taxi", "hub", "flat", last=3, seats=3),
            leg("plane", "hub", "haven", last=3, seats=3, fare=30, documents=[["passport"]], checks=True),
        ],
        escort_pools=[{"id": "south", "available": [1] * DAYS}],
    )
    raw["places"][3]["intake"] = [2]
    return raw | change


def ways(scenario: Scenario, place: str, day: int, steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    yield steps
    for one in scenario.legs:
        if one.origin == place:
            for on in range(day, scenario.horizon):
                if one.departs(on) and on + one.nights < scenario.horizon:
                    step = Step(one.id, on)
                    yield from ways(scenario, one.to, on + max(1, one.nights), (*steps, step))


def every_trip(referee: Referee, party: Party) -> list[tuple[Journey, Trip]]:
    """Every journey with every choice of nights without a bed that breaks no rule of this party alone."""
    nights = range(party.start.day, referee.scenario.horizon)
    found = []
    for steps in ways(referee.scenario, party.start.place, party.start.day, ()):
        for chosen in product((False, True), repeat=len(nights)):
            tried = Journey(steps, tuple(night for night, rough in zip(nights, chosen, strict=True) if rough))
            trip = referee.follow(party, tried)
            if not trip.impossible and not trip.broken and not trip.promises:
                found.append((tried, trip))
    return found


def best_score(referee: Referee) -> int:
    choices = [[trip for _, trip in every_trip(referee, party)] for party in referee.scenario.parties]
    names = [party.id for party in referee.scenario.parties]
    ranked = sorted((sum(referee.score(trip) for trip in trips), k, trips) for k, trips in enumerate(product(*choices)))
    return next(score for score, _, trips in ranked if not list(referee.together(dict(zip(names, trips, strict=True)))))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_the_plan_is_the_best_of_all_plans(data: st.DataObject) -> None:
    people = [data.draw(parties(f"P{k}")) for k in range(data.draw(st.integers(1, 2)))]
    raw = short_scene(people, budget={"total": data.draw(st.sampled_from([None, 30, 60]))})
    if len(people) > 1 and all(one["start"]["place"] == "home" for one in people) and data.draw(st.booleans()):
        raw["apart"] = [["P0", "P1"]]
    scenario = scenario_of(raw)
    referee = Referee(scenario)
    made = plan(scenario, Effort(work=6_000))
    best = best_score(referee)
    assert made.bound is not None
    assert made.bound <= best
    assert referee.judge(made.journeys).score == best
