"""Compile the inner loops ahead of time: `python -m kunak.journeys.planner` after an install or an upgrade.

Who did not do that needs not wait either: a planner that finds nothing compiled has another process do it, and plans
without inner loops meanwhile.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys

from kunak.journeys.scenario import Hazard, Leg, Party, Place, Scenario, Start

from .compiled import FOLDER, READY, ready

STEADY = ((0, 9),)
COMPILING: list[subprocess.Popen[bytes]] = []  # kept, so that nobody is warned of a process that may outlive this one


def smallest() -> Scenario:
    """Two parties and one bed: one goes, one waits and is told why."""
    hazard = Hazard(danger=STEADY, inside=((0, 1),), near_abroad=((0, 1),), abroad=((0, 0),))
    return Scenario(
        format="kunak-scenario/1", name="prepare", horizon=4, tail_nights=2, point_value=10, unsheltered_hazard=50,
        compromised_hazard=50,
        places=(Place("home", "danger", "home"), Place("flat", "inside", "shelter", beds=1)),
        legs=(Leg("car", origin="home", to="flat", mode="car", nights=0, first=0, last=3, every=1, fare=1, risk=1),),
        parties=tuple(Party(name, 1, 1, "men", Start("home", 0), hazard) for name in ("one", "other")),
    )  # fmt: skip


def compile_all() -> None:
    """Call every inner loop once. Whoever comes second waits for the first."""
    from .effort import Effort  # noqa: PLC0415 - the planner imports this file
    from .planner import Planner  # noqa: PLC0415

    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if ready():
            return
        planner = Planner(smallest(), Effort(work=3_000))
        planner.rehearse()
        (FOLDER / READY).touch()


def begin() -> None:
    """Have another process compile what is missing. It goes on when this one ends, so that the next finds it done."""
    if ready():
        return
    environment = os.environ | {"NUMBA_CACHE_DIR": str(FOLDER.parent), "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-m", "kunak.journeys.planner"],
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    COMPILING.append(process)
