"""A visit lives in a cookie that only this process can open, half an hour long, and a form belongs to its visit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response

from kunak.mailbox import visit as visit_module
from kunak.mailbox.visit import LASTS, Seals, Visit, Visits
from tests.mailbox.house import Browser, House
from tests.mailbox.test_journey import write


class Ticks:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def request(cookie: str = "", scheme: str = "http") -> Request:
    headers = [(b"cookie", cookie.encode()), (b"host", b"house.test")]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers, "scheme": scheme}
    return Request(scope | {"server": ("house.test", 80)})


def cookie_of(visits: Visits, visit: Visit, scheme: str = "http") -> str:
    response = Response()
    visits.carry(visit, request(scheme=scheme), response)
    return response.headers["set-cookie"]


def test_the_cookie_is_for_this_site_alone_and_never_for_a_script() -> None:
    visits = Visits(Ticks())
    plain = cookie_of(visits, visits.begin())
    assert plain.startswith("s=")
    assert [part.strip() for part in plain.split(";")[1:]] == ["HttpOnly", "Path=/", "SameSite=strict"]
    tls = cookie_of(visits, visits.begin(), "https")
    assert tls.startswith("__Host-s=")
    assert tls.endswith("Secure")


def test_the_cookie_tells_nothing_to_who_finds_it() -> None:
    visits = Visits(Ticks())
    visit = visits.begin(root=b"r" * 32, words=("apple", "river"))
    cookie = cookie_of(visits, visit)
    for telltale in ("apple", "river", "r" * 32, visit.id.hex()):
        assert telltale not in cookie
    another_process = Visits(Ticks())
    assert another_process.of(request(cookie.split(";")[0])) is None


@pytest.mark.parametrize(("later", "open_"), [(0, True), (LASTS, True), (LASTS + 1, False), (LASTS * 3, False)])
def test_a_visit_lasts_half_an_hour_after_the_last_page(later: float, open_: bool) -> None:
    ticks = Ticks()
    visits = Visits(ticks)
    ticks.now = LASTS - 1  # at the end of a key's first half hour, so that a change of keys lies in between
    cookie = cookie_of(visits, visits.begin()).split(";")[0]
    ticks.now += later
    assert (visits.of(request(cookie)) is not None) is open_


def test_a_key_is_forgotten_after_an_hour() -> None:
    ticks = Ticks()
    seals = Seals(ticks)
    sealed = seals.seal(b"purpose", b"content")
    for now in (0, LASTS, 2 * LASTS - 1):
        ticks.now = now
        opened = seals.open(b"purpose", sealed)
        assert opened is not None
        assert opened[0] == b"content"
    ticks.now = 2 * LASTS
    assert seals.open(b"purpose", sealed) is None
    assert len(seals._keys) <= 2


def test_what_is_sealed_for_one_purpose_does_not_open_for_another() -> None:
    seals = Seals(Ticks())
    assert seals.open(b"form", seals.seal(b"visit", b"content")) is None


@given(text=st.text(max_size=200))
def test_rubbish_opens_nothing_and_breaks_nothing(text: str) -> None:
    visits = Visits(Ticks())
    assert visits.seals.open(b"visit", text) is None
    assert visits.check(visits.begin(), text) is None


def test_a_token_belongs_to_its_visit() -> None:
    visits = Visits(Ticks())
    mine, other = visits.begin(), visits.begin()
    token = visits.token(mine)
    assert visits.check(mine, token) is not None
    assert visits.check(other, token) is None
    assert visits.check(None, token) is None


def test_the_same_form_has_the_same_seed_and_another_form_another() -> None:
    visits = Visits(Ticks())
    visit = visits.begin()
    one, two = visits.token(visit), visits.token(visit)
    seeds = [opened.seed for opened in (visits.check(visit, each) for each in (one, one, two)) if opened]
    assert seeds[0] == seeds[1] != seeds[2]


def test_an_ended_visit_stays_ended_though_many_end() -> None:
    visits = Visits(Ticks())
    cookies = [cookie_of(visits, visits.begin()).split(";")[0] for _ in range(50)]
    for cookie in cookies:
        visits.end(request(cookie), Response())
    assert [visits.of(request(cookie)) for cookie in cookies] == [None] * 50


def test_the_list_of_ended_visits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit_module, "_ENDED_AT_MOST", 3)
    ticks = Ticks()
    visits = Visits(ticks)
    for _ in range(9):
        visits.end(request(cookie_of(visits, visits.begin()).split(";")[0]), Response())
        ticks.now += LASTS
    assert len(visits._ended) <= 3


def test_a_new_code_begins_a_visit_that_an_earlier_page_cannot_continue(house: House, browser: Browser) -> None:
    """Entering a code on a page that somebody else prepared does not put the person into that visit."""
    code = write(house.browser())
    before = browser.open("/return").client.cookies["s"]
    first = house.place.visits.of(request(f"s={before}"))
    browser.send("/return", code=code)
    after = house.place.visits.of(request(f"s={browser.client.cookies['s']}"))
    assert first is not None
    assert after is not None
    assert first.id != after.id


def test_no_page_of_a_mailbox_is_stored_by_a_browser(house: House, browser: Browser) -> None:
    write(browser)
    for path in ("/code", "/letters", "/contact", "/forget", "/write", "/return", "/", "/exit", "/left"):
        headers = browser.client.get(path, follow_redirects=False).headers
        assert headers["cache-control"] == "no-store, no-cache", path
        assert headers["referrer-policy"] == "no-referrer", path
        assert headers["x-content-type-options"] == "nosniff", path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
