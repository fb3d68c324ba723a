"""The planner beside the desk: it compiles nothing while somebody waits, and may be told to stop at any moment."""

from __future__ import annotations

import io
from typing import Any

import pytest

from kunak.journeys import bringing, planner, planning, proposing, records
from kunak.journeys.plan_reading import read_plan
from kunak.journeys.plan_worker import Order, work
from kunak.journeys.planner import compiled
from kunak.journeys.planner import planner as planner_module
from tests.cast import COORDINATOR, Cast
from tests.journeys.scenes import TINY


def test_where_nothing_is_compiled_yet_a_plan_is_made_without(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    def compiles(*_: Any, **__: Any) -> Any:
        raise AssertionError("half a minute of compiling, while somebody waits for a repaired plan")

    monkeypatch.setattr(compiled, "ready", lambda: False)
    monkeypatch.setattr(planner_module, "ready", lambda: False)
    monkeypatch.setattr(planner_module, "begin", lambda: None)
    monkeypatch.setattr(planner, "plan", compiles)
    # The desk is gone at once: the best plan so far is what there is.
    outcome = work(Order(len(TINY), seconds=60), TINY, io.BytesIO())
    assert outcome.problem == ""
    assert set(read_plan(outcome.plan).journeys) == {"P1", "P2", "P3"}
    assert b'"progress"' in capfdbinary.readouterr().out


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
