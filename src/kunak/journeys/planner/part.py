"""Some parties of one plan, improved in what the others leave, by one thread: ruins, and pieces planned exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .neighbourhood import Neighbourhood
from .prices import everything, no_prices, spread
from .ruin import BEST, improve, keep_best, ruin

if TYPE_CHECKING:
    from .compiled import Floats, Ints
    from .effort import Effort
    from .insertion import Draft
    from .network import Network

OTHER, MEMORY = 0.1, 0.2  # the other kind of step gets a tenth of the effort, to show what it is worth now
# Pieces planned exactly take back what ruins at heat have loosened, and would be credited with it: they come when that is cold.
COLD = 0.9
MOODS = (0.0, 0.5, 1.0)  # how far scarce things count at their price when a party is put back
SMALLEST, LARGEST = 2, 12  # parties taken out at once


class Part:
    """These parties (`members`), and the best plan for them that was met."""

    def __init__(self, net: Network, draft: Draft, members: Ints, seed: int) -> None:
        self.net, self.draft, self.members = net, draft, members
        self.dice = np.random.default_rng(seed)
        self.prices = no_prices(net)
        self.ruin = ruin(draft, everything(net))
        self.near: Neighbourhood | None = None
        self.given = {True: 0.0, False: 0.0}
        self.earned = {True: 1.0, False: 1.0}  # by ruins (False) and neighbourhoods (True), per unit of effort, lately

    def settle(self, members: Ints) -> None:
        """From now on these parties; their journeys as they are now are the best met."""
        self.members = members
        if self.near is not None:
            self.near.members = members
        keep_best(self.draft, self.ruin, members, self.total)

    @property
    def total(self) -> float:
        """The score of these parties' journeys."""
        return float(self.draft.who["cost"][self.members].sum())

    @property
    def neighbourhood(self) -> Neighbourhood:
        if self.near is None:
            self.near = Neighbourhood(self.net, self.draft, self.ruin, self.members, self.prices, self.dice)
        return self.near

    def round(self, effort: Effort, duals: Floats, moves: int, heat: float) -> None:
        """So many ruins; at the end these or one neighbourhood, whichever earned more lately."""
        near = self.earned[True] >= self.earned[False]
        if self.given[not near] < OTHER * self.given[near]:
            near = not near
        if effort.share < COLD:
            near = False
        began, before = effort.measure, self.total
        if near:
            self._together(effort, duals)
        else:
            self._ruins(effort, duals, moves, heat)
        gain = max(0.0, before - self.total) / max(1e-9, effort.measure - began)
        self.earned[near] += MEMORY * (gain - self.earned[near])
        self.given[near] += effort.measure - began

    def keep_if_best(self) -> None:
        """Keep a copy of what is, if nothing better was met."""
        total = self.total
        if total < self.ruin.totals[BEST] - 0.5:
            keep_best(self.draft, self.ruin, self.members, total)

    def rehearse(self, effort: Effort, duals: Floats) -> None:
        """Both kinds of step, once."""
        self._ruins(effort, duals, SMALLEST, 1.0)
        self._together(effort, duals)

    def _together(self, effort: Effort, duals: Floats) -> None:
        """Some parties planned together, exactly."""
        self.neighbourhood.improve(effort, duals)
        self.keep_if_best()

    def _ruins(self, effort: Effort, duals: Floats, moves: int, heat: float) -> None:
        """So many moves at this heat."""
        mood = duals * MOODS[self.dice.integers(len(MOODS))]
        # Money is spent by everybody everywhere: whoever forgets its price takes it from all the others.
        mood[self.net.week_row :] = duals[self.net.week_row :]
        spread(self.net, mood, self.prices)
        improve(self.net, self.prices, self.draft, self.ruin, self.members, moves, SMALLEST, LARGEST, heat)
        effort.spent += moves * 8
