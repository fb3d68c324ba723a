"""Ruin and recreate: take out parties that stand in each other's way, put them back in another order at prices.

A worse plan is accepted now and then, the less the longer we search, so that the search leaves dead ends.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .compiled import Floats, Ints, Records, compiled
from .insertion import Draft, insert, remove, restore
from .network import BEDS, HAVEN, IMPOSSIBLE, Network
from .pricing import Prices, Room, cheapest

MOST = 40  # parties taken out at once, at the most


class Ruin(NamedTuple):
    """Scratch paper of the search."""

    candidates: Records  # [party] importance; [place in the queue] order, key
    counts: Ints  # the journeys taken out
    steps: Ints
    ends: Ints
    totals: Floats  # of the best plan so far, of the current one, moves made, journeys priced
    best_counts: Ints
    best_steps: Ints
    best_ends: Ints
    alone: Room
    seed_steps: Ints
    seed_ends: Ints


CANDIDATE = np.dtype([("order", "i8"), ("key", "f8"), ("importance", "f8")])
BEST, CURRENT, MOVED, PRICED = range(4)


def ruin(plan: Draft, alone: Room) -> Ruin:
    parties, days = plan.steps.shape
    return Ruin(
        candidates=np.zeros(max(parties, MOST), dtype=CANDIDATE),
        counts=np.zeros(MOST, dtype=np.int64),
        steps=np.zeros((MOST, days), dtype=np.int64),
        ends=np.zeros((MOST, days), dtype=np.int64),
        totals=np.array([IMPOSSIBLE * parties, 0.0, 0.0, 0.0]),
        best_counts=np.zeros(parties, dtype=np.int64),
        best_steps=np.zeros((parties, days), dtype=np.int64),
        best_ends=np.zeros((parties, days), dtype=np.int64),
        alone=alone,
        seed_steps=np.zeros(days, dtype=np.int64),
        seed_ends=np.zeros(days, dtype=np.int64),
    )


@compiled
def seed_random(seed: int) -> None:
    np.random.seed(seed)


@compiled
def nearness(net: Network, i: int, steps: Ints, ends: Ints, count: int, plan: Draft, j: int) -> float:
    """How much the journey of party j stands in the way of this one of party i."""
    score = 0.0
    p, t = net.parties[i].start, net.parties[i].start_day
    for k in range(count + 1):
        end = ends[k]
        week = t // 7
        q, u = net.parties[j].start, net.parties[j].start_day
        for m in range(plan.who[j].count + 1):
            if p == q and net.places[p].kind == BEDS:
                shared = min(end, plan.ends[j, m]) - max(t, u)
                if shared > 0:
                    score += 1.0 + 0.2 * shared
            elif p == q and net.places[p].kind == HAVEN and abs(week - u // 7) <= 1:
                score += 3.0 if week == u // 7 else 1.0
            if m < plan.who[j].count:
                e = plan.steps[j, m]
                if k < count:
                    d = steps[k]
                    apart = abs(net.departures[d].day - net.departures[e].day)
                    if net.departures[d].leg == net.departures[e].leg and apart <= 3:
                        score += 2.0 if apart == 0 else 0.5
                    if (
                        net.parties[i].escort
                        and net.parties[j].escort
                        and net.departures[d].pool >= 0
                        and net.departures[d].pool == net.departures[e].pool
                        and apart < 3
                    ):
                        score += 1.0
                q, u = net.departures[e].to, net.departures[e].arrival
        if k < count:
            p, t = net.departures[steps[k]].to, net.departures[steps[k]].arrival
    return score


@compiled
def pick(net: Network, prices: Prices, plan: Draft, w: Ruin, members: Ints, size: int) -> int:
    """Choose whom of these to take out, into w.order; how many."""
    parties = len(members)
    first = np.random.randint(parties)
    kind = np.random.random()
    if kind < 0.5:  # around a journey that the party would have if it were alone
        best = -1.0
        for _ in range(3):
            m = np.random.randint(parties)
            key = w.candidates[members[m]].importance * np.random.random()
            if key > best:
                best, first = key, m
        _, count = cheapest(net, prices, w.alone, members[first], plan.desk)
        for k in range(count + 1):
            w.seed_steps[k] = plan.desk.steps[k]
            w.seed_ends[k] = plan.desk.ends[k]
    else:
        count = plan.who[members[first]].count
        for k in range(count + 1):
            w.seed_steps[k] = plan.steps[members[first], k]
            w.seed_ends[k] = plan.ends[members[first], k]
    for m in range(parties):
        near = 1.0
        if kind < 0.9:
            near = nearness(net, members[first], w.seed_steps, w.seed_ends, count, plan, members[m])
        w.candidates[m].key = -near * np.random.random() - 1e-6 * np.random.random()
    w.candidates[first].key = -1e9
    for k in range(size):  # the smallest keys first
        w.candidates[k].order = 0
        least, at = 1e18, 0
        for m in range(parties):
            if w.candidates[m].key < least:
                least, at = w.candidates[m].key, m
        w.candidates[k].order = members[at]
        w.candidates[at].key = 1e18
    return size


@compiled
def arrange(w: Ruin, size: int) -> None:
    """The order in which they come back: by chance, or those first who have most to lose."""
    mood = np.random.random()
    for k in range(size):
        key = np.random.random()
        if mood < 0.6:
            key = -w.candidates[w.candidates[k].order].importance * (0.3 + key)
        w.candidates[k].key = key
    for a in range(1, size):
        key, who = w.candidates[a].key, w.candidates[a].order
        b = a - 1
        while b >= 0 and w.candidates[b].key > key:
            w.candidates[b + 1].key, w.candidates[b + 1].order = w.candidates[b].key, w.candidates[b].order
            b -= 1
        w.candidates[b + 1].key, w.candidates[b + 1].order = key, who


@compiled
def keep_best(plan: Draft, w: Ruin, members: Ints, total: float) -> None:
    w.totals[BEST] = total
    for m in range(len(members)):
        i = members[m]
        w.best_counts[i] = plan.who[i].count
        for k in range(plan.who[i].count + 1):
            w.best_steps[i, k] = plan.steps[i, k]
            w.best_ends[i, k] = plan.ends[i, k]


@compiled
def improve(
    net: Network, prices: Prices, plan: Draft, w: Ruin, members: Ints, moves: int, smallest: int, largest: int,
    heat: float,
) -> None:  # fmt: skip
    """So many ruins and recreations among these parties; the best plan met is kept in w."""
    total = 0.0
    for m in range(len(members)):
        total += plan.who[members[m]].cost
    for _ in range(moves):
        size = min(len(members), MOST, smallest + np.random.randint(largest - smallest + 1))
        size = pick(net, prices, plan, w, members, size)
        before = 0.0
        arrange(w, size)
        for k in range(size):
            i = w.candidates[k].order
            w.counts[k] = plan.who[i].count
            for s in range(plan.who[i].count + 1):
                w.steps[k, s] = plan.steps[i, s]
                w.ends[k, s] = plan.ends[i, s]
            before += plan.who[i].cost
            remove(net, plan, i)
        after, done = 0.0, 0
        limit = before - heat * math.log(1.0 - np.random.random())
        for k in range(size):
            after += insert(net, prices, plan, w.candidates[k].order)
            if after >= IMPOSSIBLE:
                break
            done += 1
        if after < limit:
            total += after - before
            if total < w.totals[BEST] - 0.5:
                keep_best(plan, w, members, total)
        else:
            for k in range(done):
                remove(net, plan, w.candidates[k].order)
            for k in range(size):
                restore(net, plan, w.candidates[k].order, w.counts[k], w.steps, w.ends, k)
    w.totals[CURRENT] = total
    w.totals[MOVED] += moves
