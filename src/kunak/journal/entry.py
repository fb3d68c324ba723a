"""Entries and the batches that carry them: docs/formats/entry.md.

An entry is one thing that happened. Entries of one author in one compartment form a chain; several may share a batch and its
signature. Bytes are hashed and signed as they stand and are never written anew.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, NewType

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

DeviceId = NewType("DeviceId", str)  # 32 hex digits
EntryId = NewType("EntryId", str)  # 32 hex digits: the first half of the entry's hash

VERSION = 1
SIGNATURE = 64
NO_PREVIOUS = bytes(32)
# One envelope must stay small beside an answer of the relay (4 MiB) and beside a transaction of the vault.
MOST_ENTRIES = 256

Hex16 = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{32}\Z")]
Hex32 = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
# JSON numbers above 2⁵³ are read differently by different readers.
Count = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]


class NotOneSpelling(ValueError):
    """These bytes are not what this format would have written: whoever made them is at fault."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`time` is Unix seconds by the author's clock; `body` the bytes of one typed event, kept as they came."""

    sequence: Annotated[int, msgspec.Meta(ge=1, lt=2**53)]
    previous: Hex32
    time: Count
    body: msgspec.Raw


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`seen`: the relay's position up to which the author had read, and the rolling hash of its log there (relay.md)."""

    v: int
    compartment: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    epoch: Count
    author: Hex16
    seen: tuple[Count, Hex32]
    entries: Annotated[list[msgspec.Raw], msgspec.Meta(min_length=1, max_length=MOST_ENTRIES)]


class Tagged(msgspec.Struct, frozen=True):
    """What every body says of itself, also one of an event newer than this desk."""

    type: str


class Linked(msgspec.Struct, frozen=True):
    """An entry with what follows from its bytes. `type`: what its body says that it is."""

    entry: Entry
    raw: bytes
    hash: bytes
    type: str

    @property
    def id(self) -> EntryId:
        return id_of(self.hash)


_encoder = msgspec.json.Encoder()
_batches = msgspec.json.Decoder(Batch)
_entries = msgspec.json.Decoder(Entry)
_tags = msgspec.json.Decoder(Tagged)


def id_of(entry_hash: bytes) -> EntryId:
    return EntryId(entry_hash[:16].hex())


def entry_hash(compartment: str, author: str, raw: bytes) -> bytes:
    """What the author's next entry names as its previous one. An entry's id is its first half: nobody can take another's id."""
    return hashlib.sha256(b"kunak/1 entry\x00" + compartment.encode() + b"\x00" + bytes.fromhex(author) + raw).digest()


def encode_body(event: msgspec.Struct) -> bytes:
    return _encoder.encode(event)


def type_of(body: bytes) -> str:
    try:
        return _tags.decode(body).type
    except (msgspec.MsgspecError, UnicodeDecodeError) as wrong:
        raise NotOneSpelling("an entry's body does not say what it is") from wrong


def chain_up(
    compartment: str, author: str, sequence: int, previous: bytes, written: Sequence[tuple[int, bytes]]
) -> list[Linked]:
    """New entries from (time, body) pairs, each naming the one before; the first follows `previous` as number `sequence`."""
    chained = []
    for number, (time, body) in enumerate(written, start=sequence):
        entry = Entry(number, previous.hex(), time, msgspec.Raw(body))
        raw = _encoder.encode(entry)
        previous = entry_hash(compartment, author, raw)
        chained.append(Linked(entry, raw, previous, type_of(body)))
    return chained


def encode_batch(
    compartment: str, epoch: int, author: str, seen: tuple[int, bytes], entries: Sequence[Linked]
) -> bytes:
    raws = [msgspec.Raw(linked.raw) for linked in entries]
    return _encoder.encode(Batch(VERSION, compartment, epoch, author, (seen[0], seen[1].hex()), raws))


def decode_batch(encoded: bytes) -> tuple[Batch, list[Linked]]:
    """The batch and its entries. Raises NotOneSpelling for bytes that `encode_batch` would not have written."""
    try:
        batch = _batches.decode(encoded)
        entries = [_entries.decode(raw) for raw in batch.entries]
    except (msgspec.MsgspecError, UnicodeDecodeError) as wrong:
        raise NotOneSpelling(f"not a batch of entries: {wrong}") from wrong
    if batch.v != VERSION:
        raise NotOneSpelling(f"a batch of version {batch.v}; this desk reads version {VERSION}: update it")
    if _encoder.encode(batch) != encoded:
        raise NotOneSpelling("the batch has another spelling")
    linked = []
    for entry, raw in zip(entries, map(bytes, batch.entries), strict=True):
        if _encoder.encode(entry) != raw:
            raise NotOneSpelling("an entry has another spelling")
        says = type_of(bytes(entry.body))
        linked.append(Linked(entry, raw, entry_hash(batch.compartment, batch.author, raw), says))
    return batch, linked
