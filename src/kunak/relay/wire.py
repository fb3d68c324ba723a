"""What desks and the relay say to each other: paths, limits and frames (docs/formats/relay.md).

Bytes in, values out. Both ends import this file, and nothing in it can open anything.
"""

from __future__ import annotations

import hashlib
import struct
from binascii import b2a_base64
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

ENVELOPES: Final = "/v1/envelopes"
SHRED: Final = "/v1/shred"
ROSTER: Final = "/v1/roster"
HELPLINE: Final = "/v1/helpline"
MAILBOXES: Final = "/v1/mailboxes"  # + /<hex id>/messages
MESSAGES: Final = "/v1/messages"
BLOBS: Final = "/v1/blobs"  # + /<hex id>
HEALTH: Final = "/v1/health"
OPENAPI: Final = "/v1/openapi.json"

HEAD_HEADER: Final = "Kunak-Head"
MESSAGE_HEADER: Final = "Kunak-Message"

ID_SIZE: Final = 16  # of labels, mailboxes, devices, blobs, messages
DIGEST_SIZE: Final = 32
STATE_SIZE: Final = 2_048  # a mailbox's sealed state (docs/formats/letter.md)
BLOB_SIZE: Final = 262_144  # one chunk of a file, always full
BUCKET: Final = 4_096  # every stored envelope and message is a multiple of this (docs/formats/padding.md)
MAX_REQUEST: Final = 4 * 1024 * 1024  # bytes of one request's body
MAX_DOCUMENT: Final = 256 * 1024  # bytes of a signed document
MAX_ANSWER: Final = 1024 * 1024  # bytes of sealed content in one answer; one envelope more than fits is never cut
MAX_SEALED: Final = 2 * 1024 * 1024  # bytes of one envelope or message: a mebibyte of text and what sealing adds
SECONDS_A_DAY: Final = 86_400

_SHREDDED: Final = 0xFFFFFFFF
_APPEND = struct.Struct(">16sI")
_STORED = struct.Struct(">QI16sI")
_NUMBER = struct.Struct(">Q")


class BrokenFrames(ValueError):
    """These bytes are not the frames that were expected: they end too early, or name a size that cannot be."""


class StoredEnvelope(NamedTuple):
    """One envelope as the relay keeps it. `sealed` is None once it was shredded; `digest` is then what is left of it."""

    position: int
    day: int  # days since 1970-01-01 UTC
    label: bytes
    sealed: bytes | None
    digest: bytes | None = None  # SHA-256 of what was there; given for shredded envelopes only


def encode_appends(envelopes: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The body of an append: pairs of label (16 bytes) and sealed bytes."""
    parts: list[bytes] = []
    for label, sealed in envelopes:
        parts += (_APPEND.pack(label, len(sealed)), sealed)
    return b"".join(parts)


def decode_appends(body: bytes) -> list[tuple[bytes, bytes]]:
    """The pairs that `encode_appends` wrote. Raises BrokenFrames."""
    envelopes: list[tuple[bytes, bytes]] = []
    offset = 0
    while offset < len(body):
        if offset + _APPEND.size > len(body):
            raise BrokenFrames("the last frame's head is cut off")
        label, size = _APPEND.unpack_from(body, offset)
        offset += _APPEND.size
        if offset + size > len(body):
            raise BrokenFrames("the last frame is cut off")
        envelopes.append((label, body[offset : offset + size]))
        offset += size
    return envelopes


def encode_stored(envelopes: Iterable[StoredEnvelope]) -> bytes:
    """The answer to a read of the log."""
    parts: list[bytes] = []
    for envelope in envelopes:
        if envelope.sealed is None:
            digest = envelope.digest or bytes(DIGEST_SIZE)
            parts += (_STORED.pack(envelope.position, envelope.day, envelope.label, _SHREDDED), digest)
        else:
            size = len(envelope.sealed)
            parts += (_STORED.pack(envelope.position, envelope.day, envelope.label, size), envelope.sealed)
    return b"".join(parts)


def stored_frames(body: bytes) -> Iterator[StoredEnvelope]:
    """The envelopes of an answer, one after the other. Raises BrokenFrames."""
    offset = 0
    while offset < len(body):
        if offset + _STORED.size > len(body):
            raise BrokenFrames("the last frame's head is cut off")
        position, day, label, size = _STORED.unpack_from(body, offset)
        offset += _STORED.size
        length = DIGEST_SIZE if size == _SHREDDED else size
        if offset + length > len(body):
            raise BrokenFrames("the last frame is cut off")
        content = body[offset : offset + length]
        offset += length
        if size == _SHREDDED:
            yield StoredEnvelope(position, day, label, None, content)
        else:
            yield StoredEnvelope(position, day, label, content)


def decode_stored(body: bytes) -> list[StoredEnvelope]:
    """All envelopes of an answer. Raises BrokenFrames."""
    return list(stored_frames(body))


def content_digest(body: bytes) -> bytes:
    """The value of the Content-Digest header (RFC 9530)."""
    return b"sha-256=:%b:" % b2a_base64(hashlib.sha256(body).digest(), newline=False)


def encode_numbers(numbers: Sequence[int]) -> bytes:
    """u64 frames."""
    return b"".join(_NUMBER.pack(number) for number in numbers)


def decode_numbers(body: bytes) -> list[int]:
    """What `encode_numbers` wrote. Raises BrokenFrames."""
    if len(body) % _NUMBER.size:
        raise BrokenFrames("the last number is cut off")
    return [number for (number,) in _NUMBER.iter_unpack(body)]


def day_of(now: float) -> int:
    """The only time that the relay keeps: days since 1970-01-01 UTC."""
    return int(now // SECONDS_A_DAY)
