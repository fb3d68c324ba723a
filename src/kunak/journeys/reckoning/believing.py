"""Whether a scenario can be believed, before anybody plans with it. Each complaint names whom or what it concerns and says what to mend.

The steps of `believe`:

1. Every number is whole, not negative, and small enough to be added up exactly.
2. Every name occurs once and every name that is referred to exists.
3. Calendars are as long as the horizon.
4. Every party starts within the horizon, outside a haven, and its promised steps can follow one another.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Final

import msgspec

from kunak.frame.words import mark

from .scenario import LARGEST, ZONES, Leg, Party, Said, Scenario, Unplannable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST: Final = 2_000  # days
WORST: Final = 10**11  # the score of one journey: what is more than that would no longer be added up exactly

THE_SCENARIO = mark("The scenario")
PARTS: Final = {
    "places": mark("Place {id}"),
    "legs": mark("Leg {id}"),
    "escort_pools": mark("Escort pool {id}"),
    "parties": mark("Party {id}"),
}

A_NUMBER = mark("{where}: {field} is {number}. Write a whole number between 0 and {most}.")
AT_LEAST_ONE = mark("{where}: {field} is 0. Write a whole number, 1 or more.")
NO_DAYS = mark("The horizon is 0 days. Plan at least one day.")
TOO_MANY_DAYS = mark("The horizon is {days} days. Plan at most {most} days at a time.")
NO_VALUE = mark("point_value is 0. Say how much money one point of harm is worth, at least 1.")
TOO_LARGE = mark(
    "Party {id}: weight, hazard, point_value or money are too large to be added up exactly. Write them in larger units."
)
NOBODY = mark("There is nobody to plan for: the scenario has no parties. Add at least one.")
DOUBLE = mark("{where} is there twice. Give each its own id.")
NOWHERE = mark("{where} names {id}, which is not in the scenario. Add it, or take the name out.")
A_PAIR = mark("A pair to keep apart")
A_PROMISE = mark("A promised step of party {id}")
A_START = mark("The start of party {id}")
FROM_ITSELF = mark("Party {id} is to be kept apart from itself. Name two parties.")
DAYS_OF_ESCORTS = mark("Escort pool {id}: available has {count} numbers. Write one for each of the {days} days.")
WEEKS_OF_INTAKE = mark("Place {id}: intake has {count} numbers. Write one for each of the {weeks} weeks.")
WEEKS_OF_MONEY = mark("The weekly budget has {count} numbers. Write one for each of the {weeks} weeks.")
TOO_LATE = mark("Party {id} starts after the horizon. Plan more days, or leave the party out.")
ARRIVED = mark("Party {id} is already in a haven. Leave the party out.")
FIRST_NIGHT = mark("Party {id}: the hazard in zone {zone} must begin on night 0.")
DOES_NOT_GO = mark(
    "Party {id} was promised {leg} for day {day}, on which it does not go. Take the promise (pins) out, or mend the leg."
)
TOO_EARLY = mark(
    "Party {id} was promised {leg} for day {day}, before it may go. Take the promise (pins) out, or let the party go sooner."
)
MAY_NOT = mark(
    "Party {id} was promised {leg} for day {day}, which it may not take: it lacks the documents, or it is wanted and identity is "
    "checked there. Take the promise (pins) out, or mend what is said of its documents."
)
TWO_AT_ONCE = mark("Party {id} was promised two departures for one day. Take one of the promises (pins) out.")
# The planner's own complaint: promises of several parties that only together cannot be kept. It is told when it has looked for a plan.
NOT_ALL_KEPT = mark("No plan was found that keeps every promise. Take a promise out of pins, or plan longer.")


def believe(scenario: Scenario) -> None:
    """Raises `Unplannable`."""
    _numbers(scenario)  # 1
    _names(scenario)  # 2
    _calendars(scenario)  # 3
    _parties(scenario)  # 4


def spaced(number: int) -> str:
    """`1 000 000`, with spaces that do not break."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def _named(part: str, name: str) -> Said:
    return Said(PARTS[part], id=name)


@cache
def _fields(kind: type[msgspec.Struct]) -> list[tuple[str, str]]:
    """Name, and name in the format."""
    return [(each.name, each.encode_name) for each in msgspec.structs.fields(kind)]


def _whole_numbers(value: object, way: str = "") -> Iterator[tuple[str, int]]:
    """Every number in it with the way to it: `hazard.danger`."""
    if isinstance(value, bool | str):
        return
    if isinstance(value, int):
        yield way, value
    elif isinstance(value, msgspec.Struct):
        for name, written in _fields(type(value)):
            yield from _whole_numbers(getattr(value, name), f"{way}.{written}" if way else written)
    elif isinstance(value, tuple | frozenset):
        for item in value:
            yield from _whole_numbers(item, way)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _whole_numbers(item, way)


def _all_numbers(scenario: Scenario) -> Iterator[tuple[Said, str, int]]:
    for name, written in _fields(Scenario):
        value = getattr(scenario, name)
        if name in PARTS:
            for each in value:
                yield from ((_named(name, each.id), field, number) for field, number in _whole_numbers(each))
        else:
            yield from ((Said(THE_SCENARIO), field, number) for field, number in _whole_numbers(value, written))


