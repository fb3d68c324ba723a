"""A host's and a driver's code are taken; a coordinator's desk; the person's code on the road. All was typed through the desks' pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from kunak.demo.browser import Page
from kunak.demo.house import CHEAP, PASSPHRASE
from kunak.demo.person import Person
from kunak.desk.app import ROOMS, tidy
from kunak.journeys.known import bringing, planning, records
from kunak.journeys.plans import proposing
from kunak.vault.store import Vault
from tests.journeys.scenes import TINY, TINY_PLAN
from tests.seizure import work
from tests.seizure.conftest import Welcome, Written
from tests.seizure.office import Helper, at_the_desk
from tests.seizure.searching import search
from tests.seizure.test_desks import contents
from tests.siege import Besieged, besieged

pytestmark = [pytest.mark.seizure, pytest.mark.xdist_group("seized carriers")]
Report = Callable[[str], None]

HERON, STORK, CRANE = "Heron", "Stork", "Crane"  # a caseworker, two coordinators
TEXTS = ("note", "where", "avoid", "title", "town", "name")


@dataclass
class Way:
    """One party's way in two legs, told leg by leg. `typed`: what was typed of places, parties, carriers; `first`, `second`: of the
    two legs; `said`: the phrases."""

    siege: Besieged
    typed: Written = field(default_factory=lambda: Written(about="of the room"))
    first: Written = field(default_factory=lambda: Written(about="of the first leg"))
    road: Written = field(default_factory=lambda: Written(about="of whatever may be told while they are on the road"))
    second: Written = field(default_factory=lambda: Written(about="of the second leg"))
    said: Written = field(default_factory=lambda: Written(about="phrases"))
    persons: Written = field(default_factory=lambda: Written(about="of the person"))
    codes: dict[str, str] = field(default_factory=dict)
    carriers: dict[str, str] = field(default_factory=dict)
    party: str = ""
    shown: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.siege.house.folder

    def every(self) -> list[str]:
        return [*self.typed.all, *self.first.all, *self.road.all, *self.second.all, *self.said.all, *self.persons.all]

    def seize_codes(self, when: str) -> None:
        """What each code yields now, to whoever has nothing but the words."""
        for name, code in self.codes.items():
            hunter = Person(self.siege.relay.address, "ru")
            page = hunter.come_back(code)
            assert page.status == 200, page.text[:200]
            self.shown[name, when] = page.html
            hunter.leave()
            hunter.close()


def type_over(helper: Helper, path: str, action: str, into: Written) -> None:
    """An own canary in every field of words of the form behind this page; all else stays as it stands there."""
    page = helper.open(path)
    form = next(
        each for each in page.forms if re.search(action + "$", urlsplit(each.action).path) and "replaces" in each.fields
    )
    texts = {name: into.new(f"{path.rpartition('/')[2][:12]} {name}") for name in TEXTS if name in form.names}
    if "name" in texts and "makeup" in form.names:
        del into.canaries[next(k for k, v in into.canaries.items() if v == texts["name"])], texts["name"]
    assert texts, (path, form.names)
    answer = helper.browser.submit(form, None, None, **texts)
    assert "done=kept" in answer.url, answer.text[:300]


def press(helper: Helper, action: str, button: str) -> Page:
    """The form of that address which has this button; several forms of one page may go to one address."""
    for form in helper.browser.page.forms:
        if urlsplit(form.action).path.endswith(action) and any(button in one[:3] for one in form.buttons):
            page = helper.browser.submit(form, button)
            assert page.status == 200, page.text[:300]
            return page
    raise AssertionError(f"no button {button} for {action} on {helper.browser.page.url}")


def add_carrier(helper: Helper, way: Way, name: str, kind: str, **carries: str) -> None:
    page = helper.open("/journeys/carrier")
    form = next(each for each in page.forms if urlsplit(each.action).path == "/journeys/carrier")
    form.fields |= {field: [value] for field, value in carries.items()}
    answer = helper.browser.submit(
        form,
        None,
        None,
        name=way.typed.new(f"{name} name"),
        kind=kind,
        language="ru",
        note=way.typed.new(f"{name} note"),
    )
    way.carriers[name] = parse_qs(urlsplit(answer.url).query)["id"][0]
    phrases = next(form for form in answer.forms if "ordinary" in form.names)
    helper.browser.submit(
        phrases,
        None,
        None,
        ordinary=way.said.new(f"{name} ordinary"),
        duress=f"соседи шумят {way.said.new(f'{name} duress')}",
    )
    helper.open(f"/journeys/carrier?id={way.carriers[name]}")
    page = press(helper, "/journeys/carrier/mailbox", "Give a mailbox")
    listed = re.search(r'(?s)<ol class="code".*?</ol>', page.html)
    assert listed
    way.codes[name] = " ".join(re.findall(r"<li>(.*?)</li>", listed[0]))


def tell(helper: Helper, way: Way, into: Written) -> None:
    path = f"/journeys/next?party={way.party}"
    helper.open(path)
    form = helper.form("/journeys/next/detail")
    typed = {name: into.new(name) for name in ("meet", "bring", "sign")}
    helper.browser.submit(form, None, None, begin="18:00", end="20:00", **typed)
    helper.open(path)
    press(helper, "/journeys/next/tell", "all")
    helper.sync()


def by_itself(helper: Helper) -> None:
    """What a desk does once a minute without anybody."""
    opened = helper.desk.lock.opened
    assert opened is not None
    tidy(opened.bench, opened.watching)
    helper.sync()


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory, people: Welcome) -> Iterator[Way]:
    siege = besieged(tmp_path_factory.mktemp("way"), list(ROOMS), "admin")
    house, way = siege.house, Way(siege)
    for role, callsign in (("caseworker", HERON), ("coordinator", STORK), ("coordinator", CRANE)):
        house.join(role, callsign, CHEAP)  # type: ignore[arg-type]  # the roles are literals
    house.settle()
    person = people(siege.relay.address)
    person.write(way.persons.new("letter"))
    for callsign in (HERON, STORK, CRANE):
        house.desks.pop(callsign).close()
    with at_the_desk(house.folder, HERON) as heron, at_the_desk(house.folder, STORK) as stork:
        case = work.open_case(heron, work.find_person(heron, way.persons.canaries["letter"]))
        page = heron.open(f"/journeys/case/{case}/checkins")
        phrases = next(form for form in page.forms if "ordinary" in form.names)
        heron.browser.submit(
            phrases,
            None,
            None,
            ordinary=way.persons.new("ordinary"),
            duress=f"дождь с утра {way.persons.new('duress')}",
        )
        heron.open(f"/journeys/case/{case}/checkins")
        press(heron, "/checkins", "I have just heard from them")
        heron.sync()
        stork.sync()
        assert stork.desk.lock.opened is not None
        bench = stork.desk.lock.opened.bench
        stork.open("/journeys/places")
        press(stork, "/journeys/begin", "Begin")
        (way.party,) = [
            name.removeprefix("journey:") for name in bench.keyring.compartments() if name.startswith("journey:")
        ]
        scenario, plan = (text.replace(b'"P2"', f'"{way.party}"'.encode()) for text in (TINY, TINY_PLAN))
        bringing.bring(bench, records.Known(), scenario, bench.today)
        for place in ("home", "hub", "flat", "haven"):
            type_over(stork, f"/journeys/place?id={place}", "/journeys/place", way.typed)
        type_over(stork, f"/journeys/party?id={way.party}", "/journeys/party/sheet", way.typed)
        for name, kind, carries in (
            ("hub", "host", {"places-hub": "1"}),
            ("haven", "host", {"places-haven": "1"}),
            ("car", "driver", {"legs-car": "1"}),
            ("plane", "driver", {"legs-plane": "1"}),
        ):
            add_carrier(stork, way, name, kind, **carries)
        made = planning.prepare(records.read(bench.vault.db), bench.today)
        wish = proposing.Wish(made.scenario, made.first, "proposal", "Весна", (), 1)
        proposed = proposing.propose(bench, wish, bringing.write_scenario(made.scenario), plan)
        stork.open(f"/journeys/plan?id={proposed}")
        press(stork, "/journeys/plan/approve", "yes")
        stork.sync()
        with at_the_desk(house.folder, CRANE) as crane:
            crane.sync()
            crane.open(f"/journeys/plan?id={proposed}")
            press(crane, "/journeys/plan/approve", "yes")
            crane.sync()
        house.founder.step()  # an admin's desk gives out the key with which carriers check what they read
        stork.sync()
        way.seize_codes("before")
        tell(stork, way, way.first)
        heron.sync()
        heron.open(f"/journeys/case/{case}")
        press(heron, "/send", "Send it to them")
        heron.sync()
        way.codes["person"] = person.code
        way.seize_codes("first leg")
        stork.open(f"/journeys/next?party={way.party}")
        press(stork, "/journeys/next/confirm", "left")
        tell(stork, way, way.road)
        way.seize_codes("on the road")
        hub = Person(siege.relay.address, "ru")
        hub.come_back(way.codes["hub"])
        hub.write_more("Они у нас, всё спокойно")
        hub.leave()
        hub.close()
        stork.sync()
        assert "всё спокойно" in stork.open(f"/journeys/next?party={way.party}").text
        press(stork, "/journeys/next/confirm", "arrived")
        stork.sync()
        heron.sync()
        by_itself(heron)
        way.seize_codes("between")
        tell(stork, way, way.second)
        way.seize_codes("second leg")
        heron.sync()
    yield way
    house.close()


def yields(way: Way, name: str, when: str) -> set[str]:
    """Canaries that a code shows, by what they are; of all that was typed anywhere."""
    found = {hit.split(": ")[0] for hit in search(way.shown[name, when].encode(), way.every())}
    kinds = {
        "first": way.first,
        "road": way.road,
        "second": way.second,
        "typed": way.typed,
        "said": way.said,
        "persons": way.persons,
    }
    return {f"{kind} {what}" for kind, each in kinds.items() for what, text in each.canaries.items() if text in found}


def test_a_hosts_code_yields_the_one_leg_now_being_carried(way: Way, report: Report) -> None:
    assert yields(way, "hub", "before") == set()
    assert yields(way, "hub", "first leg") == yields(way, "hub", "on the road") == {"first bring", "first sign"}
    # The leg is over: nothing is left of it, though nobody has said «I have read it».
    assert yields(way, "hub", "between") == set()
    assert yields(way, "hub", "second leg") == {"second meet", "second sign"}
    # They are on the road and have not arrived: whoever has the next leg knows nothing yet, whatever the helpers press.
    assert [yields(way, "haven", when) for when in ("before", "first leg", "on the road", "between")] == [set()] * 4
    assert yields(way, "haven", "second leg") == {"second bring", "second sign"}
    report(f"{len(way.every())} canaries: of each code only its part of the next leg; not the last, not the one after")


def test_a_drivers_code_yields_the_one_leg_now_being_carried(way: Way, report: Report) -> None:
    assert yields(way, "car", "first leg") == {"first meet", "first bring", "first sign"}
    assert [yields(way, "car", when) for when in ("before", "between", "second leg")] == [set(), set(), set()]
    assert [yields(way, "plane", when) for when in ("before", "first leg", "on the road", "between")] == [set()] * 4
    assert yields(way, "plane", "second leg") == {"second meet", "second bring", "second sign"}
    report("the driver of the first leg holds nothing once it is over; of the second nothing before")


def test_no_code_yields_an_agreed_phrase_or_a_name(way: Way) -> None:
    for (name, when), page in way.shown.items():
        found = search(page.encode(), [*way.said.all, *way.typed.all, *way.persons.all, PASSPHRASE])
        assert found == [], (name, when)


def test_the_persons_code_yields_no_later_leg_and_no_carrier(way: Way, report: Report) -> None:
    assert yields(way, "person", "first leg") == {"first meet", "first sign"}
    assert yields(way, "person", "second leg") == set(), "nothing before the caseworker sends the next"
    report("the words of the leg that is being travelled; nothing of the next leg, of hosts and drivers, of phrases")


def test_the_persons_code_yields_nothing_of_a_leg_that_is_over(way: Way, report: Report) -> None:
    """Nobody said «I have read it»: the caseworker's desk took the words back by itself."""
    assert yields(way, "person", "first leg") != set()
    assert yields(way, "person", "between") == set()
    report("the words of a leg leave the person's mailbox with its confirmation, read or unread")


