"""Chromium in tests: how it is started, how a step that leads to another page is awaited, and axe in every light and width.

A click or a key that leads elsewhere returns before the next page is there. What is read then may be the old page, and a `goto`
beside a navigation under way may end either of them. So every such step stands inside `leads_to`, which began to wait before the
step was taken and which no earlier address can satisfy.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATH: Final = "/usr/bin/chromium"
PHONE: Final = {"width": 360, "height": 740}
DESK: Final = {"width": 1_200, "height": 800}
AXE: Final = files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only what is wrong comes back over the wire, and how much was looked at.
_RUN: Final = """async (rules) => {
  const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
  return {looked: found.passes.length,
          wrong: found.violations.map((each) => `${each.id}: ${each.nodes[0].html.slice(0, 120)}`)};
}"""


@contextlib.contextmanager
def chromium_running() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PATH, args=FLAGS)
        yield browser
        browser.close()


@contextlib.contextmanager
def leads_to(page: Page, path: str) -> Iterator[None]:
    """The step inside leads to a page whose path, query included, matches this expression wholly; it is there afterwards."""
    with page.expect_navigation(url=re.compile(rf"^https?://[^/]+{path}$"), wait_until="load"):
        yield


def audit(page: Page, *, lights: tuple[str, ...] = ("light", "dark")) -> list[str]:
    """What axe finds wrong with the page that stands in the browser, in each light, on a phone and on a desk; and what is too wide."""
    wrong: list[str] = []
    page.evaluate(AXE)
    for viewport in (PHONE, DESK):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]  # a TypedDict of these two
        for light in lights:
            page.emulate_media(color_scheme=light)  # type: ignore[arg-type]  # "light" or "dark"
            result: dict[str, Any] = page.evaluate(_RUN, RULES)
            assert result["looked"] > 10, "axe has looked"
            wrong += [f"{light}, {viewport['width']}: {each}" for each in result["wrong"]]
        if page.evaluate("document.documentElement.scrollWidth") > viewport["width"]:
            wrong.append(f"{viewport['width']}: wider than the screen")
    return wrong


def on_paper(page: Page, *, light: str) -> list[str]:
    """What is too pale when the page is printed from a browser in this light."""
    page.emulate_media(media="print", color_scheme=light)  # type: ignore[arg-type]  # "light" or "dark"
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(_RUN, ["cat.color"])
    page.emulate_media(media="screen")
    return [f"print, {light}: {each}" for each in found["wrong"]]
