"""One visit of a person: what the browser carries meanwhile, and the proof that a form was filled in during it.

A visit's cookie is sealed by a key that exists in this process's memory only, is replaced every half hour and forgotten after
an hour: a cookie found later on a phone opens nothing, and this process keeps no list of who is here. The cookie carries the
code's derived root, never the code, except between the page that shows a new code and the person's "I have it".

Forms are guarded by tokens bound to the visit instead of by the `Origin` header: Tor Browser sends `Origin: null`.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import time
from collections.abc import Callable
from hmac import compare_digest, digest
from typing import NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from starlette.requests import Request
from starlette.responses import Response

LASTS = 30 * 60  # seconds without a request, after which a visit is over
_NONCE = 12
_ID = 16
_ENDED_AT_MOST = 100_000  # visits that ended by a wish to leave, remembered for an hour: 6 MB at most


class Visit(msgspec.Struct, array_like=True, frozen=True):
    """What the cookie holds. `seen`: seconds, of this process's own clock; `words`: a new code, until it is kept."""

    id: bytes
    seen: float
    root: bytes = b""
    words: tuple[str, ...] = ()


class Token(NamedTuple):
    """A form's token, opened. `once` is this form's own 16 bytes; `seed` follows from it and from this process's key."""

    once: bytes
    seed: bytes


class Seals:
    """Keys that live in memory only. Sealed texts open for at least half an hour and at most an hour."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        # Monotonic: a wall clock that jumps must neither end visits nor keep a key alive.
        self._ticks = ticks
        self._keys: list[tuple[float, bytes]] = []

    def _kept(self) -> list[tuple[float, bytes]]:
        now = self._ticks()
        self._keys = [pair for pair in self._keys if now - pair[0] < 2 * LASTS]
        if not self._keys or now - self._keys[0][0] >= LASTS:
            self._keys.insert(0, (now, secrets.token_bytes(32)))
        return self._keys

    def seal(self, purpose: bytes, content: bytes) -> str:
        """Text for a cookie or a hidden field; opens only for the same purpose."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = ChaCha20Poly1305(self._kept()[0][1]).encrypt(nonce, content, purpose)
        return base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")

    def open(self, purpose: bytes, text: str) -> tuple[bytes, bytes] | None:
        """The content, and 32 bytes that follow from it by the same key; None when too old, or not ours."""
        try:
            sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (ValueError, binascii.Error):
            return None
        if len(sealed) < _NONCE:
            return None
        for _, key in self._kept():
            try:
                content = ChaCha20Poly1305(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose)
            except InvalidTag:
                continue
            return content, digest(key, b"seed " + purpose + content, "sha256")
        return None


class Visits:
    """Begins, continues and ends visits."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self.seals = Seals(ticks)
        self._ended: dict[bytes, float] = {}

    def of(self, request: Request) -> Visit | None:
        """The visit that this request belongs to, or None when there is none or it is over."""
        opened = self.seals.open(b"visit", request.cookies.get(cookie_name(request), ""))
        if opened is None:
            return None
        visit = msgspec.msgpack.decode(opened[0], type=Visit)
        if visit.id in self._ended or self._ticks() - visit.seen > LASTS:
            return None
        return visit

    def begin(self, root: bytes = b"", words: tuple[str, ...] = ()) -> Visit:
        """A new visit, under a new id: nothing of an earlier one can be continued."""
        return Visit(secrets.token_bytes(_ID), self._ticks(), root, words)

    def carry(self, visit: Visit, request: Request, response: Response) -> None:
        """Let the response's browser carry the visit on for another half hour."""
        fresh = msgspec.structs.replace(visit, seen=self._ticks())
        # No Max-Age: a browser keeps such a cookie in memory, and writes one with an age to its disk.
        self._set(request, response, self.seals.seal(b"visit", msgspec.msgpack.encode(fresh)), None)

    def end(self, request: Request, response: Response) -> None:
        """The cookie goes from the browser, and a copy of it opens nothing any more."""
        visit = self.of(request)
        now = self._ticks()
        if visit is not None:
            if len(self._ended) >= _ENDED_AT_MOST:
                self._ended = {each: when for each, when in self._ended.items() if now - when < 2 * LASTS}
            if len(self._ended) < _ENDED_AT_MOST:
                self._ended[visit.id] = now
        self._set(request, response, "", 0)

    def _set(self, request: Request, response: Response, value: str, seconds: int | None) -> None:
        # By hand: the library's own way costs as much as sealing the cookie. The value is base64, there is nothing to quote.
        age = "" if seconds is None else f"; Max-Age={seconds}"
        secure = "; Secure" if request.url.scheme == "https" else ""
        cookie = f"{cookie_name(request)}={value}; HttpOnly{age}; Path=/; SameSite=strict{secure}"
        response.headers.append("set-cookie", cookie)

    def token(self, visit: Visit) -> str:
        """A new token for one form of this visit."""
        return self.seals.seal(b"form", visit.id + secrets.token_bytes(_ID))

    def check(self, visit: Visit | None, token: str) -> Token | None:
        """The token, if it was given to this visit; None otherwise."""
        opened = self.seals.open(b"form", token)
        if visit is None or opened is None or not compare_digest(opened[0][:_ID], visit.id):
            return None
        return Token(opened[0][_ID:], opened[1])


def cookie_name(request: Request) -> str:
    """A name that says nothing; with TLS one that no other host or path can set (RFC 6265bis, section 4.1.3)."""
    return "__Host-s" if request.url.scheme == "https" else "s"