def test_a_coordinators_opened_vault_holds_ways_and_phrases_and_no_person(way: Way, report: Report) -> None:
    vault = Vault.open(way.folder / STORK, PASSPHRASE)
    try:
        content = contents(vault)
    finally:
        vault.close()
    # Something must be there: the coordinators' own room is.
    own = [*way.typed.all, *way.first.all, *way.second.all, *way.said.all]
    assert {hit.split(": ")[0] for hit in search(content, own)} == set(own)
    assert search(content, [*way.persons.all, *way.codes.values()]) == []
    assert "всё спокойно".encode() not in content, "a host's letter that was dealt with"
    report(
        f"{len(content):,} bytes opened: ways, words told and carriers' phrases; no letter, no phrase of a person, no code"
    )


def test_a_caseworkers_opened_vault_holds_no_way_and_no_carrier(way: Way, report: Report) -> None:
    vault = Vault.open(way.folder / HERON, PASSPHRASE)
    try:
        content = contents(vault)
    finally:
        vault.close()
    assert {hit.split(": ")[0] for hit in search(content, way.persons.all)} == set(way.persons.all)
    meant = {way.first.canaries[name] for name in ("meet", "sign")} | {
        way.second.canaries[name] for name in ("meet", "sign")
    }
    others = [text for text in [*way.first.all, *way.second.all, *way.said.all, *way.typed.all] if text not in meant]
    found = {hit.split(": ")[0] for hit in search(content, others)}
    sheet = {text for what, text in way.typed.canaries.items() if what.startswith("party")}
    assert found <= sheet
    report(f"{len(content):,} bytes opened: what the person was to be told; no place, no carrier, no phrase of theirs")
