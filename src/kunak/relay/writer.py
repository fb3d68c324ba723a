"""One thread that writes: everybody's changes go into one transaction after another (group commit).

A request hands over a *work* (a function of the open transaction) and waits until the transaction that contains it is on the
disk. While one commit waits for the disk, the next works gather; so 32 people cost hardly more commits than one. Each work has a
savepoint of its own: one that fails takes back only itself. Whatever is slow (key derivation, hashing, network) is done
before a work is handed over; nothing is read, counted outside and written back.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from kunak.relay.refusals import Closing

Row = tuple[Any, ...]
T = TypeVar("T")

MOST_AT_ONCE: Final = (
    256  # works in one transaction, or what one turn of the loop brought: bounds how long the first waits for the last
)


class Transaction(Protocol):
    """What a work may do. SQL with `?` for parameters; the two databases of relay/ understand the same statements."""

    def rows(self, statement: str, parameters: Iterable[Any] = ()) -> list[Row]:
        """The rows that a statement selects or returns."""

    def change(self, statement: str, parameters: Iterable[Any] = ()) -> int:
        """How many rows a statement changed."""


Work = Callable[[Transaction], T]


class Database(Protocol):
    """A database that one writer thread owns. Its methods are called from that thread only."""

    def run(self, works: list[Work[Any]]) -> list[Any]:
        """Do all works in one durable transaction. A work that failed is answered by its exception, in its place."""

    def rest(self) -> None:
        """Called when nothing waits: time to tidy up."""

    def close(self) -> None:
        """Finish and let go."""


@dataclass(slots=True)
class _Job:
    work: Work[Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


class Writer:
    """Runs works in the order in which they came, many to a transaction. Stop it with `close`, which finishes all that came."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: queue.SimpleQueue[list[_Job] | None] = queue.SimpleQueue()
        self._gathered: list[_Job] = []  # by `do`, not yet in the queue
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._write, name="relay-writer", daemon=True)
        self._thread.start()

    async def do(self, work: Work[T]) -> T:
        """The answer of a work once it is durable; or what it raised, and then it left no trace."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._closing:
            if self._closed:
                raise Closing("The relay is being stopped. Nothing was changed; try again in a minute.")
            if not self._gathered:
                # What comes in one turn of the loop is handed over at once: the thread wakes once, and the group is larger.
                loop.call_soon(self._hand_over)
            self._gathered.append(_Job(work, loop, future))
        # A caller who goes away cancels this future only; the work is done all the same.
        return await future

    def close(self) -> None:
        """Finish what was asked for, then stop. May be called twice."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(self._gathered)
                self._queue.put(None)
                self._gathered = []
        self._thread.join()

    def _hand_over(self) -> None:
        with self._closing:
            gathered, self._gathered = self._gathered, []
            if gathered:
                self._queue.put(gathered)

    def _write(self) -> None:
        try:
            while True:
                jobs, stop = self._gather()
                if jobs:
                    _answer(jobs, self._attempt(jobs))
                if stop:
                    return
                if self._queue.empty():
                    with contextlib.suppress(Exception):  # tidying can wait; the thread must live
                        self._database.rest()
        finally:
            self._database.close()

    def _gather(self) -> tuple[list[_Job], bool]:
        first = self._queue.get()
        if first is None:
            return [], True
        jobs = first
        while len(jobs) < MOST_AT_ONCE:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                return jobs, True
            jobs += more
        return jobs, False

    def _attempt(self, jobs: list[_Job]) -> list[Any]:
        try:
            return self._database.run([job.work for job in jobs])
        except Exception as trouble:  # noqa: BLE001 - whatever it was, each caller is told and the thread lives on
            if len(jobs) == 1:
                return [trouble]
        # The whole transaction was lost (a full disk takes back more than the work that filled it):
        # one by one, the works that do fit go through.
        return [answer for job in jobs for answer in self._attempt([job])]


def _answer(jobs: list[_Job], answers: list[Any]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for job, answer in zip(jobs, answers, strict=True):
        by_loop.setdefault(job.loop, []).append((job.future, answer))
    for loop, pairs in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, pairs)


def _settle(pairs: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, answer in pairs:
        if future.done():
            continue
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            future.set_result(answer)
