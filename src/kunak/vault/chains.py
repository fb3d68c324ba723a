"""The vault's memory of every author's chain: what `journal.chain.accept` asks, and what it answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.journal.chain import Chain, Judged, Standing
from kunak.journal.entry import NO_PREVIOUS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kunak.vault.store import Database


def chain_row(db: Database, compartment: str, author: str) -> tuple[int, Chain, int]:
    """Row id, the chain, and the number of the author's last envelope; a new row if this is the first."""
    row = db.execute(
        "SELECT id, top, head, number FROM chain WHERE compartment = ? AND author = ?", (compartment, author)
    ).fetchone()
    if row is None:
        cursor = db.execute(
            "INSERT INTO chain (compartment, author, head) VALUES (?, ?, ?)", (compartment, author, NO_PREVIOUS)
        )
        row = (cursor.lastrowid, 0, NO_PREVIOUS, 0)
    identifier, top, head, number = row

    def hashes(sequence: int) -> list[bytes]:
        found = db.execute("SELECT hash FROM entry WHERE chain = ? AND sequence = ?", (identifier, sequence))
        return [each for (each,) in found.fetchall()]

    return identifier, Chain(top, head, hashes), number


def keep_envelope(
    db: Database,
    chain: int,
    *,
    position: int | None,
    label: bytes,
    digest: bytes,
    epoch: int,
    number: int,
    content: bytes | None,
) -> int:
    row = (position, label, digest, chain, epoch, number, content)
    cursor = db.execute(
        "INSERT INTO envelope (position, label, digest, chain, epoch, number, content) VALUES (?, ?, ?, ?, ?, ?, ?)",
        row,
    )
    return int(cursor.lastrowid)


def keep_entries(db: Database, chain: int, envelope: int, judged: Iterable[Judged]) -> None:
    rows = [
        (chain, j.linked.entry.sequence, j.linked.hash, envelope, int(j.standing))
        for j in judged
        if j.standing is not Standing.KNOWN
    ]
    db.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", rows)


def move_chain(db: Database, chain: int, moved: Chain, number: int) -> None:
    db.execute("UPDATE chain SET top = ?, head = ?, number = ? WHERE id = ?", (moved.top, moved.head, number, chain))


def missing_numbers(db: Database, chain: int) -> list[tuple[int, int]]:
    """Ranges (first, last) of sequences that we lack below the highest that we have."""
    rows = db.execute("SELECT DISTINCT sequence FROM entry WHERE chain = ? ORDER BY sequence", (chain,)).fetchall()
    ranges, expected = [], 1
    for (sequence,) in rows:
        if sequence > expected:
            ranges.append((expected, sequence - 1))
        expected = sequence + 1
    return ranges


def spelled(ranges: Iterable[tuple[int, int]]) -> str:
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
