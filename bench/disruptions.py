"""A plan meets the world: the scenario of day `now`, with everybody where the plan has put them, after something happened.

What may happen, one or more at once:

    compromised  one flat in twelve (at least one) and nobody may go there any more
    leg          one leg in twenty-five leaves no more after two days
    ill          the host of the flat that has most guests takes nobody any more: beds close tonight
    urgent       new parties at home for whom a date is set in a few days; one for every forty parties
    budget       a quarter of the money that is left is not coming
    papers       the visas of one party in ten come three weeks later
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from kunak.journeys.reckoning.reading import read_scenario

if TYPE_CHECKING:
    from kunak.journeys.reckoning.plan import Journey, Plan
    from kunak.journeys.reckoning.scenario import Leg, Place

Json = dict[str, Any]
KINDS = ("compromised", "leg", "ill", "urgent", "budget", "papers")
URGENT_HAZARD, SOON, DELAY = 120, 4, 21


class Standing(NamedTuple):
    """What the plan has done until the morning of `now`."""

    parties: list[Json]
    previous: dict[str, list[Json]]
    spent: list[int]  # [week] fares and beds
    hosts: dict[str, int]  # new parties that the host of a place has got to know
    received: dict[tuple[str, int], int]  # [haven, week] people


def disrupted(raw: Json, plan: Plan, now: int, seed: int, kinds: tuple[str, ...] = ("compromised", "leg")) -> Json:
    """The scenario of that day, for `previous` plan `plan`, after these things happened."""
    dice = random.Random(f"{raw['name']} {now} {seed} {' '.join(kinds)}")
    stands = _standing(raw, plan, now)
    still = {party["id"] for party in stands.parties}
    changed = raw | {
        "name": f"{raw['name']}-day{now}-{'-'.join(kinds)}",
        "now": now,
        "parties": stands.parties,
        "previous": stands.previous,
        "places": [_place(dict(place), stands) for place in raw["places"]],
        "budget": {
            "total": max(0, raw["budget"]["total"] - sum(stands.spent)),
            "weekly": [max(0, most - spent) for most, spent in zip(raw["budget"]["weekly"], stands.spent, strict=True)],
        },
        "apart": [pair for pair in raw["apart"] if set(pair) <= still],
    }
    for kind in kinds:
        HAPPENINGS[kind](changed, now, dice)
    return changed


def _standing(raw: Json, plan: Plan, now: int) -> Standing:
    scenario = read_scenario(msgspec.json.encode(raw))
    legs, places = {leg.id: leg for leg in scenario.legs}, {place.id: place for place in scenario.places}
    stands = Standing([], {}, [0] * scenario.weeks, {}, {})
    for one in raw["parties"]:
        party, journey = dict(one), plan.journeys[one["id"]]
        escorts = {leg.id: 1 for leg in scenario.legs if one["escort"] and leg.escort_pool is not None}
        start, arrived = dict(party["start"]), True
        for step in journey.steps:
            if step.day >= now:
                break
            _stay(start, step.day, journey, stands, places, one["size"])
            start, arrived = _taken(step.day, legs[step.leg]), step.day + legs[step.leg].nights <= now
            stands.spent[step.day // 7] += legs[step.leg].fare * (one["size"] + escorts.get(step.leg, 0))
        if places[start["place"]].kind == "haven":
            week = (start["place"], start["day"] // 7)
            stands.received[week] = stands.received.get(week, 0) + one["size"]
            continue
        if arrived and start["day"] < now:
            _stay(start, now, journey, stands, places, one["size"])
            start["day"] = now
        party["start"] = start
        stands.parties.append(party)
        stands.previous[one["id"]] = [{"leg": step.leg, "day": step.day} for step in journey.steps if step.day >= now]
    return stands


def _taken(day: int, leg: Leg) -> Json:
    return {"place": leg.to, "day": day + leg.nights, "nights_used": 0}


def _stay(start: Json, until: int, journey: Journey, stands: Standing, places: dict[str, Place], size: int) -> None:
    """The nights until that morning where the party is: what they cost, and that the host knows it now."""
    place = places[start["place"]]
    if place.kind in {"home", "haven"}:
        return
    nights = [night for night in range(start["day"], until) if night not in journey.unsheltered]
    for night in nights:
        stands.spent[night // 7] += place.night_cost * size
    if nights and not start.get("nights_used"):
        stands.hosts[start["place"]] = stands.hosts.get(start["place"], 0) + 1
    start["nights_used"] = start.get("nights_used", 0) + len(nights)
    start["bed_lost"] = start.get("bed_lost", False) or len(nights) < until - start["day"]


def _place(place: Json, stands: Standing) -> Json:
    """The place, less what was used of it."""
    if place.get("max_parties") is not None:
        place["max_parties"] = max(0, place["max_parties"] - stands.hosts.get(place["id"], 0))
    if place.get("intake"):
        place["intake"] = [
            max(0, n - stands.received.get((place["id"], week), 0)) for week, n in enumerate(place["intake"])
        ]
    return place


def _flats(changed: Json) -> list[Json]:
    return [place for place in changed["places"] if place["kind"] == "shelter" and place["zone"] == "inside"]


def _compromise(changed: Json, now: int, dice: random.Random) -> None:
    flats = _flats(changed)
    for place in dice.sample(flats, max(1, len(flats) // 12)):
        place["compromised_from"] = now


def _cancel(changed: Json, now: int, dice: random.Random) -> None:
    legs = changed["legs"]
    gone = set(dice.sample(sorted(leg["id"] for leg in legs), max(1, len(legs) // 25)))
    changed["legs"] = [leg | ({"last": min(leg["last"], now + 2)} if leg["id"] in gone else {}) for leg in legs]


def _fall_ill(changed: Json, now: int, dice: random.Random) -> None:
    guests: dict[str, int] = {}
    for party in changed["parties"]:
        guests[party["start"]["place"]] = guests.get(party["start"]["place"], 0) + party["size"]
    host = max(_flats(changed), key=lambda place: (guests.get(place["id"], 0), dice.random()))
    host["open_until"] = max(0, now - 1)


def _hurry(changed: Json, now: int, dice: random.Random) -> None:
    homes = [place["id"] for place in changed["places"] if place["kind"] == "home"]
    for k in range(max(2, len(changed["parties"]) // 40)):
        like = dice.choice(changed["parties"])
        danger = [[0, URGENT_HAZARD // 2], [now + SOON, 4 * URGENT_HAZARD]]
        changed["parties"].append(
            like
            | {
                "id": f"N{k + 1:04}",
                "start": {"place": dice.choice(homes), "day": now, "nights_used": 0},
                "earliest_day": now,
                "hazard": like["hazard"] | {"danger": danger},
                "pins": [],
            }
        )


def _cut(changed: Json, now: int, _dice: random.Random) -> None:
    budget = changed["budget"]
    budget["total"] = budget["total"] * 3 // 4
    budget["weekly"] = [most if week < now // 7 else most * 3 // 4 for week, most in enumerate(budget["weekly"])]


def _delay(changed: Json, now: int, dice: random.Random) -> None:
    parties = changed["parties"]
    late = set(dice.sample(sorted(party["id"] for party in parties), max(1, len(parties) // 10)))
    for party in parties:
        if party["id"] in late:
            party["documents"] = [
                paper | ({"from": max(paper.get("from", 0), now + DELAY)} if paper["doc"].startswith("visa") else {})
                for paper in party["documents"]
            ]


HAPPENINGS = {
    "compromised": _compromise,
    "leg": _cancel,
    "ill": _fall_ill,
    "urgent": _hurry,
    "budget": _cut,
    "papers": _delay,
}
