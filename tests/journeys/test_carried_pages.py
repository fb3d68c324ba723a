"""Told leg by leg: who hears what, when, and what is left in a mailbox afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from kunak.desk.app import tidy
from kunak.journeys.carrying import told
from kunak.journeys.carrying.disclosure import Duty
from tests.cast import CASEWORKERS, Cast, Helper, Person
from tests.journeys.carried import Bearer, Road, opened_road
from tests.journeys.scenes import TINY, TINY_PLAN

HUB, FLAT = "Ясень", "Клён"


@pytest.fixture
def road(cast: Cast) -> Road:
    return opened_road(cast)


@pytest.fixture
def hosts(road: Road) -> dict[str, Bearer]:
    return {
        "hub": road.bearer("host", HUB, **{"places-hub": "1"}),
        "flat": road.bearer("host", FLAT, **{"places-flat": "1"}),
        "driver": road.bearer("driver", "Щегол", **{"legs-car": "1"}),
        "pilot": road.bearer("driver", "Аист", **{"legs-plane": "1"}),
    }


def test_one_click_tells_host_and_driver_their_part_of_the_next_step_and_nobody_else(
    road: Road, hosts: dict[str, Bearer]
) -> None:
    answer = road.aspen.post(
        "/journeys/next/detail",
        party="P2",
        step=road.step("P2"),
        begin="18:00",
        end="19:30",
        meet="у старой мельницы",
        bring="Лесная 4",
        sign="красный шарф",
    )
    assert answer.headers["location"].endswith("done=kept")
    assert road.tell("P2").status_code == 303
    road.sync()
    (driver,), (host,) = hosts["driver"].reads(), hosts["hub"].reads()
    assert hosts["flat"].reads() == hosts["pilot"].reads() == []
    for text in (driver, host):
        assert "P2" in text
        assert "красный шарф" in text
        assert "1 человек" in text
    assert "18:00" in driver
    assert "мельницы" in driver
    assert "Лесная 4" in driver
    assert "мельницы" not in host
    page = road.aspen.see("/journeys/next?party=P2")
    assert "told" in page
    # Not twice by the same click.
    road.tell("P2")
    road.sync()
    assert len(hosts["driver"].reads()) == 1


def test_a_host_reads_confirms_and_only_then_the_next_step_is_told(road: Road, hosts: dict[str, Bearer]) -> None:
    road.tell("P2")
    road.sync()
    assert hosts["hub"].reads()
    hosts["hub"].write("Они приехали, всё тихо")
    road.sync()
    page = road.aspen.see("/journeys/next?party=P2")
    assert "Они приехали, всё тихо" in page
    assert "text-drive-" + hosts["pilot"].carrier not in page
    letters = page.split('name="letters" value="')[1].split('"')[0]
    answer = road.confirm("P2", "arrived", carrier=hosts["hub"].carrier, letters=letters)
    assert answer.headers["location"].endswith("done=arrived")
    road.sync()
    # What was told of the step before is gone, read or unread; the words of the letter too.
    assert hosts["hub"].reads() == hosts["driver"].reads() == []
    assert "всё тихо" not in road.aspen.see(f"/journeys/carrier?id={hosts['hub'].carrier}")
    road.sync()
    assert "всё тихо" not in road.birch.see(f"/journeys/carrier?id={hosts['hub'].carrier}")
    road.tell("P2")
    road.sync()
    assert len(hosts["pilot"].reads()) == len(hosts["hub"].reads()) == 1
    assert hosts["driver"].reads() == []


def test_the_writing_function_itself_refuses_what_is_not_next(road: Road, hosts: dict[str, Bearer]) -> None:
    today = road.aspen.bench.today
    for duty in (
        Duty("drive", hosts["pilot"].carrier, "P2", "plane", today + 1),
        Duty("drive", hosts["pilot"].carrier, "P2", "car", today),
        Duty("to", hosts["flat"].carrier, "P2", "car", today),
        Duty("to", hosts["hub"].carrier, "P1", "car", today),
        Duty("person", "", "P3", "car", today),
    ):
        with pytest.raises(told.NotNext):
            told.tell(road.aspen.bench, duty, "слова")
    road.sync()
    assert all(not each.reads() for each in hosts.values())
    assert road.aspen.post("/journeys/next/tell", party="P2", step="plane 9", tell="all").status_code == 409
    later = f"plane {today + 1}"
    assert road.aspen.post("/journeys/next/detail", party="P2", step=later, meet="x").status_code == 409


def test_a_new_plan_takes_the_words_of_the_old_one_out_of_the_mailboxes(road: Road, hosts: dict[str, Bearer]) -> None:
    road.tell("P1")
    road.tell("P2")
    road.sync()
    assert hosts["flat"].reads()
    road.birch.post("/journeys/plan/approve", id=road.plan, word="no")
    road.sync()
    tidy(road.aspen.bench, road.aspen.watching)
    road.sync()
    assert all(not each.reads() for each in hosts.values())


def test_words_that_left_late_from_an_offline_desk_never_arrive(road: Road, hosts: dict[str, Bearer]) -> None:
    """Aspen told them and went offline before the relay had it; Birch hears of it by another way of sync, and takes it back."""
    relay = road.cast.house.relay
    road.tell("P1")
    waiting = road.aspen.bench.vault.db.execute("SELECT count(*) FROM outbox WHERE kind = 'message'").fetchone()
    assert waiting[0] == 1
    told_words = road.aspen.bench.vault.db.execute("SELECT mailbox, message FROM journeys_told").fetchall()
    for mailbox, message in told_words:
        if mailbox:
            relay.withdraw_message(bytes.fromhex(mailbox), bytes.fromhex(message))
    road.sync()
    assert hosts["flat"].reads() == []


def test_who_carries_no_longer_keeps_nothing_and_a_new_mailbox_begins_empty(
    road: Road, hosts: dict[str, Bearer]
) -> None:
    road.tell("P2")
    road.sync()
    old = Bearer(road.cast, hosts["hub"].carrier, hosts["hub"].code)
    hosts["hub"].code = road.code_of(old.carrier)
    road.sync()
    assert old.reads() == hosts["hub"].reads() == []
    road.tell("P2")
    road.sync()
    assert old.reads() == []
    assert len(hosts["hub"].reads()) == 1
    road.aspen.post("/journeys/carrier/gone", id=hosts["driver"].carrier)
    road.sync()
    assert hosts["driver"].reads() == []
    assert "Щегол" not in road.aspen.see("/journeys/carriers")


def test_the_persons_words_wait_for_their_caseworker_who_sends_them_with_one_click(cast: Cast) -> None:
    person = Person(cast)
    person.write("Помогите")
    linden = cast.at_work(CASEWORKERS[0])
    case = linden.open_case(person)
    linden.post(f"/journeys/case/{case}/checkins", what="watch", due="2017-04-03T09:00", every="0", grace="60")
    party = linden.bench.vault.db.execute("SELECT value FROM journeys_values WHERE field = 'party'").fetchone()[0]
    own = [text.replace(b'"P2"', f'"{party}"'.encode()) for text in (TINY, TINY_PLAN)]
    road = opened_road(cast, *own)
    assert road.aspen.bench.keyring.holds(f"journey:{party}")
    answer = road.tell(party, **{"text-person-": "Завтра вы едете дальше. Возьмите паспорт."})
    assert answer.headers["location"].endswith("done=told")
    road.sync()
    assert "waits for their caseworker" in road.aspen.see("/journeys/next")
    assert "1 prepared message waits to be sent" in linden.see(f"/cases/{case}")
    page = linden.see(f"/journeys/case/{case}")
    assert "Завтра вы едете дальше" in page
    draft = page.split('name="draft" value="')[1].split('"')[0]
    answer = linden.post(f"/journeys/case/{case}/send", draft=draft)
    assert answer.headers["location"].endswith("done=sent")
    road.sync()
    assert [each.text for each in person.replies()] == ["Завтра вы едете дальше. Возьмите паспорт."]
    assert "prepared message" not in linden.see(f"/cases/{case}")
    # Pressed twice: they are sent once.
    assert linden.post(f"/journeys/case/{case}/send", draft=draft).headers["location"].endswith("done=sent")
    assert linden.post(f"/journeys/case/{case}/send", draft="0" * 16).status_code == 404
    road.sync()
    assert len(person.replies()) == 1
    assert "waits for their caseworker" not in road.aspen.see("/journeys/next")
    # The caseworker's vault holds the words, and neither way nor place nor plan.
    rows = linden.bench.vault.db.execute("SELECT count(*) FROM journeys_told").fetchone()
    assert rows[0] == 0


@dataclass
class Persons:
    """A party of two legs that is a case's, its person, and the caseworker at her desk."""

    road: Road
    person: Person
    linden: Helper
    case: str
    party: str

    def told(self, words: str) -> None:
        """Prepared by a coordinator."""
        self.road.tell(self.party, "person-", **{"text-person-": words})
        self.road.sync()

    def send(self, words: str = "") -> None:
        page = self.linden.see(f"/journeys/case/{self.case}")
        draft = page.split('name="draft" value="')[1].split('"')[0]
        assert self.linden.post(f"/journeys/case/{self.case}/send", draft=draft, text=words).status_code == 303
        self.road.sync()

    def tidy(self) -> None:
        """What a desk does by itself, once a minute."""
        told.withdraw_what_is_over(self.linden.bench)
        self.road.sync()

    @property
    def mailbox(self) -> list[str]:
        return [each.text for each in self.person.replies()]


