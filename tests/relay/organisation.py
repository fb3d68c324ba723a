"""An organisation for the relay's tests: a root key, one device in the roster, and requests signed by it."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kunak.relay.signing import signed_headers
from kunak.relay.wire import BUCKET

MIDDAY = 17_258 * 86_400 + 43_200.0  # 2 April 2017, noon


class Clock:
    """A clock that stands still until it is told to move."""

    def __init__(self, now: float = MIDDAY) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@dataclass
class Device:
    """A helper's machine as the relay sees it: an id and a key."""

    id: bytes = field(default_factory=lambda: os.urandom(16))
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)


@dataclass
class Organisation:
    """The root key and what it signs."""

    id: bytes = field(default_factory=lambda: os.urandom(16))
    root: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def write(self, path: Path) -> Path:
        public = self.root.public_key().public_bytes_raw().hex()
        content = {"format": "kunak-organisation/1", "id": self.id.hex(), "root": public, "name": {"en": "Helpline"}}
        path.write_text(json.dumps(content))
        return path

    def signed(self, purpose: str, content: dict[str, object], by: Ed25519PrivateKey | None = None) -> bytes:
        encoded = json.dumps(content).encode()
        return (by or self.root).sign(b"kunak/1 " + purpose.encode() + b"\0" + encoded) + encoded

    def roster(self, *devices: Device, version: int = 1) -> bytes:
        listed = [{"id": d.id.hex(), "key": d.key.public_key().public_bytes_raw().hex()} for d in devices]
        content = {"format": "kunak-roster/1", "organisation": self.id.hex(), "version": version, "devices": listed}
        return self.signed("roster", content)

    def helpline(self, version: int = 1) -> bytes:
        content: dict[str, object] = {
            "format": "kunak-helpline/1",
            "organisation": self.id.hex(),
            "version": version,
            "name": {"ru": "Линия помощи", "en": "Helpline"},
            "reply_keys": ["00" * 32],
            "weeks": [{"from": 17_256, "recipient": "age1pq1example"}],
        }
        return self.signed("helpline", content)


class SigningAuth(httpx.Auth):
    """Signs every request as a device does."""

    requires_request_body = True
    _nonces = itertools.count()

    def __init__(self, device: Device, clock: Callable[[], float]) -> None:
        self.device = device
        self.clock = clock

    def auth_flow(self, request: httpx.Request):  # type: ignore[no-untyped-def]  # httpx names a generator type of its own
        nonce = f"{os.getpid()}-{next(self._nonces)}"
        headers = signed_headers(
            request.method,
            str(request.url),
            request.content,
            device=self.device.id,
            key=self.device.key,
            created=self.clock(),
            nonce=nonce,
        )
        request.headers.update(headers)
        yield request


def sealed(buckets: int = 1) -> bytes:
    """Bytes that look as sealed ones do: random, a whole number of buckets."""
    return os.urandom(buckets * BUCKET)


def label() -> bytes:
    return os.urandom(16)
