"""The proven bound: no plan can score less than everybody's best journey at any prices, less what the prices earn.

Prices rise where more is asked for than there is, and fall where less: a subgradient climb with a memory of the way.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .network import UNLIMITED, Network
from .prices import Pricer, blank, rounded

if TYPE_CHECKING:
    from .compiled import Floats
    from .effort import Effort

MEMORY = 0.6  # how much of the last direction goes into the next
PATIENCE = 15  # steps without a better bound before they become shorter


class Bound:
    """The best prices so far and what they prove."""

    def __init__(self, net: Network) -> None:
        self.net, self.pricer, self.answer = net, Pricer(net), blank(net)
        self.duals: Floats = np.zeros(len(net.limits))
        self.best_duals: Floats = self.duals
        self.value = self.pricer.ask(self.duals, self.answer)
        self.ideal = self.answer.values.copy()
        self.direction: Floats = np.zeros(len(net.limits))
        self.scarce = net.limits < UNLIMITED // 2
        self.stride, self.failures = 1.0, 0

    @property
    def proven(self) -> int:
        """Scores are whole numbers: the bound may be rounded up."""
        return math.ceil(self.value - 1e-6)

    def climb(self, effort: Effort, steps: int, score: float) -> None:
        """So many steps of the subgradient climb."""
        for _ in range(steps):
            if effort.up:
                return
            value = self.pricer.ask(rounded(self.duals), self.answer)
            if value > self.value + 1:
                self.value, self.best_duals, self.failures = value, rounded(self.duals), 0
            else:
                self.failures += 1
                if self.failures > PATIENCE:
                    self.stride, self.failures, self.duals = self.stride * 0.7, 0, self.best_duals.copy()
                    self.direction[:] = 0.0
            over = np.where(self.scarce, self.answer.used - self.net.limits, 0)
            self.direction = MEMORY * self.direction + over
            useful = np.where((self.duals <= 0) & (self.direction < 0), 0.0, self.direction)
            length = float(useful @ useful)
            if length <= 0:
                return
            rise = max(0.5 * (score - self.value), 0.02 * abs(self.value))
            self.duals = np.maximum(0.0, self.duals + self.stride * rise / length * useful)
            effort.spent += len(self.net.parties)
