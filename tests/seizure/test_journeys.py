"""The room of journeys is taken, opened: a coordinator's vault and a caseworker's, with an own canary in every field of its forms."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kunak.demo.house import CHEAP, PASSPHRASE
from kunak.desk.app import ROOMS
from kunak.vault.store import Vault
from tests.seizure import work
from tests.seizure.conftest import Welcome, Written, write_everything
from tests.seizure.office import Field, Helper, at_the_desk
from tests.seizure.searching import search, search_folder
from tests.seizure.test_desks import contents
from tests.siege import Besieged, besieged

pytestmark = [pytest.mark.seizure, pytest.mark.xdist_group("seized journeys")]
Report = Callable[[str], None]
HERON, STORK = "Heron", "Stork"
# What a plan brings is typed with the plan (tests/journeys): the repair that a compromised place starts may be there in time or not.
# A pasted scenario is places again; sheets are typed at the other desk.
TYPED_ELSEWHERE = (
    "/journeys/propose",
    "/journeys/what-if",
    "/journeys/exchange",
    "/journeys/party/sheet",
    "/journeys/case/…",
)


@dataclass
class Taken:
    """What was typed, by who may read it. `routes`: coordinators alone; `sheet`: the case's helpers and coordinators; `case`: the
    case's helpers alone."""

    siege: Besieged
    case: str = ""
    routes: Written = field(default_factory=lambda: Written(about="r"))
    sheet: Written = field(default_factory=lambda: Written(about="s"))
    letters: Written = field(default_factory=lambda: Written(about="l"))
    names: list[str] = field(default_factory=list)
    offered: set[Field] = field(default_factory=set)
    typed: set[Field] = field(default_factory=set)

    @property
    def folder(self) -> Path:
        return self.siege.house.folder


def fill(helper: Helper, path: str, action: str, into: Written, **chosen: str) -> None:
    """Open a page and send its form with a canary in every field of words; `chosen`: what must be a day, a number or a choice."""
    helper.open(path)
    page = helper.fill(action, into=into, **chosen)
    assert page.status == 200
    assert 'id="wrong"' not in page.html, page.text[:600]


def agree(helper: Helper, action: str, into: Written) -> None:
    """Two phrases that do not resemble each other, as the page asks for."""
    phrases = {
        "ordinary": f"чайник {into.about} закипел {secrets.token_hex(8)}",
        "duress": f"погода {into.about} под Самарой {secrets.token_hex(8)}",
    }
    into.canaries |= {f"{action} {name}": phrase for name, phrase in phrases.items()}
    page = helper.fill(action, into=into, **phrases)
    assert page.status == 200


def plan_the_roads(stork: Helper, taken: Taken) -> None:
    """Every form of the coordinators' room but those that a plan brings."""
    into, today = taken.routes, "2026-01-05"
    stork.open("/journeys")
    stork.press("/journeys/begin", "Begin")
    places = [into.new(f"p{number}") for number in (1, 2, 3)]
    kinds = (("danger", "home"), ("inside", "shelter"), ("abroad", "haven"))
    for place, (zone, kind) in zip(places, kinds, strict=True):
        numbers = {"beds": "2", "max_parties": "3", "max_stay": "30", "night_cost": "5", "hazard": "1"}
        days = {"open_from": today, "open_until": "2027-05-05", "intake": "2 2", "intake_from": today}
        fill(stork, "/journeys/place", "/journeys/place", into, place=place, zone=zone, kind=kind, **numbers, **days)
    fill(stork, "/journeys/escort", "/journeys/escort", into, first=today, available="1 1", pool=into.new("pool"))
    way = {
        "nights": "0",
        "every": "1",
        "seats": "3",
        "fare": "7",
        "risk": "2",
        "escort_days": "1",
        "excepted": "2026-03-03",
    }
    days = {"first": today, "last": "2027-05-05", "mode": "car", "documents": into.new("doc")}
    for number, (origin, to) in enumerate(((places[0], places[1]), (places[1], places[2]))):
        name = into.new(f"way{number}")
        fill(stork, "/journeys/leg", "/journeys/leg", into, leg=name, origin=origin, to=to, **way, **days)
    fill(stork, "/journeys/carrier", "/journeys/carrier", into, kind="host")
    agree(stork, "/journeys/carrier/agree", into)
    frame = {"first": today, "horizon": "365", "total": "900", "weekly": "99", "point_value": "20", "tail_nights": "9"}
    harm = {
        "unsheltered_hazard": "99",
        "compromised_hazard": "99",
        "near_days": "7",
        "near": "9",
        "far": "3",
        "apart": "",
    }
    fill(stork, "/journeys/frame", "/journeys/frame", into, **frame, **harm)
    taken.names = places


