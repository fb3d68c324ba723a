"""«This place is compromised»: nobody is sent there, those whom it concerns are listed by urgency, words and a repaired plan are prepared."""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec
import pytest

from kunak.journeys.carrying import drafts
from kunak.journeys.known import bringing, planning, records
from kunak.journeys.known.events import PlaceCompromised
from kunak.journeys.pages import compromised_pages
from kunak.journeys.plans import proposing, standing
from kunak.journeys.plans.affected import affected, danger_of
from kunak.journeys.plans.next_steps import promises_in_force
from kunak.journeys.reckoning.comparing import changed
from kunak.journeys.reckoning.reviewing import Review
from tests.cast import CASEWORKERS, COORDINATOR, SECOND_COORDINATOR, Cast, Helper, Person
from tests.journeys.scenes import PAPERS, TINY_PLAN, awaited_plan, party, scene

# P1 goes to the flat, P2 passes through the hub to the haven, P4 is in the flat already.
SCENE = msgspec.json.encode(
    scene(
        [
            party("P1", size=2, weight=2),
            party("P2", documents=PAPERS),
            party("P3", wanted=True),
            party("P4", start={"place": "flat", "day": 0, "nights_used": 1}),
        ],
        places=[
            {"id": "home", "zone": "danger", "kind": "home"},
            {"id": "hub", "zone": "inside", "kind": "transit", "beds": 3, "hazard": 4},
            {"id": "flat", "zone": "inside", "kind": "shelter", "beds": 4},
            {"id": "haven", "zone": "abroad", "kind": "haven", "intake": [2, 2]},
        ],
    )
)


@dataclass
class Scene:
    cast: Cast
    aspen: Helper
    linden: Helper
    person: Person
    case: str
    party: str


@pytest.fixture
def there(cast: Cast) -> Scene:
    """A plan in force, and a person of Linden's case who lives in the flat."""
    aspen, birch, linden = (cast.at_work(name) for name in (COORDINATOR, SECOND_COORDINATOR, CASEWORKERS[0]))
    aspen.post("/journeys/begin")
    bringing.bring(aspen.bench, records.Known(), SCENE, aspen.bench.today)
    person = Person(cast)
    person.write("Я в безопасности, спасибо")
    linden.sync()
    case = linden.open_case(person, "Верба")
    sheet = {"name": "Верба", "size": "1", "weight": "1", "makeup": "men", "urgency-level-0": "3"}
    linden.post(f"/journeys/case/{case}", **sheet)
    cast.everybody_syncs()
    known = records.read(aspen.bench.vault.db)
    own = next(name for name in known.parties if len(name) == 32)
    aspen.post("/journeys/party/place", id=own, place="flat", since="2017-04-02", nights_used="0")
    made = planning.prepare(records.read(aspen.bench.vault.db), aspen.bench.today)
    plan = msgspec.json.decode(TINY_PLAN)
    plan["journeys"] |= {"P4": {"steps": []}, own: {"steps": []}}
    plan["journeys"]["P1"]["steps"] = [{"leg": "lift", "day": 3}]
    wish = proposing.Wish(made.scenario, made.first, "proposal", "Весна", (), 1)
    name = proposing.propose(aspen.bench, wish, bringing.write_scenario(made.scenario), msgspec.json.encode(plan))
    cast.everybody_syncs()
    for helper in (aspen, birch):
        assert helper.post("/journeys/plan/approve", id=name, word="yes").status_code == 303
    cast.everybody_syncs()
    return Scene(cast, aspen, linden, person, case, own)


def test_who_is_there_comes_before_who_was_to_come_and_the_most_hunted_first(there: Scene) -> None:
    aspen = there.aspen
    known = records.read(aspen.bench.vault.db)
    found = affected(known, "flat", aspen.bench.today, promises_in_force(aspen.bench))
    assert [(each.party.name, each.how) for each in found] == [("Верба", "there"), ("P4", "there"), ("P1", "planned")]
    page = aspen.see("/journeys/compromised?id=flat")
    assert "If you press the button" in page
    assert page.index("Верба") < page.index("P4") < page.index("P1")
    assert records.read(aspen.bench.vault.db).compromised == {}


def test_the_list_of_parties_begins_with_the_most_hunted(there: Scene) -> None:
    page = there.aspen.see("/journeys/parties")
    names = re.findall(r'href="/journeys/party\?id=[^"]+">([^<]+)</a>', page)
    levels = {
        each.name: danger_of(each, there.aspen.bench.today)
        for each in records.read(there.aspen.bench.vault.db).parties.values()
    }
    assert [levels[name] for name in names] == sorted((levels[name] for name in names), reverse=True)
    assert len({levels[name] for name in names}) > 1
    assert names[0] == "Верба"


