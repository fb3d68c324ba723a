"""A room's tables without a vault around them: facts in, tables out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import sqlcipher3

from kunak.vault import searching
from kunak.vault.folding import Fact, Room
from kunak.vault.tables import FOLDED, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable


def fact(identifier: str, body: msgspec.Struct, *, compartment: str, author: str, time: int) -> Fact:
    return Fact(identifier, compartment, 0, author, 1, time, str(body.__struct_config__.tag), msgspec.json.encode(body))


class Folded:
    """One room, folded from facts in the order in which they are given."""

    def __init__(self, room: Room, facts: Iterable[Fact] = ()) -> None:
        self.room = room
        self.db: Any = sqlcipher3.connect(":memory:")
        self.db.executescript(SCHEMA + FOLDED + searching.SCHEMA + room.schema)
        self.take(facts)

    def take(self, facts: Iterable[Fact]) -> None:
        for each in facts:
            self.room.fold(self.db, each)
        settle = getattr(self.room, "settle", None)
        if settle is not None:
            settle(self.db)

    @property
    def vault_forgot(self) -> set[str]:
        """Letters whose content the vault was told to forget."""
        return {row[0] for row in self.db.execute("SELECT letter FROM forgotten")}

    def dump(self) -> dict[str, list[Any]]:
        """Every row of the room and of the index, in one order."""
        names = [row[0] for row in self.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        own = [
            name
            for name in names
            if name.startswith(f"{self.room.name}_") or name in {"search_texts", "forgotten", "correspondent"}
        ]
        return {table: sorted(self.db.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in own}
