"""What the relay answers to each request (docs/formats/relay.md): every method takes a request that was let in, or raises Refused."""

from __future__ import annotations

import asyncio
from importlib.resources import files
from typing import Annotated, Final
from urllib.parse import parse_qs

import msgspec
from starlette.concurrency import run_in_threadpool

from kunak.relay import wire
from kunak.relay.asking import Answer, Asked, json, octets
from kunak.relay.blobs import Blobs
from kunak.relay.documents import Documents
from kunak.relay.log import Log, Source
from kunak.relay.refusals import Malformed, Unknown

ANSWERS_AT_ONCE: Final = 4  # pieces of the log that are being put together
DESCRIPTION: Final = files("kunak.relay").joinpath("openapi.json").read_bytes()
_MESSAGE_FIELD: Final = wire.MESSAGE_HEADER.lower().encode()
_HEAD_FIELD: Final = wire.HEAD_HEADER.lower().encode()


class Shred(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a shred."""

    positions: Annotated[list[Annotated[int, msgspec.Meta(ge=1, lt=2**53)]], msgspec.Meta(max_length=10_000)]


class Answers:
    """One method for each request."""

    def __init__(self, log: Log, blobs: Blobs, documents: Documents) -> None:
        self._log = log
        self._blobs = blobs
        self._documents = documents
        self._handing_out = asyncio.Semaphore(ANSWERS_AT_ONCE)

    # --- the log

    async def append(self, asked: Asked) -> Answer:
        """Keep envelopes."""
        try:
            envelopes = wire.decode_appends(asked.body)
        except wire.BrokenFrames as trouble:
            raise Malformed(f"The envelopes cannot be read: {trouble}.") from trouble
        for _, sealed in envelopes:
            _check_size(sealed)
        positions = await self._log.append(envelopes, by=Source.DEVICE)
        return json({"positions": positions, "head": max(positions, default=0)})

    async def read(self, asked: Asked) -> Answer:
        """Hand out envelopes."""
        after = _number(parse_qs(asked.query.decode("latin-1"), keep_blank_values=True).get("after", ["0"])[-1])
        # The head comes first: what is appended meanwhile must not look as if it were withheld.
        async with self._handing_out:
            head = await run_in_threadpool(lambda: self._log.head)
            envelopes = await run_in_threadpool(self._log.read, after, wire.MAX_ANSWER)
            head = max(head, envelopes[-1].position) if envelopes else head
            return octets(wire.encode_stored(envelopes), [(_HEAD_FIELD, str(head).encode())])

    async def shred(self, asked: Asked) -> Answer:
        """Forget what envelopes held."""
        try:
            wanted = msgspec.json.decode(asked.body, type=Shred)
        except (msgspec.MsgspecError, ValueError) as trouble:
            raise Malformed("The positions to shred cannot be read.") from trouble
        await self._log.shred(wanted.positions)
        return json({"shredded": len(wanted.positions)})

    # --- documents

    async def put_roster(self, asked: Asked) -> Answer:
        """Take a newer roster."""
        await self._documents.put_roster(asked.body)
        return json({"ok": True})

    async def roster(self, asked: Asked) -> Answer:  # noqa: ARG002 - all answers have one shape
        """The roster as it was signed."""
        return _document(self._documents.roster_bytes)

    async def put_helpline(self, asked: Asked) -> Answer:
        """Take a newer helpline document."""
        await self._documents.put_helpline(asked.body)
        return json({"ok": True})

    async def helpline(self, asked: Asked) -> Answer:  # noqa: ARG002
        """The helpline document as it was signed."""
        return _document(self._documents.helpline_bytes)

    # --- mailboxes

    async def put_mailbox(self, asked: Asked) -> Answer:
        """Open a mailbox for a person on the phone: SHA-256 of the access token, then the sealed state."""
        if len(asked.body) != wire.DIGEST_SIZE + wire.STATE_SIZE:
            raise Malformed("A new mailbox is 32 bytes of its access token's digest and 2,048 of its state.")
        access, state = asked.body[: wire.DIGEST_SIZE], asked.body[wire.DIGEST_SIZE :]
        await self._log.create_mailbox(_id(asked.id), access, state, by=Source.DEVICE)
        return json({"ok": True})

    async def post_message(self, asked: Asked) -> Answer:
        """Put a message into a mailbox, once."""
        mailbox = _id(asked.id)
        token = _id(asked.fields.get(_MESSAGE_FIELD, b"").decode("latin-1"))
        _check_size(asked.body)
        return json({"message": await self._log.post_message(mailbox, token, asked.body)})

    async def withdraw_message(self, asked: Asked) -> Answer:
        """Take a message back: whoever knows its id has written it, or was told by who did."""
        mailbox = _id(asked.id)
        if len(asked.body) != wire.ID_SIZE:
            raise Malformed("A message is taken back by its id of 16 bytes.")
        await self._log.withdraw_message(mailbox, asked.body)
        return json({"ok": True})

    async def waiting(self, asked: Asked) -> Answer:  # noqa: ARG002
        """Numbers of the messages that nobody has read yet."""
        return octets(wire.encode_numbers(await run_in_threadpool(self._log.waiting)))

    # --- blobs

    async def put_blob(self, asked: Asked) -> Answer:
        """Keep a chunk."""
        await self._blobs.put(_id(asked.id), asked.body, by=Source.DEVICE)
        return json({"ok": True})

    async def get_blob(self, asked: Asked) -> Answer:
        """A chunk; for HEAD only whether it is here."""
        blob = _id(asked.id)
        if asked.method == "HEAD":
            if not await self._blobs.has(blob):
                raise Unknown("There is no such part of a file here.")
            return octets(b"")
        return octets(await self._blobs.get(blob))

    async def delete_blob(self, asked: Asked) -> Answer:
        """Forget a chunk."""
        await self._blobs.delete(_id(asked.id))
        return json({"ok": True})

    # --- the relay itself

    async def health(self, asked: Asked) -> Answer:  # noqa: ARG002
        """Whether the relay is up."""
        return json({"ok": True})

    async def openapi(self, asked: Asked) -> Answer:  # noqa: ARG002
        """What all these requests are, for programs (OpenAPI 3.1)."""
        return Answer(DESCRIPTION)


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


def _document(content: bytes | None) -> Answer:
    if content is None:
        raise Unknown("The organisation has not sent this document yet.")
    return octets(content)
