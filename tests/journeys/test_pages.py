"""The room's pages: what is typed becomes entries, what is wrong is said in one sentence, what is not one's own stays closed."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest

from kunak.journeys.known import bringing, planning, records
from kunak.journeys.known.keys import PLACES
from kunak.journeys.reckoning.reading import read_scenario
from kunak.journeys.reckoning.scenario import Leg, Party, Place, Scenario
from tests.cast import CASEWORKERS, COORDINATOR, Cast, Helper, Person
from tests.journeys.scenes import TINY, leg, party, scene

PLACE = {"place": "flat-7", "zone": "inside", "kind": "shelter", "night_cost": "5", "hazard": "0"}
LEG = {
    "leg": "L1", "origin": "home", "to": "flat", "mode": "car", "nights": "0", "first": "2017-04-02", "last": "2017-05-02",
    "every": "2", "fare": "10", "risk": "3", "escort_days": "1",
}  # fmt: skip


@pytest.fixture
def aspen(cast: Cast) -> Helper:
    """The coordinator, with the room begun."""
    helper = cast.at_work(COORDINATOR)
    assert helper.post("/journeys/begin").status_code == 303
    return helper


def known(helper: Helper) -> records.Known:
    return records.read(helper.bench.vault.db)


def bring(helper: Helper, text: bytes, first: str = "2017-04-02") -> Any:
    files = {"scenario": ("scenario.json", text, "application/json")}
    return helper.browser.post(
        "/journeys/exchange", data={"first": first}, files=files, headers={"origin": helper.origin}
    )


def test_a_place_is_typed_changed_and_taken_away(aspen: Helper) -> None:
    page = aspen.see("/journeys/place")
    assert 'name="place"' in page
    typed = {
        **PLACE,
        "title": "У реки",
        "beds": "4",
        "services-child": "1",
        "services": "пандус, cat",
        "admits-women": "1",
    }
    assert aspen.post("/journeys/place", **typed).headers["location"] == "/journeys/places?done=kept"
    place = known(aspen).places["flat-7"].kept
    assert (place.beds, place.services, place.admits) == (4, ["cat", "child", "пандус"], ["women"])
    assert "У реки" in aspen.see("/journeys/places")
    entries = " ".join(known(aspen).places["flat-7"].entries)
    aspen.post("/journeys/place", id="flat-7", replaces=entries, **{**PLACE, "beds": "6"})
    record = known(aspen).places["flat-7"]
    assert (record.kept.beds, record.kept.title, record.disputed) == (6, "", False)
    aspen.post("/journeys/place/gone", id="flat-7", replaces=" ".join(record.entries))
    assert known(aspen).places == {}


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("place", " ", "This must not be empty."),
        ("zone", "moon", "Choose one of the list."),
        ("beds", "viele", "Write a whole number, 0 or more."),
        ("beds", "-1", "Write a whole number, 0 or more."),
        ("night_cost", "9" * 13, "This number is larger than anybody can mean here."),
        ("intake", "2 " + "9" * 40, "This number is larger than anybody can mean here."),
        ("town", "м" * 61, "This is too long for a name"),
        ("open_from", "gestern", "Write a day like 2017-04-02."),
        ("intake", "2 x", "Write whole numbers with spaces between them"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_that_was_typed_is_lost(
    aspen: Helper, field: str, typed: str, sentence: str
) -> None:
    answer = aspen.post("/journeys/place", **{**PLACE, "title": "Стоит здесь", field: typed})
    assert answer.status_code == 400
    assert sentence in answer.text
    assert f'href="#f-{field}"' in answer.text
    assert "Стоит здесь" in answer.text
    assert known(aspen).places == {}


def test_two_places_cannot_have_one_name(aspen: Helper) -> None:
    aspen.post("/journeys/place", **PLACE)
    answer = aspen.post("/journeys/place", **PLACE)
    assert answer.status_code == 400
    assert "This name is taken" in answer.text


def test_a_way_leads_from_one_place_to_another_and_never_home(aspen: Helper) -> None:
    bring(aspen, TINY)
    assert aspen.post("/journeys/leg", **LEG).status_code == 303
    assert known(aspen).legs["L1"].kept.every == 2
    for wrong in ({"to": "home"}, {"origin": "hub", "to": "home"}, {"last": "2017-03-01"}, {"every": "0"}, {"to": ""}):
        assert aspen.post("/journeys/leg", **{**LEG, "leg": "L2", **wrong}).status_code == 400, wrong
    assert "L2" not in known(aspen).legs


def test_two_coordinators_who_changed_a_place_offline_are_both_shown(cast: Cast, aspen: Helper) -> None:
    aspen.post("/journeys/place", **PLACE)
    (entry,) = known(aspen).places["flat-7"].entries
    aspen.post("/journeys/place", id="flat-7", replaces=entry, **{**PLACE, "beds": "3"})
    cast.house.now += 60
    aspen.post("/journeys/place", id="flat-7", replaces=entry, **{**PLACE, "beds": "5"})
    page = aspen.see("/journeys/place?id=flat-7")
    assert "Two helpers decided without knowing of each other" in page
    assert "helpers disagree" in aspen.see("/journeys/places")
    assert "flat-7" in aspen.see("/journeys").split("Helpers disagree on:")[1].split("</div>")[0]


def test_a_scenario_goes_in_and_out_exactly(cast: Cast, aspen: Helper) -> None:
    answer = bring(aspen, TINY)
    assert answer.headers["location"] == "/journeys/exchange?done=brought"
    exported = aspen.get("/journeys/scenario.json")
    assert read_scenario(exported.content) == read_scenario(TINY)
    assert bring(aspen, exported.content).status_code == 303
    assert aspen.get("/journeys/scenario.json").content == exported.content
    assert known(aspen).places["flat"].disputed is False


# Every field of the format, none of them as it would be if it were left out.
FULL = scene(
    [
        party(
            "P1", size=3, weight=2, makeup="mixed", start={"place": "flat", "day": 2, "nights_used": 1, "bed_lost": True},
            hazard={"danger": [[0, 5], [4, 60]], "inside": [[0, 1]], "near_abroad": [[0, 2]], "abroad": [[0, 0], [7, 1]]},
            earliest_day=3, forbidden=["hub"], documents=[{"doc": "passport", "from": 2, "until": 6}, {"doc": "visa"}],
            needs=["child", "step_free"], escort=True, wanted=True,
        ),
        party("P2", documents=[{"doc": "laissez-passer"}], pins=[{"leg": "car", "day": 4}]),
    ],
    note="Nach dem Gespräch am Montag.",
    now=1,
    places=[
        {"id": "home", "zone": "danger", "kind": "home"},
        {
            "id": "hub", "zone": "inside", "kind": "transit", "beds": 3, "services": ["child", "step_free"], "admits": ["mixed", "women"],
            "open_from": 1, "open_until": 6, "compromised_from": 5, "night_cost": 6, "hazard": 4, "max_stay": 2, "max_parties": 7,
        },
        {"id": "flat", "zone": "near_abroad", "kind": "shelter", "beds": 0},
        {"id": "haven", "zone": "abroad", "kind": "haven", "intake": [2, 5]},
    ],
    legs=[
        leg(
            "car", "home", "hub", nights=1, first=2, last=6, every=2, seats=4, escort_pool="south", escort_days=2, checks=True,
            step_free=True, documents=[["passport", "visa"], ["laissez-passer"]], **{"except": [6]},
        ),
        leg("plane", "flat", "haven"),
    ],
    escort_pools=[{"id": "south", "available": [0, 1, 2, 3, 2, 1, 0, 9]}],
    apart=[["P1", "P2"]],
    budget={"total": 900, "weekly": [500, 400]},
    previous={"P1": [{"leg": "plane", "day": 5}], "P2": []},
    change={"near_days": 3, "near": 41, "far": 11},
)  # fmt: skip


def test_every_field_of_the_format_comes_back(aspen: Helper) -> None:
    assert set(FULL) == {field.encode_name for field in msgspec.structs.fields(Scenario)}
    for kind, parts in (("places", Place), ("legs", Leg), ("parties", Party)):
        told = {name for each in FULL[kind] for name in each}
        assert told == {field.encode_name for field in msgspec.structs.fields(parts)}, kind
    text = json.dumps(FULL).encode()
    assert bring(aspen, text).headers["location"] == "/journeys/exchange?done=brought"
    assert read_scenario(aspen.get("/journeys/scenario.json").content) == read_scenario(text)


def test_what_a_scenario_does_not_say_is_not_lost_by_taking_one_in(aspen: Helper) -> None:
    """How urgent it is for a party, in words where it is, what a place and a pool are called: none of it stands in the file."""
    bring(aspen, json.dumps(FULL).encode())
    room = known(aspen)
    sheet, pool, place = room.parties["P1"].sheet, room.escorts["south"], room.places["flat"]
    assert sheet
    said = msgspec.structs.replace(
        sheet.kept, name="Верба", language="en", urgency=[(0, 3), (17_300, 4)], where="У реки", avoid="Дома", note="Не звонить",
        replaces=list(sheet.entries),
    )  # fmt: skip
    aspen.bench.pen.write(
        PLACES,
        [
            said,
            msgspec.structs.replace(pool.kept, title="Юг", replaces=list(pool.entries)),
            msgspec.structs.replace(place.kept, title="У вокзала", town="Орёл", replaces=list(place.entries)),
        ],
    )
    before = known(aspen)
    assert bring(aspen, aspen.get("/journeys/scenario.json").content).status_code == 303
    after = known(aspen)
    for kind, name in (("escorts", "south"), ("places", "flat"), ("legs", "car")):
        one, other = (getattr(room, kind)[name].kept for room in (before, after))
        assert msgspec.structs.replace(other, replaces=one.replaces) == one, kind
    first, second = (room.parties["P1"].sheet for room in (before, after))
    assert first
    assert second
    assert msgspec.structs.replace(second.kept, replaces=first.kept.replaces) == first.kept


def test_a_danger_that_is_raised_after_a_file_was_taken_in_counts(cast: Cast, aspen: Helper) -> None:
    """The points that stand in an export follow from the sheet: taking them in again does not freeze them."""
    bring(aspen, TINY)
    room = known(aspen)
    sheet, placed = room.parties["P1"].sheet, room.parties["P1"].placed
    assert sheet
    assert placed
    calm = msgspec.structs.replace(sheet.kept, urgency=[(0, 1)], replaces=list(sheet.entries))
    aspen.bench.pen.write(
        PLACES, [calm, msgspec.structs.replace(placed.kept, hazards=None, replaces=list(placed.entries))]
    )
    exported = aspen.get("/journeys/scenario.json").content
    assert bring(aspen, exported).status_code == 303
    assert aspen.get("/journeys/scenario.json").content == exported
    again = known(aspen).parties["P1"].sheet
    assert again
    aspen.bench.pen.write(PLACES, [msgspec.structs.replace(calm, urgency=[(0, 4)], replaces=list(again.entries))])
    (one, *_), (other, *_) = (
        read_scenario(text).parties for text in (exported, aspen.get("/journeys/scenario.json").content)
    )
    assert one.hazard.danger == ((0, 15),)
    assert other.hazard.danger == ((0, 200),)


def test_what_a_frame_notes_stays_when_the_frame_is_kept(aspen: Helper) -> None:
    bring(aspen, json.dumps(FULL).encode())
    page = aspen.see("/journeys/frame")
    fields = dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', page))
    fields["note"] = re.search(r'name="note"[^>]*>([^<]*)<', page)[1]  # type: ignore[index]  # it is there
    assert fields["note"] == "Nach dem Gespräch am Montag."
    assert aspen.post("/journeys/frame", **{**fields, "apart": "P1, P2"}).status_code == 303
    text = json.dumps(FULL).encode()
    assert read_scenario(aspen.get("/journeys/scenario.json").content) == read_scenario(text)


def test_the_days_of_a_scenario_are_days_of_the_calendar(cast: Cast, aspen: Helper) -> None:
    bring(aspen, TINY)
    assert "2017-04-02" in aspen.see("/journeys/leg?id=car")
    cast.house.now += 3 * 86_400
    later = read_scenario(aspen.get("/journeys/scenario.json").content)
    assert later.now == 3
    assert {each.start.day for each in later.parties} == {3}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (b"", "Choose a scenario file"),
        (b"{", "ends in the middle"),
        (b"[]", "kunak-scenario/1"),
        (json.dumps({**json.loads(TINY), "horizon": "soon"}).encode(), "horizon"),
        (json.dumps(scene([party("P1", start={"place": "nowhere", "day": 0})])).encode(), "nowhere"),
        (json.dumps(scene([party("P1")], legs=[leg("car", "home", "moon")])).encode(), "moon"),
    ],
)
def test_a_bad_file_is_one_sentence_that_names_what_to_mend(aspen: Helper, text: bytes, named: str) -> None:
    answer = bring(aspen, text)
    assert answer.status_code == 400
    assert named in answer.text
    assert known(aspen) == records.Known()


def test_a_caseworker_fills_in_a_sheet_and_the_coordinator_learns_no_case(cast: Cast, aspen: Helper) -> None:
    linden = cast.at_work(CASEWORKERS[0])
    person = Person(cast)
    person.write("Меня ищут")
    linden.sync()
    case = linden.open_case(person, "Верба")
    assert f"/journeys/case/{case}" in linden.see(f"/cases/{case}")
    assert "They see this pseudonym" in linden.see(f"/journeys/case/{case}")
    typed = {
        "name": "Верба", "size": "2", "weight": "1", "makeup": "women", "needs-child": "1", "where": "У тёти в станице",
        "avoid": "Москва", "urgency-level-0": "3", "urgency-since-1": "2017-05-01", "urgency-level-1": "4",
        "documents-doc-0": "internal_passport", "documents-doc-1": "foreign_passport", "documents-since-1": "2017-06-01",
    }  # fmt: skip
    assert linden.post(f"/journeys/case/{case}", **typed).status_code == 303
    cast.everybody_syncs()
    assert "1" in aspen.see("/journeys/parties?show=unplaced")
    (party_id,) = known(aspen).parties
    page = aspen.see(f"/journeys/party?id={party_id}")
    assert "У тёти в станице" in page
    assert case not in aspen.bench.folding.snapshot().decode()
    sheet = known(aspen).parties[party_id].sheet
    assert sheet is not None
    assert sheet.kept.urgency == [(0, 3), (17_287, 4)]
    assert [paper.doc for paper in sheet.kept.documents] == ["internal_passport", "foreign_passport"]
    # The coordinator says which place that is; from then on the party is planned.
    bring(aspen, TINY)
    placing = {"id": party_id, "place": "home", "since": "2017-04-02", "nights_used": "0", "forbidden-hub": "1"}
    assert aspen.post("/journeys/party/place", **placing).status_code == 303
    made = planning.prepare(known(aspen), aspen.bench.today)
    assert made.scenario.parties[-1].id == party_id
    assert made.scenario.parties[-1].forbidden == {"hub"}
    cast.everybody_syncs()
    assert "flat" not in linden.bench.folding.snapshot().decode()
    assert linden.get(f"/journeys/party?id={party_id}").status_code == 200
    assert "open to coordinators only" in linden.see(f"/journeys/party?id={party_id}")


def test_a_sheet_of_somebody_elses_case_is_not_there(cast: Cast) -> None:
    linden, maple = cast.at_work(CASEWORKERS[0]), cast.at_work(CASEWORKERS[1])
    person = Person(cast)
    person.write("Помогите")
    linden.sync()
    case = linden.open_case(person)
    cast.everybody_syncs()
    assert maple.get(f"/journeys/case/{case}").status_code == 404
    assert maple.post(f"/journeys/case/{case}", name="x", size="1", weight="1", makeup="men").status_code == 404


def test_no_form_of_the_room_works_without_its_key(cast: Cast) -> None:
    linden = cast.at_work(CASEWORKERS[0])
    for path in ("/journeys/place", "/journeys/leg", "/journeys/escort", "/journeys/frame", "/journeys/party/place"):
        assert linden.post(path, **PLACE).status_code == 404, path
    assert linden.get("/journeys/scenario.json").status_code == 404
    assert bring(linden, TINY).status_code == 404


def test_an_exported_scenario_leaves_out_what_a_place_is_called(aspen: Helper) -> None:
    bring(aspen, TINY)
    place = known(aspen).places["flat"]
    aspen.post(
        "/journeys/place", id="flat", replaces=" ".join(place.entries), **{**PLACE, "title": "У реки", "town": "Тверь"}
    )
    assert "У реки" in aspen.see("/journeys/places")
    text = aspen.get("/journeys/scenario.json").text
    assert "У реки" not in text
    assert "Тверь" not in text


def test_the_written_scenario_is_the_one_spelling(aspen: Helper) -> None:
    scenario = read_scenario(TINY)
    assert bringing.write_scenario(read_scenario(bringing.write_scenario(scenario))) == bringing.write_scenario(
        scenario
    )


def test_a_shredded_case_takes_its_sheet_along_from_every_desk(cast: Cast, aspen: Helper) -> None:
    linden, maple = cast.at_work(CASEWORKERS[0]), cast.at_work(CASEWORKERS[1])
    person = Person(cast)
    person.write("Удалите всё потом")
    linden.sync()
    case = linden.open_case(person, "Верба")
    linden.post(f"/cases/{case}/let-in", device=maple.bench.keyring.own.id)
    cast.everybody_syncs()
    linden.post(
        f"/journeys/case/{case}", name="Верба", size="1", weight="1", makeup="men", where="За мельницей", note="Молчит"
    )
    cast.everybody_syncs()
    assert "За мельницей" in aspen.bench.folding.snapshot().decode()
    linden.post(f"/cases/{case}/shred", pseudonym="Верба")
    cast.everybody_syncs()
    maple.post(f"/cases/{case}/shred/agree")
    cast.everybody_syncs()
    cast.everybody_syncs()
    for helper in (aspen, linden, maple):
        assert "За мельницей" not in helper.bench.folding.snapshot().decode(), helper.callsign
        assert not [name for name in helper.bench.keyring.compartments() if name.startswith("journey:")], (
            helper.callsign
        )
    assert aspen.get("/journeys/parties").status_code == 200
