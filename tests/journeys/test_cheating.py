"""Who tries to get round four eyes, or to the step after the next one, through the desk's own addresses: nothing is gained by it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kunak.journeys.known import events
from kunak.journeys.known.keys import PLACES
from kunak.journeys.plans import next_steps, standing
from tests.cast import ADMIN, CASEWORKERS, COORDINATOR, Cast, Helper, Person
from tests.journeys.carried import Bearer, Road, opened_road
from tests.journeys.scenes import TINY, TINY_PLAN
from tests.journeys.test_plan_pages import approve, in_force, proposed, two

__all__ = ["two"]  # a fixture


@pytest.fixture
def road(cast: Cast) -> Road:
    return opened_road(cast)


def routes(helper: Helper, method: str) -> list[str]:
    """The desk's addresses of this room that take this method."""
    assert helper.desk.lock.opened is not None
    every = helper.desk.lock.opened.hand.routes
    return sorted(
        each.path for each in every if method in (each.methods or ()) and each.path.startswith(("/journeys", "/alarms"))
    )


def written(helper: Helper) -> int:
    (count,) = helper.bench.vault.db.execute("SELECT count(*) FROM journeys_values").fetchone()
    return int(count)


# --- four eyes


def test_one_helper_who_approves_again_and_again_is_one(cast: Cast, two: tuple[Helper, Helper]) -> None:
    aspen, _ = two
    plan = proposed(aspen)
    for word in ("yes", "yes", "no", "yes"):
        approve(aspen, plan, word)
    aspen.post("/lock")
    aspen.unlock()
    approve(aspen, plan)
    cast.everybody_syncs()
    for helper in two:
        (proposal,) = standing.standing_of(helper.bench.vault.db, helper.bench.roster).proposals
        assert [word.helper for word in proposal.words] == [COORDINATOR]
        assert in_force(helper) is None


def test_an_approval_does_not_move_to_a_plan_that_looks_the_same(cast: Cast, two: tuple[Helper, Helper]) -> None:
    """One more blank in the plan's bytes is another plan."""
    aspen, birch = two
    one, other = proposed(aspen), proposed(aspen, TINY_PLAN + b" ")
    cast.everybody_syncs()
    approve(aspen, one)
    approve(birch, other)
    cast.everybody_syncs()
    assert in_force(aspen) is in_force(birch) is None


def test_a_plan_written_anew_under_an_approved_id_moves_nobody(cast: Cast, two: tuple[Helper, Helper]) -> None:
    """A coordinator's program of their own writes other bytes under the id that a colleague has approved."""
    aspen, birch = two
    plan = proposed(aspen)
    cast.everybody_syncs()
    approve(aspen, plan)
    approve(birch, plan)
    cast.everybody_syncs()
    other = json.loads(TINY_PLAN)
    other["journeys"]["P1"]["steps"] = []
    packed = standing.pack(TINY), standing.pack(json.dumps(other).encode())
    birch.bench.pen.write(PLACES, [events.PlanProposed(plan, birch.bench.today, *packed, "proposal")])
    cast.everybody_syncs()
    assert in_force(aspen) == plan
    assert {step.party for step in next_steps.next_steps(aspen.bench.vault.db, aspen.bench.roster)} == {"P1", "P2"}


def test_a_word_for_a_colleague_or_from_another_page_is_nobodys(cast: Cast, two: tuple[Helper, Helper]) -> None:
    aspen, _ = two
    plan = proposed(aspen)
    before = written(aspen)
    path, form = (
        "/journeys/plan/approve",
        {"id": plan, "word": "yes", "device": "b" * 32, "helper": "Birch", "author": "Birch"},
    )
    for headers in ({"origin": "http://evil.example"}, {}, {"origin": aspen.origin, "sec-fetch-site": "cross-site"}):
        assert aspen.browser.post(path, data=form, headers=headers).status_code in (403, 421)
    assert aspen.get(f"{path}?id={plan}&word=yes").status_code in (404, 405)
    assert written(aspen) == before
    approve(aspen, plan)
    assert aspen.post(path, **form).status_code == 303
    (proposal,) = standing.standing_of(aspen.bench.vault.db, aspen.bench.roster).proposals
    assert [word.helper for word in proposal.approvals] == [COORDINATOR], "whose word it is is said by the key alone"


