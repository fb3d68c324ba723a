"""Plans being made: one process at a time beside the desk, watched, stopped, and its best plan proposed to all coordinators.

A plan is written only if our own referee finds nothing wrong with it.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from kunak.frame.words import mark
from kunak.journeys.known import events
from kunak.journeys.known.bringing import write_scenario
from kunak.journeys.known.keys import PLACES
from kunak.journeys.reckoning.plan_reading import NoPlan, read_plan
from kunak.journeys.reckoning.reading import read_scenario
from kunak.journeys.reckoning.referee import Referee
from kunak.journeys.reckoning.scenario import Said, Unplannable

from . import standing
from .plan_worker import NOT_INSTALLED, Order, Outcome, Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kunak.journeys.known.planning import Prepared
    from kunak.journeys.reckoning.scenario import Scenario
    from kunak.vault.worktop import Worktop

MISSING = mark("The planner is not installed on this machine. Install kunak[plan] and try again.")
FAILED = mark(
    "The planner ended without a plan. Try again; if it happens again, save the scenario and show it to an admin."
)
UNSOUND = mark(
    "The planner made a plan that breaks a rule. It was not proposed. Save the scenario and show it to an admin."
)
CANNOT = mark("There is no plan for this. What to mend:")
PATIENCE_SECONDS = 5.0
_decoder: msgspec.json.Decoder[Progress | Outcome] = msgspec.json.Decoder(Progress | Outcome)


@dataclass(frozen=True)
class Wish:
    """What is to be planned, and how it is to be called."""

    scenario: Scenario
    first: int
    purpose: events.Purpose
    title: str
    after: Sequence[str]
    seconds: float
    seed: int = 0
    work: int | None = None

    @classmethod
    def of(cls, prepared: Prepared, purpose: events.Purpose, title: str, after: Sequence[str], seconds: float) -> Wish:
        return cls(prepared.scenario, prepared.first, purpose, title, after, seconds)


@dataclass
class Run:
    """One plan being made. `plan_id`: where it lies when it is done; `problem`: why there is none, `complaint`: what to
    mend. `ordered`: the planner has been told all that it needs; only then it may be told to stop, so that `line` holds one of the
    two at a time."""

    wish: Wish
    process: subprocess.Popen[bytes]
    progress: list[Progress] = field(default_factory=list)
    plan_id: str = ""
    problem: str = ""
    complaint: Said | None = None
    stopped: bool = False
    ordered: bool = False
    line: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def running(self) -> bool:
        return not self.plan_id and not self.problem

    @property
    def found(self) -> bool:
        return bool(self.progress and self.progress[-1].score)

    @property
    def gap(self) -> float:
        """The part of the score that a better plan could still save, at the most."""
        last = self.progress[-1]
        return max(0.0, (last.score - last.bound) / max(1, last.score))


class Workshop:
    """At most one run at a time; the last one stays to be looked at."""

    def __init__(self, top: Worktop) -> None:
        self._top = top
        self._one = threading.Lock()
        self.run: Run | None = None
        self._thread: threading.Thread | None = None

    def begin(self, wish: Wish) -> bool:
        """Whether a run was begun: not while another is running."""
        with self._one:
            if self.run is not None and self.run.running:
                return False
            text = write_scenario(wish.scenario)
            process = subprocess.Popen(
                [sys.executable, "-m", "kunak.journeys.plans.plan_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            order = Order(len(text), wish.seconds, wish.seed, wish.work)
            self.run = Run(wish, process)
            self._thread = threading.Thread(target=self._follow, args=(self.run, order, text), daemon=True)
            self._thread.start()
            return True

    def begin_at_once(self, wish: Wish) -> None:
        """What cannot wait: a run that is going on is given up for it."""
        self.close()
        self.begin(wish)

    def stop(self) -> None:
        """Enough: the best plan so far is kept."""
        run = self.run
        if run is not None and run.running:
            with run.line:
                run.stopped = True
                if run.ordered:
                    _enough(run)

    def wait(self, seconds: float | None) -> Run | None:
        """Until the run is done, or so many seconds; None: however long it takes."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self.run

    def close(self) -> None:
        """The desk is locked: nothing of it stays in another process, and nothing in this one."""
        with self._one:
            run, self.run = self.run, None
            if run is not None:
                run.process.kill()
                run.process.wait(PATIENCE_SECONDS)
                run.problem = run.problem or FAILED

    def _follow(self, run: Run, order: Order, text: bytes) -> None:
        try:
            outcome = self._talk(run, order, text)
            if outcome is None:
                run.problem = run.problem or FAILED
            elif outcome.problem:
                missing = outcome.problem == NOT_INSTALLED
                run.problem, run.complaint = (
                    (MISSING, None) if missing else (CANNOT, complaint_of(text, outcome.problem))
                )
            elif self.run is run:
                run.plan_id = propose(self._top, run.wish, text, outcome.plan)
        except (OSError, ValueError, NoPlan, msgspec.MsgspecError):
            run.problem = run.problem or FAILED
        except Unsound:
            run.problem = UNSOUND
        except RuntimeError:
            if not self._top.vault.closed:  # it was locked in the very moment in which the plan was to be written
                raise
        finally:
            run.problem = run.problem if run.plan_id else run.problem or FAILED
            _end(run.process)

    def _talk(self, run: Run, order: Order, text: bytes) -> Outcome | None:
        given, said = run.process.stdin, run.process.stdout
        if given is None or said is None:
            return None
        with run.line:
            given.write(msgspec.json.encode(order) + b"\n" + text)
            given.flush()
            run.ordered = True
            if run.stopped:
                _enough(run)
        for line in said:
            told = _decoder.decode(line)
            if isinstance(told, Outcome):
                return told
            run.progress.append(told)
        return None


def complaint_of(scenario: bytes, told: str) -> Said:
    """What the planner complains of, as the catalogues know it: what is read here as it was there, or the planner's own sentence."""
    try:
        read_scenario(scenario)
    except Unplannable as why:
        return why.said
    return Said(told)


def _enough(run: Run) -> None:
    if run.process.stdin is not None:
        with contextlib.suppress(OSError, ValueError):  # it has ended by itself
            run.process.stdin.write(b".")
            run.process.stdin.flush()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait(PATIENCE_SECONDS)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):  # what was never read by a dead process is nobody's any more
                pipe.close()


class Unsound(Exception):
    """A plan breaks a rule of its scenario."""


def propose(top: Worktop, wish: Wish, scenario: bytes, plan: bytes) -> str:
    """Write a plan down for all coordinators; its id. Raises Unsound for one that breaks a rule, NoPlan, Unplannable, NotHeld."""
    read = read_plan(plan)
    if Referee(read_scenario(scenario)).judge(read.journeys).wrong:
        raise Unsound
    after = sorted(wish.after)
    name = standing.plan_id(wish.first, wish.purpose, after, scenario, plan)
    packed = standing.pack(scenario), standing.pack(plan)
    top.pen.write(PLACES, [events.PlanProposed(name, wish.first, *packed, wish.purpose, wish.title, after)])
    return name
