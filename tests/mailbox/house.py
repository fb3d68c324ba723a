"""A helpline to try pages on: a relay in a folder, an organisation, and somebody at the desk who reads and answers."""

from __future__ import annotations

import asyncio
import html
import os
import re
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from starlette.testclient import TestClient

from kunak import front
from kunak.frame.render import Frame
from kunak.mailbox import pages
from kunak.mailbox.place import Place
from kunak.mailbox.unsent import Unsent
from kunak.mailbox.visit import Visits
from kunak.relay.blobs import Blobs
from kunak.relay.documents import Organisation
from kunak.relay.log import Log
from kunak.sealing.file import FileOpener, chunks_of
from kunak.sealing.hybrid import Identity, Recipient
from kunak.sealing.letter import FileReference, Letter, Reply, chunk_id, open_letter, seal_reply
from kunak.sealing.signature import Purpose, SigningKey

T = TypeVar("T")
FIRST_DAY = 20_776  # 19 November 2026, days since 1970
ORGANISATION = bytes(range(16))


@dataclass
class Time:
    """The wall clock and the process's own clock, both moved by hand."""

    wall: float = FIRST_DAY * 86_400 + 36_000.0
    ticks: float = 1_000.0

    def pass_by(self, seconds: float) -> None:
        self.wall += seconds
        self.ticks += seconds


@dataclass
class Desk:
    """What the helpline holds: the key of the week, the key that signs replies."""

    root: SigningKey = field(default_factory=SigningKey.generate)
    reply_key: SigningKey = field(default_factory=SigningKey.generate)
    week: Identity = field(default_factory=Identity.generate)

    def organisation(self) -> Organisation:
        return Organisation(
            "kunak-organisation/1", ORGANISATION.hex(), self.root.public.hex(), {"ru": "Кунак", "en": "Kunak"}
        )

    def helpline(self, version: int = 1, name: str = "the Kunak helpline") -> bytes:
        content = msgspec.json.encode(
            {
                "format": "kunak-helpline/1",
                "organisation": ORGANISATION.hex(),
                "version": version,
                "name": {"ru": "Линия помощи «Кунак»", "en": name},
                "reply_keys": [self.reply_key.public.hex()],
                "weeks": [{"from": FIRST_DAY - 3, "recipient": str(self.week.recipient)}],
            }
        )
        return self.root.sign(Purpose.HELPLINE, content) + content


def awaited(coroutine: Coroutine[Any, Any, T]) -> T:
    """Its answer, from a loop of its own in a thread of its own: the tests of browsers have a loop running in theirs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


@cache
def frame() -> Frame:
    """One for all houses: compiling the templates takes longer than most tests."""
    return Frame("mailbox")


class Browser:
    """Without JavaScript: follows links, fills in forms as they stand in the page, keeps cookies."""

    def __init__(self, client: TestClient, language: str) -> None:
        self.client = client
        self.headers = {"accept-language": language}
        self.response: Any = None

    def open(self, path: str) -> Browser:
        self.response = self.client.get(path, headers=self.headers)
        return self

    @property
    def page(self) -> str:
        return html.unescape(self.response.text)

    @property
    def text(self) -> str:
        """What can be read: no markup, single spaces."""
        body = re.sub(r"(?s)<style>.*?</style>", "", self.response.text)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())

    def follow(self, words: str) -> Browser:
        found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>\s*{re.escape(words)}\s*</a>', self.page)
        assert found, words
        return self.open(found[1])

    def form(self, action: str) -> dict[str, str]:
        """The fields of the form with this action as the page fills them in, buttons and boxes left out."""
        found = re.search(rf'(?s)<form [^>]*action="{re.escape(action)}[?"].*?</form>', self.response.text)
        assert found, f"no form {action} in {self.text}"
        inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[0])
        areas = re.findall(r'(?s)<textarea [^>]*?name="([^"]+)"[^>]*>(.*?)</textarea>', found[0])
        return {name: html.unescape(value) for name, value in [*inputs, *areas]}

    def send(self, action: str, files: Any = None, **fields: str) -> Browser:
        """Submits that form; a trailing underscore lets `as_` be a name."""
        content = {**self.form(action), **fields}
        language = re.search(rf'action="{re.escape(action)}\?lang=(\w+)"', self.response.text)
        assert language
        # Forms that may carry files are multipart, the token and the text before the files.
        multipart = 'enctype="multipart/form-data"' in self.response.text and action in {"/write", "/letters"}
        parts = [(name, (None, value)) for name, value in content.items()] + [("files", each) for each in files or []]
        self.response = self.client.post(
            f"{action}?lang={language[1]}",
            headers=self.headers,
            **({"files": parts} if multipart else {"data": content}),
        )
        return self

    @property
    def code(self) -> str:
        """The seven words of the page."""
        shown = re.search(r'(?s)<ol class="words card"[^>]*>(.*?)</ol>', self.response.text)
        assert shown, self.text
        return " ".join(re.findall(r"<li>(.*?)</li>", shown[1]))


class House:
    """Everything of one helpline; `client()` is a browser without JavaScript."""

    def __init__(self, folder: Path, *, announced: bool = True) -> None:
        self.time = Time()
        self.desk = Desk()
        self.folder = folder / "data"
        self.leads_away = dict(pages.LEAVE_TO)  # where "leave quickly" leads, by language
        self._organisation = folder / "organisation.json"
        self._organisation.write_bytes(msgspec.json.encode(self.desk.organisation()))
        self._start()
        if announced:
            self.announce()

    def _start(self) -> None:
        settings = front.Settings(self.folder, self._organisation, lambda: self.time.wall, leave_to=self.leads_away)
        self.app = front.app(settings)
        self.log: Log = self.app.state.log
        self.blobs: Blobs = self.app.state.blobs
        self.place: Place = self.app.state.place
        self.place.frame = frame()
        self.place.visits = Visits(lambda: self.time.ticks)
        self.place.unsent = Unsent(self.blobs, lambda: self.time.ticks)

    def again(self) -> House:
        """The same relay, started anew over what stands on its disk."""
        self._start()
        return self

    def announce(self, version: int = 1, name: str = "the Kunak helpline") -> None:
        """The admin's desk sends the helpline document."""
        awaited(self.app.state.documents.put_helpline(self.desk.helpline(version, name)))

    def browser(self, language: str = "en") -> Browser:
        return Browser(TestClient(self.app, base_url="http://house.test", raise_server_exceptions=False), language)

    def letters(self) -> list[Letter]:
        """All letters in the log that the key of the week opens."""
        return [open_letter(each.sealed, [self.desk.week]).letter for each in self.log.read(0) if each.sealed]

    def file(self, reference: FileReference) -> bytes:
        """A file as the desk opens it, from the relay's disk."""
        opener = FileOpener(reference.seed, reference.size)
        chunks = [self.folder / "blobs" / chunk_id(reference.seed, n).hex() for n in range(chunks_of(reference.size))]
        return b"".join(opener.update(chunk.read_bytes()) for chunk in chunks) + opener.finish()

    def reply(self, letter: Letter, text: str, *, key: SigningKey | None = None, **more: Any) -> int:
        """An answer to the mailbox of a first letter; its number."""
        assert letter.first is not None
        reply = Reply(
            1, os.urandom(16), letter.mailbox, int(self.time.wall // 86_400), more.pop("kind", "text"), text, **more
        )
        sealed = seal_reply(reply, Recipient.from_bytes(letter.first.recipient), key or self.desk.reply_key)
        return awaited(self.log.post_message(letter.mailbox, os.urandom(16), sealed))

    def close(self) -> None:
        self.place.derivation.close()
        self.log.close()
