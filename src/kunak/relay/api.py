"""The relay's requests (docs/formats/relay.md): signed by devices, or open to anyone where the document itself is signed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Annotated, Final

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kunak.relay import refusals, wire
from kunak.relay.admission import Admission
from kunak.relay.blobs import Blobs
from kunak.relay.documents import Documents
from kunak.relay.intake import FROM_ANYONE, FROM_DEVICES, SECONDS_FOR_ANYONE, Intake
from kunak.relay.log import Log, Source
from kunak.relay.refusals import Malformed, Refused, Unknown

STATUS: Final[dict[type[Refused], int]] = {
    refusals.Full: 507,
    refusals.Unknown: 404,
    refusals.Changed: 409,
    refusals.Outdated: 409,
    refusals.Malformed: 400,
    refusals.NotAllowed: 401,
    refusals.ClockOff: 401,
    refusals.TooLarge: 413,
    refusals.Closing: 503,
    refusals.Busy: 503,
    refusals.Unavailable: 503,
}

ANSWERS_AT_ONCE: Final = 4  # pieces of the log that are being put together
DESCRIPTION: Final = files("kunak.relay").joinpath("openapi.json").read_bytes()

Endpoint = Callable[[Request], Awaitable[Response]]
Answer = Callable[[Request, bytes], Awaitable[Response]]


class Shred(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a shred."""

    positions: Annotated[list[Annotated[int, msgspec.Meta(ge=1, lt=2**53)]], msgspec.Meta(max_length=10_000)]


def routes(log: Log, blobs: Blobs, documents: Documents, clock: Callable[[], float]) -> list[Route]:
    """All routes of the API, to be mounted by front.py."""
    api = Api(log, blobs, documents, Admission(documents, clock))
    open_to_all, signed = api.open_to_all, api.signed
    blob = wire.BLOBS + "/{id}"
    return [
        Route(wire.ENVELOPES, signed(api.append, wire.MAX_REQUEST), methods=["POST"]),
        Route(wire.ENVELOPES, signed(api.read), methods=["GET"]),
        Route(wire.SHRED, signed(api.shred, wire.MAX_DOCUMENT), methods=["POST"]),
        Route(wire.ROSTER, open_to_all(api.put_roster, wire.MAX_DOCUMENT), methods=["PUT"]),
        Route(wire.ROSTER, open_to_all(api.roster), methods=["GET"]),
        Route(wire.HELPLINE, open_to_all(api.put_helpline, wire.MAX_DOCUMENT), methods=["PUT"]),
        Route(wire.HELPLINE, open_to_all(api.helpline), methods=["GET"]),
        Route(wire.MAILBOXES + "/{id}", signed(api.put_mailbox, wire.DIGEST_SIZE + wire.STATE_SIZE), methods=["PUT"]),
        Route(wire.MAILBOXES + "/{id}/messages", signed(api.post_message, wire.MAX_SEALED), methods=["POST"]),
        Route(wire.MAILBOXES + "/{id}/withdraw", signed(api.withdraw_message, wire.ID_SIZE), methods=["POST"]),
        Route(wire.MESSAGES, signed(api.waiting), methods=["GET"]),
        Route(blob, signed(api.put_blob, wire.BLOB_SIZE), methods=["PUT"]),
        Route(blob, signed(api.get_blob), methods=["GET"]),
        Route(blob, signed(api.delete_blob), methods=["DELETE"]),
        Route(wire.HEALTH, open_to_all(api.health), methods=["GET"]),
        Route(wire.OPENAPI, open_to_all(api.openapi), methods=["GET"]),
    ]


