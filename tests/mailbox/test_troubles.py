"""Bad input: each gets a calm sentence that says what to do, and nothing is lost."""

from __future__ import annotations

import asyncio
from hashlib import sha256
from typing import Any

import httpx
import pytest

from kunak.mailbox import derivation, place, writing
from kunak.mailbox.mailroom import LONGEST_TEXT, Draft, Mailroom
from kunak.relay.refusals import Full
from kunak.sealing.code import Code, CodeMistake, MailboxKeys, new_code, word_list
from tests.mailbox.house import Browser, House
from tests.mailbox.test_journey import LETTER, come_back, write
from tests.mailbox.test_visit import request

HALF_AN_HOUR = 1_801.0


def test_a_wrong_code_says_what_to_look_at(house: House, browser: Browser) -> None:
    write(browser)
    page = come_back(house.browser(), str(new_code("en")))
    assert page.response.status_code == 422
    assert "No mailbox opens with these words" in page.text


def test_a_code_that_never_was_and_one_that_was_deleted_look_the_same(house: House, browser: Browser) -> None:
    code = write(browser)
    browser.send("/code").follow("Delete everything").send("/forget", sure="1")
    deleted = come_back(house.browser(), code).text.replace(code, "")
    unknown = str(new_code("en"))
    assert come_back(house.browser(), unknown).text.replace(unknown, "") == deleted


