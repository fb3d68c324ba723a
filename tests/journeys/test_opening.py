"""Before the inner loops are compiled: arrays say the same as the loops, and the plan is as true."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from kunak.journeys.planner import Effort, Planner, reasons
from kunak.journeys.planner.arcs_by_hand import pieces
from kunak.journeys.planner.bound import Bound
from kunak.journeys.planner.climb_by_hand import priced
from kunak.journeys.planner.exact import Pieces
from kunak.journeys.planner.ledger import taken
from kunak.journeys.planner.network import build
from kunak.journeys.planner.opening import Opening
from kunak.journeys.planner.prices import answer, spread
from kunak.journeys.planner.sweeping import Sweep
from kunak.journeys.reckoning.referee import Referee

from .scenes import Json, leg, party, scenario_of, scene, scenes
from .test_planner import confirm_reasons


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenes())
def test_arrays_and_compiled_loops_find_the_same_journeys_and_pieces(raw: Json) -> None:
    net = build(scenario_of(raw))
    bound, everybody = Bound(net), np.arange(len(net.parties))
    bound.climb(Effort(work=1), 1e6)
    asking, told, prices = bound.pricer, bound.answer, priced(net, bound.best_duals)
    spread(net, bound.best_duals, asking.prices)
    assert all(np.array_equal(ours, theirs) for ours, theirs in zip(prices, asking.prices, strict=True))
    told.used[:] = 0
    answer(net, asking.prices, asking.room, 0, len(everybody), asking.desk, told, asking.entries)
    sweep = Sweep(net, prices, asking.room, everybody)
    used = np.zeros(len(net.limits), dtype=np.int64)
    for i in everybody:
        way = sweep.way(int(i))
        assert way is not None
        assert way.value == told.values[i]
        for row, amount in taken(net, int(i), way.length, way.steps, way.ends).items():
            used[row] += amount
    assert used @ bound.best_duals == pytest.approx(told.used @ bound.best_duals)
    arcs = Pieces(net, 10_000).collect(asking.prices, asking.room, everybody.tolist(), np.full(len(everybody), 200.0))
    assert arcs is not None
    ours = np.concatenate([pieces(sweep, int(k), 200.0) for k in everybody])
    names = list(arcs.dtype.names or ())[:-1]
    assert sorted(ours[names].tolist()) == sorted(arcs[names].tolist())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenes())
def test_the_first_plan_is_valid_with_a_bound_and_reasons(raw: Json) -> None:
    scenario = scenario_of(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reasons, "ready", lambda: False)
        made = Planner(scenario, Effort(work=0)).result()
    verdict = Referee(scenario).judge(made.journeys)
    assert verdict.wrong == []
    assert made.bound is not None
    assert 0 < made.bound <= verdict.score
    confirm_reasons(scenario, made)


def test_the_opening_alone_comes_to_the_best_plan() -> None:
    """What machine code proves to be the best, is found without any as well."""
    raw = scene([party(f"P{k}", size=1 + k % 3, danger=20 + k) for k in range(6)])
    raw["legs"].append(leg("bus", "home", "flat", every=2, seats=2, fare=15))
    scenario = scenario_of(raw)
    planner = Planner(scenario, Effort(work=100_000))
    planner.work()
    assert planner.standing.gap == 0
    opening = Opening(planner.net, 0)
    opening.begin()
    effort = Effort(work=100)
    rounds = iter(range(40))
    opening.work(effort, lambda: next(rounds, None) is None)
    assert opening.best is not None
    assert opening.best.score == planner.standing.score
    assert opening.proven <= planner.standing.score
