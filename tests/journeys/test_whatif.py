"""What if, and two plans side by side: what was stays as it was, and only what can be compared is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from kunak.frame.render import catalogues
from kunak.journeys.pages.plan_view import View
from kunak.journeys.reckoning.comparing import changed as differing
from kunak.journeys.reckoning.comparing import comparable
from kunak.journeys.reckoning.plan import BetterToWait, Blocked, Blocker, Journey, Plan
from kunak.journeys.reckoning.reading import read_scenario
from kunak.journeys.reckoning.referee import Referee
from kunak.journeys.reckoning.reviewing import Review
from kunak.journeys.reckoning.scenario import Step
from kunak.journeys.reckoning.telling import Teller
from kunak.journeys.reckoning.whatif import Change, as_it_was, changed

from .scenes import PAPERS, leg, party, scenario_of, scene

if TYPE_CHECKING:
    from kunak.journeys.reckoning.scenario import Scenario

WENT = {
    "P1": Journey((Step("lift", 0),)),
    "P2": Journey((Step("car", 0), Step("plane", 4)), (3,)),
    "P3": Journey((Step("car", 4), Step("taxi", 5))),
}


def scenario(**change: Any) -> Scenario:
    return scenario_of(scene([party("P1"), party("P2", documents=PAPERS), party("P3")], **change))


def review(made: Scenario, journeys: dict[str, Journey] | None = None, **reasons: Any) -> Review:
    return Review(made, Plan(made.name, journeys or WENT, reasons))


def told(made: Scenario, journeys: dict[str, Journey], language: str = "en", **reasons: Any) -> Teller:
    return Teller(review(made, journeys, **reasons), 17_258, {}, catalogues(("journeys", "frame"), language))


# --- what if


def test_on_the_first_day_nothing_is_over() -> None:
    assert as_it_was(scenario(), WENT, 0) == scenario()


def test_who_has_left_has_left_and_nobody_else_leaves_in_the_past() -> None:
    copy = as_it_was(scenario(), WENT, 3)
    one, two, three = copy.parties
    assert (one.pins, two.pins) == ((Step("lift", 0),), (Step("car", 0),))
    assert three.pins == ()
    assert three.earliest_day == 3
    days = {each.id: [day for day in range(copy.horizon) if each.departs(day)] for each in copy.legs}
    assert days["car"] == [0, 4, 6]
    assert days["lift"] == [0, 3, 6]
    assert days["taxi"] == [3, 4, 5, 6, 7]
    assert Referee(copy).judge(WENT).wrong == [], "the plan itself is still a plan of the copy"
    assert read_scenario(msgspec.json.encode(copy)) == copy


def test_what_is_otherwise_is_so_from_today_on() -> None:
    copy = as_it_was(scenario(), WENT, 3)
    closed = changed(copy, Change(closed="flat"), 3)
    assert {place.id: place.compromised_from for place in closed.places}["flat"] == 3
    without = changed(copy, Change(without="car"), 3)
    (car,) = (each for each in without.legs if each.id == "car")
    assert [day for day in range(8) if car.departs(day)] == [0]
    assert without.parties[1].pins == (Step("car", 0),)
    more = changed(copy, Change(pool="south", escorts=2), 3)
    assert more.escort_pools[0].available == (1, 1, 1, 3, 3, 3, 3, 3)
    assert all(read_scenario(msgspec.json.encode(each)) == each for each in (closed, without, more))


def test_a_way_that_never_went_is_taken_out_with_its_promises() -> None:
    promised = scenario_of(scene([party("P1", pins=[{"leg": "car", "day": 0}])]))
    copy = changed(promised, Change(without="car"))
    assert [each.id for each in copy.legs] == ["lift", "taxi", "back", "plane"]
    assert copy.parties[0].pins == ()


# --- side by side


def test_plans_of_one_day_are_compared_as_they_are() -> None:
    one, other = review(scenario()), review(scenario(), {**WENT, "P3": Journey()})
    pair = comparable(one, other)
    assert pair is not None
    assert pair[0] is one
    assert pair[1] is other
    assert differing(one, other) == ["P3"]


def later(place: str = "flat") -> Scenario:
    """Day 3: P1 is in the flat, P2 in the hub and has lost the bed, P3 at home; P4 is new."""
    return scenario_of(
        scene(
            [
                party("P1", start={"place": place, "day": 3, "nights_used": 3}),
                party("P2", documents=PAPERS, start={"place": "hub", "day": 3, "nights_used": 2}),
                party("P3", start={"place": "home", "day": 3}),
                party("P4", start={"place": "home", "day": 3}),
            ],
            now=3,
        )
    )


def test_an_older_plan_is_compared_by_what_is_left_of_it() -> None:
    again = {"P1": Journey(), "P2": WENT["P2"], "P3": Journey((Step("car", 6),)), "P4": Journey()}
    again["P2"] = Journey((Step("plane", 4),), (3,))
    old, new = review(scenario()), review(later(), again)
    pair = comparable(old, new)
    assert pair is not None
    left, right = pair
    assert left.scenario is right.scenario
    assert [each.id for each in left.scenario.parties] == ["P1", "P2", "P3"], "P4 was in one plan only"
    assert left.plan.journeys["P2"] == again["P2"]
    score = {name: left.referee.score(left.verdict.trips[name]) for name in ("P1", "P2")}
    assert score == {name: right.referee.score(right.verdict.trips[name]) for name in ("P1", "P2")}
    assert left.score < right.score, "two days sooner is better, and that alone differs"


def test_a_plan_that_cannot_go_on_from_where_people_are_is_not_compared() -> None:
    """P2's old plan flies from the hub; in truth they are in the flat."""
    made = later()
    p2 = msgspec.structs.replace(made.parties[1], start=made.parties[0].start)
    made = msgspec.structs.replace(made, parties=(made.parties[0], p2, *made.parties[2:]))
    assert comparable(review(scenario()), review(made, dict.fromkeys(("P1", "P2", "P3", "P4"), Journey()))) is None


