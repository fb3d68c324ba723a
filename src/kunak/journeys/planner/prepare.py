"""Compile the inner loops ahead of time: `python -m kunak.journeys.planner` after an install or an upgrade.

Who did not do that needs not wait either: a planner that finds nothing compiled has another process do it (compiling.py).
"""

from __future__ import annotations

import fcntl

from kunak.journeys.reckoning.scenario import Hazard, Leg, Party, Place, Scenario, Start

from .compiled import FOLDER, READY, ready
from .effort import Effort
from .planner import Planner

STEADY = ((0, 9),)


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
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if ready():
            return
        planner = Planner(smallest(), Effort(work=3_000))
        planner.rehearse()
        (FOLDER / READY).touch()
