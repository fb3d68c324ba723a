"""A person at the helpline's pages, with a browser without JavaScript: writes, keeps the code, comes back, reads, leaves."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from kunak.demo.browser import Browser, Lost, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

Files = list[tuple[str, tuple[str, bytes, str]]]


class Person:
    """One who writes. `code` is what they were given; it is nowhere but here."""

    def __init__(self, address: str, language: str, *, hurried: bool = False) -> None:
        self.hurried = hurried
        self.browser = Browser(address, language)
        self.language = language
        self.code = ""

    def begin(self, path: str) -> Page:
        """From the first page to another one; whoever knows the way goes there at once."""
        if self.hurried:
            return self.browser.open(path)
        self.browser.open("/")
        return self.browser.follow(path)

    def write(self, text: str, files: Sequence[tuple[str, bytes, str]] = ()) -> str:
        """From the first page through a first letter to the code; the seven words."""
        page = self.begin("/write")
        page = self.browser.submit(page.form(having="text"), "send", _uploads(files), text=text)
        self.code = " ".join(words_of(page))
        if not self.code:
            raise Lost(f"No code came after a letter: {page.text[:200]}")
        self.browser.submit(page.form(action="/code"))
        return self.code

    def come_back(self, code: str | None = None) -> Page:
        """Enter the code; the conversation, or the page that says what is wrong."""
        page = self.begin("/return")
        return self.browser.submit(page.form(having="code"), code=self.code if code is None else code)

    def write_more(self, text: str, files: Sequence[tuple[str, bytes, str]] = ()) -> Page:
        """Another letter, from the open mailbox."""
        return self.browser.submit(self.browser.page.form(having="text"), "send", _uploads(files), text=text)

    def replies(self) -> list[str]:
        """The answers that the open mailbox shows."""
        found = re.findall(r'<p[^>]*class="said"[^>]*>(.*?)</p>', self.browser.page.html, re.DOTALL)
        return [unescape(text) for text in found]

    def put_away(self) -> Page:
        """ "I have read it: remove it"."""
        return self.browser.submit(self.browser.page.form(having="numbers"), "stay")

    def leave(self) -> Page:
        """Quick exit."""
        return self.browser.open("/exit")

    def close_window(self) -> None:
        """Leave without a word, as many do: the browser forgets its session."""
        self.browser.client.cookies.clear()

    def close(self) -> None:
        self.browser.close()


def words_of(page: Page) -> list[str]:
    """The words that a page lists as a code."""
    listed = re.search(r'<ol[^>]*class="words card".*?</ol>', page.html, re.DOTALL)
    return [unescape(word).strip() for word in re.findall(r"<li[^>]*>(.*?)</li>", listed.group(0))] if listed else []


def _uploads(files: Sequence[tuple[str, bytes, str]]) -> Files | None:
    return [("files", (name, content, kind)) for name, content, kind in files] or None
