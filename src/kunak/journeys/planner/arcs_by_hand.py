"""The pieces of journeys of `arcs`, out of a sweep over arrays: for the time before the inner loops are compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .arcs import ARC, ARRIVE, END, LEAVE, SLEEP
from .network import HAVEN, HOME

if TYPE_CHECKING:
    from .compiled import Records
    from .sweeping import Sweep

Node = tuple[int, int]  # place, day
Arc = tuple[int, int, int, int, int, int, int, int, int, int, int, float, float]
FAR = float("inf")


class Pieces:
    """Every piece of one party's journeys that lies on a way at most so much dearer than its best."""

    def __init__(self, sweep: Sweep, k: int, slack: float) -> None:
        self.sweep, self.k, self.net = sweep, k, sweep.net
        self.found: list[Arc] = []
        self.so_far: tuple[dict[Node, float], dict[Node, float], dict[Node, float]] = ({}, {}, {})
        best, party = sweep.way(k), sweep.party[k]
        if best is None:
            return
        self.limit = best.value - float(party["promised"] + party["settled"]) + slack
        start, first = int(party["start"]), int(party["start_day"])
        if self.net.places["kind"][start] == HOME:
            self._put((ARRIVE, start, first), (LEAVE, start, first), 0.0, best.value, 0.0)
        else:
            self._visits(ARRIVE, start, first, 0.0, 0)
        for day in range(first, self.net.horizon):
            self._day(day)

    def _put(self, tail: tuple[int, int, int], head: tuple[int, int, int], so_far: float, value: float, cost: float,
             departure: int = -1, beds: int = 0, rough: int = 0, visit: int = 0) -> None:  # fmt: skip
        self.found.append(
            (int(self.sweep.who[self.k]), *tail, *head, departure, beds, rough, visit, float(cost), float(value))
        )
        if head[0] != END:
            reached = self.so_far[head[0]]
            reached[head[1:]] = min(reached.get(head[1:], FAR), float(so_far))

    def _day(self, t: int) -> None:
        leave, arrive, sleep = self.so_far
        for p in [p for p, day in arrive if day == t]:
            self._visits(ARRIVE, p, t, arrive[p, t], 1)
        for p in [p for p, day in leave if day == t]:
            self._onward(p, t, leave[p, t])
        for p in [p for p, day in sleep if day == t]:
            self._visits(SLEEP, p, t, sleep[p, t], 2)
        rough, later, k = self.sweep.rough, self.sweep.leave, self.k
        for p in [p for p, day in leave if day == t]:
            so_far = leave[p, t] + rough[t, p, k]
            if so_far + later[t + 1, p, k] <= self.limit:
                value = so_far + later[t + 1, p, k]
                self._put((LEAVE, p, t), (LEAVE, p, t + 1), so_far, value, rough[t, p, k], rough=1)

    def _visits(self, layer: int, p: int, t: int, so_far: float, fresh: int) -> None:
        """Every length of a stay in bed that begins on day t."""
        sweep, k, tail = self.sweep, self.k, (layer, p, t)
        stay, price = sweep.longest(k, p, fresh)
        counted = int(not (fresh == 0 and sweep.party["used"][k] > 0))
        if fresh == 2:
            cost = sweep.rough[t, p, k]
            value = so_far + cost + sweep.leave[t + 1, p, k]
            if value <= self.limit:
                self._put(tail, (LEAVE, p, t + 1), so_far + cost, value, cost, rough=1)
        elif so_far + sweep.leave[t, p, k] <= self.limit:
            self._put(tail, (LEAVE, p, t), so_far, so_far + sweep.leave[t, p, k], 0.0)
        last = min(self.net.horizon, t + stay)
        priced = so_far + price + np.cumsum(sweep.bed[t:last, p, k])
        costs = np.cumsum(sweep.true_bed[t:last, p, k])
        values = priced + sweep.leave[t + 1 : last + 1, p, k]
        for n in np.flatnonzero(values <= self.limit):
            head = (LEAVE, p, t + 1 + int(n))
            self._put(tail, head, priced[n], values[n], costs[n], beds=int(n) + 1, visit=counted)

    def _onward(self, p: int, t: int, so_far: float) -> None:
        """Every departure of this day."""
        net, sweep, k = self.net, self.sweep, self.k
        low, high = sweep.days[t], sweep.days[t + 1]
        here = low + np.flatnonzero(net.departures["origin"][low:high] == p)
        after = sweep.follows.reshape(-1, len(sweep.who))[sweep.after[here], k]
        reached = so_far + sweep.cost[here, k] + sweep.seat[here, k]
        for n in np.flatnonzero(reached + after <= self.limit):
            d = int(here[n])
            to, arrival = int(net.departures["to"][d]), int(net.departures["arrival"][d])
            haven = net.places["kind"][to] == HAVEN
            layer = END if haven else ARRIVE if net.departures["overnight"][d] else SLEEP
            cost = sweep.cost[d, k] + (after[n] if haven else 0.0)
            self._put((LEAVE, p, t), (layer, to, arrival), reached[n], reached[n] + after[n], cost, departure=d)


def pieces(sweep: Sweep, k: int, slack: float) -> Records:
    """The arcs of the k-th party of this sweep on ways at most `slack` dearer than its best."""
    return np.array(Pieces(sweep, k, slack).found, dtype=ARC)
