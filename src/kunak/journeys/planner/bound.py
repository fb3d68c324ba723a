"""The proven bound: no plan can score less than everybody's best journey at any prices, less what the prices earn.

The climb finds good prices. When it comes to rest and the gap is small, an integer program over the pieces of journeys
that a better plan could still contain proves the rest.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .climbing import RESTS, VALUE, ascend, climb_of
from .exact import Pieces, Program, Solved
from .prices import Pricer, blank, spread

if TYPE_CHECKING:
    from .compiled import Floats
    from .effort import Effort
    from .network import Network

OPTIONS = 1_000_000  # departures looked at between two looks at the clock


class Bound:
    """The best prices so far and what they prove."""

    def __init__(self, net: Network) -> None:
        self.net, self.pricer, self.answer = net, Pricer(net), blank(net)
        self.climbing = climb_of(net)
        self.steps = max(1, min(200, OPTIONS // max(1, len(net.options))))
        self.best_duals: Floats = self.climbing.best.copy()
        self._ascend(1, 0.0)
        self.ideal = self.answer.values.copy()
        self.exact = 0.0  # what an integer program over all parties proved; no prices prove that much
        self.patience, self.rests = 10.0, 0.0

    @property
    def value(self) -> float:
        return float(self.climbing.state[VALUE])

    @property
    def proven(self) -> int:
        """Scores are whole numbers: the bound may be rounded up."""
        return max(0, math.ceil(self.value - 1e-6), math.floor(self.exact))

    def climb(self, effort: Effort, score: float) -> None:
        """Some steps of the climb, towards a score that some plan reaches."""
        self._ascend(self.steps, score)
        effort.spent += self.steps * len(self.net.parties)

    def _ascend(self, steps: int, score: float) -> None:
        asking = self.pricer
        ascend(
            self.net, asking.prices, asking.room, asking.desk, self.answer, asking.entries, self.climbing, steps, score
        )
        self.best_duals = self.climbing.best.copy()

    @property
    def rested(self) -> bool:
        """Has the climb come to rest since we last asked? Asking begins anew."""
        rests, self.rests = self.rests, float(self.climbing.state[RESTS])
        return self.rests > rests

    def prove(self, effort: Effort, score: float, seconds: float, many: int) -> Solved | None:
        """Plan all parties exactly with the pieces that a plan better than this score could contain; None if these
        are too many."""
        net, parties = self.net, len(self.net.parties)
        spread(net, self.best_duals, self.pricer.prices)
        slack = np.full(parties, score - self.value)
        everybody = list(range(parties))
        arcs = Pieces(net, many).collect(self.pricer.prices, self.pricer.room, everybody, slack)
        if arcs is None:
            return None
        extras = float((net.parties["settled"] + net.parties["promised"]).sum())
        solved = Program(net, arcs, net.limits).solve(seconds, score - extras, int(10 * self.patience), 0, effort)
        self.patience *= 2
        # The solver's own tolerance is far below one point; whole scores leave room for it.
        self.exact = max(self.exact, min(score, math.ceil(solved.bound + extras - 0.01)))
        effort.spent += len(arcs)
        return solved
