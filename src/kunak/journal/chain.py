"""Whether to believe an envelope's entries: who may write, and the order of one author's entries in one compartment.

Takes bytes, answers; touches neither disk nor network. The steps of `accept` (docs/formats/entry.md):

1. The bytes are the one spelling of a batch.
2. The author is in the roster and a member of this compartment in this epoch, and was not revoked before this position.
3. The signature is the author's, over these very bytes.
4. Compartment, epoch and author are those of the secret and the label that opened the envelope.
5. The sequence follows the author's last one without a gap.
6. `previous` is the hash of the author's previous entry as we hold it.

Who fails at 1 to 4 is not believed at all (`Refused`). What fails at 5 or 6 is believed, because somebody may be in danger and
the words are truly the author's, but never in silence: the gap is named (`AFTER_GAP`), both branches are kept (`FORK`).
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import msgspec

from kunak.journal.entry import NO_PREVIOUS, SIGNATURE, Batch, Linked, NotOneSpelling, decode_batch
from kunak.sealing.signature import BadSignature, Purpose, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


class Refused(Exception):
    """The author's software is broken, or somebody poses as the author; waiting does not help. `step` as numbered above."""

    def __init__(self, step: int, sentence: str) -> None:
        super().__init__(sentence)
        self.step = step


class Standing(enum.IntEnum):
    """How an entry stands to what we hold of its author. Kept in the vault by number."""

    FOLLOWS = 0
    AFTER_GAP = 1
    FORK = 2
    KNOWN = 3


# Structs, not dataclasses: a new desk makes half a million of them, and each costs a fifth.
class Expected(msgspec.Struct, frozen=True):
    """What the label and the secret that opened an envelope are for."""

    compartment: str
    epoch: int
    author: str


class Writer(msgspec.Struct, frozen=True):
    """What roster and grants say of an author: device key (None: nobody we know), membership, position of the revocation."""

    key: bytes | None
    member: bool
    revoked_at: int | None = None

    def may_write_at(self, position: int) -> bool:
        return self.key is not None and self.member and (self.revoked_at is None or position < self.revoked_at)


class Chain(msgspec.Struct, frozen=True):
    """One author in one compartment: highest sequence, hash of its entry, and a look-up of all hashes at a sequence."""

    top: int
    head: bytes
    hashes: Callable[[int], Collection[bytes]]

    def extended(self, linked: Linked) -> Chain:
        return Chain(linked.entry.sequence, linked.hash, self.hashes)


class Judged(msgspec.Struct, frozen=True):
    linked: Linked
    standing: Standing


def accept(
    chain: Chain, content: bytes, expected: Expected, writer: Writer, position: int
) -> tuple[Batch, list[Judged], Chain]:
    """The batch, its entries as they stand, and the chain with them. `content` is what the envelope held. Raises Refused."""
    signature, signed = content[:SIGNATURE], content[SIGNATURE:]
    try:
        batch, entries = decode_batch(signed)  # 1
    except NotOneSpelling as wrong:
        raise Refused(1, str(wrong)) from wrong
    if writer.key is None or not writer.may_write_at(position):  # 2
        raise Refused(2, "the author may not write here")
    try:
        verify(writer.key, Purpose.ENTRY, signed, signature)  # 3
    except BadSignature as wrong:
        raise Refused(3, "the signature is not the author's") from wrong
    if (batch.compartment, batch.epoch, batch.author) != (expected.compartment, expected.epoch, expected.author):  # 4
        raise Refused(4, "the entries were signed for another place than where they stood")
    judged = []
    fresh: dict[int, bytes] = {}
    for linked in entries:
        standing = _stands(chain, fresh, linked)  # 5, 6
        judged.append(Judged(linked, standing))
        if standing is not Standing.KNOWN:
            fresh[linked.entry.sequence] = linked.hash
        if linked.entry.sequence > chain.top:
            chain = chain.extended(linked)
    return batch, judged, chain


def _stands(chain: Chain, fresh: dict[int, bytes], linked: Linked) -> Standing:
    sequence, previous = linked.entry.sequence, bytes.fromhex(linked.entry.previous)
    if sequence == chain.top + 1 and previous == chain.head:
        return Standing.FOLLOWS

    def held(number: int) -> set[bytes]:
        if number == 0:
            return {NO_PREVIOUS}
        return set(chain.hashes(number)) | ({fresh[number]} if number in fresh else set())

    here, before = held(sequence), held(sequence - 1)
    if linked.hash in here:
        return Standing.KNOWN
    if previous in before:
        # It closes a gap, unless something else already stands in its place.
        return Standing.FORK if here else Standing.FOLLOWS
    # Nothing stands before it: a gap. Something else does: a branch of which we lack the beginning.
    return Standing.FORK if before else Standing.AFTER_GAP