@pytest.fixture
def persons(cast: Cast) -> Persons:
    person = Person(cast)
    person.write("Помогите")
    linden = cast.at_work(CASEWORKERS[0])
    case = linden.open_case(person)
    linden.post(f"/journeys/case/{case}/checkins", what="watch", due="2017-04-03T09:00", every="0", grace="60")
    party = linden.bench.vault.db.execute("SELECT value FROM journeys_values WHERE field = 'party'").fetchone()[0]
    road = opened_road(cast, *[text.replace(b'"P2"', f'"{party}"'.encode()) for text in (TINY, TINY_PLAN)])
    return Persons(road, person, linden, case, party)


def test_words_of_an_earlier_step_leave_the_persons_mailbox_by_themselves(persons: Persons) -> None:
    persons.told("Завтра на машине.")
    persons.send("Завтра на машине, возьмите воду.")
    persons.tidy()
    assert persons.mailbox == ["Завтра на машине, возьмите воду."]
    persons.road.confirm(persons.party, "left")
    persons.road.sync()
    persons.tidy()
    assert persons.mailbox == ["Завтра на машине, возьмите воду."], "they are on the road: the words hold"
    persons.road.confirm(persons.party, "arrived")
    persons.road.sync()
    persons.tidy()
    assert persons.mailbox == []
    assert "over: taken out of their mailbox" in persons.linden.see(f"/cases/{persons.case}")
    # Once is enough, and the next words are others.
    before = persons.linden.bench.vault.db.execute("SELECT count(*) FROM outbox").fetchone()
    told.withdraw_what_is_over(persons.linden.bench)
    assert persons.linden.bench.vault.db.execute("SELECT count(*) FROM outbox").fetchone() == before
    persons.told("Послезавтра самолёт.")
    persons.send()
    assert persons.mailbox == ["Послезавтра самолёт."]
    # Coordinators hear that words were sent, and not to which mailbox.
    vault = persons.road.aspen.bench.folding.snapshot().decode()
    assert persons.person.mailbox not in vault