def _numbers(scenario: Scenario) -> None:
    for where, field, number in _all_numbers(scenario):
        if not 0 <= number <= LARGEST:
            raise Unplannable(A_NUMBER, where=where, field=field, number=number, most=spaced(LARGEST))
    if scenario.horizon < 1:
        raise Unplannable(NO_DAYS)
    if scenario.horizon > LONGEST:
        raise Unplannable(TOO_MANY_DAYS, days=spaced(scenario.horizon), most=spaced(LONGEST))
    if scenario.point_value < 1:
        raise Unplannable(NO_VALUE)
    for leg in scenario.legs:
        _at_least_one(_named("legs", leg.id), every=leg.every, escort_days=leg.escort_days)
    for party in scenario.parties:
        _at_least_one(_named("parties", party.id), size=party.size, weight=party.weight)
        if _worst(scenario, party) > WORST:
            raise Unplannable(TOO_LARGE, id=party.id)


def _at_least_one(where: Said, **numbers: int) -> None:
    for field, number in numbers.items():
        if number < 1:
            raise Unplannable(AT_LEAST_ONE, where=where, field=field)


def _worst(scenario: Scenario, party: Party) -> int:
    """More than any journey of this party can score."""
    zones = (party.hazard.danger, party.hazard.inside, party.hazard.near_abroad, party.hazard.abroad)
    points = max((step[1] for steps in zones for step in steps), default=0)
    points += max((place.hazard for place in scenario.places), default=0)
    points += scenario.unsheltered_hazard + scenario.compromised_hazard
    risk = max((leg.risk for leg in scenario.legs), default=0)
    money = max((leg.fare for leg in scenario.legs), default=0) * (party.size + 1)
    money += max((place.night_cost for place in scenario.places), default=0) * party.size
    change = 0 if scenario.change is None else scenario.change.near + scenario.change.far
    harm = party.weight * (points * (scenario.horizon + scenario.tail_nights) + risk * scenario.horizon)
    return scenario.point_value * (harm + 2 * change * scenario.horizon) + money * scenario.horizon


def _once(part: str, names: Iterable[str]) -> set[str]:
    counted = Counter(names)
    twice = [name for name, times in counted.items() if times > 1]
    if twice:
        raise Unplannable(DOUBLE, where=_named(part, twice[0]))
    return set(counted)


def _known(name: str, names: set[str], where: Said) -> None:
    if name not in names:
        raise Unplannable(NOWHERE, where=where, id=name)


def _names(scenario: Scenario) -> None:
    if not scenario.parties:
        raise Unplannable(NOBODY)
    places = _once("places", (place.id for place in scenario.places))
    pools = _once("escort_pools", (pool.id for pool in scenario.escort_pools))
    parties = _once("parties", (party.id for party in scenario.parties))
    legs = _once("legs", (leg.id for leg in scenario.legs))
    for leg in scenario.legs:
        for named, known in ((leg.origin, places), (leg.to, places), (leg.escort_pool, pools)):
            if named is not None:
                _known(named, known, _named("legs", leg.id))
    for party in scenario.parties:
        _known(party.start.place, places, Said(A_START, id=party.id))
        for pin in party.pins:
            _known(pin.leg, legs, Said(A_PROMISE, id=party.id))
    for one, other in scenario.apart:
        _known(one, parties, Said(A_PAIR))
        _known(other, parties, Said(A_PAIR))
        if one == other:
            raise Unplannable(FROM_ITSELF, id=one)


def _calendars(scenario: Scenario) -> None:
    days, weeks = scenario.horizon, scenario.weeks
    for pool in scenario.escort_pools:
        if len(pool.available) != days:
            raise Unplannable(DAYS_OF_ESCORTS, id=pool.id, count=len(pool.available), days=days)
    for place in scenario.places:
        if place.intake is not None and len(place.intake) != weeks:
            raise Unplannable(WEEKS_OF_INTAKE, id=place.id, count=len(place.intake), weeks=weeks)
    weekly = scenario.budget.weekly if scenario.budget else None
    if weekly is not None and len(weekly) != weeks:
        raise Unplannable(WEEKS_OF_MONEY, count=len(weekly), weeks=weeks)


def _parties(scenario: Scenario) -> None:
    kinds = {place.id: place.kind for place in scenario.places}
    legs = {leg.id: leg for leg in scenario.legs}
    for party in scenario.parties:
        if party.start.day >= scenario.horizon:
            raise Unplannable(TOO_LATE, id=party.id)
        if kinds[party.start.place] == "haven":
            raise Unplannable(ARRIVED, id=party.id)
        for zone in ZONES:
            steps = getattr(party.hazard, zone)
            if not steps or steps[0][0] != 0:
                raise Unplannable(FIRST_NIGHT, id=party.id, zone=zone)
        _promises(scenario, party, legs)


def _promises(scenario: Scenario, party: Party, legs: dict[str, Leg]) -> None:
    """Promised steps that no journey can keep are told apart here, each with its own sentence."""
    for pin in party.pins:
        leg = legs[pin.leg]
        if not leg.departs(pin.day) or pin.day + leg.nights > scenario.horizon - 1:
            raise Unplannable(DOES_NOT_GO, id=party.id, leg=pin.leg, day=pin.day)
        if pin.day < max(scenario.now, party.start.day, party.earliest_day):
            raise Unplannable(TOO_EARLY, id=party.id, leg=pin.leg, day=pin.day)
        if not party.may_take(leg, pin.day) or (party.wanted and leg.checks):
            raise Unplannable(MAY_NOT, id=party.id, leg=pin.leg, day=pin.day)
    days = Counter(pin.day for pin in set(party.pins))
    if any(times > 1 for times in days.values()):
        raise Unplannable(TWO_AT_ONCE, id=party.id)
