"""Helpers at work at the desk's own pages, over HTTP and without a script: an own canary in every field of every form.

The forms are taken from the served HTML. A field that a page offers and nobody typed into is named by `untyped`, so that a new
field cannot be forgotten.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from kunak.demo.browser import Browser, Form, Lost, Page
from kunak.demo.house import PASSPHRASE, Serving
from kunak.desk.app import Desk
from tests.seizure.conftest import Written

# The rooms whose forms are typed into here. A room that joins the desk brings its own work and stands here from then on.
ROOMS: Final = (
    "inbox",
    "person",
    "cases",
    "call",
    "wordings",
    "file",
    "search",
    "sync",
    "language",
    "lock",
    "unlock",
    "tasks",
)
HEX: Final = re.compile(r"[0-9a-f]{32}")

Field = tuple[str, str, str]  # where the form goes, what it is about (its hidden `field`), the field's name


def fields_of(form: Form) -> set[Field]:
    """The fields of a form into which anything can be typed, the same for every person and case."""
    path = HEX.sub("…", urlsplit(form.action).path)
    return {(path, (form.fields.get("field") or [""])[0], name) for name in form.texts}


@dataclass
class Helper:
    """One helper at an open desk. `own`: what they typed of their own persons and cases; `shared`: what all caseworkers are
    meant to read; `passing`: what no disk is meant to keep, like words that were searched for."""

    callsign: str
    desk: Desk
    browser: Browser
    own: Written = field(default_factory=Written)
    shared: Written = field(default_factory=Written)
    passing: Written = field(default_factory=Written)
    offered: set[Field] = field(default_factory=set)
    typed: set[Field] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def open(self, path: str) -> Page:
        return self._look(self.browser.open(path))

    def _look(self, page: Page) -> Page:
        assert page.status in (200, 423), f"{page.url}: {page.status} {page.text[:300]}"
        self.seen.add(HEX.sub("…", urlsplit(page.url).path))
        for form in page.forms:
            self.offered |= fields_of(form)
        return page

    def unlock(self) -> None:
        self.open(self.desk.guard.address())
        self.fill("/unlock", passphrase=PASSPHRASE)

    def unlock_again(self) -> None:
        """The desk locked itself while a form was being filled in: unlock, and send what it had kept."""
        self.fill("/unlock", passphrase=PASSPHRASE)
        self._look(self.browser.submit(self.browser.page.form(having="text")))

    def fill(self, action: str, button: str | None = None, into: Written | None = None, **chosen: str) -> Page:
        """Send the form that goes there (an expression for the path's end) with an own canary in every field not chosen."""
        form = self.form(action, chosen.pop("about", ""))
        into = self.own if into is None else into
        filled = dict(chosen)
        for where in fields_of(form):
            self.typed.add(where)
            if where[2] not in chosen:
                # Short: a pseudonym has eighty characters.
                about = " ".join(part for part in (self.callsign, action.strip("/$"), where[1], where[2]) if part)
                filled[where[2]] = into.new(f"{about[:40]} {len(into.canaries)}")
        return self._look(self.browser.submit(form, button, None, **filled))

    def form(self, action: str, about: str = "") -> Form:
        for form in self.browser.page.forms:
            if re.search(action + "$", urlsplit(form.action).path) and about in (form.fields.get("field") or [""]):
                return form
        raise Lost(f"No form {action} {about} on {self.browser.page.url}")

    def press(self, action: str, button: str, **chosen: str) -> Page:
        """A form of buttons and boxes."""
        return self._look(self.browser.submit(self.form(action), button, None, **chosen))

    def follow_to(self, path: str) -> Page:
        """The first link of the page that leads below this path."""
        for _, address in self.browser.page.links:
            if urlsplit(address).path.startswith(path):
                return self.open(address)
        raise Lost(f"No link to {path} on {self.browser.page.url}")

    def sync(self) -> None:
        assert self.desk.lock.opened is not None
        self.desk.lock.opened.sync.step()

    def walk(self) -> None:
        """Look at every page that can be reached by links, one of each kind, so that no form stays unseen."""
        waiting, known = ["/"], set[str]()
        while waiting:
            page = self.open(waiting.pop())
            for _, address in page.links:
                parts = urlsplit(address)
                kind = HEX.sub("…", parts.path)
                if f"//{parts.netloc}" in self.browser.base and kind not in known:
                    known.add(kind)
                    waiting.append(address)

    def untyped(self) -> list[Field]:
        """Fields that were offered by the rooms named above and got no canary."""
        return sorted(each for each in self.offered - self.typed if each[0].split("/")[1] in ROOMS)


@contextmanager
def at_the_desk(folder: Path, callsign: str) -> Iterator[Helper]:
    """The helper's desk as it is started for real, unlocked through its door; closed afterwards."""
    listening = socket.create_server(("127.0.0.1", 0))
    desk = Desk(folder / callsign, listening.getsockname()[1], sync_pause=None)
    serving = Serving(desk, listening).start()
    browser = Browser(serving.address, "en")
    helper = Helper(callsign, desk, browser)
    try:
        helper.unlock()
        helper.sync()
        yield helper
    finally:
        browser.close()
        serving.stop()
