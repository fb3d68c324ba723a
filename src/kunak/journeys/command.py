"""`kunak plan`: reads the scenario, lets the planner work, writes the best plan in time."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from kunak.frame.tongue import spoken
from kunak.frame.words import mark

from .in_time import InTime, tell
from .reckoning.reading import read_scenario
from .reckoning.scenario import Said, Scenario, Unplannable

_ = spoken("kunak.journeys").gettext

STOPS = (signal.SIGINT, signal.SIGTERM)
NOT_THERE = mark("{path} is not there. Look at its name and folder.")
UNREADABLE = mark("{path} cannot be read. Name a scenario file that you may read.")
UNWRITABLE = mark("{path} cannot be written. Choose another --out.")
FULL = mark("{path} cannot be written: the disk is full. Make room, or choose another --out.")


def plan_command(
    scenario: Annotated[Path, typer.Argument(help=_("the scenario, kunak-scenario/1"))],
    out: Annotated[Path, typer.Option("--out", help=_("where the plan is written"))],
    time_limit: Annotated[
        float, typer.Option("--time-limit", min=0.1, help=_("seconds from the start to the written plan"))
    ] = 60.0,
    seed: Annotated[int, typer.Option("--seed", min=0, help=_("another seed, another search"))] = 0,
    work_limit: Annotated[
        int | None, typer.Option("--work-limit", min=1, help=_("journeys priced; the same plan on every machine"))
    ] = None,
) -> None:
    """Plan every open case together: who leaves when, by which leg, who sleeps where, who waits and why."""
    began = _began()
    stop = threading.Event()
    for name in STOPS:
        signal.signal(name, lambda _number, _frame: stop.set())
    if hasattr(signal, "pthread_sigmask"):  # `kunak.cli` holds them back until now
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    try:
        _check_writable(out)
        run(_read(scenario), out, time_limit, seed, work_limit, began, stop)
    except Unplannable as error:
        typer.echo(f"kunak plan: {error.said.told(_)}", err=True)
        raise typer.Exit(2) from None
    except OSError as error:
        _cannot_write(out, error)
        raise typer.Exit(2) from None
    finally:
        for name in STOPS:  # nothing is left to stop; the end of Python would take it amiss
            signal.signal(name, signal.SIG_IGN)


def _began() -> float:
    """When this process began, on the monotonic clock: its start counts too."""
    try:
        ticks = int(Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19])
        ago = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, AttributeError):
        ago = time.process_time()
    return time.monotonic() - max(0.0, ago)


def _check_writable(out: Path) -> None:
    """Before a minute is spent on a plan. Raises OSError."""
    part = out.with_name(out.name + ".part")
    with part.open("ab"):
        part.unlink()


def _read(path: Path) -> Scenario:
    try:
        return read_scenario(path.read_bytes())
    except OSError as error:
        raise Unplannable(NOT_THERE if error.errno == errno.ENOENT else UNREADABLE, path=path) from error


def run(
    scenario: Scenario, out: Path, time_limit: float, seed: int, work_limit: int | None, began: float,
    stop: threading.Event,
) -> None:  # fmt: skip
    """Plan until it is time, and write what there is. Does not return: it ends the process."""
    from .planner import Effort, Planner  # noqa: PLC0415 - the other commands start without numpy and numba

    limit = None if work_limit else time_limit
    effort = Effort(limit, work_limit)
    effort.began = began
    planner = Planner(scenario, effort, seed)
    planner.keep_time_to_tell()
    told = InTime(planner, began, limit, stop).plan()
    written = out.with_name(out.name + ".part")
    try:
        written.write_bytes(told.text)
        written.replace(out)
        tell(effort.elapsed, told.standing)
    except OSError as error:
        _cannot_write(out, error)
        _leave(2)
    _leave(0)


def _cannot_write(out: Path, error: OSError) -> None:
    why = Said(FULL if error.errno == errno.ENOSPC else UNWRITABLE, path=out)
    typer.echo(f"kunak plan: {why.told(_)}", err=True)


def _leave(status: int) -> NoReturn:
    """A thread deep in machine code cannot be asked to end, and ending the interpreter under it may crash. Without one,
    half a second of tidying up is saved: it counts."""
    sys.stderr.flush()
    os._exit(status)
