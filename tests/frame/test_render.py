"""Pages in the reader's language, escaped, alone in the world."""

from __future__ import annotations

import base64
import hashlib
import re
from gettext import NullTranslations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from kunak.frame.calm import Calm, place_of
from kunak.frame.dates import day_of, long_day
from kunak.frame.headers import SafeHeaders, person_headers
from kunak.frame.render import Frame, accepted, style_hash
from kunak.frame.sizes import written_size

KNOWN = ("en", "ru")


def request(query: str = "", accept: str = "") -> Request:
    headers = [(b"accept-language", accept.encode())] if accept else []
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": query.encode(), "headers": headers})


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8", "ru"),
        ("en-US,en;q=0.5", "en"),
        ("de,ru;q=0.3", "ru"),
        ("ru;q=0.2,en;q=0.9", "en"),
        ("ru;q=0", None),
        ("ru;q=nonsense", None),
        ("ce", None),
        ("*", None),
        ("", None),
        (",;;=,ru;q=2", None),
    ],
)
def test_the_browsers_wish_is_read(header: str, language: str | None) -> None:
    assert accepted(header, KNOWN) == language


def test_the_address_goes_before_the_browsers_wish_and_nothing_else_counts() -> None:
    frame = Frame()
    assert frame.language(request("lang=ru", "en")) == "ru"
    assert frame.language(request("lang=xx", "ru")) == "ru"
    assert frame.language(request("lang=../../etc", "")) == "en"


def test_a_link_keeps_the_language() -> None:
    page = Frame().text("frame/status.html", request("lang=ru"), http_status=404)
    assert 'href="/?lang=ru"' in page
    assert '<html lang="ru" dir="ltr">' in page


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example", "///evil.example", '/"><b>', "/a b"])
def test_no_address_makes_a_page_lead_out_of_the_house(path: str) -> None:
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    page = Frame().text("frame/status.html", Request(scope), http_status=404)
    targets = re.findall(r'href="([^"]*)"', page)
    assert all(re.match(r"(/(?![/\\])[\w%/.~-]*(\?lang=\w+)?|#main|data:,)$", target) for target in targets), targets
    assert any("evil" in target or "a%20b" in target or "%22" in target for target in targets)


def test_what_a_person_wrote_is_never_markup() -> None:
    frame = Frame()
    environment = frame._environments["en"]
    assert environment.from_string("{{ text }}").render(text="<b>&\"'") == "&lt;b&gt;&amp;&#34;&#39;"


def test_the_style_in_the_page_is_the_style_in_the_policy() -> None:
    page = Frame().text("frame/status.html", request(), http_status=404)
    style = re.search(r"(?s)<style>(.*?)</style>", page)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert style_hash("frame/person.css") == f"'sha256-{digest}'"
    assert f"'sha256-{digest}'" in person_headers()["content-security-policy"]


def test_a_page_of_a_person_asks_for_nothing_and_runs_nothing() -> None:
    page = Frame().text("frame/status.html", request(), http_status=404)
    assert "<script" not in page
    assert re.findall(r'(?:src|href)="([^"#/][^"]*)"', page) == ["data:,"]
    policy = person_headers()["content-security-policy"]
    assert "script" not in policy
    assert policy.startswith("default-src 'none';")


def test_the_title_and_the_icon_tell_nothing() -> None:
    page = Frame().text("frame/status.html", request("lang=ru"), http_status=404)
    assert "<title>Письма</title>" in page
    assert '<link rel="icon" href="data:,">' in page


def door() -> TestClient:
    async def fails(_: Request) -> PlainTextResponse:
        raise ValueError("my name is Adam")

    async def fine(_: Request) -> PlainTextResponse:
        return PlainTextResponse("fine", headers={"Cache-Control": "no-cache"})

    async def calm_page(_: Request, status: int) -> PlainTextResponse:
        return PlainTextResponse("calm", status)

    app = Starlette(routes=[Route("/fails", fails), Route("/fine", fine)])
    app.add_middleware(Calm, page=calm_page)
    app.add_middleware(SafeHeaders, headers=person_headers())
    return TestClient(app)


@pytest.mark.parametrize("path", ["/fails", "/fine", "/nowhere"])
def test_every_answer_wears_the_headers(path: str) -> None:
    headers = door().get(path).headers
    for name, value in person_headers().items():
        if (path, name) != ("/fine", "cache-control"):
            assert headers.get_list(name) == [value]


def test_a_page_that_sets_a_header_itself_keeps_it() -> None:
    assert door().get("/fine").headers.get_list("cache-control") == ["no-cache"]


def test_a_failure_is_answered_calmly_and_its_words_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    answer = door().get("/fails")
    assert (answer.status_code, answer.text) == (500, "calm")
    assert "Adam" not in caplog.text
    assert "ValueError at test_render.py:" in caplog.text


def test_the_place_of_a_failure_without_a_traceback_is_said_too() -> None:
    assert place_of(ValueError("secret")) == "ValueError at ?"


@pytest.mark.parametrize(
    ("size", "english", "russian"),
    [
        (0, "0 bytes", "0 байт"),
        (1_500, "2 kB", "2 КБ"),
        (2_440_000, "2.4 MB", "2,4 МБ"),
        (500_000_000, "500.0 MB", "500,0 МБ"),
    ],
)
def test_sizes_are_written_as_people_say_them(size: int, english: str, russian: str) -> None:
    assert written_size(size, NullTranslations()) == english
    assert written_size(size, Frame().words["ru"]) == russian


def test_days_are_written_as_people_write_them() -> None:
    day = day_of(1_491_134_400.0)  # 2 April 2017, noon
    assert long_day(day, NullTranslations()) == "2 April 2017"
    assert long_day(day, Frame().words["ru"]) == "2 апреля 2017"


def test_a_door_prepares_its_own_pages_and_nothing_of_the_other_doors(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's frame speaks of moments and alarms, which the internet's door does not know."""
    prepared: set[str] = set()
    frame = Frame("mailbox")
    environment = frame._environments["ru"]
    load = environment.get_template

    def noted(name: str, *rest: object, **more: object) -> object:
        prepared.add(name)
        return load(name)

    monkeypatch.setattr(environment, "get_template", noted)
    frame.preload()
    own = {name for name in environment.list_templates() if name.startswith("mailbox/")}
    assert prepared == own | {"frame/base.html", "frame/person.html", "frame/status.html"}
