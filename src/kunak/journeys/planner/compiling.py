"""A planner that finds nothing compiled has another process compile the inner loops, and plans without them meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys

from .compiled import FOLDER, ready

COMPILING: list[subprocess.Popen[bytes]] = []  # kept, so that nobody is warned of a process that may outlive this one


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
