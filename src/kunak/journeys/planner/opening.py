"""Planning before any inner loop is compiled: slower, but a good plan of some dozens of parties in seconds.

1. Everybody's best journey alone: the first bound, and a plan of whoever fits in.
2. A climb of the prices, and everybody inserted at them.
3. Some parties planned together, exactly, again and again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .arcs_by_hand import pieces
from .climb_by_hand import Climber, priced
from .exact import Program
from .ledger import Ledger
from .network import BEDS, IMPOSSIBLE, Network
from .prices import no_prices
from .sweeping import Sweep, Way
from .wording import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from .compiled import Records
    from .effort import Effort
    from .pricing import Prices

ATTEMPTS = 6  # journeys tried before a party that does not fit stays where it is
STEPS, CLIMB_SHARE = 200, 0.3  # of the climb, and the part of the effort at which it ends
REFILLS, MIXED = 12, 0.7  # orders in which everybody is inserted at the prices, and how far chance mixes them
SECONDS, NODES = 1.5, 10**6  # for one integer program
SIZES = (8, 12, 20, 12)  # parties planned together, in turn
MOST, ENOUGH = 3_500, 1_500  # pieces: more take too long, fewer leave too little choice


class Opening:
    """The first plan and the first bound of a scenario."""

    def __init__(self, net: Network, seed: int) -> None:
        self.net, self.dice = net, np.random.default_rng(seed)
        self.ledger, self.costs = Ledger(net), np.zeros(len(net.parties))
        self.climber = Climber(net)
        self.best: Outcome | None = None
        self.rounds, self.slack = 0, dict[int, float]()  # by the number of parties planned together

    @property
    def proven(self) -> int:
        return self.climber.proven

    def begin(self, hurry: Callable[[], bool] = lambda: False) -> None:
        """Step 1. Whoever does not fit stays, and once there is hurry everybody who is left; if no plan keeps all
        promises that way, `best` is None."""
        prices, alone = no_prices(self.net), self.climber.alone
        for i in np.argsort(self.net.parties["promised"] == 0, kind="stable"):
            way = alone[i]
            if way is None or not (self._place(int(i), way) or self._insert(int(i), prices, hurry)):
                return
        self._publish()

    def work(self, effort: Effort, enough: Callable[[], bool]) -> None:
        """Steps 2 and 3, until the effort is used up or somebody else can do it faster."""
        if self.best is None:
            return
        self.climber.climb(effort, self.best.score, STEPS, CLIMB_SHARE)
        for turn in range(REFILLS):
            if not effort.up:
                self._refill(turn)
        self.slack = dict.fromkeys(SIZES, max(1.0, 0.003 * self.best.score))
        while not effort.up and not enough() and self.best.score > self.proven:
            self._together(effort)

    def _place(self, i: int, way: Way) -> bool:
        """Book this journey, which is the best of all, if it fits."""
        ledger, net = self.ledger, self.net
        if net.parties["apart_end"][i] > net.parties["apart_begin"][i]:
            return False
        ledger.put(i, way.length, way.steps, way.ends)
        if ledger.overdrawn(i):
            ledger.lift(i)
            return False
        self.costs[i] = way.value
        return True

    def _insert(self, i: int, prices: Prices, hurry: Callable[[], bool] = lambda: False) -> bool:
        """Book the best journey that fits into what is free, or none; False if that cannot be."""
        net, ledger, room = self.net, self.ledger, self.ledger.room
        ledger.keep_apart(i)
        for _ in range(ATTEMPTS):
            if net.parties["promised"][i] <= 0 and hurry():
                break
            way = Sweep(net, prices, room, np.array([i])).way(0)
            if way is None:
                break
            ledger.put(i, way.length, way.steps, way.ends)
            if not ledger.overdrawn(i):
                self.costs[i] = way.value - priced_part(net, way, i, prices)
                return True
            ledger.lift(i)
            if way.length == 0:
                break
            room.avoid_departure[way.steps[way.length - 1]] = 1
        staying = stays(net, i)
        p, first = int(net.parties["start"][i]), int(net.parties["start_day"][i])
        met = net.places["kind"][p] == BEDS and room.avoid_night[p, first:].any()
        if net.parties["promised"][i] > 0 or met:
            return False
        ledger.put(i, 0, staying.steps, staying.ends)
        self.costs[i] = staying.value
        return True

    def _publish(self) -> None:
        """Keep a copy of the plan if it is the best so far."""
        total, ledger = float(self.costs.sum()), self.ledger
        if self.best is None or total < self.best.score - 0.5:
            self.best = Outcome(total, ledger.counts.copy(), ledger.steps.copy(), ledger.ends.copy())

    def _refill(self, turn: int) -> None:
        """Everybody out, and in again at the prices, those first who have most to lose; by chance after that."""
        assert self.best is not None
        before, prices, many = self.best, priced(self.net, self.climber.duals), len(self.net.parties)
        old = self.costs.copy()
        alone = np.array([way.value if way else IMPOSSIBLE for way in self.climber.alone])
        lose = np.array([stays(self.net, i).value for i in range(many)]) - alone
        for i in range(many):
            self.ledger.lift(i)
        lose *= np.exp(MIXED * min(turn, 1) * self.dice.standard_normal(many))
        for i in np.lexsort((-lose, self.net.parties["promised"] == 0)):
            if not self._insert(int(i), prices):
                break
        else:
            self._publish()
        if self.best is before:
            for i in list(self.ledger.used):
                self.ledger.lift(i)
            for i in range(many):
                self.ledger.put(i, int(before.counts[i]), before.steps[i], before.ends[i])
            self.costs = old

    def _pick(self, size: int) -> list[int]:
        """Parties that use what one of them would like."""
        many = len(self.net.parties)
        seed = int(self.dice.integers(many))
        wish = set(self.ledger.used[seed])
        way = self.climber.alone[seed]
        if way is not None and self.dice.random() < 0.6:
            wish = set(self.ledger.taken(seed, way))
        wish = {row for row in wish if row < self.net.week_row}
        near = np.array([len(wish & self.ledger.used[j].keys()) for j in range(many)]) + 0.1
        key = near * self.dice.random(many)
        key[seed] = np.inf
        return sorted(int(i) for i in np.argsort(-key)[:size])

    def _together(self, effort: Effort) -> None:
        """Step 3, once."""
        ledger, size = self.ledger, SIZES[self.rounds % len(SIZES)]
        self.rounds += 1
        who = self._pick(min(size, len(self.net.parties)))
        old = {i: (int(ledger.counts[i]), ledger.steps[i].copy(), ledger.ends[i].copy()) for i in who}
        for i in who:
            ledger.lift(i)
        arcs = self._arcs(who, self.slack[size])
        if len(arcs) > MOST:
            self.slack[size] *= 0.7
        else:
            if len(arcs) < ENOUGH:
                self.slack[size] *= 1.3
            extras = float((self.net.parties["settled"] + self.net.parties["promised"])[who].sum())
            program, before = Program(self.net, arcs, ledger.room.free), float(self.costs[who].sum())
            seed, seconds = int(self.dice.integers(2**31)), min(SECONDS, effort.left)
            solved = program.solve(seconds, before - extras, NODES, seed, effort)
            if solved.journeys is not None:
                old = solved.journeys
        for i, (count, steps, ends) in old.items():
            ledger.put(i, count, steps, ends)
            self.costs[i] = worth(self.net, i, count, steps, ends)
        self._publish()

    def _arcs(self, who: list[int], slack: float) -> Records:
        """The pieces of these parties' journeys in what the others leave, at the prices."""
        net, found, prices = self.net, [], priced(self.net, self.climber.duals)
        alone = [i for i in who if net.parties["apart_end"][i] > net.parties["apart_begin"][i]]
        for group in [[i] for i in alone] + [[i for i in who if i not in alone]]:
            if group:
                self.ledger.keep_apart(group[0])
                sweep = Sweep(net, prices, self.ledger.room, np.array(group))
                found += [pieces(sweep, k, slack) for k in range(len(group))]
        return np.concatenate(found)