class Api:
    """One method for each request; each takes a request that was let in and answers it, or raises Refused."""

    def __init__(self, log: Log, blobs: Blobs, documents: Documents, admission: Admission) -> None:
        self._log = log
        self._blobs = blobs
        self._documents = documents
        self._admission = admission
        self._from_devices = Intake(FROM_DEVICES)
        self._from_anyone = Intake(FROM_ANYONE, SECONDS_FOR_ANYONE)
        self._handing_out = asyncio.Semaphore(ANSWERS_AT_ONCE)

    def open_to_all(self, answer: Answer, most: int = 0) -> Endpoint:
        """Anyone may ask, with a body of so many bytes; refusals become answers."""

        async def endpoint(request: Request) -> Response:
            try:
                async with self._from_anyone.body(request, most) as body:
                    return await answer(request, body)
            except Refused as refused:
                return refusal(refused, hang_up=_is_endless(request))

        return endpoint

    def signed(self, answer: Answer, most: int = 0) -> Endpoint:
        """Only devices of the roster may ask; the signature is checked before a byte of the body is read."""

        async def endpoint(request: Request) -> Response:
            try:
                admitted = self._admission.admit(request.scope)
                async with self._from_devices.body(request, most) as body:
                    admitted.check_body(body)
                    return await answer(request, body)
            except Refused as refused:
                return refusal(refused, hang_up=_is_endless(request))

        return endpoint

    # --- the log

    async def append(self, request: Request, body: bytes) -> Response:  # noqa: ARG002 - a route's shape
        """Keep envelopes."""
        try:
            envelopes = wire.decode_appends(body)
        except wire.BrokenFrames as trouble:
            raise Malformed(f"The envelopes cannot be read: {trouble}.") from trouble
        for _, sealed in envelopes:
            _check_size(sealed)
        positions = await self._log.append(envelopes, by=Source.DEVICE)
        return _json({"positions": positions, "head": max(positions, default=0)})

    async def read(self, request: Request, body: bytes) -> Response:  # noqa: ARG002 - a route's shape
        """Hand out envelopes."""
        after = _number(request.query_params.get("after", "0"))
        # The head comes first: what is appended meanwhile must not look as if it were withheld.
        async with self._handing_out:
            head = await run_in_threadpool(lambda: self._log.head)
            envelopes = await run_in_threadpool(self._log.read, after, wire.MAX_ANSWER)
            head = max(head, envelopes[-1].position) if envelopes else head
            return _octets(wire.encode_stored(envelopes), {wire.HEAD_HEADER: str(head)})

    async def shred(self, request: Request, body: bytes) -> Response:  # noqa: ARG002 - a route's shape
        """Forget what envelopes held."""
        try:
            asked = msgspec.json.decode(body, type=Shred)
        except (msgspec.MsgspecError, ValueError) as trouble:
            raise Malformed("The positions to shred cannot be read.") from trouble
        await self._log.shred(asked.positions)
        return _json({"shredded": len(asked.positions)})

    # --- documents

    async def put_roster(self, request: Request, body: bytes) -> Response:  # noqa: ARG002 - a route's shape
        """Take a newer roster."""
        await self._documents.put_roster(body)
        return _json({"ok": True})

    async def roster(self, request: Request, body: bytes) -> Response:  # noqa: ARG002 - a route's shape
        """The roster as it was signed."""
        return _document(self._documents.roster_bytes)

    async def put_helpline(self, request: Request, body: bytes) -> Response:  # noqa: ARG002 - a route's shape
        """Take a newer helpline document."""
        await self._documents.put_helpline(body)
        return _json({"ok": True})

    async def helpline(self, request: Request, body: bytes) -> Response:  # noqa: ARG002 - a route's shape
        """The helpline document as it was signed."""
        return _document(self._documents.helpline_bytes)

    # --- mailboxes

    async def put_mailbox(self, request: Request, body: bytes) -> Response:
        """Open a mailbox for a person on the phone: SHA-256 of the access token, then the sealed state."""
        if len(body) != wire.DIGEST_SIZE + wire.STATE_SIZE:
            raise Malformed("A new mailbox is 32 bytes of its access token's digest and 2,048 of its state.")
        access, state = body[: wire.DIGEST_SIZE], body[wire.DIGEST_SIZE :]
        await self._log.create_mailbox(_id(request.path_params["id"]), access, state, by=Source.DEVICE)
        return _json({"ok": True})

    async def post_message(self, request: Request, body: bytes) -> Response:
        """Put a message into a mailbox, once."""
        mailbox = _id(request.path_params["id"])
        token = _id(request.headers.get(wire.MESSAGE_HEADER, ""))
        _check_size(body)
        return _json({"message": await self._log.post_message(mailbox, token, body)})

    async def withdraw_message(self, request: Request, body: bytes) -> Response:
        """Take a message back: whoever knows its id has written it, or was told by who did."""
        mailbox = _id(request.path_params["id"])
        if len(body) != wire.ID_SIZE:
            raise Malformed("A message is taken back by its id of 16 bytes.")
        await self._log.withdraw_message(mailbox, body)
        return _json({"ok": True})

    async def waiting(self, request: Request, body: bytes) -> Response:  # noqa: ARG002 - a route's shape
        """Numbers of the messages that nobody has read yet."""
        return _octets(wire.encode_numbers(await run_in_threadpool(self._log.waiting)))

    # --- blobs

    async def put_blob(self, request: Request, body: bytes) -> Response:
        """Keep a chunk."""
        blob = _id(request.path_params["id"])
        await self._blobs.put(blob, body, by=Source.DEVICE)
        return _json({"ok": True})

    async def get_blob(self, request: Request, body: bytes) -> Response:  # noqa: ARG002 - a route's shape
        """A chunk; for HEAD only whether it is here."""
        blob = _id(request.path_params["id"])
        if request.method == "HEAD":
            if not await self._blobs.has(blob):
                raise Unknown("There is no such part of a file here.")
            return Response()
        return _octets(await self._blobs.get(blob))

    async def delete_blob(self, request: Request, body: bytes) -> Response:  # noqa: ARG002 - a route's shape
        """Forget a chunk."""
        await self._blobs.delete(_id(request.path_params["id"]))
        return _json({"ok": True})

    async def health(self, request: Request, body: bytes) -> Response:  # noqa: ARG002 - a route's shape
        """Whether the relay is up."""
        return _json({"ok": True})

    async def openapi(self, request: Request, body: bytes) -> Response:  # noqa: ARG002 - a route's shape
        """What all these requests are, for programs (OpenAPI 3.1)."""
        return Response(DESCRIPTION, media_type="application/json")


