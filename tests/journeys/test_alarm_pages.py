"""Check-ins and alarms at the desks: noticed, shown, louder with time, closed by two; honest while offline, silent while locked."""

from __future__ import annotations

from datetime import datetime

import pytest

from kunak.desk.app import tidy
from tests.cast import CASEWORKERS, Cast, Helper, Person
from tests.journeys.carried import Bearer, Road, opened_road

GOOD, BAD = "Тётя Валя передаёт привет", "Соседи опять шумели ночью"
HOUR = 3_600


@pytest.fixture
def road(cast: Cast) -> Road:
    return opened_road(cast)


@pytest.fixture
def host(road: Road) -> Bearer:
    bearer = road.bearer("host", "Ясень", **{"places-hub": "1"})
    agree(road.aspen, bearer)
    road.sync()
    return bearer


def agree(helper: Helper, bearer: Bearer) -> None:
    answer = helper.post(
        "/journeys/carrier/agree", id=bearer.carrier, what="phrases", ordinary=GOOD, duress=BAD, replaces=""
    )
    assert answer.status_code == 303, answer.text


def expect(road: Road, bearer: Bearer, hours: float, grace: str = "60", every: str = "0") -> None:
    due = datetime.fromtimestamp(road.cast.house.now + hours * HOUR).strftime("%Y-%m-%dT%H:%M")  # noqa: DTZ006 - as a browser sends it
    answer = road.aspen.post(
        "/journeys/carrier/agree", id=bearer.carrier, what="watch", due=due, every=every, grace=grace
    )
    assert answer.status_code == 303, answer.text


def ids(page: str) -> dict[str, str]:
    """The fields of the first alarm's forms."""
    return {name: page.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0] for name in ("home", "alarm")}


def bar(page: str) -> str:
    return page.split('<div id="watch">')[1].split("<main", maxsplit=1)[0]


def everything_in(helper: Helper) -> bytes:
    """All rows of all tables of an opened desk, as whoever holds its passphrase reads them."""
    db = helper.bench.vault.db
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    values = (
        value for (table,) in tables for row in db.execute(f'SELECT * FROM "{table}"').fetchall() for value in row
    )
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)


def expecting_a_word(cast: Cast, road: Road) -> tuple[Helper, str]:
    """A caseworker who expects a word of a person within the hour, and the case."""
    person = Person(cast)
    person.write("Помогите")
    linden = cast.at_work(CASEWORKERS[0])
    case = linden.open_case(person)
    due = datetime.fromtimestamp(cast.house.now + HOUR).strftime("%Y-%m-%dT%H:%M")  # noqa: DTZ006 - as a browser sends it
    linden.post(f"/journeys/case/{case}/checkins", what="watch", due=due, every="0", grace="60")
    road.sync()
    return linden, case


def test_a_phrase_of_force_is_on_every_page_of_all_coordinators_until_two_close_it(road: Road, host: Bearer) -> None:
    before = list(road.cast.house.relay.messages)
    host.write("Здравствуйте. соседи опять шумели ночю")
    road.sync()
    for helper in (road.aspen, road.birch):
        for path in ("/journeys", "/journeys/next", "/help", "/sync"):
            page = helper.see(path)
            assert 'role="alert"' in bar(page)
            assert "Ясень: the phrase of force" in bar(page)
            assert "<title>(1!)" in page
    tidy(road.aspen.bench, road.aspen.watching)
    tidy(road.birch.bench, road.birch.watching)
    road.sync()
    page = road.aspen.see("/alarms")
    assert page.count("alarm-card level-3") == 1
    assert "Birch" in page
    # Their own page shows nothing of it: nothing was sent to them.
    assert list(road.cast.house.relay.messages) == before
    road.birch.post("/alarms/take", **ids(page))
    road.sync()
    assert "Birch sees to it" in bar(road.aspen.see("/journeys"))
    assert road.aspen.post("/alarms/close", **ids(page), note=" ").status_code == 400
    for _ in range(2):
        road.aspen.post("/alarms/close", **ids(page), note="Дозвонилась")
        road.sync()
        assert "(1!)" in road.birch.see("/journeys")
    road.birch.post("/alarms/close", **ids(page), note="Видел его сам")
    road.sync()
    for helper in (road.aspen, road.birch):
        page = helper.see("/alarms")
        assert "No alarm stands" in page
        assert "Closed by Aspen, Birch" in page or "Closed by Birch, Aspen" in page
        assert "(1!)" not in page
        assert helper.post("/alarms/take", home="places", alarm="x").status_code == 404


