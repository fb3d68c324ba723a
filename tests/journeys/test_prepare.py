"""What an install compiles is all that planning calls: nobody's first plan waits for a compiler.

In a process of its own: loops that other tests have called count as called.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import subprocess
import sys

from numba.core.dispatcher import Dispatcher

from kunak.journeys import planner
from kunak.journeys.planner.effort import Effort
from kunak.journeys.planner.planner import Planner
from kunak.journeys.planner.prepare import smallest

from .scenes import party, scenario_of, scene


def called() -> dict[str, list[str]]:
    """The compiled loops, with the kinds of values that they were called with so far, from outside of each other."""
    modules = [
        importlib.import_module(f"{planner.__name__}.{each.name}") for each in pkgutil.iter_modules(planner.__path__)
    ]
    loops = [loop for module in modules for loop in vars(module).values() if isinstance(loop, Dispatcher)]
    return {f"{loop.__module__}.{loop.py_func.__name__}": sorted(map(str, loop.signatures)) for loop in loops}


def rehearsed_and_planned() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    Planner(smallest(), Effort(work=3_000)).rehearse()
    rehearsed = called()
    people = [party(f"P{k:02}", size=1 + k % 3, danger=20 + 7 * (k % 5)) for k in range(24)]
    for effort in (Effort(work=60_000), Effort(seconds=3.0)):
        planning = Planner(scenario_of(scene(people)), effort)
        planning.work()
        planning.result()
    return rehearsed, called()


def test_a_rehearsal_calls_every_loop_that_planning_calls() -> None:
    script = "import json; from tests.journeys.test_prepare import rehearsed_and_planned as p; print(json.dumps(p()))"
    said = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    rehearsed, planned = json.loads(said)
    assert any(planned.values())
    assert planned == rehearsed
