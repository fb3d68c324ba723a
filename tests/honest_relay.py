"""An honest relay in memory: what `RelayClient` talks to, without HTTP. Several desks share one `HonestRelay`."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kunak.desk.hindrance import AWAY
from kunak.desk.relay_client import Reading, RelayRefused, Unreachable
from kunak.relay.wire import StoredEnvelope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ANSWER_ENVELOPES = 500


class HonestRelay:
    """Keeps everything in lists. `away`: nobody reaches it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.log: list[StoredEnvelope] = []
        self.places: dict[tuple[bytes, bytes], int] = {}
        self.documents: dict[str, bytes] = {}
        self.messages: dict[int, tuple[bytes, bytes, bytes]] = {}
        self.posted = 0
        self.withdrawn: set[tuple[bytes, bytes]] = set()
        self.mailboxes: dict[bytes, bytes] = {}
        self.blobs: dict[bytes, bytes] = {}
        self.away = False

    def _reached(self) -> None:
        if self.away:
            raise Unreachable(AWAY)

    def append(self, envelopes: Sequence[tuple[bytes, bytes]]) -> list[int]:
        self._reached()
        positions = []
        for label, sealed in envelopes:
            assert sealed
            assert len(sealed) % 4096 == 0
            key = (label, hashlib.sha256(sealed).digest())
            if key not in self.places:
                self.log.append(StoredEnvelope(len(self.log) + 1, int(self._clock() // 86_400), label, sealed))
                self.places[key] = len(self.log)
            positions.append(self.places[key])
        return positions

    def read(self, after: int) -> Reading:
        self._reached()
        return Reading(self.log[after : after + ANSWER_ENVELOPES], len(self.log))

    def shred(self, positions: Sequence[int]) -> None:
        self._reached()
        for position in positions:
            old = self.log[position - 1]
            if old.sealed is not None:
                digest = hashlib.sha256(old.sealed).digest()
                self.log[position - 1] = old._replace(sealed=None, digest=digest)

    def roster(self) -> bytes | None:
        self._reached()
        return self.documents.get("roster")

    def put_roster(self, document: bytes) -> None:
        self._reached()
        self.documents["roster"] = document

    def helpline(self) -> bytes | None:
        self._reached()
        return self.documents.get("helpline")

    def put_helpline(self, document: bytes) -> None:
        self._reached()
        self.documents["helpline"] = document

    def put_mailbox(self, mailbox: bytes, access_and_state: bytes) -> None:
        self._reached()
        self.mailboxes.setdefault(mailbox, access_and_state)

    def post_message(self, mailbox: bytes, token: bytes, sealed: bytes) -> int:
        self._reached()
        for number, (_, known, _) in self.messages.items():
            if known == token:
                return number
        if (mailbox, token) in self.withdrawn:
            return 0
        self.posted += 1
        number = self.posted
        self.messages[number] = (mailbox, token, sealed)
        return number

    def withdraw_message(self, mailbox: bytes, token: bytes) -> None:
        self._reached()
        self.withdrawn.add((mailbox, token))
        for number, (box, known, _) in list(self.messages.items()):
            if (box, known) == (mailbox, token):
                del self.messages[number]

    def waiting(self) -> list[int]:
        self._reached()
        return sorted(self.messages)

    def get_blob(self, blob: bytes) -> bytes:
        self._reached()
        if blob not in self.blobs:
            raise RelayRefused("unknown", "There is no such part of a file here.", again=False)
        return self.blobs[blob]

    def put_blob(self, blob: bytes, chunk: bytes) -> None:
        self._reached()
        self.blobs[blob] = chunk

    def delete_blob(self, blob: bytes) -> None:
        self._reached()
        self.blobs.pop(blob, None)