def test_an_ordinary_phrase_is_a_check_in_and_silence_is_an_alarm(road: Road, host: Bearer) -> None:
    expect(road, host, 2, every="24")
    road.cast.house.now += HOUR
    road.sync()
    host.write("тетя валя передает привет")
    road.sync()
    tidy(road.aspen.bench, road.aspen.watching)
    road.cast.house.now += 3 * HOUR
    road.sync()
    assert "did not check in" not in bar(road.aspen.see("/journeys"))
    assert "Last heard" in road.aspen.see(f"/journeys/carrier?id={host.carrier}")
    road.cast.house.now += 23 * HOUR
    road.sync()
    assert "Ясень did not check in" in road.aspen.see("/alarms")
    # Quiet at first for who does not keep the watch; after half an hour on everybody's pages.
    assert bar(road.birch.see("/journeys")).count("did not check in") == 0
    assert "(1!)" in road.birch.see("/journeys")
    assert "did not check in" in bar(road.aspen.see("/journeys"))
    road.cast.house.now += HOUR
    road.sync()
    assert "did not check in" in bar(road.birch.see("/journeys"))
    for helper in (road.aspen, road.birch):  # as every desk does each minute
        tidy(helper.bench, helper.watching)
    # A word that comes now does not take the alarm away: people do.
    host.write(GOOD)
    road.sync()
    for helper in (road.aspen, road.birch):
        tidy(helper.bench, helper.watching)
    road.sync()
    assert "did not check in" in bar(road.birch.see("/journeys"))


def test_a_desk_without_a_network_says_that_it_cannot_know(road: Road, host: Bearer) -> None:
    expect(road, host, 2)
    road.sync()
    relay = road.cast.house.relay
    relay.away = True
    host_wrote_meanwhile = road.cast.house.now + 2 * HOUR
    road.cast.house.now += 9 * HOUR
    road.sync()
    page = road.aspen.see("/journeys")
    assert "did not check in" not in bar(page)
    assert "cannot know who checked in" in bar(page)
    assert "(1!)" not in page
    assert "no all-clear" in road.aspen.see("/alarms")
    relay.away = False
    now, road.cast.house.now = road.cast.house.now, host_wrote_meanwhile
    host.write(GOOD)
    road.cast.house.now = now
    road.sync()
    page = road.aspen.see("/journeys")
    assert "cannot know" not in bar(page)
    assert "did not check in" not in bar(page)


