"""The full-text index over all that this desk may read: one for all rooms.

A room's fold puts in each text with what it belongs to; a page asks in words. The index is derived: it never holds what the
tables of a room do not hold, and it is forgotten with them. The inner tables of FTS5 depend on the order of arrival; what they
answer does not, and so a rebuild compares `search_texts` only.

FTS5 would keep the words of a text that was taken out until it merges its segments: with `secure-delete` it forgets them at once
(a seizure test found a letter there that had gone to another helper's case).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kunak.vault import wordforms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kunak.vault.store import Database

SCHEMA = """
create table search_texts (
  entry text primary key, subject text not null, kind text not null, time integer not null, text text not null);
create index search_subject on search_texts (subject);
create virtual table search_words using fts5(stems, tokenize="unicode61 remove_diacritics 0");
insert into search_words (search_words, rank) values ('secure-delete', 1);
"""
BEFORE, AFTER = 36, 184  # letters shown around the first word that was found: on a telephone it must not be cut off


@dataclass(frozen=True)
class Found:
    """One text that matches. `parts`: the excerpt, cut so that every second part is a word that was asked for."""

    entry: str
    subject: str
    kind: str
    time: int
    parts: list[str]


def put(db: Database, entry: str, subject: str, kind: str, time: int, text: str) -> None:
    """Remember a text under its entry's id; the same entry again changes nothing."""
    if not text.strip():
        return
    cursor = db.execute(
        "insert or ignore into search_texts (entry, subject, kind, time, text) values (?, ?, ?, ?, ?)",
        (entry, subject, kind, time, text),
    )
    if cursor.rowcount == 1:
        words = " ".join(wordforms.stems(text))
        db.execute("insert into search_words (rowid, stems) values (?, ?)", (cursor.lastrowid, words))


def forget(db: Database, entries: Iterable[str]) -> None:
    """Take texts out again."""
    for entry in entries:
        row = db.execute("select rowid from search_texts where entry = ?", (entry,)).fetchone()
        if row is not None:
            db.execute("delete from search_words where rowid = ?", row)
            db.execute("delete from search_texts where rowid = ?", row)


def find(db: Database, asked: str, limit: int, offset: int = 0) -> list[Found]:
    """Texts in which all asked words occur, those that came to this desk last first; on a page, by their own time."""
    expression = wordforms.match(asked)
    if not expression:
        return []
    rows = db.execute(
        """SELECT t.entry, t.subject, t.kind, t.time, t.text
           FROM (SELECT rowid FROM search_words WHERE search_words MATCH ? ORDER BY rowid DESC LIMIT ? OFFSET ?) w
           JOIN search_texts t ON t.rowid = w.rowid ORDER BY t.time DESC, t.entry""",
        (expression, limit, offset),
    ).fetchall()
    return [Found(entry, subject, kind, time, _excerpt(text, asked)) for entry, subject, kind, time, text in rows]


def _excerpt(text: str, asked: str) -> list[str]:
    """The text around the first hit: plain, marked, plain, marked, … plain."""
    hits = wordforms.spans(text, asked)
    begin = max(0, hits[0][0] - BEFORE) if hits else 0
    # Not in the middle of a word, if one ends before the hit.
    begin = text.find(" ", begin, hits[0][0]) + 1 or begin if begin else 0
    end = min(len(text), begin + BEFORE + AFTER)
    parts, at = [], begin
    for left, right in hits:
        if right > end:
            break
        parts += [text[at:left], text[left:right]]
        at = right
    parts.append(text[at:end])
    if begin:
        parts[0] = "… " + parts[0]
    if end < len(text):
        parts[-1] += " …"
    return parts


# The index is a room of its own in the vault (folding.py): no events, but tables that are dropped and filled with the others.
name = "search"
hears: tuple[str, ...] = ()
schema = SCHEMA


def fold(db: Database, fact: object) -> None:
    """It hears nothing: the other rooms put their texts in."""
