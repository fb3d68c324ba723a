"""The strongest step of the search: some parties that stand in each other's way are taken out and planned together,
exactly, in what the others leave. How dear a piece of a journey may be to be considered adapts to what can be solved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .exact import Pieces, Program
from .insertion import remove, restore
from .network import IMPOSSIBLE, Network
from .prices import no_prices, spread
from .ruin import pick

if TYPE_CHECKING:
    from .compiled import Floats, Ints, Records
    from .effort import Effort
    from .insertion import Draft
    from .pricing import Prices
    from .ruin import Ruin

    Journeys = dict[int, tuple[int, Ints, Ints]]

MOST, ENOUGH = 4_000, 1_500  # pieces: more take too long, fewer leave too little choice
SECONDS, SHORTEST, NODES = 1.0, 0.01, 50  # for one program; nodes where the clock must not count
WORK, LEAST_WORK = 2_000, 100  # what the largest and the smallest program count as, in journeys priced


class Neighbourhood:
    """Takes parties out of the plan and puts them back at least as well."""

    def __init__(
        self, net: Network, draft: Draft, scratch: Ruin, members: Ints, mood: Prices, dice: np.random.Generator
    ) -> None:
        self.net, self.draft, self.ruin, self.members, self.mood, self.dice = net, draft, scratch, members, mood, dice
        self.pieces = Pieces(self.net, MOST)
        self.prices = no_prices(self.net)
        self.slack = float(np.mean(scratch.candidates["importance"][: len(self.net.parties)])) * 0.1
        self.size = 10

    def improve(self, effort: Effort, duals: Floats) -> bool:
        """One neighbourhood. Was something better found?"""
        net, plan, size = self.net, self.draft, min(self.size, len(self.members))
        spread(net, duals, self.prices)
        pick(net, self.mood, plan, self.ruin, self.members, size)
        who = sorted(int(i) for i in self.ruin.candidates["order"][:size])
        old = {i: (int(plan.who["count"][i]), plan.steps[i].copy(), plan.ends[i].copy()) for i in who}
        before = float(plan.who["cost"][who].sum())
        for i in who:
            remove(net, plan, i)
        found = self._solve(effort, who, before)
        for i, (count, steps, ends) in (found or old).items():
            restore(net, plan, i, count, steps[None, :], ends[None, :], 0)
        return found is not None

    def together(self, effort: Effort, who: list[int]) -> Journeys | None:
        """These parties alone in the network, with all their promises; None if that cannot be."""
        spread(self.net, np.zeros(len(self.net.limits)), self.prices)
        slack = 50 * self.slack
        while (arcs := self._arcs(who, slack)) is None and slack > 1.0:
            slack *= 0.5
        if arcs is None:
            return None
        free = self.draft.room.free
        kept = Program(self.net, arcs, free).solve(10 * SECONDS, IMPOSSIBLE, 10 * NODES, 0, effort).journeys
        return kept if kept is not None and set(kept) == set(who) else None

    def _arcs(self, who: list[int], slack: float) -> Records | None:
        room = self.draft.room
        most = np.full(len(self.net.parties), slack)
        return self.pieces.collect(self.prices, room, who, most, self.draft)

    def _solve(self, effort: Effort, who: list[int], before: float) -> Journeys | None:
        net = self.net
        arcs = self._arcs(who, self.slack)
        if arcs is None:
            self.slack *= 0.7
            effort.spent += LEAST_WORK
            return None
        if len(arcs) < ENOUGH:
            self.slack *= 1.2
        effort.spent += max(LEAST_WORK, WORK * len(arcs) // MOST)
        extras = float((net.parties["settled"] + net.parties["promised"])[who].sum())
        program = Program(net, arcs, self.draft.room.free)
        seconds = min(SECONDS, max(SHORTEST, effort.left)) if effort.work is None else float("inf")
        solved = program.solve(seconds, before - extras, NODES, int(self.dice.integers(2**31)), effort)
        return solved.journeys
