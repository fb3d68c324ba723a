"""Takes what forgotten facts had brought out of the rooms' tables again, without folding everything that is left.

Folding a whole vault again takes seconds with a hundred thousand entries, and nobody could write meanwhile. But what a case has brought
depends on little else: on facts that name the same persons, letters, parties. So those are sought by their ids; they are folded twice in
memory, once with what is forgotten and once without; and the difference is made in the vault. Because folding does not care for order,
nor for facts that name none of these ids, that is what a rebuild would have left.

This is not believed but looked at: every row of the first folding must stand in the vault exactly so, and of every row that changes, and
of the rows beside it, all ids must have been sought. If not, the ids that are new are sought too, and it is tried again. What stays
unexplained is left to `Folding.rebuild`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlcipher3 import dbapi2

from kunak.vault import searching
from kunak.vault.mentions import ID, ids_of
from kunak.vault.store import split_statements
from kunak.vault.tables import ADDED, FOLDED, FOLDED_TABLES, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kunak.vault.folding import Fact, Folding
    from kunak.vault.mentions import Mentions
    from kunak.vault.store import Database

ROUNDS: Final = 10  # one, but for persons with several mailboxes
MOST: Final = 5_000  # facts that are folded twice; more of them are folded as fast once
# The texts of the search, and beside them the index that only its own functions keep (searching.py).
_SEARCHED: Final = "search_texts"
_INDEX: Final = "search_words"

Row = tuple[Any, ...]
Tables = dict[str, set[Row]]  # a table's rows, by its name


def unfold(db: Database, folding: Folding, forgotten: list[Fact], mentions: Mentions) -> bool:
    """Within the caller's transaction, when `forgotten` stand no more among the entries and letters of the vault. `mentions`: read to
    the end. Whether it was done; if not, nothing was changed."""
    if set(folding.virtual_tables(db)) - {_INDEX}:
        return False  # an index that nothing here knows how to keep
    devices = {author.encode() for (author,) in db.execute("SELECT DISTINCT author FROM chain")}
    devices |= {fact.author.encode() for fact in forgotten}
    ids = {each for fact in forgotten for each in ids_of(fact)} - devices
    for _ in range(ROUNDS):
        known = ids | devices
        left = list(mentions.facts(db, ids))
        if len(left) + len(forgotten) > MOST:
            return False
        before, after = _folded(folding, [*forgotten, *left]), _folded(folding, left)
        differing = _differing(db, before)
        # A line that counts for several (a person with two mailboxes) does not name them all: then whatever these rows name is sought.
        further = _ids_in(differing) - known or _ids_in(before) - known if differing else _beside(before, after) - known
        if not differing and not further:
            _change(db, before, after)
            return True
        if not further:
            return False
        ids |= further
    return False


def _beside(before: Tables, after: Tables) -> set[bytes]:
    """The ids in rows that will change, and in the rows that share one with them: nothing that is told of these may be left out, even if
    it happens to make no difference yet."""
    near = _ids_in({table: rows ^ after[table] for table, rows in before.items()})
    rows = [_ids_in({table: {row}}) for table, every in before.items() for row in every]
    return near.union(*(each for each in rows if not near.isdisjoint(each)))


def _folded(folding: Folding, facts: list[Fact]) -> Tables:
    """What the rooms make of these facts alone: every table's rows."""
    db = dbapi2.connect(":memory:", isolation_level=None)
    try:
        for statement in split_statements(SCHEMA + ADDED + FOLDED):
            db.execute(statement)
        folding.make_tables(db)
        folding.apply(db, facts)
        folding.settle(db)
        return {name: _rows(db, name) for name in (*FOLDED_TABLES, *folding.tables(db))}
    finally:
        db.close()


def _rows(db: Database, table: str) -> set[Row]:
    return {tuple(row) for row in db.execute(f"SELECT * FROM {table}")}  # noqa: S608 - names out of the schema


def _differing(db: Database, before: Tables) -> Tables:
    """The rows that do not stand so in the vault, and those that stand there in their place."""
    found: Tables = {}
    for table, rows in before.items():
        columns, keys = _columns(db, table)
        exactly = f"SELECT 1 FROM {table} WHERE {_where(columns)}"  # noqa: S608 - names out of the schema
        instead = f"SELECT * FROM {table} WHERE {_where([columns[key] for key in keys])}"  # noqa: S608 - as above
        for row in rows:
            if db.execute(exactly, row).fetchone() is None:
                others = db.execute(instead, [row[key] for key in keys]).fetchall() if keys else []
                found.setdefault(table, set()).update([row, *map(tuple, others)])
    return found


def _ids_in(tables: Tables) -> set[bytes]:
    return {each for rows in tables.values() for row in rows for each in ID.findall(repr(row).encode())}


def _change(db: Database, before: Tables, after: Tables) -> None:
    for table, rows in before.items():
        gone, come = rows - after[table], after[table] - rows
        columns, _ = _columns(db, table)
        if table == _SEARCHED:
            searching.forget(db, [row[0] for row in gone])
            for row in come:
                searching.put(db, *row)
            continue
        db.executemany(f"DELETE FROM {table} WHERE {_where(columns)}", list(gone))  # noqa: S608 - names out of the schema
        marks = ", ".join("?" * len(columns))
        db.executemany(f"INSERT INTO {table} VALUES ({marks})", list(come))  # noqa: S608 - as above


def _columns(db: Database, table: str) -> tuple[list[str], list[int]]:
    """A table's columns, and which of them are its key."""
    described = db.execute(f"PRAGMA table_info({table})").fetchall()
    return [row[1] for row in described], [place for place, row in enumerate(described) if row[5]]


def _where(columns: Iterable[str]) -> str:
    # `IS` finds what `=` would not: a column without a value.
    return " AND ".join(f'"{column}" IS ?' for column in columns)
