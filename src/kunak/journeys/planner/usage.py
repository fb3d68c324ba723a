"""What a journey takes of the shared limits, and the ledger of what is left."""

from __future__ import annotations

import numpy as np

from .compiled import Ints, Records, compiled
from .network import BEDS, HAVEN, Network
from .pricing import Room

ENTRY = np.dtype([("row", "i8"), ("amount", "i8")])


def entries_for(net: Network) -> Records:
    """Scratch paper for the longest usage there can be."""
    escorts = int(np.max(net.departures["escort_until"] - net.departures["day"], initial=0))
    return np.zeros((net.horizon + 2) * (10 + escorts), dtype=ENTRY)


@compiled
def usage(net: Network, i: int, steps: Ints, ends: Ints, count: int, entries: Records) -> int:
    """Write the rows of limits that the journey uses and how much of each; the number of entries.

    A row may come more than once (two legs that keep an escort on the same day)."""
    n = 0
    p, t = net.parties[i].start, net.parties[i].start_day
    size = net.parties[i].size
    for k in range(count + 1):
        until = net.departures[steps[k]].day if k < count else net.horizon
        if net.places[p].kind == BEDS:
            end = ends[k]
            if end > t and not (k == 0 and net.parties[i].used > 0):
                entries[n].row, entries[n].amount = net.visit_row + p, 1
                n += 1
            for night in range(t, end):
                entries[n].row, entries[n].amount = p * net.horizon + night, size
                n += 1
                if net.places[p].night_cost > 0:
                    entries[n].row, entries[n].amount = net.week_row + night // 7, net.places[p].night_cost * size
                    entries[n + 1].row, entries[n + 1].amount = net.total_row, net.places[p].night_cost * size
                    n += 2
        if k == count:
            break
        d = steps[k]
        escorted = net.parties[i].escort and net.departures[d].pool >= 0
        heads = size + 1 if escorted else size
        entries[n].row, entries[n].amount = net.seat_row + d, heads
        n += 1
        if escorted:
            for day in range(until, net.departures[d].escort_until):
                entries[n].row, entries[n].amount = net.escort_row + net.departures[d].pool * net.horizon + day, 1
                n += 1
        if net.departures[d].fare > 0:
            entries[n].row, entries[n].amount = net.week_row + until // 7, net.departures[d].fare * heads
            entries[n + 1].row, entries[n + 1].amount = net.total_row, net.departures[d].fare * heads
            n += 2
        p, t = net.departures[d].to, net.departures[d].arrival
        if net.places[p].kind == HAVEN:
            entries[n].row, entries[n].amount = net.intake_row + p * net.weeks + t // 7, size
            return n + 1
    return n


@compiled
def book(room: Room, entries: Records, n: int, sign: int) -> bool:
    """Take the entries out of what is free (or give them back with sign -1); is nothing overdrawn?"""
    fine = True
    for k in range(n):
        room.free[entries[k].row] -= sign * entries[k].amount
        if room.free[entries[k].row] < 0:
            fine = False
    return fine


@compiled
def true_cost(net: Network, i: int, steps: Ints, ends: Ints, count: int) -> float:
    """The score of a journey without any price."""
    p, t = net.parties[i].start, net.parties[i].start_day
    weight = net.parties[i].weight
    value = net.parties[i].settled + net.parties[i].promised
    for k in range(count + 1):
        until = net.departures[steps[k]].day if k < count else net.horizon
        for night in range(t, until):
            own = net.nightly[i, night, net.places[p].zone] + weight * net.multiple[night] * net.places[p].hazard
            if net.places[p].kind == BEDS:
                own += (
                    net.places[p].night_cost * net.parties[i].size
                    if night < ends[k]
                    else weight * net.multiple[night] * net.unsheltered[night, p]
                )
            value += own
        if k == count:
            return value
        d = steps[k]
        low, high = net.begin[i, until], net.begin[i, until + 1]
        while net.options[low].departure != d and low < high:
            low += 1
        value += net.options[low].cost
        p, t = net.departures[d].to, net.departures[d].arrival
    return value
