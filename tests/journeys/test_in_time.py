"""Whatever happens to the search or to the words at the end, a plan is there before the time limit."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from kunak.journeys import in_time
from kunak.journeys.in_time import InTime
from kunak.journeys.planner import Effort, Planner
from kunak.journeys.planner import planner as planner_module
from kunak.journeys.planner.network import build
from kunak.journeys.planner.opening import Opening
from kunak.journeys.reckoning.plan_reading import read_plan
from kunak.journeys.reckoning.referee import Referee
from kunak.journeys.reckoning.scenario import Unplannable

from .scenes import party, scenario_of, scene

if TYPE_CHECKING:
    from collections.abc import Callable

    from kunak.journeys.reckoning.plan import Plan


MANY = 9  # parties: not everybody can go


def begun(limit: float = 250.0) -> tuple[Planner, InTime]:
    """A planner that has not worked yet, and its clock."""
    scenario = scenario_of(scene([party(f"P{k}", size=1 + k % 3, danger=20 + k) for k in range(MANY)]))
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


def test_whoever_stops_us_waits_for_few_reasons_only(monkeypatch: pytest.MonkeyPatch) -> None:
    planner, clock = begun()
    worked(planner)
    monkeypatch.setattr(planner, "work", lambda: None)
    monkeypatch.setattr(in_time, "REASONS", -1.0)
    clock.stop.set()
    text = clock.plan().text
    assert b'"P3"' in text
    assert read_plan(text).reasons == {}


def test_words_without_all_reasons_are_replaced_by_spare_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    planner, clock = begun()
    worked(planner)
    clock._rehearse()
    monkeypatch.setattr(planner, "work", lambda: None)
    monkeypatch.setattr(in_time, "REASONS", -1.0)
    clock.stop.set()
    assert clock.spare is not None
    assert clock.spare.missing == 0
    assert clock.plan() is clock.spare
    assert planner.skipped > 0


def test_with_no_time_for_reasons_a_plan_is_still_a_plan() -> None:
    planner, _ = begun()
    worked(planner)
    assert planner.result().reasons
    planner.tell_until = 0.0
    made = planner.result()
    assert made.reasons == {}
    assert Referee(planner.scenario).judge(made.journeys).wrong == []


@pytest.mark.parametrize("large", [0, 10**9])
def test_stopped_before_anything_was_found_everybody_has_a_valid_journey(
    monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    planner, _ = begun()
    monkeypatch.setattr(planner_module, "LARGE", large)
    made = planner.result()
    assert Referee(planner.scenario).judge(made.journeys).wrong == []
    assert set(made.journeys) == {f"P{k}" for k in range(MANY)}


def test_in_a_hurry_whoever_does_not_fit_at_once_stays() -> None:
    people = [party(f"P{k:02}", danger=20 + k) for k in range(30)]
    scenario = scenario_of(scene(people))
    calm, hurried = Opening(build(scenario), 0), Opening(build(scenario), 0)
    calm.begin()
    hurried.begin(lambda: True)
    assert calm.best is not None
    assert hurried.best is not None
    assert hurried.best.score >= calm.best.score
