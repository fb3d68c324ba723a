"""The desk in Chromium: by keyboard alone, without scripts, by axe, on a phone."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from kunak.desk.app import Desk
from tests.cast import Cast, Helper, Person

pytestmark = pytest.mark.browser

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-sync",
]


@dataclass
class Served:
    """Linden's desk, unlocked, on a real port."""

    cast: Cast
    helper: Helper
    origin: str
    people: list[Person]
    case: str

    def enter(self, browser: Browser, **settings: Any) -> Page:
        page = browser.new_context(**settings).new_page()
        page.goto(self.helper.desk.guard.address())
        page.wait_for_url(f"{self.origin}/inbox**")
        page.wait_for_load_state()
        return page


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
    yield Served(cast, helper, f"http://127.0.0.1:{port}", people, case)
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


def test_a_helper_answers_by_keyboard_alone_on_a_russian_keyboard_too(served: Served, chromium: Browser) -> None:
    page = served.enter(chromium, locale="en-US")
    # From another page, so that the wait is for the keys' own navigation: a goto beside a navigation under way may never end.
    page.goto(f"{served.origin}/cases")
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/inbox")
    page.goto(f"{served.origin}/inbox?tab=new")
    page.keyboard.press("j")
    # A Russian keyboard sends «о» from the key that is J: what counts is the key.
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ', bubbles: true}))")
    assert page.locator(".lines li").nth(1).get_attribute("class") == "here"
    page.keyboard.press("k")
    page.keyboard.press("x")
    assert page.locator(".lines li.here input").is_checked()
    name = page.locator(".lines li.here a.who").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/person/**")
    assert page.locator("h1").inner_text().startswith(name)
    page.keyboard.press("r")
    page.keyboard.type("We are here. r n t")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**done=answered")
    assert "We are here. r n t" in page.locator(".said").inner_text()
    page.keyboard.press("t")
    page.wait_for_url("**done=take")
    page.keyboard.press("/")
    page.keyboard.type("письмо")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=**")
    page.keyboard.press("?")
    assert page.locator("dialog.keys").is_visible()
    page.keyboard.press("Escape")
    page.context.close()


def test_everything_works_without_scripts(served: Served, chromium: Browser) -> None:
    page = served.enter(chromium, locale="ru-RU", java_script_enabled=False)
    page.goto(f"{served.origin}/person/{served.people[1].mailbox}")
    page.fill("#reply", "Мы рядом")
    page.click("text=Отправить ответ")
    assert "done=answered" in page.url
    page.goto(f"{served.origin}/cases/{served.case}")
    page.click("text=Новая задача")
    page.fill("#task", "Позвонить")
    page.locator("form[action$='/task'] button").click()
    assert "Позвонить" in page.locator("main").inner_text()
    page.context.close()


PATHS = [
    "/inbox?tab=new",
    "/person/{person}",
    "/person/{person}/merge",
    "/cases",
    "/cases/{case}",
    "/cases/{case}/identity",
    "/tasks",
    "/search?q=письмо",
    "/call",
    "/wordings",
    "/sync",
    "/help",
    "/cases/open?person={person}",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(served: Served, chromium: Browser, scheme: Any) -> None:
    page = served.enter(
        chromium, locale="ru-RU", color_scheme=scheme, viewport={"width": 360, "height": 740}, bypass_csp=True
    )
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    wrong = []
    for path in PATHS:
        page.goto(served.origin + path.format(person=served.people[0].mailbox, case=served.case))
        found = Axe().run(page)
        wrong += [f"{path}: {each['id']} {each['nodes'][0]['html'][:120]}" for each in found["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > 360"):
            wrong.append(f"{path}: wider than the screen")
    page.context.close()
    assert wrong == []
    assert said == []


def test_no_page_breaks_its_own_policy(served: Served, chromium: Browser) -> None:
    page = served.enter(chromium, locale="en-US")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in PATHS:
        page.goto(served.origin + path.format(person=served.people[0].mailbox, case=served.case))
    page.context.close()
    assert said == []
