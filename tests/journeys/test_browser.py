"""The coordinators' room in Chromium: every page of it by axe in every language, light and width; a whole evening without scripts."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from kunak.desk.app import Desk
from tests.cast import COORDINATOR, Cast
from tests.chromium import audit, chromium_running, leads_to, on_paper
from tests.journeys.carried import Bearer, Road, opened_road
from tests.journeys.test_alarm_pages import BAD, agree, expect

pytestmark = pytest.mark.browser


@dataclass
class Served:
    """Aspen's desk on a real port: two parties on the road, a host with letters and a mailbox, an alarm, a check-in in doubt."""

    desk: Desk
    origin: str
    road: Road
    host: Bearer

    def enter(self, browser: Browser, **settings: object) -> Page:
        page = browser.new_context(**settings).new_page()  # type: ignore[arg-type]  # as they are given
        with leads_to(page, "/journeys"):
            page.goto(self.desk.guard.address(), wait_until="commit")
        return page

    def address(self, path: str) -> str:
        return self.origin + path.format(host=self.host.carrier, plan=self.road.plan)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    cast = Cast(tmp_path_factory.mktemp("road"))
    road = opened_road(cast)
    host = road.bearer("host", "Ясень", **{"places-hub": "1"})
    driver = road.bearer("driver", "Щегол", **{"legs-car": "1"})
    agree(road.aspen, host)
    agree(road.aspen, driver)
    expect(road, host, 2, every="24")
    road.aspen.post(
        "/journeys/next/detail",
        party="P2",
        step=road.step("P2"),
        begin="18:00",
        end="19:30",
        meet="мельница",
        sign="шарф",
    )
    road.tell("P2")
    road.sync()
    host.write("Ждём их к ужину. " + "Очень длинное слово " * 20)
    driver.write(BAD)
    cast.house.now += 30 * 3_600
    road.sync()
    road.aspen.watching.tidy()
    road.birch.watching.tidy()
    road.sync()
    cast.house.relay.away = True
    cast.house.now += 24 * 3_600
    road.aspen.post("/lock")
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    desk = Desk(
        cast.folder / COORDINATOR,
        port,
        clock=cast.house.clock,
        idle_clock=lambda: cast.idle,
        relay=lambda _: cast.house.relay,
        sync_pause=None,
    )
    desk.lock.unlock(COORDINATOR)
    server = uvicorn.Server(uvicorn.Config(desk, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield Served(desk, f"http://127.0.0.1:{port}", road, host)
    server.should_exit = True
    thread.join(10)
    cast.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with chromium_running() as browser:
        yield browser


# Every page of the room by the route that shows it, some of them in several states.
PATHS = [
    ("/journeys", ""),
    ("/journeys/places", ""),
    ("/journeys/place", "?id=hub"),
    ("/journeys/place", ""),
    ("/journeys/legs", ""),
    ("/journeys/leg", "?id=car"),
    ("/journeys/escorts", ""),
    ("/journeys/escort", "?id=south"),
    ("/journeys/parties", ""),
    ("/journeys/party", "?id=P2"),
    ("/journeys/frame", ""),
    ("/journeys/exchange", ""),
    ("/journeys/plans", ""),
    ("/journeys/plan", "?id={plan}"),
    ("/journeys/compare", "?one={plan}&other={plan}"),
    ("/journeys/compromised", "?id=hub"),
    ("/journeys/next", ""),
    ("/journeys/next", "?party=P2&done=told"),
    ("/journeys/carriers", ""),
    ("/journeys/carrier", "?id={host}"),
    ("/journeys/carrier", ""),
    ("/alarms", ""),
]
# A file, a page of a case (a caseworker's: tests/desk/test_browser.py), what stands there only while a plan is made.
NOT_HERE = {"/journeys/scenario.json", "/journeys/run"}


def test_every_page_of_the_room_is_tried_in_the_browser(served: Served) -> None:
    assert served.desk.lock.opened is not None
    routes = served.desk.lock.opened.hand.routes
    shown = {route.path for route in routes if "GET" in (route.methods or ())}
    mine = {path for path in shown if path.startswith(("/journeys", "/alarms")) and "{case}" not in path}
    assert mine - NOT_HERE == {route for route, _ in PATHS}


@pytest.mark.parametrize("locale", ["ru-RU", "en-US"])
def test_axe_finds_nothing_in_any_light_on_a_phone_and_on_a_desk(
    served: Served, chromium: Browser, locale: str
) -> None:
    page = served.enter(chromium, locale=locale, bypass_csp=True)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    wrong = []
    for route, query in PATHS:
        answer = page.goto(served.address(route + query))
        assert answer is not None
        if answer.status != 200:
            wrong.append(f"{route}{query}: {answer.status}")
        wrong += [f"{route}{query}: {each}" for each in audit(page)]
    page.context.close()
    assert wrong == [], "\n".join(wrong)
    assert said == []


@pytest.mark.parametrize("light", ["light", "dark"])
def test_what_is_printed_of_a_plan_has_its_bars_and_no_buttons(served: Served, chromium: Browser, light: str) -> None:
    page = served.enter(chromium, locale="ru-RU", bypass_csp=True)
    page.goto(served.address("/journeys/plan?id={plan}"))
    page.emulate_media(media="print", color_scheme=light)  # type: ignore[arg-type]  # "light" or "dark"
    shown = "of => [...document.querySelectorAll(of)].map((each) => each.getClientRects().length > 0)"
    for chart in (".chart.money", ".chart:not(.money)"):
        bars = page.evaluate(shown, f"{chart} rect.bar")
        assert bars, chart
        assert all(bars), chart
    assert page.evaluate(shown, "header.bar, button, .watch, #what-if").count(True) == 0
    assert on_paper(page, light=light) == []
    page.context.close()


def test_a_coordinator_tells_and_confirms_without_a_script(served: Served, chromium: Browser) -> None:
    page = served.enter(chromium, locale="ru-RU", java_script_enabled=False)
    page.goto(served.address("/journeys/next?party=P1"))
    assert (
        "1 тревога" in page.locator(".watch").first.inner_text()
        or "тревог" in page.locator(".watch").first.inner_text()
    )
    with leads_to(page, r"/journeys/next\?party=P1&done=told.*"):
        page.click("text=Сказать всем, кто ещё не знает")
    with leads_to(page, r"/journeys/next\?party=P1&done=left"):
        page.click("section.card >> text=Уехали")
    assert "в дороге" in page.locator("main").inner_text()
    page.goto(served.address("/alarms"))
    page.fill("textarea >> nth=0", "Дозвонились")
    with leads_to(page, r"/alarms\?done=closed"):
        page.click("text=Всё позади >> nth=0")
    assert "Нужно слово второго помощника" in page.locator("main").inner_text()
    page.context.close()
