"""The planner against naive plans (first come, first served), both computed in this run.

Scenarios are of our own making (bench/scenarios.py), of the shape of the published ones. Times are seconds on the clock:
on a machine that is busy with other things the same seconds hold less work.
"""

from __future__ import annotations

import os
from typing import Any

import msgspec

from bench.disruptions import disrupted
from bench.scenarios import Maker
from bench.table import Row
from kunak.journeys.plan import Plan
from kunak.journeys.planner import Effort, Planner
from kunak.journeys.planner.prepare import compile_all
from kunak.journeys.reading import read_scenario
from kunak.journeys.referee import Referee
from kunak.journeys.scenario import Scenario

TITLE = "Planning journeys"
# size, seconds, the gap that must be reached (of the score; at S over the optimum, which is proven or not)
AIMS = {"S": (8.0, 0.01), "M": (60.0, 0.06), "L": (300.0, 0.15), "XL": (600.0, 1.0)}
USUAL = "S,M,repair"  # `KUNAK_BENCH_PLANS=S,M,L,XL,repair make bench` for all; L and XL take 15 minutes


def scenario_of(raw: dict[str, Any]) -> Scenario:
    return read_scenario(msgspec.json.encode(raw))


def naive(scenario: Scenario) -> float:
    """First come, first served: everybody takes the best journey that is left."""
    planner = Planner(scenario, Effort(work=1))
    planner.work()
    return planner.naive


def planned(scenario: Scenario, seconds: float) -> tuple[Plan, int]:
    planner = Planner(scenario, Effort(seconds=seconds))
    planner.work()
    plan = planner.result()
    return plan, Referee(scenario).judge(plan.journeys).score


def row(what: str, scenario: Scenario, seconds: float, most: float) -> Row:
    first = naive(scenario)
    plan, score = planned(scenario, seconds)
    gap = (score - (plan.bound or 0)) / max(1, score)
    over = f"{first / score - 1:.0%} over ours"
    return Row(what, f"{score:,}, gap {gap:.2%}", f"{first:,.0f}", over, f"gap <= {most:.0%}", gap <= most)


def run() -> list[Row]:
    """Every size that was asked for."""
    asked = os.environ.get("KUNAK_BENCH_PLANS", USUAL).split(",")
    share = float(os.environ.get("KUNAK_BENCH_SHARE", "1"))  # of the usual seconds, to try the benchmark itself
    compile_all()
    rows = [
        row(f"{size}, {seconds * share:.0f} s", scenario_of(Maker(size, 1).scenario()), seconds * share, most)
        for size, (seconds, most) in AIMS.items()
        if size in asked
    ]
    if "repair" in asked:
        for size in ("S", "M"):
            raw = Maker(size, 1).scenario()
            plan, _ = planned(scenario_of(raw), 10.0 * share)
            rows.append(
                row(
                    f"repair of {size}, {10 * share:.0f} s", scenario_of(disrupted(raw, plan, 10, 1)), 10.0 * share, 0.1
                )
            )
    return rows
