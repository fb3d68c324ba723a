"""A cast of people for the desk's tests: a person who writes, two caseworkers, two coordinators, an admin, a helper who was revoked,
and an officer who poses. Each helper has a desk of their own over one relay; every browser goes through the guard and the lock."""

from __future__ import annotations

import atexit
import re
import secrets
import shutil
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from kunak.desk.app import Desk
from kunak.journal.grants import week_of
from kunak.sealing.code import MailboxKeys, new_code, root_of
from kunak.sealing.compartment import identity_of, reply_key_of
from kunak.sealing.hybrid import Recipient
from kunak.sealing.letter import (
    Contact,
    FileReference,
    First,
    Letter,
    Reply,
    first_letter_label,
    letter_label,
    open_reply,
    seal_letter,
)
from tests.honest_relay import HonestRelay
from tests.house import House

if TYPE_CHECKING:
    from collections.abc import Iterator

CASEWORKERS = ("Linden", "Maple")
COORDINATOR, ADMIN, REVOKED = "Aspen", "Oak", "Elder"
SECOND_COORDINATOR = "Birch"


@dataclass(frozen=True)
class Founded:
    """An organisation whose desks are all closed, to be copied for each test."""

    folder: Path
    organisation: bytes
    secrets: dict[str, tuple[int, bytes]]
    relay: HonestRelay


