"""What a desk asks of its relay: `Relay` is the list, `RelayClient` asks over HTTP. docs/formats/relay.md.

Every answer is the relay's word and no more: whether it is believed is decided in sync.py and in the journal.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, Self, TypeVar

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kunak.desk.hindrance import AWAY, NOT_THE_RELAY
from kunak.desk.road import road_to
from kunak.relay import wire
from kunak.relay.signing import signed_headers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kunak.relay.wire import StoredEnvelope

# A relay behind Tor on a bad line; whoever waits can still work.
TIMEOUT_SECONDS: Final = 60.0


class Unreachable(Exception):
    """Nobody's fault here: no network, or the relay is away. Trying again later helps, and nothing is lost meanwhile."""


class RelayRefused(Exception):
    """The relay answered, and said no. `word` as in relay.md; `again`: whether waiting helps."""

    def __init__(self, word: str, sentence: str, again: bool) -> None:
        super().__init__(sentence)
        self.word = word
        self.again = again


class RelayLied(Exception):
    """The relay showed what cannot be: it is broken or hostile. Nothing of this desk is lost; tell an admin."""


class Reading(NamedTuple):
    envelopes: Sequence[StoredEnvelope]
    head: int


class Relay(Protocol):
    """All methods raise Unreachable and RelayRefused."""

    def append(self, envelopes: Sequence[tuple[bytes, bytes]]) -> list[int]: ...
    def read(self, after: int) -> Reading: ...
    def shred(self, positions: Sequence[int]) -> None: ...
    def roster(self) -> bytes | None: ...
    def put_roster(self, document: bytes) -> None: ...
    def helpline(self) -> bytes | None: ...
    def put_helpline(self, document: bytes) -> None: ...
    def put_mailbox(self, mailbox: bytes, access_and_state: bytes) -> None: ...
    def post_message(self, mailbox: bytes, token: bytes, sealed: bytes) -> int: ...
    def withdraw_message(self, mailbox: bytes, token: bytes) -> None: ...
    def waiting(self) -> list[int]: ...
    def get_blob(self, blob: bytes) -> bytes: ...
    def put_blob(self, blob: bytes, chunk: bytes) -> None: ...
    def delete_blob(self, blob: bytes) -> None: ...


class _Refusal(msgspec.Struct):
    error: str
    sentence: str
    again: bool


class _Positions(msgspec.Struct):
    positions: list[int]
    head: int


class _Message(msgspec.Struct):
    message: int


class RelayClient:
    """`signing_seed`: of the device's Ed25519 key (or an invitation's); `transport`: for a relay in this process."""

    def __init__(
        self,
        url: str,
        device: str,
        signing_seed: bytes,
        clock: Callable[[], float],
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._device = bytes.fromhex(device)
        self._key = Ed25519PrivateKey.from_private_bytes(signing_seed)
        self._clock = clock
        # No environment: a proxy set for the browser must not learn of the relay.
        self._http = httpx.Client(transport=transport or road_to(url), timeout=TIMEOUT_SECONDS, trust_env=False)

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, envelopes: Sequence[tuple[bytes, bytes]]) -> list[int]:
        answer = self._signed("POST", wire.ENVELOPES, wire.encode_appends(envelopes))
        return _decoded(answer, _Positions).positions

    def read(self, after: int) -> Reading:
        answer = self._signed("GET", f"{wire.ENVELOPES}?after={after}")
        try:
            return Reading(wire.decode_stored(answer.content), int(answer.headers[wire.HEAD_HEADER]))
        except (wire.BrokenFrames, KeyError, ValueError) as wrong:
            raise RelayLied("The relay's answer cannot be read. It is broken, or something stands between.") from wrong

    def shred(self, positions: Sequence[int]) -> None:
        self._signed("POST", wire.SHRED, msgspec.json.encode({"positions": list(positions)}))

    def roster(self) -> bytes | None:
        return self._document(wire.ROSTER)

    def put_roster(self, document: bytes) -> None:
        self._signed("PUT", wire.ROSTER, document)

    def helpline(self) -> bytes | None:
        return self._document(wire.HELPLINE)

    def put_helpline(self, document: bytes) -> None:
        self._signed("PUT", wire.HELPLINE, document)

    def put_mailbox(self, mailbox: bytes, access_and_state: bytes) -> None:
        self._signed("PUT", f"{wire.MAILBOXES}/{mailbox.hex()}", access_and_state)

    def post_message(self, mailbox: bytes, token: bytes, sealed: bytes) -> int:
        path = f"{wire.MAILBOXES}/{mailbox.hex()}/messages"
        return _decoded(self._signed("POST", path, sealed, {wire.MESSAGE_HEADER: token.hex()}), _Message).message

    def withdraw_message(self, mailbox: bytes, token: bytes) -> None:
        self._signed("POST", f"{wire.MAILBOXES}/{mailbox.hex()}/withdraw", token)

    def waiting(self) -> list[int]:
        try:
            return wire.decode_numbers(self._signed("GET", wire.MESSAGES).content)
        except wire.BrokenFrames as wrong:
            raise RelayLied("The relay's answer cannot be read. It is broken, or something stands between.") from wrong

    def get_blob(self, blob: bytes) -> bytes:
        return self._signed("GET", f"{wire.BLOBS}/{blob.hex()}").content

    def put_blob(self, blob: bytes, chunk: bytes) -> None:
        self._signed("PUT", f"{wire.BLOBS}/{blob.hex()}", chunk)

    def delete_blob(self, blob: bytes) -> None:
        self._signed("DELETE", f"{wire.BLOBS}/{blob.hex()}")

    def _document(self, path: str) -> bytes | None:
        try:
            return self._signed("GET", path).content
        except RelayRefused as refused:
            if refused.word == "unknown":
                return None
            raise

    def _signed(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> httpx.Response:
        # As httpx will send it, so that both sides sign the same address.
        url = str(httpx.URL(self._url + path))
        sent = signed_headers(
            method, url, body, device=self._device, key=self._key, created=self._clock(), nonce=secrets.token_hex(16)
        )
        try:
            answer = self._http.request(method, url, content=body, headers={**sent, **(headers or {})})
        except httpx.HTTPError as wrong:
            raise Unreachable(AWAY) from wrong
        if answer.is_success:
            return answer
        raise _refusal(answer)


def _refusal(answer: httpx.Response) -> RelayRefused | Unreachable:
    try:
        said = msgspec.json.decode(answer.content, type=_Refusal)
    except msgspec.MsgspecError:
        # Not our relay's words: a proxy's page, a captive portal, a server that is starting.
        return Unreachable(NOT_THE_RELAY)
    return RelayRefused(said.error, said.sentence, said.again)


T = TypeVar("T")


def _decoded(answer: httpx.Response, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except msgspec.MsgspecError as wrong:
        raise RelayLied("The relay's answer cannot be read. It is broken, or something stands between.") from wrong


class InProcess(httpx.BaseTransport):
    """A relay's ASGI app in this process, for the demo and tests: one event loop in a thread of its own, as a server has."""

    def __init__(self, app: Callable[..., object]) -> None:
        self._asgi = httpx.ASGITransport(app)  # type: ignore[arg-type]  # httpx names ASGI's types more narrowly than it needs
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="relay in process", daemon=True)
        self._thread.start()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run_coroutine_threadsafe(self._answer(request), self._loop).result(TIMEOUT_SECONDS)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._asgi.handle_async_request(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())

    def stop(self) -> None:
        """After the last request; clients only close themselves."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
