"""Whatever the scenario: a valid plan, a bound that no plan beats, a reason for everybody who waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from kunak.journeys.planner import Effort, Standing, plan
from kunak.journeys.reckoning.plan import BetterToWait, Plan, write_plan
from kunak.journeys.reckoning.referee import Count, Referee

from .scenes import Json, leg, party, scenario_of, scene, scenes

if TYPE_CHECKING:
    from kunak.journeys.reckoning.scenario import Scenario

WORK = 3_000


def confirm_reasons(scenario: Scenario, made: Plan) -> None:
    """Every party that ends in danger has a reason that holds, and nobody else has one."""
    referee = Referee(scenario)
    trips = referee.judge(made.journeys).trips
    count = Count()
    for trip in trips.values():
        count.add(trip)
    assert set(made.reasons) == {name for name, trip in trips.items() if trip.waits}
    for name, reason in made.reasons.items():
        if isinstance(reason, BetterToWait):
            continue
        trip = referee.follow(referee.parties[name], reason.witness)
        assert not trip.impossible
        assert not trip.waits
        assert trip.sheltered
        assert referee.score(trip) < referee.score(trips[name])
        assert reason.blocked_by
        assert referee.obstacles(count, trips, trip) == set(reason.blocked_by)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenes())
def test_a_plan_is_valid_and_everybody_who_waits_knows_why(raw: Json) -> None:
    scenario = scenario_of(raw)
    made = plan(scenario, Effort(work=WORK))
    verdict = Referee(scenario).judge(made.journeys)
    assert verdict.wrong == []
    assert made.bound is not None
    assert made.bound <= verdict.score
    confirm_reasons(scenario, made)


def test_the_same_work_gives_the_same_plan() -> None:
    scenario = scenario_of(scene([party(f"P{k}", size=1 + k % 3, escort=k % 2 == 0) for k in range(8)]))
    once, again = (write_plan(plan(scenario, Effort(work=WORK), seed=5)) for _ in range(2))
    assert once == again


def test_going_first_with_the_woman_who_only_passes_through() -> None:
    """The worked example of the planning text, in our own words: together is better than first come, first served."""
    steps = [[0, 20], [3, 60]]
    family = party("P1", size=2, weight=2)
    family["hazard"] = {"danger": steps, "inside": [[0, 3]], "near_abroad": [[0, 1]], "abroad": [[0, 0]]}
    raw = scene(
        [
            family,
            party("P2", danger=50, documents=[{"doc": "visa", "from": 3}]),
            party("P3", danger=10, makeup="men"),
        ],
        horizon=6,
        tail_nights=4,
        places=[
            {"id": "home", "zone": "danger", "kind": "home"},
            {"id": "flat", "zone": "inside", "kind": "shelter", "beds": 2, "night_cost": 5},
            {"id": "haven", "zone": "abroad", "kind": "haven"},
        ],
        legs=[
            leg("car", "home", "flat", first=1, last=5, every=2, seats=2, risk=4),
            leg("plane", "flat", "haven", last=5, seats=1, fare=100, risk=2, documents=[["visa"]]),
        ],
        escort_pools=[],
        budget={"total": 180},
    )
    scenario = scenario_of(raw)
    made = plan(scenario, Effort(work=20_000))
    assert {step.day for step in made.journeys["P2"].steps} == {1, 3}
    assert made.journeys["P1"].steps[0].day == 3
    assert not made.journeys["P3"].steps


def test_a_promise_that_cannot_be_kept_is_told() -> None:
    from kunak.journeys.reckoning.scenario import Unplannable  # noqa: PLC0415 - beside its only use

    pins = [{"leg": "lift", "day": 0}]
    raw = scene([party("P0", size=2, pins=pins), party("P1", size=2, pins=pins)])
    with pytest.raises(Unplannable, match="promise"):
        plan(scenario_of(raw), Effort(work=WORK))


def test_progress_is_told_and_who_cancels_gets_a_plan() -> None:
    scenario = scenario_of(scene([party(f"P{k}", size=1 + k % 3, danger=20 + k) for k in range(30)]))
    effort, told = Effort(seconds=250.0), list[Standing]()

    def progress(standing: Standing) -> None:
        told.append(standing)
        effort.stop.set()

    made = plan(scenario, effort, progress=progress)
    assert told
    assert told[0].found
    assert Referee(scenario).judge(made.journeys).wrong == []
    confirm_reasons(scenario, made)


def test_a_repaired_plan_changes_nothing_that_need_not_change() -> None:
    people = [party(f"P{k}", danger=20 + k) for k in range(6)]
    first = plan(scenario_of(scene(people)), Effort(work=20_000))
    old = {name: [{"leg": s.leg, "day": s.day} for s in one.steps] for name, one in first.journeys.items()}
    again = plan(
        scenario_of(scene(people, previous=old, change={"near_days": 7, "near": 40, "far": 10})), Effort(work=20_000)
    )
    assert {name: one.steps for name, one in again.journeys.items()} == {
        name: one.steps for name, one in first.journeys.items()
    }


def test_a_plan_is_json_of_the_format() -> None:
    made = plan(scenario_of(scene([party("P0")])), Effort(work=WORK))
    told = msgspec.json.decode(write_plan(made))
    assert told["format"] == "kunak-plan/1"
    assert told["journeys"]["P0"]["steps"]
