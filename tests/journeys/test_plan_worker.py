"""The planner beside the desk: it compiles nothing while somebody waits, and may be told to stop at any moment."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import Any

import msgspec
import pytest

from kunak.journeys import planner
from kunak.journeys.known import bringing, planning, records
from kunak.journeys.planner import compiled
from kunak.journeys.planner import planner as planner_module
from kunak.journeys.plans import proposing
from kunak.journeys.plans.plan_worker import Order, Outcome, Progress, work
from kunak.journeys.reckoning.plan_reading import read_plan
from tests.cast import COORDINATOR, Cast
from tests.journeys.scenes import TINY


def test_where_nothing_is_compiled_yet_a_plan_is_made_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def compiles(*_: Any, **__: Any) -> Any:
        raise AssertionError("half a minute of compiling, while somebody waits for a repaired plan")

    monkeypatch.setattr(compiled, "ready", lambda: False)
    monkeypatch.setattr(planner_module, "ready", lambda: False)
    monkeypatch.setattr(planner_module, "begin", lambda: None)
    monkeypatch.setattr(planner, "plan", compiles)
    # The desk is gone at once: the best plan so far is what there is.
    said: list[Progress | Outcome] = []
    outcome = work(Order(len(TINY), seconds=60), TINY, io.BytesIO(), said.append)
    assert outcome.problem == ""
    assert set(read_plan(outcome.plan).journeys) == {"P1", "P2", "P3"}
    assert any(isinstance(one, Progress) for one in said)


def test_told_to_stop_before_it_was_told_what_to_plan_it_still_keeps_a_plan(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    aspen = cast.at_work(COORDINATOR)
    aspen.post("/journeys/begin")
    bringing.bring(aspen.bench, records.Known(), TINY, aspen.bench.today)
    made = planning.prepare(records.read(aspen.bench.vault.db), aspen.bench.today)
    shop = proposing.Workshop(aspen.bench)
    talk = shop._talk

    def stopped_first(*given: Any) -> Any:
        shop.stop()
        return talk(*given)

    monkeypatch.setattr(shop, "_talk", stopped_first)
    assert shop.begin(proposing.Wish.of(made, "proposal", "", (), 86_400))
    run = shop.wait(None)
    assert run is not None
    assert run.plan_id, run.problem


CHATTY = """
import os
from kunak.journeys.plans import plan_worker

plan_worker.work = lambda order, scenario, more, tell: (
    os.write(1, b"Running a solver: welcome\\n"), print("hello"), tell(plan_worker.Progress(0.0, 1, 1)), plan_worker.Outcome(scenario)
)[-1]
plan_worker.main()
"""


def test_a_library_that_talks_does_not_disturb_what_the_desk_hears() -> None:
    order = msgspec.json.encode(Order(size=3, seconds=1)) + b"\n" + b"abc"
    heard = subprocess.run([sys.executable, "-c", CHATTY], input=order, capture_output=True, check=True)
    told = [msgspec.json.decode(line, type=Progress | Outcome) for line in heard.stdout.splitlines()]
    assert told == [Progress(0.0, 1, 1), Outcome(b"abc")]


def test_the_solver_says_nothing_on_the_output_of_whoever_plans() -> None:
    talk = "from kunak.journeys.planner import solver; solver.solver(time_limit=1.0).run(); print('mine')"
    heard = subprocess.run([sys.executable, "-c", talk], capture_output=True, check=True)
    assert heard.stdout == b"mine\n"
