"""Both cores search: the parties are drawn apart into two halves, and each core improves its own for a while.

What is still free is dealt out between them, so that whatever the two do fits together. A worse plan is accepted by
what changes in one place only: two searches side by side are the same search at twice the speed. Each time the halves
are drawn anew, around journeys that stand in each other's way, so that neighbours mostly stay together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .insertion import Draft, draft
from .part import Part
from .prices import everything
from .ruin import BEST, draw_near, seed_random
from .rules import UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Callable

    from .compiled import Ints
    from .network import Network
    from .search import Search
    from .second import Second

CENTRES = 3  # journeys around which each half is drawn
FEWEST = 30  # parties in a half that is worth a core


class Halves:
    """Two parts of the search's plan."""

    def __init__(self, search: Search, seed: int) -> None:
        self.search, self.seed, net = search, seed, search.net
        self.dice = np.random.default_rng(seed)
        self.kin = kin(net)
        self.parts = [Part(net, beside(net, search.draft), search.whole.members, seed + k) for k in (1, 2)]
        for part in self.parts:
            part.ruin.candidates["importance"] = search.ruin.candidates["importance"]
        self.seeded = False

    def improve(self, second: Second, work: Callable[[Part], None]) -> bool:
        """Let both cores work on their halves; False if the parties cannot be drawn apart."""
        search, (one, other) = self.search, self.parts
        search.catch_up()
        mine = self._drawn()
        if min(mine.sum(), (~mine).sum()) < FEWEST:
            return False
        one.settle(np.flatnonzero(mine))
        other.settle(np.flatnonzero(~mine))
        self._deal()
        second.ask(lambda: self._theirs(other, work))
        work(one)
        second.wait()
        search.draft.room.free[:] = one.draft.room.free + other.draft.room.free
        total = float(one.ruin.totals[BEST] + other.ruin.totals[BEST])
        if total < search.ruin.totals[BEST] - 0.5:
            search.join(total, [(part.members, part.ruin) for part in self.parts])
        return True

    def _theirs(self, part: Part, work: Callable[[Part], None]) -> None:
        """In the other thread, which has dice of its own."""
        if not self.seeded:
            seed_random(self.seed + 1)
            self.seeded = True
        work(part)

    def _drawn(self) -> np.ndarray:
        """Who is in the first half. Those who must be kept apart from each other are in the same one."""
        search, drawn = self.search, self.dice.random(len(self.kin))
        for k, i in enumerate(self.dice.integers(len(self.kin), size=2 * CENTRES)):
            draw_near(search.net, search.draft, int(i), 1.0 if k % 2 else -1.0, drawn)
        drawn = drawn[self.kin]
        return np.asarray(drawn > np.median(drawn))

    def _deal(self) -> None:
        """What is free goes to one or the other: places and departures whole, money and escorts in halves."""
        net, free, dice = self.search.net, self.search.draft.room.free, self.dice
        mine = np.zeros(len(free), dtype=np.int64)
        places = dice.random(len(net.places)) < 0.5
        beds = np.repeat(places, net.horizon)
        mine[: net.seat_row] = free[: net.seat_row] * beds
        mine[net.seat_row : net.escort_row] = free[net.seat_row : net.escort_row] * (
            dice.random(net.escort_row - net.seat_row) < 0.5
        )
        mine[net.visit_row : net.intake_row] = free[net.visit_row : net.intake_row] * places
        mine[net.intake_row : net.week_row] = free[net.intake_row : net.week_row] * (
            dice.random(net.week_row - net.intake_row) < 0.5
        )
        shared = free > UNLIMITED // 2
        shared[net.escort_row : net.visit_row] = True
        shared[net.week_row :] = True
        odd = dice.integers(2, size=len(free))
        mine[shared] = (free[shared] + odd[shared]) // 2
        one, other = self.parts
        one.draft.room.free[:] = mine
        other.draft.room.free[:] = free - mine


def beside(net: Network, plan: Draft) -> Draft:
    """The same journeys; scratch paper and room of its own."""
    own = draft(net)
    return own._replace(who=plan.who, steps=plan.steps, ends=plan.ends, room=everything(net)._replace(limited=1))


def kin(net: Network) -> Ints:
    """For each party the first of those who are bound together by having to be kept apart."""
    first = np.arange(len(net.parties))
    changed = True
    while changed:
        changed = False
        for i, party in enumerate(net.parties):
            for j in net.apart[party["apart_begin"] : party["apart_end"]]:
                least = min(first[i], first[j])
                changed |= bool(first[i] != least or first[j] != least)
                first[i] = first[j] = least
    return first
