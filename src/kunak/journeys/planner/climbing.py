"""The subgradient climb: prices rise where more is asked for than there is, and fall where less, with a long memory of
the way and shorter steps whenever a while brought nothing. It goes on from where it is, not from the best prices met:
near them the way turns often, and going back would turn it again (at 500 parties 140 steps bring what 310 brought)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .compiled import Flags, Floats, Ints, compiled
from .network import Network
from .prices import GRAIN
from .rules import UNLIMITED

MEMORY = 0.9  # how much of the last direction goes into the next
# What counts as much as one bed for one night. A journey asks for one haven and a few hosts but for many nights, so that
# the price of a haven is that of many nights: measured alike, it would take the climb many steps to come so high.
ESCORT_UNIT, HOST_UNIT, INTAKE_UNIT = 0.4, 0.24, 0.2
WEEKLY_UNIT, TOTAL_UNIT = 300.0, 1000.0  # of money
SHORTEST, AGAIN = 1e-2, 0.2  # once the steps are this short, begin again from the best prices with longer ones
SHORTER = 0.7
PATIENCE = 5  # steps without a better bound before they become shorter
VALUE, STRIDE, FAILURES, RESTS = range(4)


class Climb(NamedTuple):
    """Where the climb is."""

    duals: Floats  # rounded, so that the value is exact
    best: Floats
    direction: Floats
    unit: Floats  # how much of each limit counts as one
    scarce: Flags
    state: Floats


def climb_of(net: Network) -> Climb:
    rows = len(net.limits)
    unit = np.ones(rows)
    unit[net.escort_row : net.visit_row] = ESCORT_UNIT
    unit[net.visit_row : net.intake_row] = HOST_UNIT
    unit[net.intake_row : net.week_row] = INTAKE_UNIT
    unit[net.week_row :] = WEEKLY_UNIT
    unit[net.total_row] = TOTAL_UNIT
    return Climb(
        duals=np.zeros(rows),
        best=np.zeros(rows),
        direction=np.zeros(rows),
        unit=unit,
        scarce=(net.limits < UNLIMITED // 2).astype(np.uint8),
        state=np.array([-1e18, 1.0, 0.0, 0.0]),
    )


@compiled
def earned(net: Network, duals: Floats) -> float:
    """What the prices earn if everything is used up."""
    value = 0.0
    for row in range(len(duals)):
        if duals[row] > 0:
            value += duals[row] * net.limits[row]
    return value


@compiled
def turn(net: Network, used: Ints, c: Climb, score: float) -> bool:
    """Go on from here; False if nothing more can be gained."""
    length = 0.0
    for row in range(len(c.duals)):
        if c.scarce[row]:
            c.direction[row] = MEMORY * c.direction[row] + used[row] - net.limits[row]
            if c.duals[row] > 0 or c.direction[row] > 0:
                step = c.direction[row] / c.unit[row]
                length += step * step
    if length <= 0:
        return False
    best = c.state[VALUE]
    rise = min(0.25 * abs(best), max(0.5 * (score - best), 0.002 * abs(best)))
    factor = c.state[STRIDE] * rise / length
    for row in range(len(c.duals)):
        if c.scarce[row] and (c.duals[row] > 0 or c.direction[row] > 0):
            moved = c.duals[row] + factor * c.direction[row] / (c.unit[row] * c.unit[row])
            c.duals[row] = math.floor(max(0.0, moved) * GRAIN + 0.5) / GRAIN
    return True


@compiled
def step(net: Network, used: Ints, c: Climb, value: float, score: float) -> bool:
    """One step of the climb, which is worth `value` and asks for `used` where it is, towards a score that some plan
    reaches; False if nothing more can be gained."""
    if value > c.state[VALUE] + 1:
        c.state[VALUE], c.state[FAILURES] = value, 0
        for row in range(len(c.duals)):
            c.best[row] = c.duals[row]
    else:
        c.state[FAILURES] += 1
        if c.state[FAILURES] > PATIENCE:
            c.state[FAILURES] = 0
            c.state[STRIDE] *= SHORTER
            if c.state[STRIDE] < SHORTEST:
                c.state[STRIDE] = AGAIN
                c.state[RESTS] += 1
                for row in range(len(c.duals)):
                    c.duals[row] = c.best[row]
                    c.direction[row] = 0.0
    return value < score and turn(net, used, c, score)
