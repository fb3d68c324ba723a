"""Reading a scenario and believing it: bytes in, a scenario that can be planned out, or `Unplannable`.

The steps of `read_scenario`:

1. The bytes are JSON of the scenario's shape.
2. Every number is whole, not negative, and small enough to be added up exactly.
3. Every name occurs once and every name that is referred to exists.
4. Calendars are as long as the horizon.
5. Every party starts within the horizon, outside a haven, and its promised steps can follow one another.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from .scenario import LARGEST, Leg, Party, Scenario, Unplannable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


LONGEST = 2_000  # days
WORST = 10**11  # the score of one journey: what is more than that would no longer be added up exactly


def read_scenario(text: bytes) -> Scenario:
    """The scenario in these bytes. Raises `Unplannable` with what to mend."""
    try:
        scenario = msgspec.json.decode(text.removeprefix(BOM_UTF8), type=Scenario)  # 1
    except msgspec.ValidationError as error:
        raise Unplannable(f"The scenario is not of the format kunak-scenario/1: {error}. Mend that field.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unplannable(f"The scenario is not JSON: {error}. Export it again.") from error
    except RecursionError as error:
        raise Unplannable("The scenario is nested too deeply to be one. Export it again.") from error
    _numbers(scenario)  # 2
    _names(scenario)  # 3
    _calendars(scenario)  # 4
    _parties(scenario)  # 5
    return scenario


def _whole_numbers(value: object, where: str) -> Iterator[tuple[str, int]]:
    """Every number in the scenario with the way to it."""
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        yield where, value
    elif isinstance(value, msgspec.Struct):
        name = getattr(value, "id", "")
        for field in value.__struct_fields__:
            yield from _whole_numbers(getattr(value, field), f"{where} {name} {field}")
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _whole_numbers(item, where)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _whole_numbers(item, f"{where} {key}")


def _numbers(scenario: Scenario) -> None:
    for where, number in _whole_numbers(scenario, "scenario"):
        if not 0 <= number <= LARGEST:
            raise Unplannable(f"{' '.join(where.split())} is {number}. Write a whole number between 0 and {LARGEST:,}.")
    if scenario.horizon < 1:
        raise Unplannable("The horizon is 0 days. Plan at least one day.")
    if scenario.horizon > LONGEST:
        raise Unplannable(f"The horizon is {scenario.horizon} days. Plan at most {LONGEST:,} days at a time.")
    if scenario.point_value < 1:
        raise Unplannable("point_value is 0. Say how much money one point of harm is worth, at least 1.")
    for leg in scenario.legs:
        if leg.every < 1 or leg.escort_days < 1:
            raise Unplannable(f"Leg {leg.id}: every and escort_days are at least 1.")
    _people(scenario)


def _people(scenario: Scenario) -> None:
    for party in scenario.parties:
        if party.size < 1 or party.weight < 1:
            raise Unplannable(f"Party {party.id}: size and weight are at least 1.")
        if _worst(scenario, party) > WORST:
            raise Unplannable(
                f"Party {party.id}: weight, hazard, point_value or money are too large to be added up exactly. "
                "Write them in larger units."
            )


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


def _once(what: str, names: Iterable[str]) -> set[str]:
    counted = Counter(names)
    twice = [name for name, times in counted.items() if times > 1]
    if twice:
        raise Unplannable(f"{what} {twice[0]} is there twice. Give each its own id.")
    return set(counted)


def _known(name: str, names: set[str], where: str) -> None:
    if name not in names:
        raise Unplannable(f"{where} names {name}, which is not in the scenario. Add it or take the name out.")


def _names(scenario: Scenario) -> None:
    if not scenario.parties:
        raise Unplannable("There is nobody to plan for: the scenario has no parties. Add at least one.")
    places = _once("Place", (place.id for place in scenario.places))
    pools = _once("Escort pool", (pool.id for pool in scenario.escort_pools))
    parties = _once("Party", (party.id for party in scenario.parties))
    legs = _once("Leg", (leg.id for leg in scenario.legs))
    for leg in scenario.legs:
        _known(leg.origin, places, f"Leg {leg.id}")
        _known(leg.to, places, f"Leg {leg.id}")
        if leg.escort_pool is not None:
            _known(leg.escort_pool, pools, f"Leg {leg.id}")
    for party in scenario.parties:
        _known(party.start.place, places, f"The start of party {party.id}")
        for pin in party.pins:
            _known(pin.leg, legs, f"A promised step of party {party.id}")
    for one, other in scenario.apart:
        _known(one, parties, "A pair to keep apart")
        _known(other, parties, "A pair to keep apart")
        if one == other:
            raise Unplannable(f"Party {one} is to be kept apart from itself. Name two parties.")


def _calendars(scenario: Scenario) -> None:
    for pool in scenario.escort_pools:
        if len(pool.available) != scenario.horizon:
            raise Unplannable(f"Escort pool {pool.id}: available needs one number for each of {scenario.horizon} days.")
    for place in scenario.places:
        if place.intake is not None and len(place.intake) != scenario.weeks:
            raise Unplannable(f"Place {place.id}: intake needs one number for each of {scenario.weeks} weeks.")
    if scenario.budget and scenario.budget.weekly is not None and len(scenario.budget.weekly) != scenario.weeks:
        raise Unplannable(f"The weekly budget needs one number for each of {scenario.weeks} weeks.")


def _parties(scenario: Scenario) -> None:
    kinds = {place.id: place.kind for place in scenario.places}
    legs = {leg.id: leg for leg in scenario.legs}
    for party in scenario.parties:
        if party.start.day >= scenario.horizon:
            raise Unplannable(f"Party {party.id} starts after the horizon. Plan more days or leave the party out.")
        if kinds[party.start.place] == "haven":
            raise Unplannable(f"Party {party.id} is already in a haven. Leave the party out.")
        for zone in ("danger", "inside", "near_abroad", "abroad"):
            steps = getattr(party.hazard, zone)
            if not steps or steps[0][0] != 0:
                raise Unplannable(f"Party {party.id}: the hazard in zone {zone} must begin on night 0.")
        _promises(scenario, party, legs)


def _promises(scenario: Scenario, party: Party, legs: dict[str, Leg]) -> None:
    """Promised steps that no journey can keep are told apart here, each with its own sentence."""
    sentence = "Take the promise out of pins, or mend the leg."
    for pin in party.pins:
        leg = legs[pin.leg]
        if not leg.departs(pin.day) or pin.day + leg.nights > scenario.horizon - 1:
            raise Unplannable(
                f"Party {party.id} was promised {pin.leg} on day {pin.day}, which does not go. {sentence}"
            )
        if pin.day < max(scenario.now, party.start.day, party.earliest_day):
            raise Unplannable(f"Party {party.id} was promised {pin.leg} on day {pin.day}, before it may go. {sentence}")
        if not party.may_take(leg, pin.day) or (party.wanted and leg.checks):
            raise Unplannable(
                f"Party {party.id} was promised {pin.leg} on day {pin.day}, which it may not take. {sentence}"
            )
    days = Counter(pin.day for pin in set(party.pins))
    if any(times > 1 for times in days.values()):
        raise Unplannable(f"Party {party.id} was promised two departures on one day. {sentence}")
