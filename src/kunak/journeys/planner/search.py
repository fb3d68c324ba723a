"""Looking for good plans: everybody inserted at prices, then ruin and recreate, cooling down as the work is used up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .insertion import draft, insert, remove, restore
from .network import IMPOSSIBLE, Network
from .part import Part
from .prices import spread
from .ruin import BEST, CURRENT, keep_best, seed_random
from .usage import true_cost
from .wording import Outcome

if TYPE_CHECKING:
    from .compiled import Floats, Ints
    from .effort import Effort
    from .ruin import Ruin

ORDERS = 20  # tried before promises are planned together
HOT, COLD = 0.05, 0.01  # the heat at the beginning, in what a party has to lose; at the end, in the first


class Search:
    """The plan being improved, and the best one met."""

    def __init__(self, net: Network, seed: int) -> None:
        self.net, self.dice = net, np.random.default_rng(seed)
        self.draft = draft(net)
        self.whole = Part(net, self.draft, np.arange(len(net.parties)), seed)
        self.ruin, self.prices = self.whole.ruin, self.whole.prices
        self.best: Outcome | None = None
        self.heat = 0.0
        self.first = IMPOSSIBLE  # the score of first come, first served
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
            waits = true_cost(net, i, staying, staying, 0) - net.parties["promised"][i]
            self.ruin.candidates["importance"][i] = max(1.0, waits - ideal[i])
        promised = np.argsort(net.parties["promised"] == 0, kind="stable")
        self._fill(promised)
        self.first = self.score
        self.heat = float(np.sum(self.ruin.candidates["importance"])) / len(net.parties) * HOT

    def keep(self, old: dict[int, list[int]]) -> None:
        """Whoever has a plan already keeps it as far as possible: departures by party. A repaired plan begins here."""
        net, avoid = self.net, self.draft.room.avoid_departure
        spread(net, np.zeros(len(net.limits)), self.prices)
        self._clear()
        order = sorted(old, key=lambda i: (net.parties["promised"][i] == 0, i))
        lost = [i for i in range(len(net.parties)) if i not in old]
        for i in order:
            avoid[:] = 1
            avoid[old[i]] = 0
            cost = insert(net, self.prices, self.draft, i)
            taken = self.draft.steps[i, : self.draft.who["count"][i]].tolist()
            if cost >= IMPOSSIBLE or taken != old[i]:
                lost.append(i)
                if cost < IMPOSSIBLE:
                    remove(net, self.draft, i)
        avoid[:] = 0
        lost.sort(key=lambda i: (net.parties["promised"][i] == 0, -self.ruin.candidates["importance"][i]))
        if not self._fill(np.array(lost, dtype=np.int64)) or self.ruin.totals[CURRENT] > self.score + 0.5:
            self.adopt()

    def refill(self, duals: Floats) -> None:
        """Everybody out, and in again at these prices, those first who have most to lose."""
        spread(self.net, duals, self.prices)
        count = len(self.net.parties)
        self._clear()
        key = -self.ruin.candidates["importance"][:count] - self.net.parties["promised"]
        if not self._fill(np.argsort(key, kind="stable")) or self.ruin.totals[CURRENT] > self.score + 0.5:
            self.adopt()

    def _fill(self, order: Ints) -> bool:
        """Insert everybody in this order; does everybody find a place?"""
        for i in order:
            if insert(self.net, self.prices, self.draft, int(i)) >= IMPOSSIBLE:
                return False
        total = float(self.draft.who["cost"].sum())
        if total < self.ruin.totals[BEST]:
            keep_best(self.draft, self.ruin, self.whole.members, total)
        self.ruin.totals[CURRENT] = total
        self.publish()
        return True

    def adopt(self) -> None:
        """Go on from the best plan so far."""
        if self.best is None:
            return
        self._clear()
        for i in range(len(self.net.parties)):
            restore(self.net, self.draft, i, int(self.best.counts[i]), self.best.steps, self.best.ends, i)
        keep_best(self.draft, self.ruin, self.whole.members, self.whole.total)

    def publish(self) -> None:
        """Offer a copy of the best plan to whoever asks."""
        found = self.ruin
        if found.totals[BEST] < self.score - 0.5:
            copies = (found.best_counts.copy(), found.best_steps.copy(), found.best_ends.copy())
            self.best = Outcome(float(found.totals[BEST]), *copies)

    def rescue(self, effort: Effort) -> None:
        """Promises that got in each other's way: other orders, then all parties with promises planned together."""
        count, promised = len(self.net.parties), self.net.parties["promised"] > 0
        for _ in range(ORDERS):
            self._clear()
            if self._fill(np.lexsort((self.dice.random(count), ~promised))) or effort.up:
                return
        self._clear()
        kept = self.whole.neighbourhood.together(effort, [int(i) for i in np.flatnonzero(promised)])
        if kept is not None:
            for i, (steps_taken, steps, ends) in kept.items():
                restore(self.net, self.draft, i, steps_taken, steps[None, :], ends[None, :], 0)
            self._fill(np.flatnonzero(~promised))

    def _clear(self) -> None:
        """Everybody out."""
        for i in np.flatnonzero(self.draft.who["placed"]):
            remove(self.net, self.draft, int(i))
        self.draft.who["cost"] = 0.0

    def offer(self, score: float, journeys: dict[int, tuple[int, Ints, Ints]]) -> None:
        """A plan that another thread found."""
        if self.best is not None and score < self.best.score - 0.5:
            counts, steps, ends = self.best.counts.copy(), self.best.steps.copy(), self.best.ends.copy()
            for i, (count, one, other) in journeys.items():
                counts[i], steps[i], ends[i] = count, one, other
            self.best = Outcome(score, counts, steps, ends)

    def round(self, effort: Effort, duals: Floats, moves: int) -> None:
        """One neighbourhood or so many ruins."""
        self.catch_up()
        self.whole.round(effort, duals, moves, self.heat_at(effort))
        self.publish()

    def join(self, total: float, parts: list[tuple[Ints, Ruin]]) -> None:
        """Keep the best that was met in each part: together a better plan than the best so far."""
        for members, found in parts:
            self.ruin.best_counts[members] = found.best_counts[members]
            self.ruin.best_steps[members] = found.best_steps[members]
            self.ruin.best_ends[members] = found.best_ends[members]
        self.ruin.totals[BEST] = total
        self.publish()

    def catch_up(self) -> None:
        """Go on from the best plan, if somebody else found it."""
        if self.best is not None and self.best.score < self.ruin.totals[BEST] - 0.5:
            self.adopt()

    def heat_at(self, effort: Effort) -> float:
        """The temper falls with the effort left."""
        return self.heat * COLD**effort.share
