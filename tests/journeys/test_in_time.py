"""Whatever happens to the search or to the words at the end, a plan is there before the time limit."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from kunak.journeys import in_time
from kunak.journeys.in_time import InTime
from kunak.journeys.planner import Effort, Planner
from kunak.journeys.scenario import Unplannable

from .scenes import party, scenario_of, scene

if TYPE_CHECKING:
    from collections.abc import Callable

    from kunak.journeys.plan import Plan


def begun(limit: float = 250.0) -> tuple[Planner, InTime]:
    """A planner that has not worked yet, and its clock."""
    scenario = scenario_of(scene([party(f"P{k}", danger=20 + k) for k in range(4)]))
    effort = Effort(seconds=limit)
    planner = Planner(scenario, effort)
    return planner, InTime(planner, effort.began, limit, threading.Event())


def worked(planner: Planner) -> Planner:
    """The same after a little work, so that it has a plan."""
    planner.effort, planner.effort.work = Effort(work=2_000), 2_000
    planner.work()
    planner.effort = Effort(seconds=250.0)
    return planner


def test_words_that_do_not_come_in_time_are_replaced_by_spare_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    planner, _ = begun()
    worked(planner)
    clock = InTime(planner, time.monotonic(), 0.5, threading.Event())
    clock._rehearse()
    never = threading.Event()

    def late() -> Plan:
        never.wait(200)
        raise AssertionError("nobody waits for this")

    monkeypatch.setattr(planner, "work", lambda: None)
    monkeypatch.setattr(planner, "result", late)
    assert clock.spare is not None
    assert clock.plan() is clock.spare
    never.set()


def test_words_that_cannot_be_made_are_replaced_by_spare_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    planner, clock = begun()
    worked(planner)
    clock._rehearse()
    monkeypatch.setattr(planner, "work", lambda: None)
    monkeypatch.setattr(planner, "result", fails)
    assert clock.plan() is clock.spare


def fails() -> Plan:
    raise ArithmeticError


def test_a_search_that_breaks_leaves_the_best_plan_until_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    planner, clock = begun()
    worked(planner)
    monkeypatch.setattr(planner, "work", fails)
    assert b'"P3"' in clock.plan().text
    told = capsys.readouterr().err
    assert "ArithmeticError" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("trouble", [Unplannable("No plan keeps that."), MemoryError()])
def test_trouble_before_there_is_any_plan_is_told(monkeypatch: pytest.MonkeyPatch, trouble: Exception) -> None:
    planner, clock = begun()

    def work() -> None:
        raise trouble

    monkeypatch.setattr(planner, "work", work)
    with pytest.raises(type(trouble)):
        clock.plan()


def test_a_machine_on_which_words_take_long_stops_planning_earlier(monkeypatch: pytest.MonkeyPatch) -> None:
    planner, clock = begun()
    worked(planner)
    now, result = [clock.deadline or 0.0], planner.result

    def slow(told: Callable[[], Plan] = result) -> Plan:
        now[0] += 10
        return told()

    monkeypatch.setattr(planner, "result", slow)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    clock._rehearse()
    assert clock.latest is not None
    assert clock.deadline == clock.latest - 10 * in_time.LONGER
