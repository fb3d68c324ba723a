"""A journey in the words of the plan, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kunak.journeys.reckoning.plan import Journey
from kunak.journeys.reckoning.scenario import Step

from .network import BEDS, Network

if TYPE_CHECKING:
    from kunak.journeys.reckoning.scenario import Scenario

    from .compiled import Ints


class Outcome(NamedTuple):
    """Everybody's journey as arrays."""

    score: float
    counts: Ints
    steps: Ints
    ends: Ints


def spoken(scenario: Scenario, net: Network, i: int, count: int, steps: Ints, ends: Ints) -> Journey:
    """The journey in the words of the plan."""
    taken: list[Step] = []
    rough: list[int] = []
    p, t = int(net.parties["start"][i]), int(net.parties["start_day"][i])
    for k in range(count + 1):
        until = int(net.departures["day"][steps[k]]) if k < count else net.horizon
        if net.places["kind"][p] == BEDS:
            rough.extend(range(max(t, int(ends[k])), until))
        if k < count:
            taken.append(Step(scenario.legs[net.departures["leg"][steps[k]]].id, until))
            p, t = int(net.departures["to"][steps[k]]), int(net.departures["arrival"][steps[k]])
    return Journey(tuple(taken), tuple(rough))


def understood(scenario: Scenario, net: Network, i: int, journey: Journey) -> tuple[int, Ints, Ints]:
    """The journey as arrays: number of steps, departures, and the first night without a bed of each visit."""
    number = {(int(net.departures["leg"][d]), int(net.departures["day"][d])): d for d in range(len(net.departures))}
    legs = {leg.id: k for k, leg in enumerate(scenario.legs)}
    count = len(journey.steps)
    steps, ends = np.zeros((2, net.horizon + 2), dtype=np.int64)
    t = int(net.parties["start_day"][i])
    for k in range(count + 1):
        d = number[legs[journey.steps[k].leg], journey.steps[k].day] if k < count else -1
        until = int(net.departures["day"][d]) if k < count else net.horizon
        ends[k] = min((night for night in journey.unsheltered if t <= night < until), default=until)
        if k < count:
            steps[k], t = d, int(net.departures["arrival"][d])
    return count, steps, ends


def departures_of(scenario: Scenario, net: Network) -> dict[int, list[int]]:
    """The departures of the old plan, of every party of which all still go."""
    number = {(int(net.departures["leg"][d]), int(net.departures["day"][d])): d for d in range(len(net.departures))}
    legs = {leg.id: k for k, leg in enumerate(scenario.legs)}
    found: dict[int, list[int]] = {}
    for i, party in enumerate(scenario.parties):
        steps = sorted((scenario.previous or {}).get(party.id, ()), key=lambda step: step.day)
        old = [number.get((legs.get(step.leg, -1), step.day)) for step in steps]
        if party.id in (scenario.previous or {}) and None not in old:
            found[i] = [d for d in old if d is not None]
    return found
