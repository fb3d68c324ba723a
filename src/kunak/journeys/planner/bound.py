"""The proven bound: no plan can score less than everybody's best journey at any prices, less what the prices earn.

The climb finds good prices. When it comes to rest and the gap is small, an integer program over the pieces of journeys
that a better plan could still contain proves the rest.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .climbing import RESTS, VALUE, climb_of, earned, step
from .exact import Pieces, Program, Solved
from .prices import Pricer, answer, blank, spread

if TYPE_CHECKING:
    from .compiled import Floats
    from .effort import Effort
    from .network import Network
    from .second import Second

FIRST_STAGE = 4_000  # pieces
LEAST = 1e-3  # of the bound: looking for plans still nearer to it is not worth it
RIPE = 2e-4  # of the bound: a climb that gained less is as good as at rest
OPTIONS = 1_000_000  # departures looked at between two looks at the clock
WORTH_TWO = 100_000  # departures looked at in one step: with fewer, telling another thread takes longer than it saves


class Bound:
    """The best prices so far and what they prove."""

    def __init__(self, net: Network) -> None:
        self.net, self.pricer, self.answer = net, Pricer(net), blank(net)
        self.other = Pricer(net)  # of the thread that prices the other half
        self.others_used = self.answer.used.copy()
        self.second: Second | None = None  # a core that prices half of the parties
        self.climbing = climb_of(net)
        self.steps = max(1, min(200, OPTIONS // max(1, len(net.options))))
        self.best_duals: Floats = self.climbing.best.copy()
        self._ascend(1, 0.0)
        self.ideal = self.answer.values.copy()
        self.exact = 0.0  # what an integer program over all parties proved; no prices prove that much
        self.patience, self.most, self.hopeless = 10.0, FIRST_STAGE, math.inf
        self.gain = math.inf  # of the last steps of the climb

    @property
    def value(self) -> float:
        return float(self.climbing.state[VALUE])

    @property
    def rested(self) -> bool:
        """Did the climb come to rest once? What it finds after that is little."""
        return bool(self.climbing.state[RESTS] > 0)

    @property
    def proven(self) -> int:
        """Scores are whole numbers: the bound may be rounded up."""
        return max(0, math.ceil(self.value - 1e-6), math.floor(self.exact))

    def climb(self, effort: Effort, score: float) -> None:
        """Some steps of the climb, towards a score that some plan reaches."""
        before = self.value
        self._ascend(self.steps, score)
        self.gain = self.value - before
        effort.spent += self.steps * len(self.net.parties)

    def _ascend(self, steps: int, score: float) -> None:
        c = self.climbing
        for _ in range(steps):
            self._ask_all()
            value = float(self.answer.values.sum()) - earned(self.net, c.duals)
            if not step(self.net, self.answer.used, c, value, score):
                break
        self.best_duals = c.best.copy()

    def _ask_all(self) -> None:
        """What everybody would do at the prices where the climb is. Every sum is exact: it does not matter who adds."""
        net, one, other, out = self.net, self.pricer, self.other, self.answer
        spread(net, self.climbing.duals, one.prices)
        out.used[:] = 0
        parties = len(net.parties)
        if self.second is None or len(net.options) < WORTH_TWO:
            answer(net, one.prices, one.room, 0, parties, one.desk, out, one.entries)
            return
        theirs, half = out._replace(used=self.others_used), parties // 2
        theirs.used[:] = 0
        self.second.ask(lambda: answer(net, one.prices, one.room, half, parties, other.desk, theirs, other.entries))
        answer(net, one.prices, one.room, 0, half, one.desk, out, one.entries)
        self.second.wait()
        out.used[:] += theirs.used

    def ripe(self, score: float) -> bool:
        """Does the climb bring little, and is the rest small enough to be tried exactly?"""
        return self.gain < RIPE * abs(self.value) and score - self.value < self.hopeless

    def prove(self, effort: Effort, score: float, seconds: float, many: int) -> Solved | None:
        """Plan all parties exactly with the pieces that a plan better than this score could contain; None if these
        are too many. It goes by stages: as long as that would be more than so many pieces, only plans that are little
        above the bound are looked for."""
        net, parties, slack = self.net, len(self.net.parties), score - self.value
        spread(net, self.best_duals, self.pricer.prices)
        everybody, most = list(range(parties)), min(self.most, many)
        while True:
            arcs = Pieces(net, most).collect(self.pricer.prices, self.pricer.room, everybody, np.full(parties, slack))
            if arcs is not None:
                break
            slack *= 0.6
            if slack < LEAST * abs(self.value):
                self.hopeless = 0.8 * (score - self.value)
                return None
        extras = float((net.parties["settled"] + net.parties["promised"]).sum())
        above = self.value + slack
        solved = Program(net, arcs, net.limits).solve(seconds, above - extras, int(10 * self.patience), 0, effort)
        effort.spent += len(arcs)
        if not math.isfinite(solved.bound):  # stopped before it knew anything
            return solved
        # The solver's own tolerance is far below one point; whole scores leave room for it.
        self.exact = max(self.exact, min(score, math.ceil(solved.bound + extras - 0.01)))
        if solved.bound + extras >= above - 1.0:
            self.most *= 2
        elif solved.journeys is None:
            self.patience *= 2
        return solved
