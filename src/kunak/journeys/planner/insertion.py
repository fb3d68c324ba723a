"""Putting one party's journey into what the others leave, and taking it out again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .compiled import Ints, Records, compiled
from .network import BEDS, IMPOSSIBLE, Network
from .prices import everything
from .pricing import Desk, Prices, Room, cheapest, desk
from .usage import book, entries_for, true_cost, usage

ATTEMPTS = 12  # journeys tried before a party that does not fit is left where it is


class Draft(NamedTuple):
    """A plan being made: everybody's journey and what is still free."""

    who: Records  # [party] count of steps, cost, placed: the journey is booked
    steps: Ints
    ends: Ints
    room: Room
    desk: Desk
    entries: Records
    banned: Ints


WHO = np.dtype([("count", "i8"), ("placed", "i8"), ("cost", "f8")])


def draft(net: Network) -> Draft:
    shape = (len(net.parties), net.horizon + 2)
    return Draft(
        who=np.zeros(len(net.parties), dtype=WHO),
        steps=np.zeros(shape, dtype=np.int64),
        ends=np.zeros(shape, dtype=np.int64),
        room=everything(net)._replace(limited=1),
        desk=desk(net),
        entries=entries_for(net),
        banned=np.zeros(ATTEMPTS + 2, dtype=np.int64),
    )


@compiled
def keep_apart(net: Network, plan: Draft, i: int, mark: int) -> None:
    """Mark (1) or clear (0) the nights and departures of those whom party i must not meet."""
    for a in range(net.parties[i].apart_begin, net.parties[i].apart_end):
        j = net.apart[a]
        if not plan.who[j].placed:
            continue
        p, t = net.parties[j].start, net.parties[j].start_day
        for k in range(plan.who[j].count + 1):
            until = net.departures[plan.steps[j, k]].day if k < plan.who[j].count else net.horizon
            if net.places[p].kind == BEDS:
                for night in range(t, until):
                    plan.room.avoid_night[p, night] = mark
            if k < plan.who[j].count:
                d = plan.steps[j, k]
                plan.room.avoid_departure[d] = mark
                p, t = net.departures[d].to, net.departures[d].arrival


@compiled
def record(net: Network, plan: Draft, i: int, count: int) -> float:
    """Make the journey on the desk that of party i, already booked; its cost."""
    plan.who[i].count = count
    for k in range(count + 1):
        plan.steps[i, k] = plan.desk.steps[k]
        plan.ends[i, k] = plan.desk.ends[k]
    cost = true_cost(net, i, plan.desk.steps, plan.desk.ends, count)
    plan.who[i].cost = cost
    plan.who[i].placed = 1
    return cost


@compiled
def culprit(net: Network, plan: Draft, count: int, n: int) -> int:
    """The last departure that led to a limit being overdrawn, or -1."""
    found = -1
    for k in range(n):
        row = plan.entries[k].row
        if plan.room.free[row] >= 0:
            continue
        for s in range(count):
            d = plan.desk.steps[s]
            if row >= net.week_row:
                week = row - net.week_row
                if row == net.total_row or net.departures[d].day // 7 <= week:
                    found = max(found, s)
            elif row >= net.visit_row:
                if net.departures[d].to == row - net.visit_row:
                    found = max(found, s)
            elif row >= net.escort_row and net.departures[d].pool == (row - net.escort_row) // net.horizon:
                day = (row - net.escort_row) % net.horizon
                if net.departures[d].day <= day < net.departures[d].escort_until:
                    found = max(found, s)
    return -1 if found < 0 else plan.desk.steps[found]


@compiled
def stay(net: Network, plan: Draft, i: int) -> float:
    """Leave the party where it is without a bed: always possible, unless a step was promised or somebody is to be
    kept apart from there."""
    p = net.parties[i].start
    if net.parties[i].promised > 0:
        return IMPOSSIBLE
    if net.places[p].kind == BEDS:
        for night in range(net.parties[i].start_day, net.horizon):
            if plan.room.avoid_night[p, night]:
                return IMPOSSIBLE
    plan.desk.ends[0] = net.parties[i].start_day
    return record(net, plan, i, 0)


@compiled
def insert(net: Network, prices: Prices, plan: Draft, i: int) -> float:
    """Book the best journey at these prices that fits into what is free; its cost, or IMPOSSIBLE."""
    keep_apart(net, plan, i, 1)
    cost, bans = IMPOSSIBLE, 0
    for _ in range(ATTEMPTS):
        value, count = cheapest(net, prices, plan.room, i, plan.desk)
        if value >= IMPOSSIBLE:
            break
        n = usage(net, i, plan.desk.steps, plan.desk.ends, count, plan.entries)
        if book(plan.room, plan.entries, n, 1):
            cost = record(net, plan, i, count)
            break
        d = culprit(net, plan, count, n)
        book(plan.room, plan.entries, n, -1)
        if d < 0:
            break
        plan.room.avoid_departure[d] += 1
        plan.banned[bans] = d
        bans += 1
    for k in range(bans):
        plan.room.avoid_departure[plan.banned[k]] -= 1
    if cost >= IMPOSSIBLE:
        cost = stay(net, plan, i)
    keep_apart(net, plan, i, 0)
    return cost


@compiled
def open_journey(plan: Draft, i: int) -> int:
    """Lay the journey of party i on the desk; its number of steps."""
    count = plan.who[i].count
    for k in range(count + 1):
        plan.desk.steps[k] = plan.steps[i, k]
        plan.desk.ends[k] = plan.ends[i, k]
    return count


@compiled
def remove(net: Network, plan: Draft, i: int) -> None:
    """Give back what the journey of party i had booked."""
    count = open_journey(plan, i)
    n = usage(net, i, plan.desk.steps, plan.desk.ends, count, plan.entries)
    book(plan.room, plan.entries, n, -1)
    plan.who[i].placed = 0


@compiled
def restore(net: Network, plan: Draft, i: int, count: int, steps: Ints, ends: Ints, row: int) -> None:
    """Book a journey that is known to fit: this row of some steps and ends."""
    for k in range(count + 1):
        plan.desk.steps[k] = steps[row, k]
        plan.desk.ends[k] = ends[row, k]
    n = usage(net, i, plan.desk.steps, plan.desk.ends, count, plan.entries)
    book(plan.room, plan.entries, n, 1)
    record(net, plan, i, count)