def test_one_button_closes_the_place_prepares_words_and_a_repaired_plan(
    there: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The search ends when the plan is proven to be the best: no clock decides how good it is.
    monkeypatch.setattr(compromised_pages, "SECONDS", 86_400)
    aspen, linden = there.aspen, there.linden
    assert "P2" not in aspen.see("/journeys/compromised?id=flat")
    answer = aspen.post("/journeys/compromised", id="flat", word="compromised", why="Спрашивали у соседей")
    assert answer.status_code == 303
    # Pressed twice: nobody gets the words twice.
    aspen.post("/journeys/compromised", id="flat", word="compromised", why="")
    assert [len(each) for each in drafts.waiting(aspen.bench.vault.db).values()] == [1]
    page = aspen.see("/journeys/compromised?id=flat")
    assert "Возможно, место, где вы сейчас, больше не безопасно" in page
    assert "No case here: tell them yourself." in page
    assert "They know of nothing yet: there is nothing to say." in page, "P1 was told of no step there"
    assert "flat is compromised" in aspen.see("/journeys")
    repaired = awaited_plan(aspen)
    old = standing.standing_of(aspen.bench.vault.db, aspen.bench.roster).in_force
    assert old is not None
    before, after = (standing.opened(aspen.bench.vault.db, each) for each in (old.plan_id, repaired))
    moved = changed(Review(before.scenario, before.plan), Review(after.scenario, after.plan))
    assert "P2" not in moved
    ways = {party: [step.leg for step in each.steps] for party, each in after.plan.journeys.items()}
    assert "lift" not in ways["P1"]
    assert ways["P4"][:1] == ["back"]
    proposal = standing.standing_of(aspen.bench.vault.db, aspen.bench.roster).get(repaired)
    assert proposal is not None
    assert (proposal.purpose, proposal.after, proposal.approved) == ("repair", [old.plan_id], False)
    # The caseworker learns what to say and not where: no place stands on that desk.
    there.cast.everybody_syncs()
    assert '<b class="number urgent">1</b>' in linden.see("/cases")
    sheet = linden.see(f"/journeys/case/{there.case}")
    assert "Возможно, место, где вы сейчас, больше не безопасно" in sheet
    assert "flat" not in linden.bench.folding.snapshot().decode()
    (draft,) = drafts.waiting(linden.bench.vault.db)[there.party]
    linden.post(f"/journeys/case/{there.case}/draft", draft=draft.draft, state="sent")
    assert drafts.waiting(linden.bench.vault.db) == {}
    there.cast.everybody_syncs()
    assert "sent, or not needed" in aspen.see("/journeys/compromised?id=flat")


def test_each_whom_it_concerns_is_shown_with_what_the_repaired_plan_does(
    there: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compromised_pages, "SECONDS", 86_400)
    aspen = there.aspen
    aspen.post("/journeys/compromised", id="flat", word="compromised")
    repaired = awaited_plan(aspen)
    page = aspen.see("/journeys/compromised?id=flat")
    row = page.partition(">P4</a>")[2].partition("</tr>")[0]
    assert "by taxi to hub" in row or "to hub" in row, row
    old = standing.standing_of(aspen.bench.vault.db, aspen.bench.roster).in_force
    assert old is not None
    compared = aspen.see(f"/journeys/compare?one={old.plan_id}&other={repaired}")
    assert "Весна can no longer be carried out" in compared, "it leads P1 to the flat"
    assert "Counted from" not in compared, "both begin today"


def test_a_repair_that_cannot_be_is_said_with_what_to_mend(there: Scene) -> None:
    """P1 was promised the lift to the very place."""
    aspen = there.aspen
    promise = f"pin {aspen.bench.today + 3} lift"
    plan = standing.standing_of(aspen.bench.vault.db, aspen.bench.roster).in_force
    assert plan is not None
    assert aspen.post("/journeys/plan/pin", id=plan.plan_id, party="P1", promise=promise).status_code == 303
    aspen.post("/journeys/compromised", id="flat", word="compromised")
    with pytest.raises(AssertionError, match="What to mend"):
        awaited_plan(aspen)
    page = aspen.see("/journeys/compromised?id=flat")
    assert "There is no plan for this." in page
    assert "Look what it is" in page
    assert "Уберите одно из обещаний" in aspen.get("/journeys/run?lang=ru").text


def test_a_mistake_is_taken_back(there: Scene) -> None:
    aspen = there.aspen
    aspen.post("/journeys/compromised", id="flat", word="compromised")
    made = planning.prepare(records.read(aspen.bench.vault.db), aspen.bench.today)
    assert {place.id: place.compromised_from for place in made.scenario.places}["flat"] == 0
    aspen.post("/journeys/compromised", id="flat", word="safe")
    made = planning.prepare(records.read(aspen.bench.vault.db), aspen.bench.today)
    assert {place.id: place.compromised_from for place in made.scenario.places}["flat"] is None
    assert aspen.post("/journeys/compromised", id="moon", word="compromised").status_code == 404


def test_a_place_that_one_holds_compromised_and_another_safe_is_compromised(there: Scene) -> None:
    aspen = there.aspen
    aspen.post("/journeys/compromised", id="flat", word="compromised")
    first = records.compromised(aspen.bench.vault.db, "flat")
    assert first is not None
    # Another coordinator, who had seen nothing of it, says the same day that it is safe.
    there.cast.house.now += 60
    aspen.bench.pen.write("places", [PlaceCompromised("flat", None)])
    known = records.read(aspen.bench.vault.db)
    assert known.compromised["flat"].disputed
    made = planning.prepare(known, aspen.bench.today)
    assert {place.id: place.compromised_from for place in made.scenario.places}["flat"] == 0