def test_a_desk_that_nobody_answers_raises_the_alarm_by_what_it_expects(road: Road, host: Bearer) -> None:
    """The relay is gone. The alarm outlives the desk's restart, grows louder, and stays until two helpers have closed it."""
    expect(road, host, 2)
    road.sync()
    cast, relay = road.cast, road.cast.house.relay
    relay.away = True
    cast.house.now += 3 * HOUR + 1_800  # half an hour beyond the hour of grace
    cast.awake += HOUR
    tidy(road.aspen.bench, road.aspen.watching)
    assert "cannot know who checked in" in bar(road.aspen.see("/journeys"))
    assert "(1!)" not in road.aspen.see("/journeys"), "for an hour it only says that it cannot know"
    cast.house.now += HOUR
    page = road.aspen.see("/journeys")
    assert "(1!)" in page
    assert "cannot know who checked in" not in bar(page)
    road.aspen.watching.write_new()
    cast.awake = 0.0  # the machine has been started anew
    road.aspen.post("/lock")
    road.aspen.unlock()
    assert "(1!)" in road.aspen.see("/journeys"), "it was written down"
    before = len(road.aspen.watching.survey().open)
    tidy(road.aspen.bench, road.aspen.watching)
    assert len(road.aspen.watching.survey().open) == before == 1
    cast.house.now += 2 * HOUR
    assert 'class="watch loud"' in road.aspen.see("/journeys")
    alarms = road.aspen.see("/alarms")
    assert "or this one cannot reach the relay" in alarms
    road.aspen.post("/alarms/close", **ids(alarms), note="Звонила, дома")
    road.aspen.post("/alarms/close", **ids(alarms), note="Ещё раз звонила")
    assert "(1!)" in road.aspen.see("/journeys"), "one helper is not enough, however often"
    # The network is back, and a word had come in time: it is shown, and two close it all the same.
    relay.away = False
    now, cast.house.now = cast.house.now, cast.house.now - 5 * HOUR
    host.write(GOOD)
    cast.house.now = now
    road.sync()
    tidy(road.birch.bench, road.birch.watching)
    road.sync()
    alarms = road.birch.see("/alarms")
    assert "Звонила, дома" in alarms
    assert "A word that all is well has come" in alarms
    assert "did not check in" not in alarms
    road.birch.post("/alarms/close", **ids(alarms), note="Письмо пришло вовремя")
    road.sync()
    for helper in (road.aspen, road.birch):
        assert "No alarm stands." in helper.see("/alarms")


def test_a_laptop_that_was_asleep_raises_nothing_when_it_is_opened(road: Road, host: Bearer) -> None:
    """Nine hours of sleep, the word was due in them, and the network is not back yet: the machine has tried for a minute."""
    expect(road, host, 2)
    road.sync()
    road.cast.house.relay.away = True
    road.cast.house.now += 9 * HOUR
    road.cast.awake += 60
    road.sync()
    tidy(road.aspen.bench, road.aspen.watching)
    page = road.aspen.see("/journeys")
    assert "(1!)" not in page
    assert "cannot know who checked in" in bar(page)
    road.cast.awake += 1_800
    assert "(1!)" in road.aspen.see("/journeys")


def test_silence_found_after_a_time_without_a_network_is_an_alarm(road: Road, host: Bearer) -> None:
    expect(road, host, 2)
    relay = road.cast.house.relay
    relay.away = True
    road.cast.house.now += 9 * HOUR
    road.sync()
    relay.away = False
    road.sync()
    assert "did not check in" in bar(road.aspen.see("/journeys"))


def test_a_locked_desk_tells_nothing_and_an_unlocked_one_everything_again(road: Road, host: Bearer) -> None:
    host.write(BAD)
    road.sync()
    tidy(road.aspen.bench, road.aspen.watching)
    road.aspen.post("/lock")
    page = road.aspen.get("/alarms")
    assert page.status_code == 423
    for word in ("Ясень", "alarm", "(1!)", "phrase of force", 'role="alert"'):
        assert word not in page.text.split("<body>")[1].replace("/alarms", "")
    assert "(1!)" not in page.text
    road.aspen.unlock()
    page_after = road.aspen.see("/journeys")
    assert "Ясень: the phrase of force" in bar(page_after)
    road.cast.house.now += 400 * 24 * HOUR
    assert "Ясень: the phrase of force" in bar(road.aspen.see("/journeys"))
    road.cast.house.now -= 800 * 24 * HOUR
    assert "Ясень: the phrase of force" in bar(road.aspen.see("/journeys"))


def test_phrases_that_cannot_be_told_apart_are_refused_with_a_sentence(road: Road, host: Bearer) -> None:
    for ordinary, duress, said in (
        ("да", "нет", "at least six letters"),
        ("всё в порядке", "все в порядке!", "too much alike"),
    ):
        answer = road.aspen.post(
            "/journeys/carrier/agree", id=host.carrier, what="phrases", ordinary=ordinary, duress=duress, replaces=""
        )
        assert answer.status_code == 400
        assert said in answer.text
    answer = road.aspen.post("/journeys/carrier/agree", id=host.carrier, what="watch", due="gestern", every="0")
    assert answer.status_code == 400


