"""Values that two helpers may set at the same time: multi-value registers (Shapiro and others 2011, «MV-Register»).

An entry that sets a value names the entries that it replaces: those that its author saw. What nobody replaced is the value; when
two stand, two helpers decided without knowing of each other, and the page shows both until somebody chooses. The order in which
entries arrive does not matter: each table below is a set that only grows, and `head` is computed from those sets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kunak.vault.folding import Fact
    from kunak.vault.store import Database


@dataclass(frozen=True)
class Value:
    """What one entry set. `author`: a device's id; `time`: Unix seconds by the author's clock; `head`: nobody replaced it yet."""

    entry: str
    value: str
    author: str
    time: int
    head: bool
    note: str = ""


def schema(prefix: str) -> str:
    """The tables of one room's registers. `subject`: whose value (a case, a task); `field`: which."""
    return f"""
create table {prefix}_values (
  entry text primary key, subject text not null, field text not null, value text not null, note text not null,
  author text not null, time integer not null, head integer not null) without rowid;
create index {prefix}_values_subject on {prefix}_values (subject, field, head);
create table {prefix}_replaced (
  subject text not null, field text not null, old text not null, primary key (subject, field, old)) without rowid;
"""


def put(
    db: Database,
    prefix: str,
    fact: Fact,
    subject: str,
    field: str,
    value: str,
    replaces: Iterable[str],
    note: str = "",
) -> None:
    """Set a value in the name of a fact's entry; the same entry again changes nothing.

    What is replaced must be a value of the same subject and field: who may write in one case cannot blot out another's.
    """
    db.execute(
        f"""insert or ignore into {prefix}_values (entry, subject, field, value, note, author, time, head) values (?, ?, ?, ?, ?, ?, ?,
            not exists (select 1 from {prefix}_replaced where subject = ?2 and field = ?3 and old = ?1))""",  # noqa: S608 - a room's name
        (fact.id, subject, field, value, note, fact.author, fact.time),
    )
    for old in replaces:
        db.execute(
            f"insert or ignore into {prefix}_replaced (subject, field, old) values (?, ?, ?)",  # noqa: S608
            (subject, field, old),
        )
        db.execute(
            f"update {prefix}_values set head = 0 where entry = ? and subject = ? and field = ?",  # noqa: S608
            (old, subject, field),
        )


def _read(rows: Iterable[Sequence[Any]]) -> list[Value]:
    return [Value(row[0], row[1], row[2], row[3], bool(row[4]), row[5]) for row in rows]


def heads(db: Database, prefix: str, subject: str, field: str) -> list[Value]:
    """The value; more than one if helpers disagree; none if nobody set it. Newest first."""
    query = f"""select entry, value, author, time, head, note from {prefix}_values
                where subject = ? and field = ? and head = 1 order by time desc, entry"""  # noqa: S608
    return _read(db.execute(query, (subject, field)))


def history(db: Database, prefix: str, subject: str, field: str) -> list[Value]:
    """All that was ever set, newest first."""
    query = f"""select entry, value, author, time, head, note from {prefix}_values
                where subject = ? and field = ? order by time desc, entry"""  # noqa: S608
    return _read(db.execute(query, (subject, field)))


def all_heads(db: Database, prefix: str, subject: str) -> dict[str, list[Value]]:
    """Every field of a subject with its value or values."""
    query = f"""select entry, value, author, time, head, note, field from {prefix}_values
                where subject = ? and head = 1 order by field, time desc, entry"""  # noqa: S608
    fields: dict[str, list[Value]] = {}
    for row in db.execute(query, (subject,)):
        fields.setdefault(row[6], []).extend(_read([row]))
    return fields
