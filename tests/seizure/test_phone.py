"""The person's phone is taken: a real browser's profile, after the person has left."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, sync_playwright

from tests.chromium import FLAGS, PATH, leads_to
from tests.seizure.conftest import Written
from tests.seizure.searching import search, search_folder
from tests.siege import Besieged

pytestmark = [pytest.mark.seizure, pytest.mark.browser]
Report = Callable[[str], None]

# Words by which a title or a cached page would tell what this was.
TELLTALE = ("kunak", "кунак", "helpline", "линия помощи", "helper", "код", "code")


def visit(page: Page, address: str, written: Written) -> str:
    """Write, keep the code, come back with it, write more, leave. What stood on the screen before leaving."""
    page.goto(f"{address}/?lang=ru")
    with leads_to(page, r"/write\?lang=ru"):
        page.click("a.act >> nth=0")
    page.fill("textarea[name=text]", written.new("letter in a browser"))
    with leads_to(page, r"/code\?lang=ru"):
        page.click("[name=send]")
    words = page.locator("ol.words.card li").all_inner_texts()
    written.canaries["code"] = " ".join(words)
    shown = page.content()
    with leads_to(page, r"/letters\?lang=ru"):
        page.click("[name=kept]")
    page.fill("textarea[name=text]", written.new("second letter in a browser"))
    # The page that the letter leads to has another query than the one that it was written on.
    with leads_to(page, r"/letters\?lang=ru&sent=1"):
        page.click("[name=send]")
    with contextlib.suppress(Error):  # it leads out of the house, and there is no internet here
        page.goto(f"{address}/exit?lang=ru")
    return shown


def titles(profile: Path) -> list[str]:
    """What the browser remembers as titles of pages."""
    with sqlite3.connect(f"file:{profile / 'Default' / 'History'}?immutable=1", uri=True) as history:
        found = [str(title) for (title,) in history.execute("SELECT title FROM urls")]
    history.close()
    return found


def cookies(profile: Path) -> int:
    for place in ("Default/Network/Cookies", "Default/Cookies"):
        if (profile / place).exists():
            with sqlite3.connect(f"file:{profile / place}?immutable=1", uri=True) as jar:
                (count,) = jar.execute("SELECT count(*) FROM cookies WHERE host_key = '127.0.0.1'").fetchone()
            jar.close()
            return int(count)
    return 0


def cached(profile: Path, address: str) -> list[str]:
    """Files of the browser's caches that name this site: a page that was kept stands there with its address."""
    places = (profile / "Default" / name for name in ("Cache", "Code Cache", "Service Worker"))
    files = (path for place in places for path in place.rglob("*") if path.is_file())
    return [path.name for path in files if address.removeprefix("http://").encode() in path.read_bytes()]


def telling_of(profile: Path, code: str) -> list[str]:
    """Files in which several of the code's words stand, however they are set apart: on its page each is an item of a list."""
    words = [word.encode() for word in code.split()]
    files = (path for path in profile.rglob("*") if path.is_file())
    return [path.name for path in files if sum(word in path.read_bytes() for word in words) > 1]


def test_a_browser_profile_holds_nothing_after_leaving(siege: Besieged, tmp_path: Path, report: Report) -> None:
    written, profile = Written(), tmp_path / "profile"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            str(profile), executable_path=PATH, headless=True, args=FLAGS, java_script_enabled=False
        )
        page = browser.new_page()
        shown = visit(page, siege.relay.address, written)
        assert browser.cookies() == []
        browser.close()
    # Something was there to leak: the code stood on the screen.
    assert search(shown.encode(), [written.canaries["code"].split()[0]], inflate=False)
    size, found = search_folder(profile, written.all)
    assert size > 100_000
    assert found == []
    assert telling_of(profile, written.canaries["code"]) == []
    assert cached(profile, siege.relay.address) == []
    remembered = titles(profile)
    assert remembered
    assert [title for title in remembered if any(word in title.lower() for word in TELLTALE)] == []
    assert cookies(profile) == 0
    report(
        f"{size:,} bytes of profile, {len(written.all)} canaries: none found; titles: {', '.join(sorted(set(remembered)))}; no cookie"
    )
