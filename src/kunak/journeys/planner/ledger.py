"""What is left of everything shared while some parties keep their journeys: for whoever looks at a plan, not the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .network import BEDS, HAVEN, Network
from .prices import everything

if TYPE_CHECKING:
    from .compiled import Ints
    from .pricing import Room
    from .sweeping import Way


def taken(net: Network, i: int, count: int, steps: Ints, ends: Ints) -> dict[int, int]:
    """How much of which limit a journey uses."""
    used: dict[int, int] = {}

    def take(row: int, amount: int) -> None:
        if amount:
            used[row] = used.get(row, 0) + amount

    party = net.parties[i]
    size, p, t = int(party["size"]), int(party["start"]), int(party["start_day"])
    for k in range(count + 1):
        if net.places["kind"][p] == BEDS and (ends[k] > t):
            if not (k == 0 and party["used"] > 0):
                take(net.visit_row + p, 1)
            money = int(net.places["night_cost"][p]) * size
            for night in range(t, int(ends[k])):
                take(p * net.horizon + night, size)
                take(net.week_row + night // 7, money)
                take(net.total_row, money)
        if k == count:
            break
        leg = net.departures[steps[k]]
        day, pool = int(leg["day"]), int(leg["pool"])
        escorted = bool(party["escort"]) and pool >= 0
        heads = size + escorted
        take(net.seat_row + int(steps[k]), heads)
        for busy in range(day, int(leg["escort_until"])) if escorted else ():
            take(net.escort_row + pool * net.horizon + busy, 1)
        take(net.week_row + day // 7, int(leg["fare"]) * heads)
        take(net.total_row, int(leg["fare"]) * heads)
        p, t = int(leg["to"]), int(leg["arrival"])
        if net.places["kind"][p] == HAVEN:
            take(net.intake_row + p * net.weeks + t // 7, size)
    return used


class Ledger:
    """Everybody's journey and what is free beside them."""

    def __init__(self, net: Network) -> None:
        self.net, parties, days = net, len(net.parties), net.horizon + 2
        self.room: Room = everything(net)._replace(limited=1)
        self.counts = np.zeros(parties, dtype=np.int64)
        self.steps, self.ends = np.zeros((2, parties, days), dtype=np.int64)
        self.used: dict[int, dict[int, int]] = {}  # by party, of those who are in

    def overdrawn(self, i: int) -> bool:
        """Does this journey, which is in, take more than there is?"""
        return any(self.room.free[row] < 0 for row in self.used[i])

    def taken(self, i: int, way: Way) -> dict[int, int]:
        return taken(self.net, i, way.length, way.steps, way.ends)

    def put(self, i: int, count: int, steps: Ints, ends: Ints) -> None:
        self.counts[i], self.steps[i], self.ends[i] = count, steps, ends
        self.used[i] = taken(self.net, i, count, steps, ends)
        for row, amount in self.used[i].items():
            self.room.free[row] -= amount

    def lift(self, i: int) -> None:
        for row, amount in self.used.pop(i).items():
            self.room.free[row] += amount

    def keep_apart(self, i: int) -> None:
        """Mark the nights and departures of those whom party i must not meet, and no others."""
        net, room = self.net, self.room
        room.avoid_night[:] = 0
        room.avoid_departure[:] = 0
        for j in net.apart[net.parties["apart_begin"][i] : net.parties["apart_end"][i]]:
            if int(j) not in self.used:
                continue
            p, t = int(net.parties["start"][j]), int(net.parties["start_day"][j])
            for k in range(int(self.counts[j]) + 1):
                last = k == self.counts[j]
                d = self.steps[j, k]
                if net.places["kind"][p] == BEDS:
                    room.avoid_night[p, t : net.horizon if last else net.departures["day"][d]] = 1
                if not last:
                    room.avoid_departure[d] = 1
                    p, t = int(net.departures["to"][d]), int(net.departures["arrival"][d])
