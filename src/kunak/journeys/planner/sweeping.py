"""The same sweep as in `pricing`, over arrays instead of compiled loops: slower for one party, but there at once.

It serves while the inner loops are being compiled for the first time, for several parties side by side. Arrays have the
parties last. A stay of at most n bed nights is n values deep here: bed[t] + min(leave[t+1], the same with n-1 nights).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .network import BEDS, HAVEN, HOME, IMPOSSIBLE, NEVER, Network
from .rules import PROMISE

if TYPE_CHECKING:
    from .compiled import Ints
    from .pricing import Prices, Room


class Way(NamedTuple):
    """One journey: its value at the prices, departures, and for each visit the first night without a bed."""

    value: float
    length: int
    steps: Ints
    ends: Ints


class Sweep:
    """Values of some parties at some prices, and the journeys that follow from them."""

    def __init__(self, net: Network, prices: Prices, room: Room, who: Ints) -> None:
        self.net, self.prices, self.room, self.who = net, prices, room, who
        self.party = net.parties[who]
        self.group = self.party["group"]
        self._nights()
        self._options()
        self._sweep()

    def _nights(self) -> None:
        """bed, rough [night, place, party]; inf where that cannot be."""
        net, room, places = self.net, self.room, self.net.places
        nights = np.arange(net.horizon)
        own = np.moveaxis(net.nightly[self.who][:, :, places["zone"]], 0, 2)
        weight = self.party["weight"] * net.multiple[:, None, None]
        own = own + weight * places["hazard"][:, None]
        money = places["night_cost"][:, None] * self.party["size"]
        self.priced = np.moveaxis(self.prices.bed[self.group], 0, 2)
        self.true_bed = own + money
        self.bed = self.true_bed + self.priced
        is_open = (places["first_night"] <= nights[:, None]) & (nights[:, None] <= places["last_night"])
        barred = ~(is_open & (places["kind"] == BEDS))[:, :, None] | (net.welcome[self.who].T == 0)
        self.rough = own + weight * net.unsheltered[:, :, None]
        if room.limited:
            free = room.free[: net.seat_row].reshape(len(places), net.horizon).T[:, :, None]
            week = room.free[net.week_row + nights // 7][:, None, None]
            avoid = room.avoid_night.T[:, :, None] > 0
            barred = barred | (free < self.party["size"]) | avoid | (week < money)
            self.rough = np.where(avoid & (places["kind"] != HOME)[:, None], np.inf, self.rough)
        self.bed = np.where(barred, np.inf, self.bed)
        havens = np.where((places["kind"] == HAVEN)[:, None], own, np.inf)
        self.haven = np.cumsum(havens[::-1], axis=0)[::-1]

    def _options(self) -> None:
        """cost [departure, party] without prices; inf where the party cannot go."""
        net, room = self.net, self.room
        self.cost = np.full((len(net.departures), len(self.who)), np.inf)
        self.after = np.zeros(len(net.departures), dtype=np.int64)
        for k, i in enumerate(self.who):
            mine = net.options[net.begin[i, 0] : net.begin[i, net.horizon]]
            self.cost[mine["departure"], k] = mine["cost"]
            self.after[mine["departure"]] = mine["after"]
        if room.limited:
            for k in range(len(self.who)):
                self.cost[~self._fits(k), k] = np.inf
        self.seat = self.prices.seat[self.group].T
        self.days = np.searchsorted(net.departures["day"], np.arange(net.horizon + 1))

    def _fits(self, k: int) -> np.ndarray:
        """Is there room for this party, by departure?"""
        net, free, party, departures = self.net, self.room.free, self.party[k], self.net.departures
        escorted = (departures["pool"] >= 0) & bool(party["escort"])
        heads = party["size"] + escorted
        fits = (free[net.seat_row : net.seat_row + len(departures)] >= heads) & (self.room.avoid_departure == 0)
        to, week = departures["to"], departures["day"] // 7
        received = free[net.intake_row + to * net.weeks + departures["arrival"] // 7]
        fits &= (net.places["kind"][to] != HAVEN) | (received >= party["size"])
        fits &= free[net.week_row + week] >= departures["fare"] * heads
        for d in np.flatnonzero(fits & escorted):
            row = net.escort_row + departures["pool"][d] * net.horizon
            fits[d] = free[row + departures["day"][d] : row + departures["escort_until"][d]].min(initial=1) >= 1
        return np.asarray(fits)

    def _sweep(self) -> None:
        net, places = self.net, self.net.places
        horizon, many, width = net.horizon, len(places), len(self.who)
        first = int(self.party["start_day"].min())
        self.leave = np.full((horizon + 1, many, width), np.inf)
        self.leave[horizon] = 0.0
        self.go = np.full((horizon, many, width), np.inf)
        self.follows = np.full((3, horizon + 2, many, width), np.inf)
        self.follows[2, :horizon] = self.haven
        flat = self.follows.reshape(-1, width)
        stay = np.minimum(places["max_stay"], horizon)
        deep = int(np.max(stay[places["kind"] == BEDS], initial=0))
        visit = np.zeros((deep + 1, many, width))
        visit[:] = np.inf
        host = np.where(places["kind"] == BEDS, self.prices.visit, 0.0)[:, None]
        if self.room.limited:
            host = host + np.where(self.room.free[net.visit_row : net.visit_row + many] < 1, np.inf, 0.0)[:, None]
        at = np.arange(many)
        for t in range(horizon - 1, first - 1, -1):
            later = self.leave[t + 1]
            visit[1:] = self.bed[t] + np.minimum(later, visit[:-1])
            chain = visit[np.minimum(stay, deep), at] + host
            wait = self.rough[t] + later
            self.follows[1, t] = np.minimum(chain, wait)
            low, high = self.days[t], self.days[t + 1]
            if high > low:
                value = self.cost[low:high] + self.seat[low:high] + flat[self.after[low:high]]
                np.minimum.at(self.go[t], net.departures["origin"][low:high], value)
            self.leave[t] = np.minimum(wait, self.go[t])
            self.follows[0, t] = np.minimum(self.leave[t], chain)

    def departure(self, k: int, p: int, t: int) -> int:
        """The best departure from p on day t."""
        low, high = self.days[t], self.days[t + 1]
        here = low + np.flatnonzero(self.net.departures["origin"][low:high] == p)
        flat = self.follows.reshape(-1, len(self.who))
        return int(here[np.argmin(self.cost[here, k] + self.seat[here, k] + flat[self.after[here], k])])

    def longest(self, k: int, p: int, fresh: int) -> tuple[int, float]:
        """How many nights in bed a visit may have, and the price of the host's knowing one more. fresh: 0 the first
        visit, 1 one from which the party may go on at once, 2 one in which it must sleep first."""
        party, stay, price = self.party[k], int(self.net.places["max_stay"][p]), float(self.prices.visit[p])
        known = fresh == 0 and party["used"] > 0
        if known:
            stay, price = max(0, stay - int(party["used"])) if stay < NEVER else stay, 0.0
        if (fresh == 0 and party["bed_lost"]) or (
            self.room.limited and not known and self.room.free[self.net.visit_row + p] < 1
        ):
            stay = 0
        return stay, price

    def _visit(self, k: int, p: int, t: int, fresh: int) -> tuple[float, int]:
        """The value of a visit that begins on day t, and until when it keeps its bed."""
        best, end = float(self.leave[t, p, k]), t
        if fresh == 2:
            best = float(self.rough[t, p, k] + self.leave[t + 1, p, k])
        stay, value = self.longest(k, p, fresh)
        last = min(self.net.horizon, t + stay)
        sums = value + np.cumsum(self.bed[t:last, p, k]) + self.leave[t + 1 : last + 1, p, k]
        if len(sums) and sums.min() < best:
            end = t + 1 + int(np.argmin(sums))
            best = float(sums[end - t - 1])
        return best, end

    def way(self, k: int) -> Way | None:
        """The best journey of the k-th of these parties; None if it has none."""
        net, party = self.net, self.party[k]
        steps, ends = np.zeros((2, net.horizon + 2), dtype=np.int64)
        p, t, fresh, count, total = int(party["start"]), int(party["start_day"]), 0, 0, IMPOSSIBLE
        while True:
            value, end = float(self.leave[t, p, k]), t
            if net.places["kind"][p] == BEDS:
                value, end = self._visit(k, p, t, fresh)
            total = value if count == 0 else total
            ends[count] = end
            day = t + 1 if fresh == 2 and end == t else end
            while day < net.horizon and self.rough[day, p, k] + self.leave[day + 1, p, k] <= self.go[day, p, k]:
                day += 1
            if not np.isfinite(total):
                return None
            if day >= net.horizon:
                break
            d = self.departure(k, p, day)
            steps[count] = d
            count += 1
            p, t = int(net.departures["to"][d]), int(net.departures["arrival"][d])
            fresh = 1 if net.departures["overnight"][d] else 2
            if net.places["kind"][p] == HAVEN:
                ends[count] = t
                break
        total += float(party["promised"] + party["settled"])
        return None if total > PROMISE / 2 else Way(total, count, steps, ends)
