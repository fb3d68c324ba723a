"""The referee knows each rule: a plan that breaks one alone is told so, by its name."""

from __future__ import annotations

from typing import Any

import pytest

from kunak.journeys.reckoning.plan import Journey
from kunak.journeys.reckoning.referee import Referee
from kunak.journeys.reckoning.scenario import Step

from .scenes import HORIZON, party, scenario_of, scene

PAPERS = [{"doc": "passport"}, {"doc": "visa"}]


def journey(*steps: tuple[str, int], rough: tuple[int, ...] = ()) -> Journey:
    return Journey(tuple(Step(leg, day) for leg, day in steps), rough)


def judge(raw: dict[str, Any], **journeys: Journey) -> list[str]:
    referee = Referee(scenario_of(raw))
    everybody = {name: journeys.get(name, Journey()) for name in referee.parties}
    return referee.judge(everybody).wrong


def test_a_good_plan_breaks_nothing_and_costs_what_it_costs() -> None:
    raw = scene([party("P0", documents=PAPERS)])
    referee = Referee(scenario_of(raw))
    verdict = referee.judge({"P0": journey(("car", 0), ("plane", 1))})
    assert verdict.wrong == []
    # Two risks of 3 points, no night counted in the haven, a night on the road by its risk alone; 10 and 90 of money.
    assert verdict.score == 10 * (3 + 3) + 10 + 90


RULES: dict[str, tuple[dict[str, Any], Journey, str]] = {
    "a day without departure": ({}, journey(("car", 1)), "does not leave"),
    "a leg from elsewhere": ({}, journey(("taxi", 2)), "does not leave"),
    "before the party can be there": ({}, journey(("car", 0), ("taxi", 0)), "cannot be taken"),
    "after the end": ({}, journey(("car", HORIZON - 1)), "does not leave"),
    "too early for the party": ({"earliest_day": 3}, journey(("car", 2), ("taxi", 3)), "earliest"),
    "papers": ({}, journey(("car", 0), ("plane", 1)), "documents"),
    "wanted": ({"documents": PAPERS, "wanted": True}, journey(("car", 0), ("plane", 1)), "wanted"),
    "forbidden": ({"forbidden": ["flat"]}, journey(("car", 0), ("taxi", 1)), "forbidden"),
    "needs": ({"needs": ["medical"]}, journey(("car", 0), ("taxi", 1)), "need"),
    "longest stay": ({}, journey(("car", 0)), "max_stay"),
    "a bed after a night without": ({}, journey(("car", 0), rough=(1, 2, 3, 5, 6, 7)), "again"),
    "nights that are spent nowhere": ({}, journey(rough=(3,)), "not spent"),
    "too few beds": ({"size": 3}, journey(("car", 0), ("taxi", 1)), "beds"),
    "too few seats": ({"size": 2, "escort": True}, journey(("lift", 0)), "seats"),
    "intake": ({"size": 3, "documents": PAPERS}, journey(("car", 0), ("plane", 1)), "intake"),
    "a promise": ({"pins": [{"leg": "car", "day": 2}]}, journey(("car", 0), ("taxi", 1)), "promise"),
}


@pytest.mark.parametrize("name", RULES)
def test_each_rule_is_kept(name: str) -> None:
    change, tried, word = RULES[name]
    wrong = judge(scene([party("P0", **change)]), P0=tried)
    assert len(wrong) >= 1
    assert any(word in text for text in wrong), wrong


def test_a_compromised_place_takes_nobody_in() -> None:
    raw = scene([party("P0")])
    raw["places"][2]["compromised_from"] = 1
    assert any("compromised" in text for text in judge(raw, P0=journey(("car", 0), ("taxi", 1))))


def test_a_host_gets_to_know_only_so_many() -> None:
    people = [party(f"P{k}") for k in range(4)]
    tried = {f"P{k}": journey(("lift", 3 * (k // 2)), ("back", 3 * (k // 2) + 1)) for k in range(4)}
    rough = {name: Journey(one.steps, tuple(range(one.steps[1].day, HORIZON))) for name, one in tried.items()}
    assert [text for text in judge(scene(people), **rough) if "max_parties" in text]


def test_those_who_must_not_meet_do_not() -> None:
    raw = scene([party("P0"), party("P1")], apart=[["P0", "P1"]])
    together = {name: journey(("car", 0), ("taxi", 1)) for name in ("P0", "P1")}
    assert any("meet" in text for text in judge(raw, **together))
    assert judge(raw, P0=journey(("car", 0), ("taxi", 1))) == []


def test_money_is_counted_by_week_and_in_all() -> None:
    raw = scene([party("P0")], budget={"total": 30, "weekly": [12, 100]})
    assert len(judge(raw, P0=journey(("car", 0), ("taxi", 1)))) == 2
