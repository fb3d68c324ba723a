"""What went wrong, by whose fault, and since when: kept until it is made good, shown on the desk.

`kind` is a word for programs; `about` names ids and numbers, never people or content. The sentence for people is made by the page
from both, in the helper's language; the English one is kept for logs and the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from kunak.vault.store import Database


class Trouble(msgspec.Struct, frozen=True):
    """`since` and `ended` in Unix seconds by this desk's clock."""

    kind: str
    about: str
    sentence: str
    since: int
    ended: int | None = None


def note(db: Database, kind: str, about: str, sentence: str, now: float) -> None:
    """The same trouble keeps its first time; one that had ended begins again."""
    db.execute(
        "INSERT INTO trouble VALUES (?, ?, ?, ?, NULL) ON CONFLICT DO UPDATE SET sentence = excluded.sentence,"
        " since = CASE WHEN ended IS NULL THEN since ELSE excluded.since END, ended = NULL",
        (kind, about, sentence, int(now)),
    )


def end(db: Database, kind: str, about: str, now: float) -> None:
    db.execute("UPDATE trouble SET ended = ? WHERE kind = ? AND about = ? AND ended IS NULL", (int(now), kind, about))


def standing(db: Database) -> list[Trouble]:
    """What is still wrong, oldest first."""
    rows = db.execute(
        "SELECT kind, about, sentence, since, ended FROM trouble WHERE ended IS NULL ORDER BY since, kind, about"
    ).fetchall()
    return [Trouble(*row) for row in rows]


def ended_since(db: Database, time: float) -> list[Trouble]:
    """What was made good, or put away, newest first."""
    rows = db.execute(
        "SELECT kind, about, sentence, since, ended FROM trouble WHERE ended >= ? ORDER BY ended DESC, kind, about",
        (int(time),),
    ).fetchall()
    return [Trouble(*row) for row in rows]