def test_words_that_are_put_right_stay_until_the_new_ones_are_there(persons: Persons) -> None:
    persons.told("В шесть у мельницы.")
    persons.send()
    persons.told("В семь у мельницы.")
    persons.tidy()
    assert persons.mailbox == ["В шесть у мельницы."]
    persons.send()
    assert persons.mailbox == ["В семь у мельницы."]


def test_words_that_were_sent_by_a_desk_that_was_away_when_they_were_taken_back_go_too(persons: Persons) -> None:
    persons.told("Завтра на машине.")
    persons.road.confirm(persons.party, "failed")
    for helper in (persons.road.aspen, persons.road.birch):
        helper.sync()
    page = persons.linden.see(f"/journeys/case/{persons.case}")
    draft = page.split('name="draft" value="')[1].split('"')[0]
    persons.linden.post(f"/journeys/case/{persons.case}/send", draft=draft)
    persons.road.sync()
    persons.tidy()
    assert persons.mailbox == []


def test_words_that_nobody_has_sent_yet_go_when_the_step_is_over(cast: Cast) -> None:
    person = Person(cast)
    person.write("Помогите")
    linden = cast.at_work(CASEWORKERS[0])
    case = linden.open_case(person)
    linden.post(f"/journeys/case/{case}/checkins", what="watch", due="2017-04-03T09:00", every="0", grace="60")
    party = linden.bench.vault.db.execute("SELECT value FROM journeys_values WHERE field = 'party'").fetchone()[0]
    road = opened_road(cast, *[text.replace(b'"P2"', f'"{party}"'.encode()) for text in (TINY, TINY_PLAN)])
    road.tell(party)
    road.sync()
    assert "prepared message" in linden.see(f"/cases/{case}")
    road.confirm(party, "arrived")
    road.sync()
    assert "prepared message" not in linden.see(f"/cases/{case}")
    # The words of the next step are new words.
    road.tell(party)
    road.sync()
    assert "prepared message" in linden.see(f"/cases/{case}")


