"""The plan that needs no search: everybody keeps promises and otherwise stays, at worst without a bed.

It is there before the first inner loop is compiled, so that whoever stops the planner at once still gets a valid plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.journeys.reckoning.plan import Journey
from kunak.journeys.reckoning.referee import Count, Trip

if TYPE_CHECKING:
    from kunak.journeys.reckoning.referee import Referee
    from kunak.journeys.reckoning.scenario import Party


OF_A_BED = ("closed", "compromised", "need", "admits", "max_stay")


def stay(referee: Referee) -> dict[str, Journey] | None:
    """A journey for each party, in beds where these are free; None if the promises cannot be kept in this simple way."""
    count, trips, journeys = Count(), dict[str, Trip](), dict[str, Journey]()
    for party in sorted(referee.scenario.parties, key=lambda p: not p.pins):
        for journey in (_with_bed(referee, party), _promised(referee, party, rough=True)):
            trip = referee.follow(party, journey)
            if trip.impossible or trip.broken or trip.promises:
                continue
            if not referee.newcomer(count, trips, trip):
                break
        else:
            return None
        count.add(trip)
        trips[party.id] = trip
        journeys[party.id] = journey
    return journeys


def _promised(referee: Referee, party: Party, *, rough: bool) -> Journey:
    """The promised steps; the nights in between and after with a bed, or all without."""
    steps = tuple(sorted(set(party.pins), key=lambda step: step.day))
    nights: list[int] = []
    place, day = referee.places[party.start.place], party.start.day
    for step in (*steps, None):
        until = referee.scenario.horizon if step is None else step.day
        if rough and place.kind in ("transit", "shelter"):
            nights.extend(range(day, until))
        if step is not None:
            place, day = referee.places[referee.legs[step.leg].to], step.day + referee.legs[step.leg].nights
    return Journey(steps, tuple(nights))


def _with_bed(referee: Referee, party: Party) -> Journey:
    """Stay in bed as long as the rules for this party alone allow; the last place only."""
    journey = _promised(referee, party, rough=False)
    last, day = party.start.place, party.start.day
    for step in journey.steps:
        last, day = referee.legs[step.leg].to, step.day + referee.legs[step.leg].nights
    if referee.places[last].kind not in ("transit", "shelter"):
        return journey
    if not journey.steps and party.start.bed_lost:
        return _promised(referee, party, rough=True)
    for night in range(referee.scenario.horizon, day - 1, -1):
        shorter = Journey(journey.steps, tuple(range(night, referee.scenario.horizon)))
        if not {b for b in referee.follow(party, shorter).broken if b.code in OF_A_BED}:
            return shorter
    return journey
