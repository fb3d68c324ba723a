"""The cheapest whole journey of one party at given prices, exactly, by going backward through the days.

Values at a place on a day, from the last day to the first:

    leave[t, p]   at p in the morning of day t, no more bed nights in this visit: go on, or one night without a bed
    sleep[t, p]   just arrived, and must spend night t at p before going on
    arrive[t, p]  just arrived in the morning of day t, free to go on at once

A visit is bed nights t … e-1, then `leave[e, p]`. With s[t] the sum of bed prices from night t on, its cost is
s[t] - s[e] + leave[e, p]: the best e within max_stay is the least of leave[e, p] - s[e] in a sliding window,
kept in a queue. So each place and day costs the same small work whatever the length of a stay.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .compiled import Flags, Floats, Ints, Records, compiled, inlined
from .network import BEDS, HAVEN, HOME, IMPOSSIBLE, NEVER, Network
from .rules import PROMISE


class Prices(NamedTuple):
    """What shared limits cost on top of a journey's own score, by group of parties of the same size."""

    bed: Floats  # [group, night, place]
    seat: Floats  # [group, departure]
    visit: Floats  # [place]


class Room(NamedTuple):
    """What is still free: in pricing everything (limited = 0), in insertion what the others leave."""

    limited: int
    free: Ints
    avoid_night: Flags  # [place, night] somebody to keep apart from is there
    avoid_departure: Flags


class Desk(NamedTuple):
    """Scratch paper of one thread."""

    cells: Records  # [day, place] the values above; choice: index into `options`, or -1: stay
    queue: Records  # [place, slot]
    lines: Records  # [place] rest: sum of bed prices from this night on
    after: Floats  # what follows an arrival: in the morning, during the day, in a haven; each by day and place
    steps: Ints  # the journey found: departures
    ends: Ints  # for each visit the first night without a bed in it


CELL = np.dtype([(n, "f8") for n in ("leave", "go", "rough")] + [("choice", "i8")])
SLOT = np.dtype([("day", "i8"), ("value", "f8")])
LINE = np.dtype([("rest", "f8"), ("head", "i8"), ("tail", "i8")])


def desk(net: Network) -> Desk:
    places, days = len(net.places), net.horizon + 2
    return Desk(
        cells=np.zeros((days, places), dtype=CELL),
        queue=np.zeros((places, days), dtype=SLOT),
        lines=np.zeros(places, dtype=LINE),
        after=np.zeros(3 * places * days),
        steps=np.zeros(days, dtype=np.int64),
        ends=np.zeros(days, dtype=np.int64),
    )


