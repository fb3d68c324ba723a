"""Plans at the desk: made beside it, looked at from all sides, approved by two, and never carried out before."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kunak.journeys.known import bringing, events, planning, records
from kunak.journeys.known.keys import PLACES
from kunak.journeys.plans import next_steps, proposing, standing
from tests.cast import COORDINATOR, SECOND_COORDINATOR, Cast, Helper
from tests.journeys.scenes import TINY, TINY_PLAN, awaited_plan


@pytest.fixture
def two(cast: Cast) -> tuple[Helper, Helper]:
    """Two coordinators, with the room begun and a scenario in it."""
    aspen, birch = cast.at_work(COORDINATOR), cast.at_work(SECOND_COORDINATOR)
    aspen.post("/journeys/begin")
    bringing.bring(aspen.bench, records.Known(), TINY, aspen.bench.today)
    cast.everybody_syncs()
    assert birch.bench.keyring.holds(PLACES)
    return aspen, birch


def proposed(helper: Helper, plan: bytes = TINY_PLAN, **more: Any) -> str:
    made = planning.prepare(records.read(helper.bench.vault.db), helper.bench.today)
    wish = proposing.Wish(made.scenario, made.first, more.get("purpose", "proposal"), "Весна", more.get("after", ()), 1)
    return proposing.propose(helper.bench, wish, bringing.write_scenario(made.scenario), plan)


def in_force(helper: Helper) -> str | None:
    chosen = standing.standing_of(helper.bench.vault.db, helper.bench.roster).in_force
    return chosen.plan_id if chosen else None


def approve(helper: Helper, plan: str, word: str = "yes") -> Any:
    return helper.post("/journeys/plan/approve", id=plan, word=word)


def test_a_plan_is_made_beside_the_desk_and_proposed(cast: Cast) -> None:
    aspen = cast.at_work(COORDINATOR)
    aspen.post("/journeys/begin")
    bringing.bring(aspen.bench, records.Known(), TINY, aspen.bench.today)
    assert aspen.post("/journeys/propose", seconds="10", title="Первый").headers["location"] == "/journeys/run"
    page = aspen.get("/journeys/run")
    assert page.status_code == 303 or 'http-equiv="refresh"' in page.text
    assert aspen.get("/journeys/places").status_code == 200
    plan = aspen.see(f"/journeys/plan?id={awaited_plan(aspen)}")
    assert "Первый" in plan
    assert "0 of 2 approvals" in plan
    assert "P2" in plan
    (proposal,) = standing.standing_of(aspen.bench.vault.db, aspen.bench.roster).proposals
    assert proposal.sound


def test_stopping_early_keeps_the_best_plan_so_far(cast: Cast) -> None:
    aspen = cast.at_work(COORDINATOR)
    aspen.post("/journeys/begin")
    bringing.bring(aspen.bench, records.Known(), TINY, aspen.bench.today)
    made = planning.prepare(records.read(aspen.bench.vault.db), aspen.bench.today)
    shop = proposing.Workshop(aspen.bench)
    assert shop.begin(proposing.Wish.of(made, "proposal", "", (), 3_600))
    assert not shop.begin(proposing.Wish.of(made, "proposal", "", (), 3_600))
    shop.stop()
    run = shop.wait(None)
    assert run is not None
    assert run.plan_id, run.problem
    assert standing.opened(aspen.bench.vault.db, run.plan_id).scenario == made.scenario


def test_locking_the_desk_ends_the_search_and_leaves_nothing_running(cast: Cast) -> None:
    aspen = cast.at_work(COORDINATOR)
    aspen.post("/journeys/begin")
    bringing.bring(aspen.bench, records.Known(), TINY, aspen.bench.today)
    made = planning.prepare(records.read(aspen.bench.vault.db), aspen.bench.today)
    shop = proposing.Workshop(aspen.bench)
    shop.begin(proposing.Wish.of(made, "proposal", "", (), 3_600))
    run = shop.run
    assert run is not None
    shop.close()
    shop.wait(60)
    assert run.process.returncode is not None
    assert shop.run is None
    assert standing.standing_of(aspen.bench.vault.db, aspen.bench.roster).proposals == []


def test_a_plan_that_breaks_a_rule_is_not_proposed(two: tuple[Helper, Helper]) -> None:
    broken = json.loads(TINY_PLAN)
    broken["journeys"]["P3"] = {"steps": [{"leg": "lift", "day": 0}], "unsheltered": []}
    with pytest.raises(proposing.Unsound):
        proposed(two[0], json.dumps(broken).encode())


def test_two_coordinators_approve_and_only_then_somebody_is_next(cast: Cast, two: tuple[Helper, Helper]) -> None:
    aspen, birch = two
    plan = proposed(aspen)
    cast.everybody_syncs()
    assert "No plan is in force" in aspen.see("/journeys")
    assert approve(aspen, plan).headers["location"].endswith("done=approved")
    assert "1 of 2 approvals" in aspen.see(f"/journeys/plan?id={plan}")
    approve(aspen, plan)
    assert in_force(aspen) is None
    cast.everybody_syncs()
    assert approve(birch, plan).status_code == 303
    cast.everybody_syncs()
    assert in_force(aspen) == in_force(birch) == plan
    assert "in force" in aspen.see(f"/journeys/plan?id={plan}")
    steps = {step.party: step.leg for step in next_steps.next_steps(aspen.bench.vault.db, aspen.bench.roster)}
    assert steps == {"P1": "lift", "P2": "car"}
    assert "approved by Aspen, Birch" in birch.see("/journeys")
    approve(birch, plan, "no")
    assert in_force(birch) is None


def test_nobody_approves_a_what_if_or_what_is_not_there(two: tuple[Helper, Helper]) -> None:
    plan = proposed(two[0], purpose="what-if")
    assert approve(two[0], plan).status_code == 404
    assert approve(two[0], "0" * 64).status_code == 404
    assert "It is never approved" in two[0].see(f"/journeys/plan?id={plan}")


def test_a_caseworker_who_was_let_into_nothing_sees_no_plan(cast: Cast, two: tuple[Helper, Helper]) -> None:
    plan = proposed(two[0])
    cast.everybody_syncs()
    linden = cast.at_work("Linden")
    assert "open to coordinators only" in linden.see(f"/journeys/plan?id={plan}")
    assert approve(linden, plan).status_code == 404
    assert linden.post("/journeys/propose").status_code == 404


def test_contradicting_plans_are_said_loudly(cast: Cast, two: tuple[Helper, Helper]) -> None:
    aspen, birch = two
    plans = [proposed(aspen), proposed(aspen, TINY_PLAN + b" ")]
    cast.everybody_syncs()
    for plan in plans:
        approve(aspen, plan)
        approve(birch, plan)
    cast.everybody_syncs()
    assert in_force(aspen) is None
    for page in ("/journeys", "/journeys/plans"):
        assert "Two approved plans contradict each other" in aspen.see(page)


def test_the_page_tells_why_each_journey_is_as_it_is(two: tuple[Helper, Helper]) -> None:
    aspen, _ = two
    page = aspen.see(f"/journeys/plan?id={proposed(aspen)}")
    assert "They leave on the first day on which they can." in page
    for part in ("<svg", "The nights as a table", "The money as a table", "The map as a table"):
        assert part in page
    waits = aspen.see(f"/journeys/plan?id={proposed(aspen)}&show=wait")
    assert "Nobody has worked out yet why they stay" in waits


def test_a_step_is_promised_and_a_place_forbidden_for_the_next_plan(two: tuple[Helper, Helper]) -> None:
    aspen, _ = two
    plan, day = proposed(aspen), str(aspen.bench.today)
    given = {"id": plan, "party": "P1", "show": "move"}
    assert aspen.post("/journeys/plan/pin", **given, promise=f"pin {day} lift").status_code == 303
    made = planning.prepare(records.read(aspen.bench.vault.db), aspen.bench.today)
    assert [(pin.leg, pin.day) for pin in made.scenario.parties[0].pins] == [("lift", 0)]
    assert "Take back the promise" in aspen.see(f"/journeys/plan?id={plan}")
    aspen.post("/journeys/plan/pin", **given, promise=f"back {day} lift")
    aspen.post("/journeys/plan/forbid", **given, place="hub")
    made = planning.prepare(records.read(aspen.bench.vault.db), aspen.bench.today)
    assert made.scenario.parties[0].pins == ()
    assert made.scenario.parties[0].forbidden == {"hub"}
    assert aspen.post("/journeys/plan/pin", **given, promise="pin").status_code == 404
    assert aspen.post("/journeys/plan/forbid", **given, place="moon").status_code == 404
    assert aspen.post("/journeys/plan/pin", **given, promise=f"pin {day} moon").status_code == 404


def test_two_plans_stand_side_by_side(two: tuple[Helper, Helper]) -> None:
    aspen, _ = two
    stays = json.loads(TINY_PLAN)
    stays["journeys"]["P1"]["steps"] = []
    one, other = proposed(aspen), proposed(aspen, json.dumps(stays).encode())
    page = aspen.see(f"/journeys/compare?one={one}&other={other}")
    assert "1 journey differs" in page
    assert "stays at home" in page
    assert aspen.get(f"/journeys/compare?one={one}&other=x").status_code == 404


def test_what_is_asked_stands_second_whoever_is_named_first(two: tuple[Helper, Helper]) -> None:
    """So that the difference is what the question would bring."""
    aspen, _ = two
    stays = json.loads(TINY_PLAN)
    stays["journeys"]["P1"]["steps"] = []
    what_if, plan = proposed(aspen, json.dumps(stays).encode(), purpose="what-if"), proposed(aspen)
    pages = [aspen.see(f"/journeys/compare?one={one}&other={two}") for one, two in ((what_if, plan), (plan, what_if))]
    assert pages[0] == pages[1]
    heads = pages[0].partition("<thead>")[2].partition("</thead>")[0]
    assert heads.index(plan) < heads.index(what_if)


def test_plans_of_two_days_are_compared_by_what_lies_before_both(cast: Cast, two: tuple[Helper, Helper]) -> None:
    aspen, _ = two
    one = proposed(aspen)
    cast.house.now += 2 * 86_400
    aspen.post("/journeys/propose", seconds="10", title="")
    aspen.post("/journeys/run/stop")
    other = awaited_plan(aspen)
    page = aspen.see(f"/journeys/compare?one={one}&other={other}")
    assert "cannot be compared" in page, "P1 was to be in the flat by now and is at home"


def test_what_if_is_planned_for_a_changed_copy_and_leaves_the_room_as_it_was(two: tuple[Helper, Helper]) -> None:
    aspen, _ = two
    plan = proposed(aspen)
    before = records.read(aspen.bench.vault.db)
    assert aspen.post("/journeys/what-if", id=plan).status_code == 400
    assert aspen.post("/journeys/what-if", id=plan, beds_at="flat", beds="9").headers["location"] == "/journeys/run"
    assert records.read(aspen.bench.vault.db) == before
    aspen.post("/journeys/run/stop")
    made = standing.opened(aspen.bench.vault.db, awaited_plan(aspen))
    assert {place.id: place.beds for place in made.scenario.places}["flat"] == 9
    assert "What if: flat: 9" in aspen.see("/journeys/plans")


def test_a_forged_proposal_of_another_program_is_not_shown(two: tuple[Helper, Helper]) -> None:
    aspen, _ = two
    packed = standing.pack(TINY), standing.pack(TINY_PLAN)
    aspen.bench.pen.write(PLACES, [events.PlanProposed("f" * 64, 1, *packed, "proposal")])
    assert standing.standing_of(aspen.bench.vault.db, aspen.bench.roster).proposals == []
    assert aspen.get(f"/journeys/plan?id={'f' * 64}").status_code == 404
