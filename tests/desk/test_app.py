"""The desk as a browser sees it: every page by everybody, and what the desk says when something is wrong."""

from __future__ import annotations

import errno
import threading
from typing import NoReturn

import pytest

from kunak.desk import hindrance
from kunak.desk.epochs import revoke
from kunak.desk.relay_client import RelayRefused, Unreachable
from kunak.helpline.naming import short_name
from kunak.sealing.letter import FileReference
from kunak.vault import troubles
from kunak.vault.spare import SpareFile
from tests.cast import ADMIN, CASEWORKERS, COORDINATOR, REVOKED, Cast, Person

EVERYBODY = [*CASEWORKERS, COORDINATOR, ADMIN, REVOKED]


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("callsign", EVERYBODY)
def test_every_page_opens_for_everybody_in_both_languages(cast: Cast, callsign: str, language: str) -> None:
    Person(cast).write("Здравствуйте")
    helper = cast.at_work(callsign)
    helper.post("/language", language=language, to="/")
    for path in (
        "/",
        "/inbox?tab=spam",
        "/cases",
        "/cases?status=closed&order=due&mine=1",
        "/tasks?mine=1",
        "/call",
        "/wordings",
        "/sync",
        "/help",
        "/search",
        "/search?q=привет&page=2",
    ):
        page = helper.see(path)
        assert f'lang="{language}"' in page


def test_who_does_not_hold_the_inbox_is_told_so_and_sees_no_letter(cast: Cast) -> None:
    person = Person(cast)
    person.write("моя улица Каштановая")
    aspen = cast.at_work(COORDINATOR)
    assert "does not hold the inbox" in aspen.see("/inbox")
    assert aspen.get(f"/person/{person.mailbox}").status_code == 404
    assert "Каштановая" not in aspen.see("/search?q=Каштановая").replace("“Каштановая”", "").replace(
        'value="Каштановая"', ""
    )
    assert "Only caseworkers" in aspen.see("/call")


def test_a_helper_who_was_revoked_reads_nothing_that_comes_afterwards(cast: Cast) -> None:
    oak, linden, elder = (cast.at_work(callsign) for callsign in (ADMIN, "Linden", REVOKED))
    person = Person(cast)
    person.write("первое письмо")
    cast.everybody_syncs()
    assert "первое письмо" in elder.see("/inbox?tab=new")
    revoke(oak.bench, elder.bench.keyring.own.id)
    cast.everybody_syncs()
    linden.post(f"/person/{person.mailbox}/remark", text="это не для него")
    cast.everybody_syncs()
    assert "это не для него" in linden.see(f"/person/{person.mailbox}")
    assert "это не для него" not in elder.see(f"/person/{person.mailbox}")


def test_everything_that_a_person_writes_is_shown_as_text(cast: Cast) -> None:
    nasty = "<script>alert(1)</script> <img src=x onerror=alert(2)> {{ 7*7 }} &amp; \u202eгнп.exe"
    person = Person(cast)
    person.write(nasty)
    linden = cast.at_work("Linden")
    case = linden.open_case(person, "<b>Верба</b>")
    for path in (
        "/inbox?tab=us",
        "/cases",
        f"/cases/{case}",
        f"/cases/{case}/identity",
        f"/person/{person.mailbox}",
        "/search?q=alert",
    ):
        page = linden.see(path)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>Верба" not in page
        assert "49" not in page.partition("alert(2)")[2][:40]


def test_no_page_may_run_or_load_anything_of_anybody_else(cast: Cast) -> None:
    linden = cast.at_work("Linden")
    answer = linden.get("/inbox")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http:" not in policy
    assert answer.headers["cache-control"] == "no-store, no-cache"
    assert answer.headers["referrer-policy"] == "same-origin", "no-referrer would make browsers send Origin: null"


def test_a_relay_that_is_away_is_said_on_every_page_and_work_goes_on(cast: Cast) -> None:
    person = Person(cast)
    person.write("Помогите")
    linden = cast.at_work("Linden")
    assert "in sync" in linden.see("/inbox")
    cast.house.relay.away = True
    linden.post(f"/person/{person.mailbox}/reply", text="Мы рядом", seen="")
    linden.sync()
    page = linden.see("/sync")
    assert "relay is away" in page
    assert "wait to be sent" in page or "waits to be sent" in page
    assert "Мы рядом" in linden.see(f"/person/{person.mailbox}")
    assert person.replies() == []
    cast.house.relay.away = False
    linden.sync()
    assert [reply.text for reply in person.replies()] == ["Мы рядом"]
    assert "in sync" in linden.see("/sync")


