"""What a tired hand types wrong: one calm sentence, everything typed still there, nothing written."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kunak.journeys.known import events, planning, records
from kunak.journeys.plans import proposing
from kunak.journeys.reckoning.days import text_of
from tests.cast import Cast, Helper
from tests.journeys.carried import Road, opened_road
from tests.journeys.scenes import awaited_plan
from tests.journeys.test_pages import bring

HERE = "Осталось здесь"


@pytest.fixture
def road(cast: Cast) -> Road:
    return opened_road(cast)


def entries(helper: Helper) -> int:
    (count,) = helper.bench.vault.db.execute("SELECT count(*) FROM journeys_values").fetchone()
    return int(count)


def refused(helper: Helper, path: str, sentence: str, stays: list[str], **fields: str) -> str:
    """The page that says so; nothing was written, and what was typed stands in its forms."""
    before = entries(helper)
    answer = helper.post(path, **fields)
    assert answer.status_code == 400, (answer.status_code, answer.headers.get("location"))
    assert sentence in answer.text, answer.text
    for typed in stays:
        assert re.search(
            rf'value="{re.escape(typed)}"|>{re.escape(typed)}</textarea>|value="{re.escape(typed)}" selected',
            answer.text,
        ), typed
    assert entries(helper) == before
    return str(answer.text)


# --- a plan


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"beds_at": "flat", "beds": "viele"}, "Beds, money and escorts are whole numbers"),
        ({"pool": "south", "escorts": "-5"}, "Beds, money and escorts are whole numbers"),
        ({"pool": "south", "escorts": "9" * 30}, "Beds, money and escorts are whole numbers"),
        ({"beds": "4"}, "Choose the place, and write how many beds"),
        ({"beds_at": "flat"}, "Choose the place, and write how many beds"),
        ({"pool": "south"}, "Choose the group of escorts"),
        ({"closed": "moon"}, "What you chose is not in this plan."),
        ({}, "Say first what is to be otherwise."),
    ],
)
def test_a_question_that_cannot_be_understood(road: Road, asked: dict[str, str], sentence: str) -> None:
    stays = [text for name, text in asked.items() if name in ("beds", "escorts")]
    page = refused(road.aspen, "/journeys/what-if", sentence, stays, id=road.plan, **asked)
    assert "Journeys by day" in page
    if asked.get("beds_at"):
        assert re.search(r'<select id="w-beds-at".*?<option selected>flat', page, re.DOTALL)


def test_no_second_plan_is_begun_beside_the_first(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposing.Workshop, "begin", lambda *_: False)
    sentence = "A plan is being made already."
    refused(road.aspen, "/journeys/propose", sentence, [HERE], title=HERE, seconds="300")
    refused(road.aspen, "/journeys/what-if", sentence, ["5"], id=road.plan, beds_at="flat", beds="5")


def test_a_plan_for_nobody_keeps_its_name(cast: Cast) -> None:
    aspen = cast.at_work("Aspen")
    aspen.post("/journeys/begin")
    page = refused(aspen, "/journeys/propose", "Fill in the frame first.", [HERE], title=HERE, seconds="300")
    assert '<option value="300" selected>' in page


def test_what_the_planner_says_names_the_party_as_people_do(road: Road) -> None:
    """P3 is wanted, and promised a way on which identity is checked: no plan can keep that."""
    aspen = road.aspen
    party = records.read(aspen.bench.vault.db).parties["P3"]
    assert party.placed
    pins = [events.Promise("plane", aspen.bench.today)]
    kept = events.PartyPlaced(
        "P3", party.placed.kept.start, [], pins, party.placed.kept.hazards, 2, list(party.placed.entries)
    )
    aspen.bench.pen.write("places", [kept])
    aspen.post("/journeys/propose", seconds="10", title="")
    with pytest.raises(AssertionError, match="What to mend:"):
        awaited_plan(aspen)
    assert f"Party P3 was promised plane for day {text_of(aspen.bench.today)}" in aspen.see("/journeys/run")
    assert "Группе P3 обещан путь plane" in aspen.get("/journeys/run?lang=ru").text


# --- a party


def placing(**change: str) -> dict[str, str]:
    usual = {"id": "P1", "place": "home", "since": "2017-04-02", "nights_used": "0", "what": "placing"}
    return usual | change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"pins": "lift 2017-04-03"}, "A promised way does not go on its day."),
        ({"pins": "lift 2017-04-02\ncar 2017-04-02"}, "Two departures are promised for one day."),
        ({"pins": "lift 2017-04-02", "forbidden-flat": "1"}, "A promised departure leads to a place where they must not come."),
        ({"pins": "moon 2017-04-02"}, "Write one promised departure a line"),
        ({"nights_used": "sieben"}, "Write a whole number, 0 or more."),
        ({"since": "übermorgen"}, "Write a day like 2017-04-02."),
        ({"place": "moon"}, "Choose one of the list."),
        ({"hazard_danger": "morgen 60"}, "Write one line for each change"),
    ],
)  # fmt: skip
def test_promises_that_contradict_each_other_and_other_slips(road: Road, change: dict[str, str], sentence: str) -> None:
    typed = [text for name, text in change.items() if name in ("pins", "nights_used", "since", "hazard_danger")]
    refused(road.aspen, "/journeys/party/place", sentence, typed, **placing(**change))


def test_a_newer_promise_takes_the_place_of_one_for_the_same_day(road: Road) -> None:
    aspen, day = road.aspen, str(road.aspen.bench.today)
    for leg in ("lift", "car"):
        aspen.post("/journeys/plan/pin", id=road.plan, party="P1", promise=f"pin {day} {leg}")
    made = planning.prepare(records.read(aspen.bench.vault.db), aspen.bench.today)
    assert [pin.leg for pin in made.scenario.parties[0].pins] == ["car"]
    aspen.post("/journeys/plan/forbid", id=road.plan, party="P1", place="hub")
    made = planning.prepare(records.read(aspen.bench.vault.db), aspen.bench.today)
    assert made.scenario.parties[0].pins == ()


SHEET = {
    "id": "P1",
    "what": "sheet",
    "name": "P1",
    "size": "2",
    "weight": "1",
    "makeup": "women",
    "urgency-level-0": "2",
}


@pytest.mark.parametrize(
    ("change", "sentence", "stays"),
    [
        ({"documents-since-0": "2017-05-01"}, "Write which document it is, or empty its days.", ["2017-05-01"]),
        ({"urgency-since-1": "2017-05-01"}, "A level of danger is a number from 0 to 4", ["2017-05-01"]),
        ({"documents-doc-0": "passport", "documents-since-0": "2017-05-02", "documents-until-0": "2017-05-01"}, "The last day lies before the first.", ["passport"]),
        ({"weight": "3"}, "Not more can be at risk than travel.", ["3"]),
        ({"size": "100000"}, "This number is larger than anybody can mean here.", ["100000"]),
        ({"needs": "пандус", "earliest": "bald"}, "Write a day like 2017-04-02.", ["пандус", "bald"]),
    ],
)  # fmt: skip
def test_a_sheet(road: Road, change: dict[str, str], sentence: str, stays: list[str]) -> None:
    refused(road.aspen, "/journeys/party/sheet", sentence, stays, **(SHEET | change))


# --- on the way


@pytest.mark.parametrize(
    ("begin", "end", "sentence"),
    [("25:00", "", "Write hours like 18:30"), ("18:00", "17:00", "The window ends before it begins")],
)
def test_hours_of_a_step(road: Road, begin: str, end: str, sentence: str) -> None:
    given = {"party": "P2", "step": road.step("P2"), "begin": begin, "end": end, "meet": HERE, "sign": "шарф"}
    refused(road.aspen, "/journeys/next/detail", sentence, [begin, HERE, "шарф"], **given)


def test_what_another_helper_wrote_of_a_step_meanwhile_is_not_replaced(road: Road) -> None:
    step = road.step("P2")
    road.birch.post("/journeys/next/detail", party="P2", step=step, meet="У моста", replaces="")
    road.sync()
    road.aspen.post("/journeys/next/detail", party="P2", step=step, meet="У мельницы", replaces="")
    road.sync()
    assert "helpers disagree" in road.birch.see("/journeys/next?party=P2")


def test_phrases_and_times(road: Road) -> None:
    carrier = road.add("host", "Ясень")
    agree = {"id": carrier, "replaces": ""}
    refused(
        road.aspen, "/journeys/carrier/agree", "Both phrases need at least six letters", ["Да", HERE],
        **agree, what="phrases", ordinary=HERE, duress="Да",
    )  # fmt: skip
    refused(
        road.aspen, "/journeys/carrier/agree", "Write the day and the hour of the first expected word", ["gestern", "24"],
        **agree, what="watch", due="gestern", every="24", grace="120",
    )  # fmt: skip


def test_a_word_to_an_alarm_that_says_nothing_is_asked_for_where_it_is_missing(road: Road) -> None:
    road.aspen.watching.tidy()
    answer = road.aspen.post("/alarms/close", home="places", alarm="x", note="  ")
    assert answer.status_code == 400


# --- a file


@pytest.mark.parametrize(
    "text",
    [b"{", b"\x00\xff\xfe", b"%PDF-1.4", b"[" * 100_000, b'{"format": "kunak-plan/1"}', b"[]", b'"x"', b"null"],
)
def test_a_file_that_is_no_scenario(road: Road, text: bytes) -> None:
    before = entries(road.aspen)
    answer = bring(road.aspen, text, "2017-04-30")
    assert answer.status_code == 400
    assert "Nothing was taken in." in answer.text
    assert 'value="2017-04-30"' in answer.text
    assert entries(road.aspen) == before


def test_pasted_text_stays(road: Road) -> None:
    refused(road.aspen, "/journeys/exchange", "Nothing was taken in.", [HERE], first="2017-04-02", text=HERE)
    refused(road.aspen, "/journeys/exchange", "Write the calendar day", [HERE, "morgen"], first="morgen", text=HERE)


def test_what_was_taken_away_comes_back(road: Road) -> None:
    aspen = road.aspen
    record: Any = records.read(aspen.bench.vault.db).places["hub"]
    aspen.post("/journeys/place/gone", id="hub", replaces=" ".join(record.entries))
    assert 'href="/journeys/place?id=hub"' in aspen.see("/journeys/places").partition("Taken away")[2]
    page = aspen.see("/journeys/place?id=hub")
    assert "Keep, and use it again" in page
    replaces = re.search(r'name="replaces" value="([^"]+)"', page)
    assert replaces
    again = {"zone": "inside", "kind": "transit", "beds": "3", "night_cost": "6", "hazard": "4"}
    assert aspen.post("/journeys/place", id="hub", replaces=replaces[1], **again).status_code == 303
    assert records.read(aspen.bench.vault.db).places["hub"].kept.beds == 3
    assert "Taken away" not in aspen.see("/journeys/places")


def test_documents_are_typed_and_shown_in_words_and_kept_by_their_marks(road: Road) -> None:
    """In whatever language they were typed: another helper's pages may speak another."""
    papers = ("Внутренний  паспорт", "foreign passport", "виза DE", "visa FR", "справка")
    typed = {f"documents-doc-{row}": text for row, text in enumerate(papers)}
    before = records.read(road.aspen.bench.vault.db).parties["P1"].sheet
    assert before
    kept = road.aspen.post("/journeys/party/sheet", **SHEET, **typed, replaces=" ".join(before.entries))
    assert kept.status_code == 303
    sheet = records.read(road.aspen.bench.vault.db).parties["P1"].sheet
    assert sheet
    marks = [paper.doc for paper in sheet.kept.documents]
    assert marks == ["internal_passport", "foreign_passport", "visa_DE", "visa_FR", "справка"]
    page = road.aspen.see("/journeys/party?id=P1")
    for shown in ("internal passport", "foreign passport", "visa DE", "visa FR", "справка"):
        assert f'value="{shown}"' in page
    way = {
        "id": "car",
        "origin": "home",
        "to": "hub",
        "mode": "car",
        "nights": "1",
        "first": "2017-04-02",
        "last": "2017-04-09",
    }
    more = {"every": "2", "fare": "10", "risk": "3", "escort_days": "1", "documents": "загранпаспорт, visa DE\nдругое"}
    old = " ".join(records.read(road.aspen.bench.vault.db).legs["car"].entries)
    assert road.aspen.post("/journeys/leg", **way, **more, replaces=old).status_code == 303
    assert records.read(road.aspen.bench.vault.db).legs["car"].kept.documents == [
        ["foreign_passport", "visa_DE"],
        ["другое"],
    ]
    assert "foreign passport, visa DE\nдругое</textarea>" in road.aspen.see("/journeys/leg?id=car")
