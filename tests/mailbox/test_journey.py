"""The way of a person: write, get the code, come back, read, write on, let go, leave, delete."""

from __future__ import annotations

import pytest

from kunak.sealing.hybrid import Identity
from kunak.sealing.letter import Contact, letter_label, open_letter
from kunak.sealing.signature import SigningKey
from tests.mailbox.house import Browser, House

LETTER = "They came to my brother's flat.\nI am afraid to go home."


def write(browser: Browser, text: str = LETTER) -> str:
    """A first letter; the code."""
    browser.open("/write").send("/write", text=text)
    return browser.code


def come_back(browser: Browser, code: str) -> Browser:
    return browser.open("/return").send("/return", code=code)


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "You can write to us here"), ("ru", "Сюда можно нам написать")]
)
def test_the_first_page_says_who_reads_how_to_check_and_what_happens_next(
    house: House, language: str, heading: str
) -> None:
    browser = house.browser(language).open("/")
    assert browser.response.status_code == 200
    assert heading in browser.text
    for word in house.place.mailroom.standing.sign(language):
        assert word in browser.text
    assert "set-cookie" not in browser.response.headers


def test_the_first_page_follows_what_the_helpline_says_of_itself(house: House) -> None:
    assert "Kunak helpline" in house.browser().open("/").text
    house.announce(version=2, name="the Helpline under another name")
    assert "the Helpline under another name" in house.browser().open("/").text


def test_a_letter_reaches_the_desk_as_it_was_typed_and_a_reply_comes_back(house: House, browser: Browser) -> None:
    code = write(browser)
    (letter,) = house.letters()
    assert (letter.text, letter.kind, letter.number, letter.language) == (LETTER, "text", 1, "en")
    browser.send("/code")
    assert "No new answer" in browser.text
    browser.open("/exit")
    house.reply(letter, "We are here. <b>Where</b> are you?", seen=(letter.id,))
    other = come_back(house.browser(), code)
    assert "1 answer for you" in other.text
    assert "We are here. <b>Where</b> are you?" in other.page
    assert "&lt;b&gt;Where" in other.response.text
    assert "read by us" in other.text


def test_a_later_letter_goes_to_the_case_once_a_reply_has_named_it(house: House, browser: Browser) -> None:
    write(browser)
    (letter,) = house.letters()
    assert letter.first is not None
    case = Identity.generate()
    house.reply(letter, "Write to us here.", write_to=bytes(case.recipient))
    browser.send("/code").send("/letters", text="I am in another town now.")
    assert "Your letter is sealed and with us." in browser.text
    envelope = house.log.read(0)[1]
    assert envelope.label == letter_label(letter.first.letter_key, 2)
    assert envelope.sealed is not None
    received = open_letter(envelope.sealed, [case])
    assert received.proven(letter.first.letter_key)
    assert (received.letter.text, received.letter.number) == ("I am in another town now.", 2)


def test_a_read_reply_is_gone_and_what_it_named_is_remembered(house: House, browser: Browser) -> None:
    code = write(browser)
    (letter,) = house.letters()
    house.reply(letter, "Read me once.", seen=(letter.id,))
    browser.send("/code").send("/letters/read")
    assert "Read me once." not in browser.text
    assert house.log.waiting() == []
    assert "Read me once." not in come_back(house.browser(), code).text
    assert "We have read your letter" in browser.text


def test_removing_takes_only_what_the_page_showed(house: House, browser: Browser) -> None:
    write(browser)
    (letter,) = house.letters()
    house.reply(letter, "Shown.")
    browser.send("/code")
    later = house.reply(letter, "Came meanwhile.")
    browser.send("/letters/read")
    assert house.log.waiting() == [later]
    assert "Came meanwhile." in browser.text


def test_remove_and_leave_ends_the_visit(house: House, browser: Browser) -> None:
    write(browser)
    (letter,) = house.letters()
    house.reply(letter, "Read me once.")
    browser.send("/code").send("/letters/read", leave="1")
    assert "The mailbox is closed" in browser.text
    assert house.log.waiting() == []
    assert "Good that you are back" in browser.open("/letters").text


def test_a_message_that_the_helpline_did_not_sign_is_not_shown(house: House, browser: Browser) -> None:
    write(browser)
    (letter,) = house.letters()
    house.reply(letter, "Come to the station at six.", key=SigningKey.generate())
    browser.send("/code")
    assert "Come to the station" not in browser.page
    assert "the helpline did not sign" in browser.text


def test_the_days_on_which_the_code_was_used_are_shown(house: House, browser: Browser) -> None:
    code = write(browser)
    browser.send("/code")
    assert "Nobody yet" in browser.text
    come_back(house.browser(), code)
    house.time.pass_by(86_400)
    come_back(house.browser(), code)
    page = come_back(house.browser(), code)
    assert "19 November 2026: 1 time" in page.text
    assert "20 November 2026 (today, this visit included): 2 times" in page.text


def test_read_marks_are_taken_in_and_do_not_stand_as_answers(house: House, browser: Browser) -> None:
    code = write(browser)
    (letter,) = house.letters()
    house.reply(letter, "", kind="mark", seen=(letter.id,))
    page = come_back(house.browser(), code)
    assert "No new answer" in page.text
    assert "read by us" in page.text
    assert house.log.waiting() == []


def test_how_to_reach_the_person_arrives_as_a_letter(house: House, browser: Browser) -> None:
    write(browser)
    browser.send("/code").follow("How to reach you without harm").send(
        "/contact",
        how="A call",
        address="+7 900",
        when="Mornings",
        never="Never after six",
        if_someone_else_answers="Wrong number",
    )
    assert "Your letter is sealed and with us." in browser.text
    letter = house.letters()[1]
    assert letter.kind == "contact"
    assert letter.contact == Contact("A call", "+7 900", "Mornings", "Never after six", "Wrong number")


def test_delete_everything_needs_a_tick_and_then_leaves_nothing(house: House, browser: Browser) -> None:
    code = write(browser)
    browser.send("/code").follow("Delete everything").send("/forget")
    assert "Nothing was deleted" in browser.text
    browser.send("/forget", sure="1")
    assert "Everything is deleted" in browser.text
    first, last = house.letters()
    assert (last.kind, last.number) == ("forget", 2)
    assert house.log.mailbox(first.mailbox) is None
    assert "No mailbox opens with these words" in come_back(house.browser(), code).text


def test_quick_exit_forgets_the_visit_and_goes_elsewhere(house: House, browser: Browser) -> None:
    write(browser)
    cookie = browser.client.cookies["s"]
    leaving = browser.client.get("/exit", follow_redirects=False)
    assert leaving.status_code == 303
    assert leaving.headers["location"].startswith("https://en.wikipedia.org/")
    assert leaving.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert "s" not in browser.client.cookies
    # A copy of the cookie, taken before, opens nothing any more.
    thief = house.browser()
    thief.client.cookies.set("s", cookie)
    assert "Good that you are back" in thief.open("/letters").text


def test_the_code_is_shown_until_it_is_kept_and_then_never_again(house: House, browser: Browser) -> None:
    code = write(browser)
    assert browser.open("/code").code == code
    browser.send("/code")
    assert code not in " ".join(browser.open("/code").text.split())
    assert "No new answer" in browser.text