def test_a_caseworkers_desk_shows_no_carrier_and_no_next_step(cast: Cast, road: Road, hosts: dict[str, Bearer]) -> None:
    linden = cast.at_work(CASEWORKERS[0])
    for path in ("/journeys/next", "/journeys/carriers", "/journeys/carrier"):
        page = linden.see(path)
        assert HUB not in page
        assert "open to coordinators only" in page
    carrier = hosts["hub"].carrier
    for path in ("carrier/gone", "carrier/mailbox", "carrier/agree", "carrier/heard", "next/tell", "next/confirm"):
        assert linden.post(f"/journeys/{path}", id=carrier, party="P2", state="arrived").status_code == 404


def test_a_room_from_before_carriers_offers_its_voice_by_itself(road: Road) -> None:
    db = road.aspen.bench.vault.db
    before = db.execute("SELECT count(*) FROM roster_offered WHERE compartment = 'places'").fetchone()[0]
    assert before == 1
    tidy(road.aspen.bench, road.aspen.watching)
    assert db.execute("SELECT count(*) FROM roster_offered WHERE compartment = 'places'").fetchone()[0] == 1
    with road.aspen.bench.vault.transaction() as writing:
        writing.execute("DELETE FROM roster_offered WHERE compartment = 'places'")
    tidy(road.aspen.bench, road.aspen.watching)
    assert db.execute("SELECT count(*) FROM roster_offered WHERE compartment = 'places'").fetchone()[0] == 1


def test_a_locked_desk_remembers_no_phrase(road: Road) -> None:
    watching = road.aspen.watching
    host = road.bearer("host", HUB, **{"places-hub": "1"})
    said = {"what": "phrases", "ordinary": "Тётя Валя передаёт привет", "duress": "Соседи шумели", "replaces": ""}
    road.aspen.post("/journeys/carrier/agree", id=host.carrier, **said)
    host.write("Соседи шумели")
    road.sync()
    assert "phrase of force" in road.aspen.see("/journeys")
    assert watching._understood
    road.aspen.post("/lock")
    assert not watching._understood
    assert watching._kept is None


def test_a_button_that_is_pressed_twice_does_it_once(road: Road, hosts: dict[str, Bearer]) -> None:
    step = road.step("P2")
    for _ in range(2):
        answer = road.aspen.post("/journeys/next/confirm", party="P2", step=step, state="arrived")
        assert answer.headers["location"].endswith("done=arrived")
    assert told.Scene.read(road.aspen.bench).steps["P2"].leg == "plane"
    assert road.aspen.post("/journeys/next/confirm", party="P2", step=step, state="failed").status_code == 409
