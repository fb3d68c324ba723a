"""The few pieces of journeys that a better plan could still contain.

A journey is a way through nodes: `leave` at a place in the morning with no bed nights to come, `arrive` in the morning,
`sleep` after arriving during the day. At given prices every piece lies on a cheapest way through it; if that way is
dearer than the party's best by more than the gap between plan and bound, no better plan contains the piece.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .compiled import Floats, Records, compiled
from .network import BEDS, HAVEN, HOME, IMPOSSIBLE, NEVER, Network
from .pricing import Desk, Prices, Room, bed_price, cheapest, fits

LEAVE, ARRIVE, SLEEP, END = range(4)
ARC = np.dtype(
    [(n, "i8") for n in ("party", "tail", "tail_place", "tail_day", "head", "head_place", "head_day", "departure")]
    # the nights in a bed begin with the tail's day; `rough` 1: a night without
    + [(n, "i8") for n in ("beds", "rough", "visit")]
    + [("cost", "f8"), ("excess", "f8")]
)


class Way(NamedTuple):
    """Scratch: the cheapest way from the start to each node."""

    leave: Floats
    arrive: Floats
    sleep: Floats


def way(net: Network) -> Way:
    shape = (len(net.places), net.horizon + 2)
    return Way(np.zeros(shape), np.zeros(shape), np.zeros(shape))


@compiled
def put(
    arcs: Records, n: int, i: int, tail: int, p: int, t: int, head: int, q: int, u: int,
    departure: int, beds: int, rough: int, visit: int, cost: float, excess: float,
) -> int:  # fmt: skip
    """Write one arc if there is room; the number of arcs."""
    if n < len(arcs):
        arc = arcs[n]
        arc.party, arc.tail, arc.tail_place, arc.tail_day = i, tail, p, t
        arc.head, arc.head_place, arc.head_day, arc.departure = head, q, u, departure
        arc.beds, arc.rough, arc.visit, arc.cost, arc.excess = beds, rough, visit, cost, excess
    return n + 1


@compiled
def visits(
    net: Network, prices: Prices, room: Room, i: int, p: int, t: int, fresh: int, so_far: float, limit: float,
    w: Desk, f: Way, arcs: Records, n: int,
) -> int:  # fmt: skip
    """Every length of a stay in bed that begins on day t (fresh: 0 the first visit, 1 arrived in the morning, 2 must
    sleep)."""
    stay, price, counted = net.places[p].max_stay, prices.visit[p], 1
    if fresh == 0:
        if net.parties[i].used > 0:
            stay = max(0, stay - net.parties[i].used) if stay < NEVER else stay
            price, counted = 0.0, 0
        if net.parties[i].bed_lost:
            stay = 0
    layer = SLEEP if fresh == 2 else ARRIVE
    if fresh == 2:
        value = w.cells[t, p].rough + w.cells[t + 1, p].leave
        if so_far + value <= limit:
            cost = w.cells[t, p].rough
            n = put(arcs, n, i, layer, p, t, LEAVE, p, t + 1, -1, 0, 1, 0, cost, so_far + value)
            f.leave[p, t + 1] = min(f.leave[p, t + 1], so_far + cost)
    elif so_far + w.cells[t, p].leave <= limit:
        n = put(arcs, n, i, layer, p, t, LEAVE, p, t, -1, 0, 0, 0, 0.0, so_far + w.cells[t, p].leave)
        f.leave[p, t] = min(f.leave[p, t], so_far)
    if room.limited and counted and room.free[net.visit_row + p] < 1:
        return n
    priced, cost = price, 0.0
    for e in range(t + 1, min(net.horizon, t + stay) + 1):
        bed = bed_price(net, prices, room, i, p, e - 1)
        if bed >= IMPOSSIBLE:
            break
        priced += bed
        cost += bed - prices.bed[net.parties[i].group, e - 1, p]
        value = so_far + priced + w.cells[e, p].leave
        if value <= limit:
            n = put(arcs, n, i, layer, p, t, LEAVE, p, e, -1, e - t, 0, counted, cost, value)
            f.leave[p, e] = min(f.leave[p, e], so_far + priced)
    return n


@compiled
def onward(
    net: Network, prices: Prices, room: Room, i: int, t: int, limit: float, w: Desk, f: Way, arcs: Records, n: int
) -> int:
    """Every departure of day t."""
    group = net.parties[i].group
    for k in range(net.begin[i, t], net.begin[i, t + 1]):
        d = net.options[k].departure
        p, to, arrival = net.departures[d].origin, net.departures[d].to, net.departures[d].arrival
        so_far = f.leave[p, t] + net.options[k].cost + prices.seat[group, d]
        if net.places[to].kind == HAVEN:
            head, after = END, w.after[net.options[k].after]
        elif net.departures[d].overnight:
            head, after = ARRIVE, w.after[net.options[k].after]
        else:
            head, after = SLEEP, w.after[net.options[k].after]
        if so_far + after > limit or (room.limited and not fits(net, room, i, d)):
            continue
        cost = net.options[k].cost + (after if head == END else 0.0)
        n = put(arcs, n, i, LEAVE, p, t, head, to, arrival, d, 0, 0, 0, cost, so_far + after)
        if head == ARRIVE:
            f.arrive[to, arrival] = min(f.arrive[to, arrival], so_far)
        elif head == SLEEP:
            f.sleep[to, arrival] = min(f.sleep[to, arrival], so_far)
    return n


@compiled
def pieces(
    net: Network, prices: Prices, room: Room, i: int, slack: float, w: Desk, f: Way, arcs: Records, n: int
) -> int:
    """Write the arcs of party i on ways at most `slack` dearer than its best; the number of arcs, which may be more
    than there is room for."""
    value, _ = cheapest(net, prices, room, i, w)
    if value >= IMPOSSIBLE:
        return n
    limit = value - net.parties[i].promised - net.parties[i].settled + slack
    start, first = net.parties[i].start, net.parties[i].start_day
    low, high = net.parties[i].visits_begin, net.parties[i].visits_end
    for v in range(low - 1, high):
        p = net.visits[v] if v >= low else start
        for t in range(first, net.horizon + 1):
            f.leave[p, t] = IMPOSSIBLE
            f.arrive[p, t] = IMPOSSIBLE
            f.sleep[p, t] = IMPOSSIBLE
    if net.places[start].kind == HOME:
        f.leave[start, first] = 0.0
        n = put(arcs, n, i, ARRIVE, start, first, LEAVE, start, first, -1, 0, 0, 0, 0.0, limit - slack)
    else:
        n = visits(net, prices, room, i, start, first, 0, 0.0, limit, w, f, arcs, n)
    for t in range(first, net.horizon):
        for v in range(low, high):
            p = net.visits[v]
            if f.arrive[p, t] < IMPOSSIBLE:
                n = visits(net, prices, room, i, p, t, 1, f.arrive[p, t], limit, w, f, arcs, n)
        n = onward(net, prices, room, i, t, limit, w, f, arcs, n)
        for v in range(low - 1, high):
            p = net.visits[v] if v >= low else start
            if v < low and net.places[p].kind == BEDS:
                continue
            if f.sleep[p, t] < IMPOSSIBLE:
                n = visits(net, prices, room, i, p, t, 2, f.sleep[p, t], limit, w, f, arcs, n)
            rough = w.cells[t, p].rough
            if f.leave[p, t] + rough + w.cells[t + 1, p].leave <= limit:
                value = f.leave[p, t] + rough + w.cells[t + 1, p].leave
                n = put(arcs, n, i, LEAVE, p, t, LEAVE, p, t + 1, -1, 0, 1, 0, rough, value)
                f.leave[p, t + 1] = min(f.leave[p, t + 1], f.leave[p, t] + rough)
    return n
