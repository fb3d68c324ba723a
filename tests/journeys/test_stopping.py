"""Stopped at any moment, `kunak plan` writes a valid plan with a bound and reasons."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from .scenes import party, scene
from .test_command import check

# Each moment: what is called then. Just before it, the signal comes.
MOMENTS = {
    "reading the scenario": "command.read_scenario",
    "building the network": "planner.build",
    "asking everybody": "planner.Opening.begin",
    "the first climb": "climb_by_hand.Climber.climb",
    "planning some together": "opening.Opening._together",
    "the first bound with machine code": "planner.Bound",
    "the first search": "planner.Search.begin",
    "prices brought in": "planner.Search.refill",
    "improving": "planner.Search.round",
    "telling": "planner.Planner.result",
}
COLD = ("asking everybody", "the first climb", "planning some together")
PROGRAM = """
import os, signal, sys
from kunak.journeys import command
from kunak.journeys.planner import climb_by_hand, opening, planner

where, cold, number = sys.argv[1], sys.argv[2] == "cold", int(sys.argv[3])
if cold:
    planner.ready = lambda: False
    planner.begin = lambda: None
*path, name = where.split(".")
holder = {"command": command, "planner": planner, "opening": opening, "climb_by_hand": climb_by_hand}[path[0]]
for part in path[1:]:
    holder = getattr(holder, part)
original = getattr(holder, name)

def stopped(*arguments, **named):
    os.kill(os.getpid(), number)
    return original(*arguments, **named)

setattr(holder, name, stopped)
from kunak.cli import main
sys.argv = ["kunak", "plan", *sys.argv[4:]]
main()
"""


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_signal_at_any_moment_leaves_a_plan(moment: str, tmp_path: Path) -> None:
    raw = scene([party(f"P{k:02}", size=1 + k % 3, danger=20 + k) for k in range(9)])
    asked, out = tmp_path / "scenario.json", tmp_path / "plan.json"
    asked.write_bytes(msgspec.json.encode(raw))
    warmth, number = "cold" if moment in COLD else "warm", str(2 if len(moment) % 2 else 15)
    words = [MOMENTS[moment], warmth, number, str(asked), "--out", str(out), "--time-limit", "250"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=200,
    )
    assert run.returncode == 0, run.stderr
    check(asked, out)
    told = json.loads(out.read_bytes())
    assert told["bound"] > 0
    waiting = {name for name, journey in told["journeys"].items() if not journey["steps"]}
    assert waiting == set(told["reasons"])


EARLY = """
import os, signal, sys
sys.argv = ["kunak", "plan", *sys.argv[2:]]
from kunak import cli
os.kill(os.getpid(), signal.SIGTERM)
os.kill(os.getpid(), signal.SIGINT)
cli.main()
"""


def test_a_signal_while_the_command_is_being_loaded_waits_for_it(tmp_path: Path) -> None:
    asked, out = tmp_path / "scenario.json", tmp_path / "plan.json"
    asked.write_bytes(msgspec.json.encode(scene([party(f"P{k}", danger=20 + k) for k in range(9)])))
    run = subprocess.run(
        [sys.executable, "-c", EARLY, "plan", str(asked), "--out", str(out), "--time-limit", "250"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
        timeout=200,
    )
    assert run.returncode == 0, run.stderr
    check(asked, out)
