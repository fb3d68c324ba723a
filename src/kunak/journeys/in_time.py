"""A planner at work beside a clock: whatever it has by then is written before the time limit, also on a machine that is busy with
other things, also when somebody stops it.

1. Another thread plans; this one looks at the clock and at whoever wants to stop, and tells how far it is.
2. Halfway, and once more near the end, the plan so far is put into words. That shows how long it takes here and now, so that time
   enough is kept for it; and the words are a spare plan.
3. At the end another thread puts the best plan into words. If it does not come in time, or not with as many reasons, the spare one is written.
"""

from __future__ import annotations

import math
import sys
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from kunak.frame.tongue import spoken
from kunak.frame.words import mark

from .reckoning.plan import write_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from .planner import Planner, Standing

_ = spoken("kunak.journeys").gettext

PROGRESS = mark("score {score}  bound {bound}  gap {gap}")
ENDED_EARLY = mark(
    "the search ended before its time ({kind}). This plan is the best until then; tell the people who make Kunak."
)
LOOK = 0.05  # seconds between two looks at the clock and at signals
PATIENCE = 5.0  # seconds to wait for a first plan that is nearly there
REASONS = 30.0  # seconds for all reasons after somebody stopped us
REHEARSALS = (0.5, 0.9)  # parts of the time limit after which the plan so far is put into words
REHEARSED = 0.25  # of the time that is left, at the most, for all reasons
LEAST = 0.3  # seconds for all words, at the least
LONGER = 2.0  # times as long as the rehearsal, at the most, is what the words are given at the end
TO_WRITE, TO_WRITE_SHARE = 0.15, 0.005  # seconds, or a part of the limit if that is more, to write the file and to end


class Told(NamedTuple):
    """A plan in words, and how good it is."""

    text: bytes
    standing: Standing
    missing: int  # reasons


class InTime:
    """One planner and its clock. `began` is when the time limit began to count, on the monotonic clock."""

    def __init__(self, planner: Planner, began: float, limit: float | None, stop: threading.Event) -> None:
        self.planner, self.stop = planner, stop
        self.spare: Told | None = None
        self.limit = limit
        self.latest: float | None = None  # when words must be there
        self.deadline: float | None = None  # when planning must end
        self.rehearsals: list[float] = []
        if limit is not None and planner.effort.seconds is not None:
            self.latest = began + limit - max(TO_WRITE, TO_WRITE_SHARE * limit)
            self.deadline = min(began + planner.effort.seconds, self.latest - LEAST)
            self.rehearsals = [began + share * limit for share in REHEARSALS]

    def plan(self) -> Told:
        """The best plan there is in time. Raises `Unplannable`, or what went wrong if there is no plan at all."""
        worker = _Task(self.planner.work)
        self.planner.threads.append(worker.thread)
        self._watch(worker)
        self.planner.effort.stop.set()
        worker.thread.join(LOOK)
        until = time.monotonic() + (PATIENCE if self.stop.is_set() else 0.0)
        while worker.thread.is_alive() and not self.planner.standing.found and time.monotonic() < until:
            worker.thread.join(LOOK)
        if not self.planner.standing.found:
            worker.complain()
        elif worker.trouble:  # what was found until then is as good as it was
            why = _(ENDED_EARLY).format(kind=type(worker.trouble[0]).__name__)
            sys.stderr.write(f"kunak plan: {why}\n")
        return self._words()

    def _watch(self, worker: _Task) -> None:
        """Until the planner is done, the deadline is near or somebody stops us."""
        told = 0.0
        while worker.thread.is_alive() and not self.stop.is_set():
            worker.thread.join(LOOK)
            now = time.monotonic()
            if self.deadline is not None and now >= self.deadline:
                break
            if self.rehearsals and now >= self.rehearsals[0] and self.planner.standing.found:
                self.rehearsals.pop(0)
                self._rehearse()
            if now - told >= 1.0:
                told = now
                tell(self.planner.effort.elapsed, self.planner.standing)

    def _rehearse(self) -> None:
        """Put the plan so far into words, and keep as much time as that took for the end."""
        began = time.monotonic()
        if self.latest is not None:
            self.planner.tell_until = began + REHEARSED * (self.latest - began)
        self.spare = self._told()
        took = time.monotonic() - began
        if self.latest is not None and self.deadline is not None:
            self.deadline = min(self.deadline, self.latest - LONGER * took)

    def _told(self) -> Told:
        text = write_plan(self.planner.result())
        return Told(text, self.planner.written, self.planner.skipped)

    def _words(self) -> Told:
        """The best plan in words or, if these do not come in time, the spare one. Whoever stopped us waits for few
        reasons only."""
        words: list[Told] = []
        patience = time.monotonic() + REASONS if self.stop.is_set() else math.inf
        self.planner.tell_until = min(patience, math.inf if self.latest is None else self.latest)
        teller = _Task(lambda: words.append(self._told()))
        self.planner.threads.append(teller.thread)
        while teller.thread.is_alive():
            late = self.latest is not None and time.monotonic() >= self.latest
            if late and self.spare is not None:
                return self.spare
            teller.thread.join(LOOK)
        if self.spare is not None and (not words or words[0].missing > self.spare.missing):
            return self.spare
        teller.complain()
        return words[0]


class _Task:
    """Something done in a thread that is not waited for when the program ends."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.work, self.trouble = work, list[BaseException]()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.work()
        except BaseException as error:  # noqa: BLE001 - raised in the thread that asked
            self.trouble.append(error)

    def complain(self) -> None:
        """Raise what the work raised."""
        if self.trouble:
            raise self.trouble[0]


def tell(elapsed: float, standing: Standing) -> None:
    """A line of progress."""
    if standing.found:
        line = _(PROGRESS).format(
            score=f"{standing.score:,.0f}", bound=f"{standing.bound:,}", gap=f"{standing.gap:.2%}"
        )
        end = "\r" if sys.stderr.isatty() else "\n"
        sys.stderr.write(f"{elapsed:6.1f} s  {line}{end}")
        sys.stderr.flush()
