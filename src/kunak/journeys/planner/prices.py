"""Prices of shared limits, and what every party would do at them.

One number per limit (`duals`) becomes one price per thing a party can do, by group of parties of the same size.
Prices are rounded to multiples of 1/1024: every sum of them and of whole scores is then exact in a float, and with it
the bound that is built on them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .compiled import Floats, Ints, Records, compiled
from .network import HAVEN, Network
from .pricing import Desk, Prices, Room, cheapest, desk
from .usage import entries_for, true_cost, usage

GRAIN = 1024.0


class Answer(NamedTuple):
    """The best journey of every party at some prices."""

    values: Floats  # at the prices
    costs: Floats  # without them
    counts: Ints
    steps: Ints
    ends: Ints
    used: Ints  # by row of limits


def no_prices(net: Network) -> Prices:
    groups, places = len(net.groups), len(net.places)
    return Prices(
        bed=np.zeros((groups, net.horizon, places)),
        seat=np.zeros((groups, len(net.departures))),
        visit=np.zeros(places),
    )


def everything(net: Network) -> Room:
    """Room in which nobody else is."""
    return Room(
        limited=0,
        free=net.limits.copy(),
        avoid_night=np.zeros((len(net.places), net.horizon), dtype=np.uint8),
        avoid_departure=np.zeros(len(net.departures), dtype=np.uint8),
    )


@compiled
def spread(net: Network, duals: Floats, prices: Prices) -> None:
    """Write the prices that follow from one dual value per limit."""
    horizon, total = net.horizon, duals[net.total_row]
    for p in range(len(net.places)):
        prices.visit[p] = duals[net.visit_row + p]
    for g in range(len(net.groups)):
        size = net.groups[g].size
        for p in range(len(net.places)):
            for t in range(horizon):
                money = net.places[p].night_cost * (duals[net.week_row + t // 7] + total)
                prices.bed[g, t, p] = size * (duals[p * horizon + t] + money)
        for d in range(len(net.departures)):
            heads, price = size, 0.0
            if net.groups[g].escort and net.departures[d].pool >= 0:
                heads += 1
                for t in range(net.departures[d].day, net.departures[d].escort_until):
                    price += duals[net.escort_row + net.departures[d].pool * horizon + t]
            money = net.departures[d].fare * (duals[net.week_row + net.departures[d].day // 7] + total)
            price += heads * (duals[net.seat_row + d] + money)
            if net.places[net.departures[d].to].kind == HAVEN:
                price += (
                    size * duals[net.intake_row + net.departures[d].to * net.weeks + net.departures[d].arrival // 7]
                )
            prices.seat[g, d] = price


def blank(net: Network) -> Answer:
    parties, days = len(net.parties), net.horizon + 2
    return Answer(
        values=np.zeros(parties),
        costs=np.zeros(parties),
        counts=np.zeros(parties, dtype=np.int64),
        steps=np.zeros((parties, days), dtype=np.int64),
        ends=np.zeros((parties, days), dtype=np.int64),
        used=np.zeros(len(net.limits), dtype=np.int64),
    )


@compiled
def answer(
    net: Network, prices: Prices, room: Room, first: int, last: int, w: Desk, out: Answer, entries: Records
) -> None:
    """What the parties first … last-1 would do; adds to what is used."""
    for i in range(first, last):
        value, count = cheapest(net, prices, room, i, w)
        out.values[i] = value
        out.counts[i] = count
        for k in range(count + 1):
            out.steps[i, k] = w.steps[k]
            out.ends[i, k] = w.ends[k]
        out.costs[i] = true_cost(net, i, w.steps, w.ends, count)
        for k in range(usage(net, i, w.steps, w.ends, count, entries)):
            out.used[entries[k].row] += entries[k].amount


class Pricer:
    """What it takes to ask everybody: one per thread."""

    def __init__(self, net: Network) -> None:
        self.net, self.prices, self.room, self.desk = net, no_prices(net), everything(net), desk(net)
        self.entries = entries_for(net)