def fill_in_the_sheet(heron: Helper, taken: Taken) -> None:
    numbers = {"size": "2", "weight": "1", "makeup": "men", "earliest": "2026-02-02", "urgency-level-0": "3"}
    rows = {f"documents-{part}-{row}": "" for row in (1, 2) for part in ("doc", "since", "until")}
    rows |= {"documents-since-0": "2026-01-09", "documents-until-0": "2027-01-09"}
    rows |= {f"urgency-since-{row}": "" for row in (0, 1, 2)}
    short = {"name": taken.sheet.new("n"), "needs": taken.sheet.new("need"), "documents-doc-0": taken.sheet.new("d")}
    fill(heron, f"/journeys/case/{taken.case}", "/journeys/case/[0-9a-f]+", taken.sheet, **numbers, **rows, **short)


def place_the_party(stork: Helper, taken: Taken) -> None:
    stork.open("/journeys/parties")
    stork.follow_to("/journeys/party")
    choice = {"place": taken.names[0], "since": "2026-01-05", "nights_used": "0", "pins": ""}
    zones = {f"hazard_{zone}": "" for zone in ("danger", "inside", "near_abroad", "abroad")}
    page = stork.fill("/journeys/party/place", into=taken.routes, **choice, **zones)
    assert page.status == 200
    stork.open(f"/journeys/compromised?id={taken.names[1]}")
    stork.fill("/journeys/compromised", "compromised", into=taken.routes)


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory, people: Welcome) -> Iterator[Taken]:
    siege = besieged(tmp_path_factory.mktemp("siege"), list(ROOMS), "admin")
    house = siege.house
    house.join("caseworker", HERON, CHEAP)
    house.join("coordinator", STORK, CHEAP)
    found = Taken(siege)
    write_everything(people(siege.relay.address), found.letters)
    house.settle()
    for callsign in (HERON, STORK):
        house.desks.pop(callsign).close()
    with sitting(found, HERON) as heron:
        found.case = work.open_case(heron, work.find_person(heron, found.letters.canaries["first letter"]))
        work.work_on(heron, found.case)
        work.name(heron, found.case)
        found.letters.canaries |= heron.own.canaries
        heron.sync()
    with sitting(found, STORK) as stork:
        plan_the_roads(stork, found)
        stork.sync()
    with sitting(found, HERON) as heron:
        fill_in_the_sheet(heron, found)
        heron.open(f"/journeys/case/{found.case}/checkins")
        agree(heron, "/journeys/case/[0-9a-f]+/(checkins|agree)", found.letters)
        heron.sync()
        heron.walk()
    with sitting(found, STORK) as stork:
        place_the_party(stork, found)
        stork.sync()
        stork.walk()
    with sitting(found, HERON) as heron:
        heron.walk()
    yield found
    house.close()


@contextmanager
def sitting(taken: Taken, callsign: str) -> Iterator[Helper]:
    """A helper at the desk; what the pages offered and what was typed is remembered."""
    with at_the_desk(taken.folder, callsign) as helper:
        yield helper
        taken.offered |= helper.offered
        taken.typed |= helper.typed


def opened_vault(folder: Path, callsign: str) -> bytes:
    """The hunter has the desk's disk and its passphrase."""
    vault = Vault.open(folder / callsign, PASSPHRASE)
    try:
        return contents(vault)
    finally:
        vault.close()


def hits(content: bytes, canaries: list[str]) -> set[str]:
    return {hit.split(": ")[0] for hit in search(content, canaries)}


def test_a_coordinators_opened_vault_holds_places_and_parties_by_pseudonym_and_no_name(
    taken: Taken, report: Report
) -> None:
    content = opened_vault(taken.folder, STORK)
    assert hits(content, taken.routes.all) == set(taken.routes.all)
    assert hits(content, taken.sheet.all) == set(taken.sheet.all)
    assert search(content, [*taken.letters.all, taken.case]) == []
    report(
        f"{len(content):,} bytes opened: {len(taken.routes.all)} canaries of routes and {len(taken.sheet.all)} of sheets are there; none of "
        f"{len(taken.letters.all)} of letters, cases and names, and no case's number"
    )


def test_a_caseworkers_opened_vault_holds_no_place_and_no_way(taken: Taken, report: Report) -> None:
    content = opened_vault(taken.folder, HERON)
    assert hits(content, taken.sheet.all) == set(taken.sheet.all)
    assert search(content, taken.routes.all) == []
    report(
        f"{len(content):,} bytes opened: none of {len(taken.routes.all)} canaries of places, ways, escorts and money"
    )


def test_the_relays_disk_holds_nothing_of_a_journey(taken: Taken, report: Report) -> None:
    everything = [*taken.routes.all, *taken.sheet.all, *taken.letters.all]
    size, found = search_folder(taken.folder / "relay", everything)
    assert found == []
    report(f"{size:,} bytes of the relay's disk: none of {len(everything)} canaries")


def test_every_field_of_the_rooms_forms_was_typed_into(taken: Taken) -> None:
    """A new field makes this fail: let this file type into it."""
    untyped = {each for each in taken.offered - taken.typed if each[0].startswith("/journeys")}
    assert sorted(each for each in untyped if each[0] not in TYPED_ELSEWHERE) == [], sorted(untyped)
    assert len([each for each in taken.typed if each[0].startswith("/journeys")]) > 50
