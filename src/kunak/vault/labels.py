"""The labels that mean something to this desk: those under which something may come next, and those already met (met again with
other bytes, they are a fork). What a label means is kept apart from it, once: labels are random, and a hundred thousand of
them must stay few pages.

Purposes: `entry`, `grant` (entries in a pairwise compartment), `letter` (a first letter), `later` (a mailbox's further letters), `join`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from kunak.vault.store import Database


class Meant(NamedTuple):
    """What a label says: whose `number`th envelope this is, in which compartment and epoch. `author` is empty where nobody's is expected."""

    purpose: str
    compartment: str
    epoch: int
    author: str
    number: int


def expect(
    db: Database,
    purpose: str,
    labels: Iterable[tuple[bytes, int]],
    compartment: str,
    epoch: int = 0,
    author: str = "",
) -> None:
    """Recognise these (label, number) pairs from now on."""
    place = place_of(db, compartment, epoch, author)
    keep(db, [(label, purpose, place, number) for label, number in labels])


def keep(db: Database, rows: Iterable[tuple[bytes, str, int, int]]) -> None:
    """(label, purpose, place, number) rows; a label that is there keeps its meaning."""
    db.executemany("INSERT OR IGNORE INTO label VALUES (?, ?, ?, ?)", rows)


def place_of(db: Database, compartment: str, epoch: int, author: str) -> int:
    """The row of a compartment, epoch and author; a new one if there is none."""
    named = (compartment, epoch, author)
    row = db.execute("SELECT id FROM place WHERE compartment = ? AND epoch = ? AND author = ?", named).fetchone()
    if row is None:
        return int(db.execute("INSERT INTO place (compartment, epoch, author) VALUES (?, ?, ?)", named).lastrowid)
    return int(row[0])


def meaning(db: Database, label: bytes) -> Meant | None:
    """None: it means nothing to this desk."""
    row = db.execute(f"{_MEANT} WHERE label = ?", (label,)).fetchone()
    return None if row is None else Meant(*row[1:])


def meanings(db: Database, labels: Collection[bytes]) -> dict[bytes, Meant]:
    """Of many labels, those that mean something."""
    asked = sorted(labels)
    marks = ",".join("?" * len(asked))
    return {row[0]: Meant(*row[1:]) for row in db.execute(f"{_MEANT} WHERE label IN ({marks})", asked)}


def forget_compartment(db: Database, compartment: str) -> None:
    """Recognise nothing of a compartment any more. Walks through all labels: a compartment is destroyed seldom."""
    db.execute("DELETE FROM label WHERE place IN (SELECT id FROM place WHERE compartment = ?)", (compartment,))
    db.execute("DELETE FROM place WHERE compartment = ?", (compartment,))


def forget_mailbox(db: Database, compartment: str) -> None:
    """Recognise no further letters of a mailbox: with every letter that is triaged, and so by an index."""
    db.execute(
        "DELETE FROM label WHERE purpose = 'later' AND place IN (SELECT id FROM place WHERE compartment = ?)",
        (compartment,),
    )
    db.execute("DELETE FROM place WHERE compartment = ?", (compartment,))


def forget_strange_mailboxes(db: Database) -> None:
    """Recognise no further letters of mailboxes that nobody has told this desk of any more."""
    strange = "compartment GLOB 'mailbox:*' AND substr(compartment, 9) NOT IN (SELECT mailbox FROM correspondent)"
    db.execute(f"DELETE FROM label WHERE purpose = 'later' AND place IN (SELECT id FROM place WHERE {strange})")  # noqa: S608 - a constant
    db.execute(f"DELETE FROM place WHERE {strange}")  # noqa: S608 - as above


_MEANT = "SELECT label, purpose, compartment, epoch, author, number FROM label JOIN place ON place.id = label.place"