# --- why


def test_who_has_no_way_out_is_told_what_bars_each_way() -> None:
    """Both ways lead to the hub and the flat, where they must not come."""
    made = scenario_of(scene([party("P1", forbidden=["hub", "flat"])]))
    teller = told(made, {"P1": Journey()}, P1=BetterToWait())
    sentence = teller.why(teller._review.courses["P1"])
    assert sentence == (
        "No way from home is open to them: they must not come to flat and they must not come to hub. Find them another."
    )


def test_who_has_a_way_but_no_better_place_is_not_told_that_there_is_none() -> None:
    made = scenario_of(scene([party("P1", danger=0)]))
    teller = told(made, {"P1": Journey()}, P1=BetterToWait())
    assert "no way is better for them than to wait" in teller.why(teller._review.courses["P1"])


def test_where_nothing_goes_that_is_said() -> None:
    made = scenario_of(scene([party("P1")], legs=[leg("taxi", "hub", "flat")]))
    teller = told(made, {"P1": Journey()}, P1=BetterToWait())
    assert teller.why(teller._review.courses["P1"]) == "Nothing goes from home. Find a way from there."


def in_danger(**change: Any) -> Teller:
    """P1 is in the flat, which is compromised; it stays there without a bed."""
    raw = scene([party("P1", start={"place": "flat", "day": 0}, **change)])
    raw["places"][2]["compromised_from"] = 0
    return told(scenario_of(raw), {"P1": Journey((), tuple(range(8)))})


def test_who_stays_in_a_compromised_place_is_never_called_safe() -> None:
    teller = in_danger(forbidden=["hub"])
    (course,) = teller._review.courses.values()
    assert course.stuck
    assert not course.waits, "the flat lies outside the danger zone"
    assert teller._review.waiting == [course]
    assert teller.why(course) == (
        "flat is compromised, and no way from there is open to them: they must not come to hub. Find them another. "
        "8 nights are without a bed."
    )
    assert teller.to_come(course, 3) == "stays at flat; 5 nights without a bed"
    open_way = in_danger()
    assert "no way is better for them than to stay" in open_way.why(open_way._review.courses["P1"])
    nothing: Any = None
    view = View(nothing, nothing, open_way._review, nothing, nothing, "", str, 0, 0)
    groups = view.groups()
    assert [len(groups[name]) for name in ("move", "wait", "stay")] == [0, 1, 0]


def test_what_is_still_to_come_begins_where_they_are() -> None:
    teller = told(scenario(), WENT)
    course = teller._review.courses["P2"]
    assert teller.to_come(course, 0) == "2 April by car to hub; 6 April by car to haven; 1 night without a bed"
    assert teller.to_come(course, 3) == "6 April by car to haven; 1 night without a bed"
    assert teller.to_come(course, 5) == "stays at haven"
    assert teller.to_come(teller._review.courses["P1"], 1) == "stays at flat"


def test_money_that_is_used_up_is_said_once() -> None:
    teller = told(scenario(), WENT)
    blockers = [Blocker("budget"), Blocker("budget", week=1), Blocker("beds", place="flat")]
    assert teller.obstacles(blockers) == (
        "the money of the week from 9 April and of the whole plan is used up and flat has no bed free"
    )
    assert teller.obstacles(blockers[:1]) == "the money is used up"
    assert teller.obstacles(blockers[1:2]) == "the money of the week from 9 April is used up"
    reason = Blocked(Journey((Step("car", 0),)), tuple(blockers))
    waiting = told(scenario(), {**WENT, "P3": Journey()}, P3=reason)
    assert "and of the whole plan" in waiting.why(waiting._review.courses["P3"])