def stays(net: Network, i: int) -> Way:
    """Where the party is, without a bed."""
    first = int(net.parties["start_day"][i])
    steps, ends = np.zeros((2, net.horizon + 2), dtype=np.int64)
    ends[0] = first
    return Way(worth(net, i, 0, steps, ends), 0, steps, ends)


def priced_part(net: Network, way: Way, i: int, prices: Prices) -> float:
    """What of a journey's value is prices of shared limits."""
    g, part = int(net.parties["group"][i]), 0.0
    p, t = int(net.parties["start"][i]), int(net.parties["start_day"][i])
    for k in range(way.length + 1):
        if way.ends[k] > t and net.places["kind"][p] == BEDS:
            part += float(prices.bed[g, t : way.ends[k], p].sum())
            if not (k == 0 and net.parties["used"][i] > 0):
                part += float(prices.visit[p])
        if k < way.length:
            part += float(prices.seat[g, way.steps[k]])
            p, t = int(net.departures["to"][way.steps[k]]), int(net.departures["arrival"][way.steps[k]])
    return part


def worth(net: Network, i: int, count: int, steps: np.ndarray, ends: np.ndarray) -> float:
    """The score of a journey, as `true_cost` counts it."""
    party, mine = net.parties[i], net.options[net.begin[i, 0] : net.begin[i, net.horizon]]
    value = float(party["settled"] + party["promised"])
    p, t = int(party["start"]), int(party["start_day"])
    for k in range(count + 1):
        until = int(net.departures["day"][steps[k]]) if k < count else net.horizon
        nights, weight = slice(t, until), party["weight"] * net.multiple[t:until]
        value += float((net.nightly[i, nights, net.places["zone"][p]] + weight * net.places["hazard"][p]).sum())
        if net.places["kind"][p] == BEDS:
            end = min(max(t, int(ends[k])), until)
            value += float(net.places["night_cost"][p] * party["size"] * (end - t))
            value += float((weight[end - t :] * net.unsheltered[end:until, p]).sum())
        if k < count:
            value += float(mine["cost"][np.flatnonzero(mine["departure"] == steps[k])[0]])
            p, t = int(net.departures["to"][steps[k]]), int(net.departures["arrival"][steps[k]])
    return value
