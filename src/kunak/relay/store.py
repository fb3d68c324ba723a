"""What both databases do alike: many works in one transaction, each with a savepoint; appends together."""

from __future__ import annotations

import abc
import itertools
from collections.abc import Iterable
from typing import Any, Protocol

from kunak.relay.changes import Append, append_all
from kunak.relay.writer import Row, Work


class Cursor(Protocol):
    """What a statement leaves behind."""

    @property
    def rowcount(self) -> int:
        """Rows changed."""

    def fetchall(self) -> list[Any]:
        """Rows selected."""


class Store(abc.ABC):
    """A database with one connection that writes and one that reads. `run`, `rest`, `close` belong to the writer's thread."""

    trouble: type[Exception]  # whatever the database's own library raises

    def __init__(self) -> None:
        self.removed = False  # something was removed since the last rest

    @abc.abstractmethod
    def execute(self, statement: str, parameters: Iterable[Any] = ()) -> Cursor:
        """One statement on the writing connection."""

    @abc.abstractmethod
    def open_transaction(self) -> bool:
        """Whether a transaction is open: a full disk takes back more than the statement that filled it."""

    @abc.abstractmethod
    def explained(self, trouble: Exception) -> Exception:
        """The database's complaint as one of ours, where we have a sentence for it."""

    @abc.abstractmethod
    def rows(self, statement: str, parameters: Iterable[Any] = ()) -> list[Row]:
        """What a statement selects; from any thread."""

    @abc.abstractmethod
    def free(self) -> int:
        """Bytes that are free where it writes."""

    @abc.abstractmethod
    def rest(self) -> None:
        """Nothing waits: time to tidy up after what was removed."""

    @abc.abstractmethod
    def close(self) -> None:
        """Finish and let go."""

    def run(self, works: list[Work[Any]]) -> list[Any]:
        """All works in one durable transaction (writer.py)."""
        transaction = _Transaction(self)
        try:
            self.execute("BEGIN")
            answers = self._all(transaction, works)
            self.execute("COMMIT")
        except self.trouble as trouble:
            if self.open_transaction():
                self.execute("ROLLBACK")
            raise self.explained(trouble) from trouble
        self.removed = self.removed or transaction.removed
        return answers

    def _all(self, transaction: _Transaction, works: list[Work[Any]]) -> list[Any]:
        answers: list[Any] = []
        for _, group in itertools.groupby(works, lambda work: isinstance(work, Append)):
            neighbours = list(group)
            appends = [work for work in neighbours if isinstance(work, Append)]
            answers += append_all(transaction, appends) or [self._one(transaction, work) for work in neighbours]
        return answers

    def _one(self, transaction: _Transaction, work: Work[Any]) -> Any:
        self.execute("SAVEPOINT work")
        try:
            answer = work(transaction)
        except Exception as trouble:
            if not self.open_transaction():
                raise
            self.execute("ROLLBACK TO SAVEPOINT work")
            answer = self.explained(trouble) if isinstance(trouble, self.trouble) else trouble
        self.execute("RELEASE SAVEPOINT work")
        return answer


class _Transaction:
    def __init__(self, store: Store) -> None:
        self._store = store
        self.removed = False

    def rows(self, statement: str, parameters: Iterable[Any] = ()) -> list[Row]:
        return self._store.execute(statement, parameters).fetchall()

    def change(self, statement: str, parameters: Iterable[Any] = ()) -> int:
        changed = self._store.execute(statement, parameters).rowcount
        self.removed = self.removed or (changed > 0 and not statement.startswith("INSERT"))
        return changed