@inlined
def bed_price(net: Network, prices: Prices, room: Room, i: int, p: int, t: int) -> float:
    """What a bed at p costs party i in night t; IMPOSSIBLE where it gets none."""
    if t < net.places[p].first_night or t > net.places[p].last_night or net.welcome[i, p] == 0:
        return IMPOSSIBLE
    if room.limited and (
        room.free[p * net.horizon + t] < net.parties[i].size
        or room.avoid_night[p, t]
        or room.free[net.week_row + t // 7] < net.places[p].night_cost * net.parties[i].size
    ):
        return IMPOSSIBLE
    own = net.nightly[i, t, net.places[p].zone] + net.parties[i].weight * net.multiple[t] * net.places[p].hazard
    return own + net.places[p].night_cost * net.parties[i].size + prices.bed[net.parties[i].group, t, p]


@inlined
def rough_price(net: Network, room: Room, i: int, p: int, t: int) -> float:
    """What a night at p without a bed costs party i: at home, where it lives, nothing extra."""
    if room.limited and room.avoid_night[p, t] and net.places[p].kind != HOME:
        return IMPOSSIBLE
    own = net.nightly[i, t, net.places[p].zone]
    return own + net.parties[i].weight * net.multiple[t] * (net.places[p].hazard + net.unsheltered[t, p])


@inlined
def fits(net: Network, room: Room, i: int, d: int) -> bool:
    """Is there room for party i on departure d?"""
    heads = net.parties[i].size
    free = room.free
    if net.parties[i].escort and net.departures[d].pool >= 0:
        heads += 1
        row = net.escort_row + net.departures[d].pool * net.horizon
        for t in range(net.departures[d].day, net.departures[d].escort_until):
            if free[row + t] < 1:
                return False
    if free[net.seat_row + d] < heads or room.avoid_departure[d]:
        return False
    to = net.departures[d].to
    if (
        net.places[to].kind == HAVEN
        and free[net.intake_row + to * net.weeks + net.departures[d].arrival // 7] < net.parties[i].size
    ):
        return False
    return free[net.week_row + net.departures[d].day // 7] >= net.departures[d].fare * heads


@inlined
def sweep(net: Network, prices: Prices, room: Room, i: int, w: Desk) -> None:
    """Fill the desk with the values of party i, from the horizon back to its first day."""
    horizon, first = net.horizon, net.parties[i].start_day
    havens_of(net, i, w)
    low, high = net.parties[i].visits_begin, net.parties[i].visits_end
    home = net.parties[i].start
    at_home = net.places[home].kind == HOME
    w.cells[horizon, home].leave = 0.0
    for v in range(low, high):
        p = net.visits[v]
        w.cells[horizon, p].leave = 0.0
        w.lines[p].rest = 0.0
        w.lines[p].head = 0
        w.lines[p].tail = 0
    for t in range(horizon - 1, first - 1, -1):
        while high > low and net.visit_days[high - 1] > t:  # it cannot be there yet
            high -= 1
        for v in range(low, high):
            nights(net, prices, room, i, net.visits[v], t, w)
        if at_home:
            w.cells[t, home].go = IMPOSSIBLE
            w.cells[t, home].choice = -1
            w.cells[t, home].rough = rough_price(net, room, i, home, t)
        departures(net, prices, room, i, t, w)
        for v in range(low, high):
            p = net.visits[v]
            stay = w.cells[t, p].rough + w.cells[t + 1, p].leave
            leave = min(stay, w.cells[t, p].go)
            if stay <= w.cells[t, p].go:
                w.cells[t, p].choice = -1
            w.cells[t, p].leave = leave
            morning = t * len(net.places) + p
            w.after[morning] = min(leave, w.after[morning])
        if at_home:
            stay = w.cells[t, home].rough + w.cells[t + 1, home].leave
            if stay <= w.cells[t, home].go:
                w.cells[t, home].choice = -1
            w.cells[t, home].leave = min(stay, w.cells[t, home].go)


@inlined
def havens_of(net: Network, i: int, w: Desk) -> None:
    """The rest of the horizon in each haven."""
    for p in range(len(net.places)):
        if net.places[p].kind == HAVEN:
            rest = 0.0
            for t in range(net.horizon - 1, net.parties[i].start_day - 1, -1):
                night = (
                    net.nightly[i, t, net.places[p].zone]
                    + net.parties[i].weight * net.multiple[t] * net.places[p].hazard
                )
                rest += night
                w.after[2 * w.cells.size + t * len(net.places) + p] = rest


@inlined
def nights(net: Network, prices: Prices, room: Room, i: int, p: int, t: int, w: Desk) -> None:
    """Night t at p for one who has just arrived: the window of last bed nights moves one day back."""
    value = w.cells[t + 1, p].leave - w.lines[p].rest
    head, tail = w.lines[p].head, w.lines[p].tail
    while tail > head and w.queue[p, tail - 1].value >= value:
        tail -= 1
    w.queue[p, tail].day = t + 1
    w.queue[p, tail].value = value
    tail += 1
    bed = bed_price(net, prices, room, i, p, t)
    chain = IMPOSSIBLE
    if bed >= IMPOSSIBLE or net.places[p].max_stay == 0:
        head = tail
    else:
        w.lines[p].rest += bed
        while w.queue[p, head].day > t + net.places[p].max_stay:
            head += 1
        if not room.limited or room.free[net.visit_row + p] >= 1:
            chain = w.lines[p].rest + w.queue[p, head].value + prices.visit[p]
    w.lines[p].head = head
    w.lines[p].tail = tail
    rough = rough_price(net, room, i, p, t)
    w.cells[t, p].rough = rough
    morning = t * len(net.places) + p
    w.after[morning] = chain
    w.after[morning + w.cells.size] = min(chain, rough + w.cells[t + 1, p].leave)
    w.cells[t, p].go = IMPOSSIBLE
    w.cells[t, p].choice = -1


@inlined
def departures(net: Network, prices: Prices, room: Room, i: int, t: int, w: Desk) -> None:
    """The best departure from each place on day t."""
    group = net.parties[i].group
    for k in range(net.begin[i, t], net.begin[i, t + 1]):
        option = net.options[k]
        value = option.cost + prices.seat[group, option.departure] + w.after[option.after]
        if value < w.cells[t, option.origin].go and (not room.limited or fits(net, room, i, option.departure)):
            w.cells[t, option.origin].go = value
            w.cells[t, option.origin].choice = k


@inlined
def beds_until(
    net: Network, prices: Prices, room: Room, i: int, p: int, t: int, fresh: int, w: Desk
) -> tuple[float, int]:
    """How long a visit that begins on day t keeps its bed, and the value of that. fresh: 0 the first visit, 1 a
    visit after which the party may go on at once, 2 one in which it must sleep first."""
    best, end = IMPOSSIBLE, t
    stay = net.places[p].max_stay
    price = prices.visit[p]
    if fresh == 0:
        if net.parties[i].used > 0:
            stay = max(0, stay - net.parties[i].used) if stay < NEVER else stay
            price = 0.0
        if net.parties[i].bed_lost:
            stay = 0
    if fresh == 2:
        best = w.cells[t, p].rough + w.cells[t + 1, p].leave
    else:
        best = w.cells[t, p].leave
    if room.limited and (fresh != 0 or net.parties[i].used == 0) and room.free[net.visit_row + p] < 1:
        return best, end
    value = price
    for e in range(t + 1, min(net.horizon, t + stay) + 1):
        bed = bed_price(net, prices, room, i, p, e - 1)
        if bed >= IMPOSSIBLE:
            break
        value += bed
        if value + w.cells[e, p].leave < best:
            best = value + w.cells[e, p].leave
            end = e
    return best, end


@inlined
def trace(net: Network, prices: Prices, room: Room, i: int, w: Desk) -> tuple[float, int]:
    """Write the best journey into the desk's steps and ends; its value and its number of steps."""
    p, t, fresh, count = net.parties[i].start, net.parties[i].start_day, 0, 0
    total = IMPOSSIBLE
    while True:
        if net.places[p].kind == BEDS:
            value, end = beds_until(net, prices, room, i, p, t, fresh, w)
        else:
            value, end = w.cells[t, p].leave, t
        if count == 0:
            total = value
        w.ends[count] = end
        e = end
        if fresh == 2 and end == t:
            e = t + 1
        while e < net.horizon and w.cells[e, p].choice < 0:
            e += 1
        if e >= net.horizon:
            return total, count
        k = w.cells[e, p].choice
        d = net.options[k].departure
        w.steps[count] = d
        count += 1
        p, t = net.departures[d].to, net.departures[d].arrival
        fresh = 1 if net.departures[d].overnight else 2
        if net.places[p].kind == HAVEN:
            w.ends[count] = t
            return total, count


@compiled
def cheapest(net: Network, prices: Prices, room: Room, i: int, w: Desk) -> tuple[float, int]:
    """The best journey of party i: its value without promises, IMPOSSIBLE if it has none, and its number of steps."""
    sweep(net, prices, room, i, w)
    value, count = trace(net, prices, room, i, w)
    value += net.parties[i].promised + net.parties[i].settled
    if value > PROMISE / 2:
        return IMPOSSIBLE, count
    return value, count