@pytest.mark.parametrize(
    ("word", "english", "russian"),
    [
        ("full", "disk is full", "полон диск"),
        ("clock", "Set this machine&#39;s date", "Поставьте здесь дату"),
        ("not-allowed", "it was revoked", "его отозвали"),
        ("busy", "tries again by itself", "само попробует ещё раз"),
    ],
)
def test_what_the_relay_refuses_is_said_with_what_to_do_and_nothing_is_lost(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, word: str, english: str, russian: str
) -> None:
    person = Person(cast)
    person.write("Помогите")
    linden = cast.at_work("Linden")
    linden.post(f"/person/{person.mailbox}/reply", text="Мы рядом", seen="")

    def refuse(*_: object) -> NoReturn:
        raise RelayRefused(word, "words for whoever runs the relay", again=word in ("full", "busy"))

    with monkeypatch.context() as patch:
        patch.setattr(cast.house.relay, "append", refuse)
        linden.sync()
        page = linden.see("/sync")
        assert english in page
        assert "relay is away" not in page
        linden.post("/language", language="ru", to="/sync")
        assert russian in linden.see("/sync")
    assert person.replies() == []
    linden.sync()
    assert [reply.text for reply in person.replies()] == ["Мы рядом"]


@pytest.mark.parametrize(("language", "said"), [("en", "disk is full"), ("ru", "полон диск")])
def test_a_full_disk_of_this_machine_is_said_and_nothing_is_lost(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    person = Person(cast)
    person.write("Помогите")
    linden = cast.at_work("Linden")
    linden.post("/language", language=language, to="/")

    def full(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(SpareFile, "append", full)
        answer = linden.post(f"/person/{person.mailbox}/reply", text="Мы рядом", seen="")
        assert answer.status_code == 507
        assert said in answer.text
        Person(cast).write("Ещё письмо, пока диск полон")
    assert "Мы рядом" not in linden.see(f"/person/{person.mailbox}")
    linden.post(f"/person/{person.mailbox}/reply", text="Мы рядом", seen="")
    linden.sync()
    assert [reply.text for reply in person.replies()] == ["Мы рядом"]
    assert "пока диск полон" in linden.see("/inbox")


def test_a_sync_that_meets_a_full_disk_says_so_and_goes_on_when_there_is_room(cast: Cast) -> None:
    linden = cast.at_work("Linden")
    Person(cast).write("Пишу, пока диск полон")
    db = linden.bench.vault.db
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages}").fetchall()
    state = linden.desk.lock.opened.sync.step()  # type: ignore[union-attr]
    assert state.now == hindrance.DISK_FULL
    db.execute("PRAGMA max_page_count = 1000000").fetchall()
    linden.sync()
    assert "пока диск полон" in linden.see("/inbox")


def test_the_sync_goes_on_after_a_failure_of_ours(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    linden = cast.at_work("Linden")
    opened = linden.desk.lock.opened
    assert opened is not None
    tried, again = threading.Event(), threading.Event()

    def fails() -> NoReturn:
        (again if tried.is_set() else tried).set()
        raise ZeroDivisionError

    monkeypatch.setattr(opened.sync, "step", fails)
    opened.sync.start(pause=0.01)
    assert again.wait(60)
    assert "tries again by itself" in linden.see("/sync")
    opened.sync.stop()


def test_an_alarm_is_put_away_once_an_admin_knows_and_comes_back_if_it_happens_again(cast: Cast) -> None:
    linden = cast.at_work("Linden")
    sentence = "The relay skipped part of its log."

    def it_happens(kind: str = "relay-hole", about: str = "position 7") -> None:
        with linden.bench.vault.transaction() as db:
            troubles.note(db, kind, about, "…", linden.bench.clock())

    it_happens()
    it_happens("missing", "intake 1234")
    assert sentence in linden.see("/inbox")
    page = linden.see("/sync")
    assert page.count("An admin knows: put it away") == 1, "what ends by itself is not put away by hand"
    assert "<h2>Put away</h2>" not in page
    linden.post("/sync/known", kind="relay-hole", about="position 7")
    linden.post("/sync/known", kind="missing", about="intake 1234")
    linden.post("/sync/known", kind="relay-hole", about="position 8")
    page = linden.see("/inbox")
    assert sentence not in page
    assert "Something that a helper wrote is missing" in page
    assert "put away: " in linden.see("/sync").partition("<h2>Put away</h2>")[2].partition(sentence)[2]
    cast.house.now += 60
    it_happens()
    assert sentence in linden.see("/inbox")
    assert "<h2>Put away</h2>" not in linden.see("/sync")


def test_a_clock_that_went_back_is_said_until_the_relay_has_agreed_with_it(cast: Cast) -> None:
    linden = cast.at_work("Linden")
    now = cast.house.now
    person = Person(cast)
    person.write("Помогите")
    linden.sync()
    linden.post(f"/person/{person.mailbox}/remark", text="кто берёт?")
    cast.house.now -= 86_400
    linden.post(f"/person/{person.mailbox}/remark", text="я беру")
    assert [each.kind for each in troubles.standing(linden.bench.vault.db)] == ["clock-back"]
    cast.house.now = now
    linden.sync()
    assert troubles.standing(linden.bench.vault.db) == []


def test_a_clock_that_went_back_is_named_on_every_page(cast: Cast) -> None:
    person = Person(cast)
    person.write("Помогите")
    linden = cast.at_work("Linden")
    linden.post(f"/person/{person.mailbox}/remark", text="кто берёт?")
    cast.house.now -= 30 * 86_400
    linden.post(f"/person/{person.mailbox}/remark", text="я беру")
    assert "clock went back" in linden.see("/cases")
    texts = linden.see(f"/person/{person.mailbox}")
    assert "кто берёт?" in texts
    assert "я беру" in texts


def test_what_does_not_exist_and_what_is_not_ours_look_the_same(cast: Cast) -> None:
    linden = cast.at_work("Linden")
    for path in ("/cases/" + "0" * 32, "/person/" + "0" * 32, "/file/x/0", "/nothing", "/cases/x/identity"):
        answer = linden.get(path)
        assert answer.status_code == 404, path
        assert "nothing here that this desk may read" in answer.text


def test_a_failure_in_a_page_is_a_calm_sentence_without_its_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    linden = cast.at_work("Linden")

    def broken(*_: object, **__: object) -> None:
        raise ValueError("secret words of a person")

    monkeypatch.setattr("kunak.cases.listing.page", broken)
    answer = linden.get("/cases")
    assert answer.status_code == 500
    assert "Something failed in the desk itself" in answer.text
    assert "secret words" not in answer.text


def test_the_state_of_the_sync_alone_can_be_asked_for(cast: Cast) -> None:
    linden = cast.at_work("Linden")
    answer = linden.get("/status")
    assert 'id="sync"' in answer.text
    assert "<html" not in answer.text


def test_search_goes_over_letters_and_cases_and_finds_a_person_by_six_signs(cast: Cast) -> None:
    person = Person(cast)
    person.write("Отца увезли ночью")
    linden = cast.at_work("Linden")
    assert short_name(person.mailbox) in linden.see("/search?q=отец ночь")
    assert f'href="/person/{person.mailbox}"' in linden.see(f"/search?q={short_name(person.mailbox).lower()}")
    case = linden.open_case(person, "Маяк")
    linden.post(f"/cases/{case}/note", text="Звонил брат из Пятигорска", kind="note")
    page = linden.see("/search?q=братья пятигорск")
    assert "Маяк" in page or "Nothing that this desk" in page
    assert f"/cases/{case}" in linden.see("/search?q=брат")
    letter = linden.see("/search?q=отец")
    assert "Маяк" in letter
    assert f"/cases/{case}#s-" in letter


def test_a_file_while_the_relay_is_away_is_a_calm_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: object, blob: bytes) -> bytes:
        raise Unreachable("away")

    monkeypatch.setattr("tests.honest_relay.HonestRelay.get_blob", away)
    person = Person(cast)
    person.write("фото", files=(FileReference("a.jpg", 5_000, b"1" * 32, "image/jpeg", True),))
    linden = cast.at_work("Linden")
    (letter,) = linden.bench.vault.db.execute("SELECT letter FROM helpline_letters").fetchone()
    answer = linden.post(f"/file/{letter}/0/picture")
    assert answer.status_code == 502
    assert "Try again when it is back" in answer.text
