"""Localhost is not a wall: each test is an attack by another page, another program or another person at the same machine."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from kunak.desk.guard import Guard

HOST = "127.0.0.1:8321"
HOME = f"http://{HOST}"


async def secret(request: Request) -> Response:
    return PlainTextResponse(f"{request.method} the secret", headers={"x-method": request.method})


class Door:
    """A guarded app, and browsers that knock on it."""

    def __init__(self) -> None:
        self.now = 1_000.0
        inner = Starlette(
            routes=[Route("/", secret, methods=["GET", "POST"]), Route("/x", secret, methods=["GET", "POST", "PUT"])]
        )
        self.guard = Guard(inner, HOST, clock=lambda: self.now)

    def browser(self, base: str = HOME) -> TestClient:
        return TestClient(self.guard, base_url=base, follow_redirects=False)

    def entered(self) -> TestClient:
        browser = self.browser()
        assert browser.get(urlsplit(self.guard.address()).path).status_code == 200
        return browser


@pytest.fixture
def door() -> Door:
    return Door()


def test_who_came_by_the_one_use_address_reads_and_writes(door: Door) -> None:
    browser = door.entered()
    assert browser.get("/").text == "GET the secret"
    assert browser.post("/", headers={"origin": HOME}).text == "POST the secret"


def test_without_the_one_use_address_nothing_is_shown(door: Door) -> None:
    for path in ("/", "/x", "/nothing", "/enter/", "/enter/guess"):
        answer = door.browser().get(path)
        assert answer.status_code == 403, path
        assert "secret" not in answer.text


def test_the_one_use_address_opens_once(door: Door) -> None:
    path = urlsplit(door.guard.address()).path
    assert door.browser().get(path).status_code == 200
    thief = door.browser()
    assert thief.get(path).status_code == 403
    assert thief.get("/").status_code == 403


def test_a_new_address_makes_the_old_unused_one_worthless(door: Door) -> None:
    old = urlsplit(door.guard.address()).path
    new = urlsplit(door.guard.address()).path
    assert door.browser().get(old).status_code == 403
    assert door.browser().get(new).status_code == 200


def test_the_one_use_address_is_worthless_after_ten_minutes(door: Door) -> None:
    path = urlsplit(door.guard.address()).path
    door.now += 601
    assert door.browser().get(path).status_code == 403


def test_looking_at_the_address_with_head_does_not_use_it_up(door: Door) -> None:
    path = urlsplit(door.guard.address()).path
    assert door.browser().head(path).status_code == 403
    assert door.browser().get(path).status_code == 200


def test_guessing_addresses_locks_nobody_out_and_opens_nothing(door: Door) -> None:
    path = urlsplit(door.guard.address()).path
    for _ in range(200):
        assert door.browser().get(path[:-3] + "AAA").status_code == 403
    assert door.browser().get(path).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8321",
        "127.0.0.1",
        "127.0.0.1:80",
        "evil.example:8321",
        "127.0.0.1.nip.io:8321",
        "127.0.0.1:8321.",
        "[::1]:8321",
        "",
    ],
)
def test_a_rebound_name_is_refused_even_with_the_cookie(door: Door, host: str) -> None:
    browser = door.entered()
    answer = browser.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://127.0.0.1:8322",
        "https://127.0.0.1:8321",
        "http://127.0.0.1:8321.evil.example",
        "http://localhost:8321",
        "",
    ],
)
def test_a_change_asked_by_another_page_is_refused(door: Door, origin: str) -> None:
    browser = door.entered()
    assert browser.post("/", headers={"origin": origin}).status_code == 403


def test_a_change_without_an_origin_is_refused(door: Door) -> None:
    assert door.entered().post("/").status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_cannot_even_load_ours(door: Door, site: str) -> None:
    assert door.entered().get("/", headers={"sec-fetch-site": site}).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT"])
def test_other_methods_do_not_exist(door: Door, method: str) -> None:
    assert door.entered().request(method, "/x", headers={"origin": HOME}).status_code == 405


def test_the_cookie_is_strict_hidden_from_scripts_and_of_this_port_only(door: Door) -> None:
    answer = door.browser().get(urlsplit(door.guard.address()).path)
    (cookie,) = answer.headers.get_list("set-cookie")
    name, _, rest = cookie.partition("=")
    assert name == "kunak-desk-8321"
    parts = {part.strip().lower() for part in rest.split(";")[1:]}
    assert parts == {"httponly", "samesite=strict", "path=/"}


def test_a_guessed_or_foreign_cookie_opens_nothing(door: Door) -> None:
    browser = door.entered()
    value = browser.cookies["kunak-desk-8321"]
    for wrong in ("", "x", value[:-1], value + "x", "é"):
        thief = door.browser()
        assert thief.get("/", headers=[(b"cookie", f"kunak-desk-8321={wrong}".encode())]).status_code == 403


def test_the_cookie_of_one_desk_does_not_open_its_neighbour(door: Door) -> None:
    browser = door.entered()
    value = browser.cookies["kunak-desk-8321"]
    assert Door().browser().get("/", headers={"cookie": f"kunak-desk-8321={value}"}).status_code == 403


def test_forgetting_the_sessions_shuts_everybody_out(door: Door) -> None:
    browser = door.entered()
    door.guard.forget_sessions()
    assert browser.get("/").status_code == 403


def test_a_socket_is_refused(door: Door) -> None:
    browser = door.entered()
    with pytest.raises(Exception), browser.websocket_connect("/"):  # noqa: B017, PT011 - starlette raises what the server closed with
        pass


def test_every_answer_of_the_guard_is_kept_by_no_cache(door: Door) -> None:
    for answer in (door.browser().get("/"), door.browser("http://evil.example").get("/")):
        assert answer.headers["cache-control"] == "no-store, no-cache"
