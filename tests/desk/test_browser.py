"""The desk in Chromium: by keyboard alone, without scripts, by axe in every language, light and width, on paper."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page
from starlette.requests import Request

from kunak.desk.app import Desk
from kunak.sealing.letter import Contact, FileReference
from tests.cast import Cast, Helper, Person
from tests.chromium import audit, chromium_running, leads_to, on_paper

pytestmark = pytest.mark.browser


@dataclass
class Served:
    """Linden's desk, unlocked, on a real port."""

    cast: Cast
    helper: Helper
    origin: str
    people: list[Person]
    case: str
    letter: str  # one with a file

    def enter(self, browser: Browser, **settings: Any) -> Page:
        page = browser.new_context(**settings).new_page()
        # The page of the one-use address goes on to the inbox by itself.
        with leads_to(page, "/inbox"):
            page.goto(self.helper.desk.guard.address(), wait_until="commit")
        return page

    def address(self, path: str) -> str:
        return self.origin + path.format(
            mailbox=self.people[0].mailbox, letter=self.letter, case=self.case, new=self.people[1].mailbox
        )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    cast = Cast(tmp_path_factory.mktemp("served"))
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    desk = Desk(
        cast.folder / "Linden",
        port,
        clock=cast.house.clock,
        idle_clock=lambda: cast.idle,
        relay=lambda _: cast.house.relay,
        sync_pause=None,
    )
    people = [Person(cast, language) for language in ("ru", "ru", "en", "ru")]
    for number, person in enumerate(people):
        person.write(f"Здравствуйте, это письмо номер {number}. Я боюсь, меня ищут.")
    people[0].write("", "contact", Contact("звонок", "+7 928 000-00-00", "днём", "не после шести", "ошиблись номером"))
    photo = FileReference("очень_длинное_имя_" * 4 + ".jpg", 700_000, bytes(32), "image/jpeg", cleaned=True)
    people[0].write("Вот.", files=(photo,))
    opened = desk.lock.unlock("Linden")
    opened.sync.step()
    server = uvicorn.Server(uvicorn.Config(desk, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    cast.helpers["Linden"] = helper = Helper("Linden", desk, None, f"http://127.0.0.1:{port}")  # type: ignore[arg-type]
    from kunak.cases.opening import open_case  # noqa: PLC0415 - only here

    case = open_case(opened.bench, people[3].mailbox, "Верба")
    letters = opened.bench.vault.db.execute("SELECT letter, files FROM helpline_letters WHERE shown = 1").fetchall()
    letter = next(letter for letter, files in letters if "jpg" in str(files))
    yield Served(cast, helper, f"http://127.0.0.1:{port}", people, case, letter)
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with chromium_running() as browser:
        yield browser


def test_a_helper_answers_by_keyboard_alone_on_a_russian_keyboard_too(served: Served, chromium: Browser) -> None:
    page = served.enter(chromium, locale="en-US")
    page.goto(f"{served.origin}/cases")
    page.keyboard.press("g")
    with leads_to(page, "/inbox"):
        page.keyboard.press("i")
    page.goto(f"{served.origin}/inbox?tab=new")
    page.keyboard.press("j")
    # A Russian keyboard sends «о» from the key that is J: what counts is the key.
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ', bubbles: true}))")
    page.locator(".lines li:nth-child(2).here").wait_for()
    page.keyboard.press("k")
    page.keyboard.press("x")
    page.locator(".lines li:first-child.here input:checked").wait_for()
    name = page.locator(".lines li.here a.who").inner_text()
    with leads_to(page, "/person/[0-9a-f]+"):
        page.keyboard.press("Enter")
    assert page.locator("h1").inner_text().startswith(name)
    page.keyboard.press("r")
    page.keyboard.type("We are here. r n t")
    with leads_to(page, r"/person/[0-9a-f]+\?done=answered"):
        page.keyboard.press("Control+Enter")
    assert "We are here. r n t" in page.locator(".said").inner_text()
    with leads_to(page, r"/person/[0-9a-f]+\?done=take"):
        page.keyboard.press("t")
    page.keyboard.press("/")
    page.keyboard.type("письмо")
    with leads_to(page, r"/search\?q=.+"):
        page.keyboard.press("Enter")
    page.keyboard.press("?")
    page.locator("dialog.keys").wait_for(state="visible")
    page.keyboard.press("Escape")
    page.locator("dialog.keys").wait_for(state="hidden")
    page.context.close()


def test_everything_works_without_scripts(served: Served, chromium: Browser) -> None:
    page = served.enter(chromium, locale="ru-RU", java_script_enabled=False)
    page.goto(served.address("/person/{new}"))
    page.fill("#reply", "Мы рядом")
    with leads_to(page, r"/person/[0-9a-f]+\?done=answered"):
        page.click("text=Отправить ответ")
    assert "Мы рядом" in page.locator(".said").inner_text()
    page.goto(served.address("/cases/{case}"))
    page.click("text=Новая задача")
    page.fill("#task", "Позвонить")
    with leads_to(page, r"/cases/[0-9a-f]+(\?.*)?"):
        page.locator("form[action$='/task'] button").click()
    assert "Позвонить" in page.locator("main").inner_text()
    page.context.close()


# Every page of the desk by the route that shows it, some of them in several states.
PATHS = [
    ("/inbox", ""),
    ("/inbox", "?tab=us"),
    ("/inbox", "?tab=spam"),
    ("/person/{mailbox}", ""),
    ("/person/{mailbox}", "?done=answered"),
    ("/person/{mailbox}/merge", ""),
    ("/file/{letter}/{number:int}", ""),
    ("/cases", ""),
    ("/cases", "?status=closed"),
    ("/cases/open", "?person={new}"),
    ("/cases/{case}", ""),
    ("/cases/{case}/identity", ""),
    ("/cases/{case}/shred", ""),
    ("/journeys", ""),
    ("/journeys/case/{case}", ""),
    ("/journeys/case/{case}/checkins", ""),
    ("/alarms", ""),
    ("/tasks", ""),
    ("/search", "?q=письмо"),
    ("/search", ""),
    ("/call", ""),
    ("/wordings", ""),
    ("/sync", ""),
    ("/help", ""),
    ("/nowhere", ""),
]
NO_PAGES = {"/", "/status"}  # a redirect, and a piece of a page


def test_every_page_of_the_desk_is_tried_in_the_browser(served: Served) -> None:
    assert served.helper.desk.lock.opened is not None
    routes = served.helper.desk.lock.opened.hand.routes
    shown = {route.path for route in routes if "GET" in (route.methods or ())}
    # The coordinators' room is tried on a coordinator's desk (tests/journeys/test_browser.py); pages of a case here.
    theirs = {path for path in shown if path.startswith("/journeys/") and "{case}" not in path}
    assert shown - NO_PAGES - theirs == {route for route, _ in PATHS} - {"/nowhere"}


@pytest.mark.parametrize("locale", ["ru-RU", "en-US"])
def test_axe_finds_nothing_in_any_light_on_a_phone_on_a_desk_and_on_paper(
    served: Served, chromium: Browser, locale: str
) -> None:
    page = served.enter(chromium, locale=locale, bypass_csp=True)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    wrong = []
    for route, query in PATHS:
        path = route.replace("{number:int}", "0") + query
        answer = page.goto(served.address(path))
        assert answer is not None
        assert answer.status == (404 if route == "/nowhere" else 200), path
        wrong += [f"{path}: {each}" for each in audit(page)]
        assert page.input_value("input[type=search]") == ("письмо" if "письмо" in query else ""), path
        if route in ("/person/{mailbox}", "/cases/{case}"):
            wrong += [f"{path}: {each}" for light in ("light", "dark") for each in on_paper(page, light=light)]
    page.context.close()
    assert wrong == []
    assert [each for each in said if "404" not in each] == []


@pytest.mark.parametrize("locale", ["ru-RU", "en-US"])
def test_the_locked_door_passes_axe_too(served: Served, chromium: Browser, locale: str) -> None:
    """Rendered by the desk as for a locked vault: the desk of these tests stays open for the others."""
    context = chromium.new_context(locale=locale)
    page = context.new_page()
    problem = "This is not the passphrase of this vault."
    look, language = served.helper.desk.look, locale[:2]
    request = Request(
        {"type": "http", "method": "GET", "path": "/", "query_string": f"lang={language}".encode(), "headers": []}
    )
    for template, more in (
        ("unlock", {"problem": problem, "to": "/", "kept": {}, "damaged": True}),
        ("refused", {"sentence": problem}),
    ):
        page.set_content(look.text(f"desk/{template}.html", request, status=None, **more))
        assert audit(page) == []
    context.close()


def test_no_page_breaks_its_own_policy(served: Served, chromium: Browser) -> None:
    page = served.enter(chromium, locale="en-US")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for route, query in PATHS:
        page.goto(served.address(route.replace("{number:int}", "0") + query))
    page.context.close()
    assert [each for each in said if "404" not in each] == []