@pytest.mark.parametrize("callsign", [*CASEWORKERS, ADMIN])
def test_who_is_no_coordinator_changes_and_sees_nothing_by_any_address(cast: Cast, callsign: str) -> None:
    road = opened_road(cast)
    host = road.bearer("host", "Ясень", **{"places-hub": "1"})
    stranger = cast.at_work(callsign)
    cast.everybody_syncs()
    before, of_coordinators = written(stranger), written(road.aspen)
    form = {
        "id": road.plan, "word": "yes", "party": "P2", "step": road.step("P2"), "state": "arrived", "tell": "all", "place": "hub",
        "text-person-": "слова", "one": road.plan, "other": road.plan, "name": "Зяблик", "carrier": host.carrier, "home": "places",
        "alarm": "x", "note": "x", "draft": "x", "title": "x", "promise": "pin 17258 car", "case": "x",
    }  # fmt: skip
    for path in routes(stranger, "POST"):
        answer = stranger.post(path.replace("{case}", "f" * 32), **form)
        assert answer.status_code in (400, 403, 404, 409), (path, answer.status_code)
    for path in routes(stranger, "GET"):
        answer = stranger.get(
            path.replace("{case}", "f" * 32) + f"?id={road.plan}&party=P2&one={road.plan}&other={road.plan}"
        )
        for secret in ("hub", "lift", "Ясень", road.plan[:12]):
            assert secret not in answer.text.replace(f"id={road.plan}", ""), (path, secret)
    cast.everybody_syncs()
    assert written(stranger) == before
    assert written(road.aspen) == of_coordinators
    assert host.reads() == []


# --- leg by leg


@pytest.fixture
def pilot(road: Road) -> Bearer:
    """Drives the second step of P2."""
    return road.bearer("driver", "Аист", **{"legs-plane": "1"})


def attempts(road: Road, pilot: Bearer, step: str) -> list[Any]:
    """Everything that a coordinator's browser can send to have the second step told."""
    post, key = road.aspen.post, f"drive-{pilot.carrier}"
    given = {"party": "P2", "step": step, f"text-{key}": "слова", "text-person-": "слова"}
    return [
        post("/journeys/next/tell", tell="all", **given),
        post("/journeys/next/tell", tell=key, **given),
        post("/journeys/next/tell", tell="person-", **given),
        post("/journeys/next/detail", **given, meet="у реки", sign="шарф"),
        post("/journeys/next/confirm", **given, state="left"),
        post("/journeys/next/confirm", **given, state="arrived", carrier=pilot.carrier, letters=""),
    ]


def test_the_second_step_is_told_by_no_address_before_the_first_is_confirmed(road: Road, pilot: Bearer) -> None:
    first = road.step("P2")
    second = f"plane {road.aspen.bench.today + 1}"
    assert first != second
    for state in ("", "left"):
        if state:
            assert road.confirm("P2", state).status_code == 303
        assert [each.status_code for each in attempts(road, pilot, second)] == [409] * 6
        # The step that is next, with the words of the one after it: whoever has no part in it gets none.
        road.aspen.post(
            "/journeys/next/tell",
            party="P2",
            step=first,
            tell=f"drive-{pilot.carrier}",
            **{f"text-drive-{pilot.carrier}": "x"},
        )
        road.sync()
        assert pilot.reads() == []
        assert second not in road.aspen.see("/journeys/next?party=P2")
    road.confirm("P2", "arrived")
    road.tell("P2")
    road.sync()
    assert len(pilot.reads()) == 1


def test_nobody_arrives_on_a_journey_that_has_not_begun(cast: Cast) -> None:
    """The slip of a hand on the wrong card would open the step after it."""
    later = json.loads(TINY_PLAN)
    later["journeys"]["P2"]["steps"] = [{"leg": "car", "day": 4}, {"leg": "plane", "day": 5}]
    road = opened_road(cast, plan=json.dumps(later).encode())
    pilot = road.bearer("driver", "Аист", **{"legs-plane": "1"})
    page = road.aspen.see("/journeys/next?party=P2")
    assert 'value="arrived"' not in page
    assert 'value="failed"' in page
    for state in ("left", "arrived"):
        answer = road.confirm("P2", state)
        assert answer.status_code == 409
        assert "Nobody can have set out yet" in answer.text
    assert road.step("P2").startswith("car ")
    cast.house.now += 3 * 86_400
    assert 'value="arrived"' in road.aspen.see("/journeys/next?party=P2"), "the night before"
    assert road.confirm("P2", "arrived").status_code == 303
    road.tell("P2")
    road.sync()
    assert len(pilot.reads()) == 1


def test_a_caseworkers_addresses_send_no_words_but_those_of_their_own_case(cast: Cast) -> None:
    """Words that are prepared for another case's person, and words that nobody prepared."""
    linden, maple = cast.at_work("Linden"), cast.at_work("Maple")
    ada, bor = Person(cast), Person(cast)
    ada.write("Помогите")
    bor.write("Помогите")
    cast.everybody_syncs()
    mine, other = linden.open_case(ada, "Верба"), maple.open_case(bor, "Клён")
    cast.everybody_syncs()
    for case, draft in ((mine, "f" * 32), (other, "f" * 32)):
        assert linden.post(f"/journeys/case/{case}/send", draft=draft, text="слова").status_code == 404
        assert linden.post(f"/journeys/case/{case}/draft", draft=draft, state="sent").status_code == 404
    cast.everybody_syncs()
    assert ada.replies() == bor.replies() == []
