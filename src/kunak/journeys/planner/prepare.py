"""Compile the inner loops ahead of time: `python -m kunak.journeys.planner.prepare` after an install or an upgrade."""

from __future__ import annotations

from kunak.journeys.scenario import Hazard, Leg, Party, Place, Scenario, Start

from .effort import Effort
from .planner import plan

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


if __name__ == "__main__":
    plan(smallest(), Effort(work=3_000))