@cache
def found_once() -> Founded:
    """Made once a test run: joining costs key derivations."""
    folder = Path(tempfile.mkdtemp(prefix="cast-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    house = House(folder)
    house.found(ADMIN, role="admin")
    for callsign in (*CASEWORKERS, REVOKED):
        house.welcome(callsign)
    for callsign in (COORDINATOR, SECOND_COORDINATOR):
        house.welcome(callsign, "coordinator")
    house.settle()
    keyring = house.benches[CASEWORKERS[0]].keyring
    held = [name for name in keyring.compartments() if name == "intake" or name.startswith("week:")]
    secrets_of = {name: keyring.newest(name) for name in held}
    organisation = bytes.fromhex(keyring.own.organisation.id)
    house.close()
    return Founded(folder, organisation, secrets_of, house.relay)


@dataclass
class Person:
    """Somebody with a browser and seven words; what a mailbox does for them is done here directly."""

    cast: Cast
    language: str = "ru"
    write_to: Recipient | None = None
    sent: int = 0

    def __post_init__(self) -> None:
        self.keys = MailboxKeys.from_root(root_of(new_code(self.language), self.cast.organisation))

    @property
    def mailbox(self) -> str:
        return self.keys.mailbox.hex()

    def write(
        self, text: str, kind: Any = "text", contact: Contact | None = None, files: tuple[FileReference, ...] = ()
    ) -> str:
        """Post a letter; its id."""
        self.sent += 1
        chosen = secrets.token_bytes(16)
        first = First(bytes(self.keys.identity.recipient), self.keys.letter_key) if self.sent == 1 else None
        letter = Letter(1, chosen, self.keys.mailbox, self.sent, kind, self.language, text, files, contact, first)
        to = self.write_to or self.cast.week_recipient()
        label = first_letter_label(to) if first else letter_label(self.keys.letter_key, self.sent)
        self.cast.house.relay.append([(label, seal_letter(letter, self.keys.letter_key, to))])
        return chosen.hex()

    def replies(self) -> list[Reply]:
        """What waits in the mailbox, opened with the code and checked to be the helpline's."""
        key = reply_key_of(self.cast.secret("intake")[1]).public
        mine = [sealed for box, _, sealed in self.cast.house.relay.messages.values() if box == self.keys.mailbox]
        replies = [open_reply(sealed, [self.keys.identity], [key], self.keys.mailbox) for sealed in mine]
        for reply in replies:
            if reply.write_to:
                self.write_to = Recipient.from_bytes(reply.write_to)
        return replies


class Officer(Person):
    """Poses as somebody else: has their mailbox's id, as a hostile relay would, but not their seven words."""

    def pose_as(self, person: Person, text: str) -> None:
        self.keys.mailbox = person.keys.mailbox
        self.write(text)


@dataclass
class Helper:
    """A helper's desk and the browser at it."""

    callsign: str
    desk: Desk
    browser: TestClient
    origin: str

    def unlock(self) -> Helper:
        answer = self.post("/unlock", passphrase=self.callsign, to="/")
        assert answer.status_code == 303, answer.text
        return self

    def get(self, path: str) -> Any:
        return self.browser.get(path)

    def see(self, path: str) -> str:
        """The page's text; it must be there."""
        answer = self.browser.get(path, follow_redirects=True)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[-300:])
        return str(answer.text)

    def post(self, path: str, **fields: str) -> Any:
        kind = "application/x-www-form-urlencoded"  # browsers say so of an empty form too
        return self.browser.post(path, data=fields, headers={"origin": self.origin, "content-type": kind})

    def sync(self) -> None:
        opened = self.desk.lock.opened
        assert opened is not None
        opened.sync.step()

    @property
    def bench(self) -> Any:
        assert self.desk.lock.opened is not None
        return self.desk.lock.opened.bench

    @property
    def watching(self) -> Any:
        assert self.desk.lock.opened is not None
        return self.desk.lock.opened.watching

    def open_case(self, person: Person, pseudonym: str = "Верба") -> str:
        """Open a case from a person's letters by the page; its id."""
        answer = self.post("/cases/open", person=person.mailbox, pseudonym=pseudonym)
        assert answer.status_code == 303, answer.text
        found = re.fullmatch(r"/cases/([0-9a-f]{32})\?done=opened", answer.headers["location"])
        assert found, answer.headers["location"]
        return found.group(1)


@dataclass
class Cast:
    """Everybody over one relay. `house.now` is everybody's clock, `idle` the machines', `awake` theirs without the hours of sleep."""

    folder: Path
    idle: float = 1_000.0
    awake: float = 1_000.0
    helpers: dict[str, Helper] = field(default_factory=dict)

    def __post_init__(self) -> None:
        founded = found_once()
        shutil.copytree(founded.folder, self.folder, dirs_exist_ok=True)
        self.house = House(self.folder)
        self.organisation, self._secrets = founded.organisation, founded.secrets
        for name in ("log", "places", "documents", "messages", "mailboxes", "blobs"):
            setattr(self.house.relay, name, getattr(founded.relay, name).copy())

    @property
    def _week(self) -> str:
        return week_of(int(self.house.now // 86_400))

    def secret(self, compartment: str) -> tuple[int, bytes]:
        return self._secrets[compartment]

    def week_recipient(self) -> Recipient:
        return identity_of(self.secret(self._week)[1]).recipient

    def seat(self, callsign: str, **settings: Any) -> Helper:
        """A browser that has entered this helper's desk, which is still locked."""
        if callsign not in self.helpers:
            port = 8_300 + len(self.helpers)
            given: dict[str, Any] = {"relay": lambda _: self.house.relay, "sync_pause": None, **settings}
            desk = Desk(
                self.folder / callsign,
                port,
                clock=self.house.clock,
                idle_clock=lambda: self.idle,
                awake_clock=lambda: self.awake,
                **given,
            )
            origin = f"http://127.0.0.1:{port}"
            browser = TestClient(desk, base_url=origin, follow_redirects=False, headers={"accept-language": "en"})
            assert browser.get(urlsplit(desk.guard.address()).path).status_code == 200
            self.helpers[callsign] = Helper(callsign, desk, browser, origin)
        return self.helpers[callsign]

    def at_work(self, callsign: str) -> Helper:
        """A helper at an unlocked desk that has heard everything."""
        helper = self.seat(callsign).unlock()
        helper.sync()
        return helper

    def everybody_syncs(self) -> None:
        for _ in range(3):
            for helper in self.helpers.values():
                if helper.desk.lock.opened is not None:
                    helper.sync()

    def close(self) -> None:
        for helper in self.helpers.values():
            helper.desk.lock.lock()


@pytest.fixture
def cast(tmp_path: Path) -> Iterator[Cast]:
    cast = Cast(tmp_path)
    yield cast
    cast.close()
