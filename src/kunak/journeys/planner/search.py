"""Looking for good plans: everybody inserted at prices, then ruin and recreate, cooling down as the work is used up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .insertion import draft
from .network import IMPOSSIBLE, Network
from .prices import everything, no_prices, spread
from .ruin import BEST, fill, improve, ruin, seed_random
from .usage import true_cost
from .wording import Outcome

if TYPE_CHECKING:
    from .compiled import Floats
    from .effort import Effort

MOODS = (0.0, 0.3, 0.6, 1.0)  # how far scarce things count at their price when a party is put back


class Search:
    """The plan being improved, and the best one met."""

    def __init__(self, net: Network, seed: int) -> None:
        self.net, self.dice = net, np.random.default_rng(seed)
        self.prices, self.room = no_prices(net), everything(net)
        self.draft = draft(net)
        self.ruin = ruin(self.draft, self.room)
        self.duals: Floats = np.zeros(len(net.limits))
        self.best: Outcome | None = None
        self.heat = 0.0
        seed_random(seed)

    @property
    def score(self) -> float:
        return self.best.score if self.best is not None else IMPOSSIBLE

    def begin(self, ideal: Floats) -> None:
        """First come, first served; who stays where it is matters most if it could do much better alone."""
        net = self.net
        staying = np.zeros(net.horizon + 2, dtype=np.int64)
        for i in range(len(net.parties)):
            staying[0] = net.parties["start_day"][i]
            self.ruin.candidates["importance"][i] = max(1.0, true_cost(net, i, staying, staying, 0) - ideal[i])
        promised = np.argsort(net.parties["promised"] == 0, kind="stable")
        fill(net, self.prices, self.draft, self.ruin, promised)
        self.publish()
        self.heat = float(np.sum(self.ruin.candidates["importance"])) / len(net.parties) * 0.05

    def publish(self) -> None:
        """Offer a copy of the best plan to whoever asks."""
        found = self.ruin
        if found.totals[BEST] < self.score - 0.5:
            copies = (found.best_counts.copy(), found.best_steps.copy(), found.best_ends.copy())
            self.best = Outcome(float(found.totals[BEST]), *copies)

    def round(self, effort: Effort, moves: int) -> None:
        """So many moves, at a temper that falls with the effort left."""
        spread(self.net, self.duals * MOODS[self.dice.integers(len(MOODS))], self.prices)
        heat = self.heat * 0.01**effort.share
        improve(self.net, self.prices, self.draft, self.ruin, moves, 2, 12, heat)
        self.publish()