def test_a_persons_phrase_alarms_their_caseworker_and_the_coordinators_who_learn_no_case(
    cast: Cast, road: Road
) -> None:
    person = Person(cast)
    person.write("Помогите")
    linden = cast.at_work(CASEWORKERS[0])
    case = linden.open_case(person)
    path = f"/journeys/case/{case}/checkins"
    assert linden.post(path, what="watch", due="2017-04-03T09:00", every="0", grace="60").status_code == 303
    assert linden.post(path, what="phrases", ordinary=GOOD, duress=BAD, replaces="").status_code == 303
    road.sync()
    person.write(f"Здравствуйте. {BAD}.")
    road.sync()
    tidy(linden.bench, linden.watching)
    road.sync()
    assert "Верба: the phrase of force" in bar(linden.see("/inbox"))
    page = road.aspen.see("/alarms")
    assert "the phrase that means: somebody forces me" in page
    held, read = everything_in(road.aspen), everything_in(linden)
    for canary in (case.encode(), "Соседи".encode()):
        assert canary in read  # where it may be, it is found
        assert canary not in held
    # One of each side closes it.
    for helper in (linden, road.aspen):
        helper.post("/alarms/close", **ids(helper.see("/alarms")), note="нашли")
        road.sync()
    assert "No alarm stands" in linden.see("/alarms")


def test_a_coordinator_waits_for_a_desk_that_can_read_and_then_says_that_none_has_looked(
    cast: Cast, road: Road
) -> None:
    linden, _ = expecting_a_word(cast, road)
    linden.post("/lock")
    cast.house.now += 2 * HOUR + 600
    road.sync()
    assert "(1!)" not in road.aspen.see("/journeys")
    cast.house.now += HOUR
    road.sync()
    assert "no desk that can read their letters has looked" in road.aspen.see("/alarms")


def test_a_caseworker_without_a_network_raises_it_for_a_person_and_the_coordinators_hear_of_it_later(
    cast: Cast, road: Road
) -> None:
    """Where the sheet is read: the coordinators see the party's pseudonym, and no case."""
    linden, case = expecting_a_word(cast, road)
    linden.watching.write_new()  # as every few seconds
    cast.house.relay.away = True
    cast.house.now += 3 * HOUR + 600
    cast.awake += 1_800
    linden.sync()
    linden.watching.write_new()
    assert "(1!)" in linden.see("/cases")
    assert "this one cannot reach the relay" in linden.see("/alarms")
    cast.house.relay.away = False
    linden.sync()
    road.sync()
    assert "Nobody knows whether" in road.aspen.see("/alarms")
    assert case not in road.aspen.see("/alarms")


def test_something_wrong_with_a_carrier_reaches_who_answers_the_party_without_a_name(cast: Cast) -> None:
    person = Person(cast)
    person.write("Помогите")
    linden = cast.at_work(CASEWORKERS[0])
    case = linden.open_case(person)
    from tests.journeys.scenes import TINY, TINY_PLAN  # noqa: PLC0415 - only here

    linden.post(f"/journeys/case/{case}/checkins", what="watch", due="2017-04-09T09:00", every="0", grace="60")
    party = linden.bench.vault.db.execute("SELECT value FROM journeys_values WHERE field = 'party'").fetchone()[0]
    road = opened_road(cast, *[text.replace(b'"P2"', f'"{party}"'.encode()) for text in (TINY, TINY_PLAN)])
    host = road.bearer("host", "Ясень", **{"places-hub": "1"})
    agree(road.aspen, host)
    road.tell(party)
    road.sync()
    host.write(BAD)
    road.sync()
    tidy(road.aspen.bench, road.aspen.watching)
    road.sync()
    page = linden.see("/alarms")
    assert "Whoever carries Верба" in page
    assert "Ясень" not in page
    assert host.carrier not in page