def test_a_typing_slip_is_corrected_by_one_more_press(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = write(browser)
    words = code.split()
    slipped = [*words[:2], "slipp", *words[3:]]

    def doubtful(_: str) -> None:
        raise CodeMistake(slipped, {2: [words[2], "slope"]})

    with monkeypatch.context() as patch:
        patch.setattr(place, "read_code", doubtful)
        page = come_back(house.browser(), " ".join(slipped))
    assert page.response.status_code == 422
    assert f"Word 3, “slipp”, is not in our list. Perhaps: {words[2]}, slope." in page.text
    assert "If it looks right, press once more" in page.text
    assert "No new answer" in page.send("/return").text


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_real_slip_in_a_real_code_is_understood(house: House, language: str) -> None:
    words = write(house.browser(language)).split()
    place_of_longest = max(range(7), key=lambda place: len(words[place]))
    longest = words[place_of_longest]
    slipped = longest[:2] + longest[3:]  # the third letter left out
    typed = [*words[:place_of_longest], slipped, *words[place_of_longest + 1 :]]
    page = come_back(house.browser(language), " ".join(typed))
    assert longest in page.text or slipped in word_list(language)


@pytest.mark.parametrize(
    ("words", "suggestions", "meant"),
    [
        (["onetwo", *"cdefg"], {0: ["one two"]}, "one two c d e f g"),
        (["onetwo", *"cdef"], {0: ["one two"]}, ""),
        ([*"abcdef", "x"], {6: ["g", "h"]}, "a b c d e f g"),
        ([*"abcdef", "x"], {6: []}, ""),
        ([*"abcdef"], {}, ""),
    ],
)
def test_a_code_is_corrected_only_if_it_then_has_seven_words(
    words: list[str], suggestions: dict[int, list[str]], meant: str
) -> None:
    assert place.code_trouble(CodeMistake(words, suggestions)).about["meant"] == meant


def test_a_word_that_is_like_none_stays_as_it_was_typed(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = "one two three four five six xyzzzy"

    def doubtful(_: str) -> None:
        raise CodeMistake(typed.split(), {6: []})

    monkeypatch.setattr(place, "read_code", doubtful)
    page = come_back(browser, typed)
    assert "Word 7, “xyzzzy”, is not in our list." in page.text
    assert page.form("/return")["code"] == typed


def test_six_words_are_counted_aloud_and_kept_in_the_field(house: House, browser: Browser) -> None:
    code = write(browser)
    six = " ".join(code.split()[:6])
    page = come_back(house.browser(), six)
    assert "The code has seven words; you have given 6." in page.text
    assert page.form("/return")["code"] == six


def test_a_code_typed_generously_opens(house: House, browser: Browser) -> None:
    code = write(browser)
    generous = "\n".join(f"{place}. {word.upper()}," for place, word in enumerate(code.split(), 1))
    assert "No new answer" in come_back(house.browser(), generous).text


def test_no_code_at_all_is_asked_for(house: House, browser: Browser) -> None:
    assert "Enter the seven words" in come_back(browser, "  ").text


def test_an_expired_visit_keeps_the_letter_and_asks_for_the_code(house: House, browser: Browser) -> None:
    code = write(browser)
    browser.send("/code")
    house.time.ticks += HALF_AN_HOUR
    browser.send("/letters", text="This took me long to write.")
    assert "closed itself after half an hour" in browser.text
    assert browser.form("/letters")["text"] == "This took me long to write."
    browser.send("/letters", code=code)
    assert "Your letter is sealed and with us." in browser.text
    assert [letter.number for letter in house.letters()] == [1, 2]
    assert house.letters()[1].text == "This took me long to write."


def test_an_expired_visit_keeps_the_letter_while_the_code_is_typed_wrong(house: House, browser: Browser) -> None:
    write(browser)
    browser.send("/code")
    house.time.ticks += HALF_AN_HOUR
    browser.send("/letters", text="Kept.").send("/letters", code="only three words")
    assert "The code has seven words; you have given 3." in browser.text
    assert browser.form("/letters")["text"] == "Kept."


def test_an_expired_visit_keeps_what_was_wished_for_contact(house: House, browser: Browser) -> None:
    code = write(browser)
    browser.send("/code").open("/contact")
    house.time.ticks += HALF_AN_HOUR
    browser.send("/contact", never="Never call.")
    assert browser.form("/contact")["never"] == "Never call."
    browser.send("/contact", code=code)
    contact = house.letters()[1].contact
    assert contact is not None
    assert contact.never == "Never call."


def test_a_first_letter_on_an_old_page_is_kept_and_goes_with_one_more_press(house: House, browser: Browser) -> None:
    browser.open("/write")
    house.time.ticks += 2 * HALF_AN_HOUR
    browser.send("/write", text=LETTER)
    assert "had been open for a long time" in browser.text
    assert browser.form("/write")["text"] == LETTER
    assert house.letters() == []
    browser.send("/write")
    assert browser.code
    assert len(house.letters()) == 1


def test_a_form_from_another_site_is_not_taken(house: House, browser: Browser) -> None:
    stranger = house.browser().open("/write").form("/write")["token"]
    browser.open("/write").send("/write", token=stranger, text=LETTER)
    assert browser.response.status_code == 422
    assert house.letters() == []


def test_a_browser_without_cookies_is_told_so_instead_of_going_round_in_circles(house: House, browser: Browser) -> None:
    browser.open("/write")
    browser.client.cookies.clear()
    browser.send("/write", text=LETTER)
    browser.client.cookies.clear()
    browser.send("/write")
    assert "Your browser keeps no cookies" in browser.text
    assert browser.form("/write")["text"] == LETTER


def test_an_empty_letter_is_not_sent(house: House, browser: Browser) -> None:
    browser.open("/write").send("/write", text=" \n ")
    assert "There is nothing in it yet" in browser.text
    assert house.letters() == []


def test_a_letter_too_long_comes_back_whole(house: House, browser: Browser) -> None:
    text = "слово " * 4_000
    browser.open("/write").send("/write", text=text)
    assert f"{len(text)} characters, and {LONGEST_TEXT} fit" in browser.text
    assert browser.form("/write")["text"] == text
    assert house.letters() == []


def test_a_letter_of_the_greatest_length_goes(house: House, browser: Browser) -> None:
    write(browser, "ж" * LONGEST_TEXT)
    assert len(house.letters()[0].text) == LONGEST_TEXT


def test_a_letter_sent_twice_is_one_letter_with_one_code(house: House, browser: Browser) -> None:
    browser.open("/write")
    form = browser.form("/write") | {"text": LETTER}
    parts = [(name, (None, value)) for name, value in form.items()]
    answers = [browser.client.post("/write?lang=en", files=parts) for _ in range(2)]
    codes = {answer.text.split('class="words card"')[1].split("</ol>")[0] for answer in answers}
    assert len(codes) == 1
    assert len(house.letters()) == 1


def test_a_first_letter_corrected_after_going_back_is_a_second_letter_under_the_same_code(
    house: House, browser: Browser
) -> None:
    browser.open("/write")
    form = browser.form("/write")
    browser.send("/write", text="first version")
    browser.client.post(
        "/write?lang=en", files=[(name, (None, value)) for name, value in (form | {"text": "second"}).items()]
    )
    assert len(house.log.read(0)) == 2
    assert len({envelope.label for envelope in house.log.read(0)}) == 2


def test_a_letter_sent_twice_at_the_same_moment_is_one_letter_with_one_code(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(code: Code) -> bytes:
        return sha256(code.spelling.encode()).digest()

    async def slowly(*works: Any) -> list[Any]:
        await asyncio.sleep(0.05)
        return await together(*works)

    # Without the wait for the derivation, which would put the five into a row, and with a slow disk.
    together = house.log.together
    monkeypatch.setattr(house.place.derivation, "root", at_once)
    monkeypatch.setattr(house.log, "together", slowly)
    browser.open("/write")
    parts = [(name, (None, value)) for name, value in (browser.form("/write") | {"text": LETTER}).items()]
    cookies = dict(browser.client.cookies)

    async def both() -> set[str]:
        transport = httpx.ASGITransport(house.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://house.test", cookies=cookies) as client:
            answers = await asyncio.gather(*(client.post("/write?lang=en", files=parts) for _ in range(5)))
            shown = [{"cookie": answer.headers["set-cookie"].split(";")[0]} for answer in answers]
            client.cookies.clear()
            pages = [await client.get("/code?lang=en", headers=each) for each in shown]
        return {page.text.split('class="words card"')[1].split("</ol>")[0] for page in pages}

    assert len(asyncio.run(both())) == 1
    assert len(house.letters()) == 1


def test_what_another_process_wrote_in_the_same_moment_is_not_overwritten(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(browser)
    browser.send("/code")
    visit = house.place.visits.of(request(f"s={browser.client.cookies['s']}"))
    assert visit is not None
    keys = MailboxKeys.from_root(visit.root)
    other = Mailroom(house.log, house.place.mailroom.standing, lambda: house.time.wall)
    together = house.log.together

    async def interrupted(*works: Any) -> list[Any]:
        monkeypatch.setattr(house.log, "together", together)
        await other.send(keys, Draft(bytes(32), "en", "From the other process."))
        return await together(*works)

    monkeypatch.setattr(house.log, "together", interrupted)
    browser.send("/letters", text="From this one.")
    assert "Your letter is sealed and with us." in browser.text
    assert [(letter.number, letter.text[:8]) for letter in house.letters()[1:]] == [(2, "From the"), (3, "From thi")]
    assert len(house.place.mailroom.look(keys).state.letters) == 3


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/write", {"text": "x"}),
        ("/letters", {"text": "x"}),
        ("/letters/read", {"numbers": "1", "leave": "1"}),
        ("/contact", {"how": "x"}),
        ("/forget", {"sure": "1"}),
        ("/code", {"kept": "1"}),
    ],
)
@pytest.mark.parametrize("token", ["", "rubbish", "stranger"])
def test_no_form_does_anything_without_a_token_of_its_visit(
    house: House, browser: Browser, path: str, fields: dict[str, str], token: str
) -> None:
    code = write(browser)
    (letter,) = house.letters()
    house.reply(letter, "Unread.")
    if token == "stranger":
        token = house.browser().open("/write").form("/write")["token"]
    browser.client.post(path, data={**fields, "token": token})
    assert len(house.log.read(0)) == 1
    assert len(house.log.waiting()) == 1
    assert house.log.mailbox(letter.mailbox) is not None
    assert browser.open("/code").code == code


def test_a_visit_that_is_over_says_why_the_code_is_asked_for_again(house: House, browser: Browser) -> None:
    write(browser)
    browser.send("/code")
    house.time.ticks += HALF_AN_HOUR
    assert "closed itself after half an hour" in browser.open("/letters").text
    assert "closed itself" not in house.browser().open("/letters").text


def test_a_later_letter_sent_twice_is_one_letter(house: House, browser: Browser) -> None:
    write(browser)
    browser.send("/code")
    form = browser.form("/letters") | {"text": "once"}
    for _ in range(2):
        browser.client.post("/letters?lang=en", files=[(name, (None, value)) for name, value in form.items()])
    assert len(house.letters()) == 2


def test_a_full_relay_says_so_and_gives_the_letter_back(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*works: Any) -> list[Any]:
        raise Full("The relay's disk is full.")

    browser.open("/write")
    with monkeypatch.context() as patch:
        patch.setattr(house.log, "together", full)
        browser.send("/write", text=LETTER)
        assert browser.response.status_code == 503
        assert "no room at this moment" in browser.text
        assert browser.form("/write")["text"] == LETTER
    browser.send("/write")
    assert browser.code
    assert len(house.letters()) == 1


def test_a_full_relay_keeps_nobody_from_deleting_the_mailbox(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = house.log.together

    async def full(*works: Any) -> list[Any]:
        if len(works) > 1:
            raise Full("The relay's disk is full.")
        return await together(*works)

    write(browser)
    mailbox = house.letters()[0].mailbox
    browser.send("/code").open("/forget")
    monkeypatch.setattr(house.log, "together", full)
    browser.send("/forget", sure="1")
    assert browser.response.status_code == 503
    assert "Nothing was deleted yet" in browser.text
    assert house.log.mailbox(mailbox) is not None
    browser.send("/forget", sure="1", here_only="1")
    assert "Everything is deleted" in browser.text
    assert house.log.mailbox(mailbox) is None


def test_a_crowd_is_asked_to_press_once_more(house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.open("/write")
    monkeypatch.setattr(derivation, "MOST_WAITING", 0)
    browser.send("/write", text=LETTER)
    assert browser.response.status_code == 503
    assert "Very many people are here" in browser.text
    assert browser.form("/write")["text"] == LETTER


def test_a_helpline_that_is_not_open_yet_says_so(tmp_path: Any) -> None:
    house = House(tmp_path, announced=False)
    browser = house.browser().open("/")
    assert "this page is being prepared" in browser.text
    assert 'href="/write' not in browser.page
    house.close()


def test_a_damaged_record_still_shows_the_replies_and_says_what_to_do(house: House, browser: Browser) -> None:
    code = write(browser)
    (letter,) = house.letters()
    house.reply(letter, "Still here.")
    asyncio.run(house.log.replace_state(letter.mailbox, bytes(2_048)))
    page = come_back(house.browser(), code)
    assert "Still here." in page.text
    assert "The record of this mailbox is damaged" in page.text


def test_a_mailbox_deleted_from_another_window_is_said_to_be_gone(house: House, browser: Browser) -> None:
    write(browser)
    browser.send("/code")
    asyncio.run(house.log.delete_mailbox(house.letters()[0].mailbox))
    assert "This mailbox is no longer there" in browser.open("/letters").text


def test_a_clock_that_jumps_ends_no_visit(house: House, browser: Browser) -> None:
    write(browser)
    browser.send("/code")
    for jump in (400 * 86_400, -800 * 86_400):
        house.time.wall += jump
        assert "Write more" in browser.open("/letters").text


def test_a_letter_that_breaks_off_is_not_sent_and_what_arrived_is_given_back(house: House, browser: Browser) -> None:
    browser.open("/write")
    token = browser.form("/write")["token"]
    body = (
        f'--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n{token}\r\n'
        f'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nThey came on'
    )
    browser.response = browser.client.post(
        "/write?lang=en", content=body, headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert browser.response.status_code == 400
    assert "The connection broke off" in browser.text
    assert browser.form("/write")["text"] == "They came on"
    assert house.letters() == []


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/nowhere", 404, {"en": "There is no such page", "ru": "Такой страницы нет"}),
        ("DELETE", "/write", 405, {"en": "cannot be opened like this", "ru": "Так эту страницу открыть нельзя"}),
        ("GET", "/letters/read", 405, {"en": "cannot be opened like this", "ru": "Так эту страницу открыть нельзя"}),
    ],
)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_wrong_address_is_answered_in_the_readers_language(
    house: House, method: str, path: str, status: int, words: dict[str, str], language: str
) -> None:
    response = house.browser().client.request(method, path, headers={"accept-language": language})
    assert response.status_code == status
    assert words[language] in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]


def test_a_failure_of_ours_shows_no_trace_and_logs_no_word(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: Any) -> None:
        raise ValueError(LETTER)

    browser.open("/write")
    monkeypatch.setattr(writing, "new_code", fails)
    browser.send("/write", text=LETTER)
    assert browser.response.status_code == 500
    assert "Something went wrong on our side" in browser.text
    assert "Traceback" not in browser.page
    assert "default-src 'none'" in browser.response.headers["content-security-policy"]
    assert [record.message.split(":")[0] for record in caplog.records if record.name == "kunak"] == ["failed"]
    assert "brother" not in caplog.text
