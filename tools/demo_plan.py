"""Makes src/kunak/demo/texts/plan.json anew, when the invented year or its places were changed:

    python tools/demo_plan.py [SECONDS]

The plan that the demo proposes and has approved. `kunak demo` installs no planner, and must be ready in half a minute.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from msgspec.structs import replace

from kunak.demo.roads import full_scenario
from kunak.demo.year import invent
from kunak.journeys.known.bringing import write_scenario
from kunak.journeys.planner import Effort, Planner
from kunak.journeys.reckoning.plan import write_plan
from kunak.journeys.reckoning.reading import read_scenario

OUT = Path(__file__).resolve().parent.parent / "src/kunak/demo/texts/plan.json"


def main() -> None:
    text = write_scenario(full_scenario(invent()))
    planner = Planner(read_scenario(text), Effort(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0))
    planner.work()
    plan = replace(planner.result(), meta={"scenario_sha256": hashlib.sha256(text).hexdigest()})
    OUT.write_bytes(write_plan(plan))
    sys.stdout.write(f"{planner.standing}, gap {planner.standing.gap:.2%}, {OUT.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
