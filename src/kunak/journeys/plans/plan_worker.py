"""The planner in a process of its own, so that the desk goes on answering: a scenario comes in by its standard input, lines of JSON
go out. Nothing touches the disk. When the desk says stop, or is gone, it ends with the best plan so far.

A solver's library may greet on the standard output: lines go out by a descriptor of their own, and the ordinary one leads nowhere.

In: one line of JSON (`Order`), then as many bytes of a scenario as it says; any byte after that, or the end, means stop.
Out: lines of `Progress`, at the end one of `Outcome`.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

import msgspec

from kunak.journeys.reckoning.plan import write_plan
from kunak.journeys.reckoning.reading import read_scenario
from kunak.journeys.reckoning.scenario import Unplannable

if TYPE_CHECKING:
    from collections.abc import Callable

    from kunak.journeys.planner import Planner

NICE = 5
PAUSE = 0.4  # seconds between two lines
WARMING = 3_000  # journeys priced before the clock starts
NOT_INSTALLED = "not installed"


class Order(msgspec.Struct, frozen=True):
    """`seconds` of the clock or, if it is given, `work` (journeys priced: the same plan every time)."""

    size: int
    seconds: float
    seed: int = 0
    work: int | None = None


class Progress(msgspec.Struct, frozen=True, tag="progress"):
    """`score` is 0 until a plan is found."""

    elapsed: float
    score: int
    bound: int


class Outcome(msgspec.Struct, frozen=True, tag="outcome"):
    """The plan's bytes, or one sentence."""

    plan: bytes = b""
    problem: str = ""


Tell: TypeAlias = "Callable[[Progress | Outcome], None]"


def main() -> None:
    with contextlib.suppress(OSError):
        os.nice(NICE)
    line = _own_line()
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
    line(work(order, sys.stdin.buffer.read(order.size), sys.stdin.buffer, line))
    # A thread deep in machine code cannot be asked to end, and ending the interpreter under it may crash.
    os._exit(0)


def _own_line() -> Tell:
    """Takes the standard output for `Progress` and `Outcome` alone."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)

    def tell(said: Progress | Outcome) -> None:
        out.write(msgspec.json.encode(said) + b"\n")
        out.flush()

    return tell


def work(order: Order, scenario: bytes, more: BinaryIO, tell: Tell) -> Outcome:
    try:
        from kunak.journeys.planner import Effort, Planner, plan  # noqa: PLC0415 - the desk runs without numpy and numba
        from kunak.journeys.planner.compiled import ready  # noqa: PLC0415 - as above
        from kunak.journeys.planner.prepare import smallest  # noqa: PLC0415 - as above
    except ImportError:
        return Outcome(problem=NOT_INSTALLED)
    tell(Progress(0.0, 0, 0))
    if ready():
        # Compiled loops are read from the disk on their first use: that is no part of the time that was asked for. Where nothing is
        # compiled yet, nobody waits for it: the planner plans without meanwhile.
        plan(smallest(), Effort(work=WARMING))
    try:
        effort = Effort(None if order.work else order.seconds, order.work)
        planner = Planner(read_scenario(scenario), effort, order.seed)
        planner.keep_time_to_tell()
        threading.Thread(target=_listen, args=(more, effort.stop), daemon=True).start()
        _watch(planner, tell)
        return Outcome(write_plan(planner.result()))
    except Unplannable as why:
        return Outcome(problem=str(why))


def _listen(more: BinaryIO, stop: threading.Event) -> None:
    """A byte, or the end of the desk."""
    more.read(1)
    stop.set()


def _watch(planner: Planner, tell: Tell) -> None:
    trouble: list[BaseException] = []

    def plan() -> None:
        try:
            planner.work()
        except BaseException as error:  # noqa: BLE001 - told in the thread that can tell it
            trouble.append(error)

    worker = threading.Thread(target=plan, daemon=True)
    worker.start()
    while worker.is_alive() and not planner.effort.up:
        worker.join(PAUSE)
        standing = planner.standing
        score = round(standing.score) if standing.found else 0
        tell(Progress(planner.effort.elapsed, score, standing.bound))
    planner.effort.stop.set()
    worker.join(0.2)
    if trouble:
        raise trouble[0]


if __name__ == "__main__":
    main()