def refusal(refused: Refused, *, hang_up: bool = False) -> Response:
    """The one place where a refusal becomes a status code."""
    headers = {"connection": "close"} if hang_up else None
    content = {"error": refused.word, "sentence": refused.sentence, "again": refused.again}
    return _json(content, STATUS.get(type(refused), 400), headers)


def _is_endless(request: Request) -> bool:
    # The server would go on reading and throwing away what was refused. A body of ordinary size is read to its end all the
    # same: hanging up on it could destroy the answer on its way.
    announced = request.headers.get("content-length", "0" if "transfer-encoding" not in request.headers else "")
    return not announced.isdecimal() or int(announced) > 2 * wire.MAX_REQUEST


def _check_size(sealed: bytes) -> None:
    # A size that is no bucket would tell how long the text inside is.
    if not sealed or len(sealed) % wire.BUCKET or len(sealed) > wire.MAX_SEALED:
        raise Malformed(f"Sealed bytes are padded to whole buckets of {wire.BUCKET} bytes, {wire.MAX_SEALED} at most.")


def _id(text: str) -> bytes:
    if len(text) != 2 * wire.ID_SIZE or text != text.lower():
        raise Malformed("An id has 32 hexadecimal digits in lower case.")
    try:
        return bytes.fromhex(text)
    except ValueError as trouble:
        raise Malformed("An id has 32 hexadecimal digits in lower case.") from trouble


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):  # noqa: PLR2004 - so that it fits the database's 63 bits
        raise Malformed("A position is a number from 0.")
    return int(text)


def _json(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(content), status, headers, media_type="application/json")


def _octets(content: bytes, headers: dict[str, str] | None = None) -> Response:
    return Response(content, headers=headers, media_type="application/octet-stream")


def _document(content: bytes | None) -> Response:
    if content is None:
        raise Unknown("The organisation has not sent this document yet.")
    return _octets(content)
