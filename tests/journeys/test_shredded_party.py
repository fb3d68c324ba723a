"""A case is shredded while its party is on a plan: nobody is told for it, nobody is moved, and what the coordinators keep is known."""

from __future__ import annotations

import pytest

from kunak.cases import opening
from kunak.desk.app import tidy
from kunak.journeys.carrying import told
from kunak.journeys.known import planning, records
from kunak.journeys.known.keys import JOURNEY
from tests.cast import CASEWORKERS, Cast, Helper, Person
from tests.journeys.carried import Bearer, Road, opened_road
from tests.journeys.scenes import TINY, TINY_PLAN

PSEUDONYM = "Верба"


@pytest.fixture
def linden(cast: Cast) -> Helper:
    return cast.at_work(CASEWORKERS[0])


@pytest.fixture
def road(cast: Cast, linden: Helper) -> tuple[Road, str, Bearer]:
    """P2 of the tiny plan is the party of Linden's case, and Maple holds the case too; a host has been told."""
    person = Person(cast)
    person.write("Помогите")
    maple = cast.at_work(CASEWORKERS[1])
    cast.everybody_syncs()
    case = linden.open_case(person, PSEUDONYM)
    sheet = {"name": PSEUDONYM, "size": "1", "weight": "1", "makeup": "women", "urgency-level-0": "3"}
    linden.post(f"/journeys/case/{case}", **sheet, where="У тёти Зары", avoid="Нальчик: там дядя")
    opening.let_in(linden.bench, f"case:{case}", maple.bench.keyring.own.id)
    cast.everybody_syncs()
    party = records.party_of_case(linden.bench.vault.db, case)
    assert party is not None
    road = opened_road(cast, *[text.replace(b'"P2"', f'"{party}"'.encode()) for text in (TINY, TINY_PLAN)])
    host = road.bearer("host", "Ясень", **{"places-hub": "1"})
    road.tell(party)
    road.sync()
    assert host.reads() != []
    linden.post(f"/cases/{case}/shred", pseudonym=PSEUDONYM)
    cast.everybody_syncs()
    assert maple.post(f"/cases/{case}/shred/agree").status_code == 303
    cast.everybody_syncs()
    return road, party, host


def test_the_partys_own_compartment_goes_with_the_case_on_every_desk(
    road: tuple[Road, str, Bearer], linden: Helper
) -> None:
    way, party, _ = road
    for helper in (linden, way.aspen, way.birch):
        assert not helper.bench.keyring.holds(JOURNEY + party)
        said = helper.bench.folding.snapshot().decode()
        for word in ("Зары", "Нальчик"):
            assert word not in said, helper.callsign
    assert naming(linden, party) == set()


def test_nobody_is_told_or_moved_for_it_and_the_hosts_words_are_taken_back(road: tuple[Road, str, Bearer]) -> None:
    way, party, host = road
    assert party not in told.Scene.read(way.aspen.bench).steps
    tidy(way.aspen.bench, way.aspen.watching)
    way.sync()
    assert host.reads() == []
    made = planning.prepare(records.read(way.aspen.bench.vault.db), way.aspen.bench.today)
    assert party not in {each.id for each in made.scenario.parties}


def test_the_pages_say_that_it_is_gone_and_the_plan_in_force_counts_on_it(road: tuple[Road, str, Bearer]) -> None:
    way, party, _ = road
    overview = way.aspen.see("/journeys")
    assert "Since this plan was made, something changed on which it counts" in overview
    assert party[:6] in overview
    assert "its case was shredded" in way.aspen.see(f"/journeys/party?id={party}")
    assert party not in way.aspen.see("/journeys/parties")
    for page in ("/journeys/next", "/journeys/plans", "/journeys/carriers", f"/journeys/plan?id={way.plan}"):
        way.aspen.see(page)


def test_what_stays_with_the_coordinators_is_what_the_limits_say(road: tuple[Road, str, Bearer]) -> None:
    """Where a party of a meaningless number was, and what was told to those who carried it: docs/LIMITS.md."""
    way, party, _ = road
    assert naming(way.aspen, party) == {"journeys_values", "journeys_told"}
    fields = way.aspen.bench.vault.db.execute(
        "SELECT field FROM journeys_values WHERE subject = ? AND head = 1", (f"party/{party}",)
    ).fetchall()
    assert {field for (field,) in fields} == {"placed"}


def naming(helper: Helper, party: str) -> set[str]:
    """The room's tables in which this party stands. (The order to shred names its compartment in the roster, on every desk.)"""
    db = helper.bench.vault.db
    names = db.execute("SELECT name FROM sqlite_master WHERE name GLOB 'journeys_*' AND type = 'table'").fetchall()
    found = ((name, db.execute(f'SELECT * FROM "{name}"').fetchall()) for (name,) in names)
    return {name for name, rows in found if any(party in repr(row) for row in rows)}
