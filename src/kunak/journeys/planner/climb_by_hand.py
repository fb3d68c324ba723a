"""The climb of `climbing`, over arrays instead of compiled loops: for the time before these are compiled."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .climbing import MEMORY, PATIENCE, SHORTER, VALUE, climb_of
from .ledger import taken
from .network import HAVEN, Network
from .prices import GRAIN, everything, no_prices
from .sweeping import Sweep, Way

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .compiled import Floats
    from .effort import Effort
    from .pricing import Prices

BLOCK = 64  # parties swept side by side
STRIDE = 1  # where `climbing` keeps the length of a step


def priced(net: Network, duals: Floats) -> Prices:
    """The prices that follow from one dual value per limit, as `spread` writes them."""
    prices, days, places = no_prices(net), np.arange(net.horizon), net.places
    weekly, departures = duals[net.week_row : net.total_row] + duals[net.total_row], net.departures
    beds = duals[: net.seat_row].reshape(len(places), net.horizon).T
    beds = beds + places["night_cost"] * weekly[days // 7][:, None]
    seat = duals[net.seat_row : net.escort_row] + departures["fare"] * weekly[departures["day"] // 7]
    received = duals[net.intake_row + departures["to"] * net.weeks + departures["arrival"] // 7]
    received = np.where(places["kind"][departures["to"]] == HAVEN, received, 0.0)
    escorts = np.concatenate([[0.0], np.cumsum(duals[net.escort_row : net.visit_row])])
    at = np.maximum(departures["pool"], 0) * net.horizon
    last = np.minimum(at + departures["escort_until"], len(escorts) - 1)
    escort = np.where(departures["pool"] >= 0, escorts[last] - escorts[np.minimum(at + departures["day"], last)], 0.0)
    for g, group in enumerate(net.groups):
        escorted = (departures["pool"] >= 0) & bool(group["escort"])
        prices.bed[g] = group["size"] * beds
        prices.seat[g] = (group["size"] + escorted) * seat + escort * escorted + group["size"] * received
    prices.visit[:] = duals[net.visit_row : net.intake_row]
    return prices


class Climber:
    """Good prices and what they prove, step by step."""

    def __init__(self, net: Network) -> None:
        self.net, self.climbing, self.free = net, climb_of(net), everything(net)
        self.bound, self.failures = 0.0, 0
        self.alone = self.ask(no_prices(net), range(len(net.parties)))
        if all(self.alone):
            self.bound = sum(way.value for way in self.alone if way is not None)

    @property
    def duals(self) -> Floats:
        return self.climbing.best

    @property
    def proven(self) -> int:
        """Scores are whole numbers: the bound may be rounded up."""
        return max(0, math.ceil(self.bound - 1e-6))

    def ask(self, prices: Prices, who: Iterable[int]) -> list[Way | None]:
        """The best journeys of these parties at these prices, each as if alone."""
        many, ways = np.fromiter(who, dtype=np.int64), list[Way | None]()
        for block in np.array_split(many, -(-len(many) // BLOCK)):
            sweep = Sweep(self.net, prices, self.free, block)
            ways += [sweep.way(k) for k in range(len(block))]
        return ways

    def climb(self, effort: Effort, score: float, steps: int, until: float) -> None:
        """So many steps towards a score that some plan reaches, while less than this share of the effort is used."""
        c = self.climbing
        for _ in range(steps):
            if effort.up or effort.share > until:
                return
            value, used = -float(c.duals[c.scarce > 0] @ self.net.limits[c.scarce > 0]), np.zeros(len(c.duals))
            for i, way in enumerate(self.ask(priced(self.net, c.duals), range(len(self.net.parties)))):
                assert way is not None
                value += way.value
                for row, amount in taken(self.net, i, way.length, way.steps, way.ends).items():
                    used[row] += amount
            self._judge(value)
            if not self._turn(used, score):
                return

    def _judge(self, value: float) -> None:
        c = self.climbing
        if value > c.state[VALUE] + 1:
            c.state[VALUE], self.failures = value, 0
            c.best[:] = c.duals
            self.bound = max(self.bound, value)
            return
        self.failures += 1
        if self.failures > PATIENCE:
            self.failures = 0
            c.state[STRIDE] *= SHORTER

    def _turn(self, used: Floats, score: float) -> bool:
        c, scarce = self.climbing, self.climbing.scarce > 0
        c.direction[scarce] = MEMORY * c.direction[scarce] + used[scarce] - self.net.limits[scarce]
        moving = scarce & ((c.duals > 0) | (c.direction > 0))
        length = float(((c.direction[moving] / c.unit[moving]) ** 2).sum())
        if length <= 0:
            return False
        best = float(c.state[VALUE])
        rise = min(0.25 * abs(best), max(0.5 * (score - best), 0.002 * abs(best)))
        moved = c.duals + c.state[STRIDE] * rise / length * c.direction / c.unit**2
        c.duals[moving] = np.floor(np.maximum(0.0, moved[moving]) * GRAIN + 0.5) / GRAIN
        return True
