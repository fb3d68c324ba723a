"""The scenario as arrays: every departure of every leg by day, and which of them each party may take.

Nothing is decided here. A departure that breaks a rule of one party alone, or that could never carry it
(more people than seats, an escort nobody has), is left out of that party's list; what parties share is a *limit*.

Limits lie in one row after the other: beds by place and night, seats by departure, escorts by pool and day,
new parties by place, intake by place and week, money by week, money in all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from kunak.journeys.reckoning.scenario import ZONES

from .compiled import Flags, Floats, Ints, Records
from .rules import PROMISE, UNLIMITED, Rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kunak.journeys.reckoning.scenario import Scenario

NEVER = 1 << 30
IMPOSSIBLE = 1e15  # the cost of what cannot be; every real cost stays far below it
HOME, BEDS, HAVEN = 0, 1, 2


class Network(NamedTuple):
    """What the compiled loops read; nothing in it changes while planning."""

    horizon: int
    weeks: int
    # where each kind of limit begins in the row of limits
    seat_row: int
    escort_row: int
    visit_row: int
    intake_row: int
    week_row: int
    total_row: int
    limits: Ints
    multiple: Floats  # [night] point value, times the tail on the last night
    places: Records
    unsheltered: Floats  # [night, place] points of a night there without a bed, beyond zone and place
    departures: Records  # by day; overnight: arrives in the morning after a night on the road and may go on at once
    parties: Records  # group: parties of the same size and escort pay the same prices
    groups: Records
    nightly: Floats  # [party, night, zone] the score of a night by the party's own hazard
    welcome: Flags  # [party, place] bed, services and makeup suit
    begin: Ints  # [party, day] index into `options`
    options: Records  # departures that one party may take, by day, with their cost for it, fares included
    visits: Ints  # places with beds that one party can reach, the first reached first
    visit_days: Ints  # the first day on which it could be there
    apart: Ints


PLACE = np.dtype([(n, "i8") for n in ("kind", "zone", "hazard", "first_night", "last_night", "max_stay", "night_cost")])
DEPARTURE = np.dtype(
    [(n, "i8") for n in ("day", "leg", "origin", "to", "arrival", "overnight", "fare", "pool", "escort_until")]
)
PARTY = np.dtype(
    [(n, "i8") for n in ("start", "start_day", "used", "bed_lost", "size", "escort", "weight", "group")]
    + [(n, "i8") for n in ("visits_begin", "visits_end", "apart_begin", "apart_end")]
    # what its promised steps earn together; change points if every step of the old plan is broken
    + [(n, "f8") for n in ("promised", "settled")]
)
GROUP = np.dtype([("size", "i8"), ("escort", "i8")])
# `after`: where the desk of the pricing keeps what follows the arrival
OPTION = np.dtype([("departure", "i4"), ("origin", "i4"), ("after", "i4"), ("cost", "f8")], align=True)


def records(kind: np.dtype[np.void], columns: Mapping[str, object], length: int) -> Records:
    """A table whose rows lie together in memory."""
    table = np.zeros(length, dtype=kind)
    for name, column in columns.items():
        table[name] = column
    return table


def build(scenario: Scenario) -> Network:
    """The arrays of this scenario."""
    place = {p.id: k for k, p in enumerate(scenario.places)}
    departures = _departures(scenario, place)
    rows, limits = _limits(scenario, departures)
    parties, groups, nightly = _parties(scenario, place)
    begin, options, visits, visit_days = _options(scenario, place, departures, parties)
    multiple = np.full(scenario.horizon, float(scenario.point_value))
    multiple[-1] *= 1 + scenario.tail_nights
    return Network(
        horizon=scenario.horizon, weeks=scenario.weeks, limits=limits, multiple=multiple, places=_places(scenario),
        unsheltered=_unsheltered(scenario), departures=departures, parties=parties, groups=groups, nightly=nightly,
        welcome=_welcome(scenario), begin=begin, options=options, visits=visits, visit_days=visit_days, apart=_apart(scenario, parties),
        **rows,
    )  # fmt: skip


def _gone(scenario: Scenario) -> list[int]:
    """The day from which each place is compromised."""
    return [NEVER if p.compromised_from is None else p.compromised_from for p in scenario.places]


def _places(scenario: Scenario) -> Records:
    kinds = {"home": HOME, "transit": BEDS, "shelter": BEDS, "haven": HAVEN}
    places = scenario.places
    last = [scenario.horizon - 1 if p.open_until is None else p.open_until for p in places]
    columns = {
        "kind": [kinds[p.kind] for p in places],
        "zone": [ZONES.index(p.zone) for p in places],
        "hazard": [p.hazard for p in places],
        "first_night": [p.open_from for p in places],
        "last_night": [min(shut, gone - 1) for shut, gone in zip(last, _gone(scenario), strict=True)],
        "max_stay": [NEVER if p.max_stay is None else p.max_stay for p in places],
        "night_cost": [p.night_cost for p in places],
    }
    return records(PLACE, columns, len(places))


def _unsheltered(scenario: Scenario) -> Floats:
    points = np.zeros((len(scenario.places), scenario.horizon))
    for row, place, gone in zip(points, scenario.places, _gone(scenario), strict=True):
        if place.kind != "home":
            row[:] = scenario.unsheltered_hazard
            row[gone:] += scenario.compromised_hazard
    return np.ascontiguousarray(points.T)


def _departures(scenario: Scenario, place: dict[str, int]) -> Records:
    kinds = [p.kind for p in scenario.places]
    pools = {pool.id: k for k, pool in enumerate(scenario.escort_pools)}
    gone = _gone(scenario)
    found = []
    for k, leg in enumerate(scenario.legs):
        origin, to = place[leg.origin], place[leg.to]
        if kinds[origin] == "haven" or kinds[to] == "home":
            continue
        last = min(leg.last, scenario.horizon - 1 - leg.nights, gone[to] - 1 - leg.nights)
        pool = -1 if leg.escort_pool is None else pools[leg.escort_pool]
        for day in range(leg.first, last + 1, leg.every):
            if day >= scenario.now and day not in leg.excepted:
                until = min(scenario.horizon, day + leg.escort_days)
                found.append((day, k, origin, to, day + leg.nights, int(leg.nights > 0), leg.fare, pool, until))
    return np.array(sorted(found), dtype=DEPARTURE)


def _limits(scenario: Scenario, departures: Records) -> tuple[dict[str, int], Ints]:
    horizon = scenario.horizon
    budget = scenario.budget
    weekly = [UNLIMITED] * scenario.weeks if budget is None or budget.weekly is None else list(budget.weekly)
    total = UNLIMITED if budget is None or budget.total is None else budget.total
    seats = np.array([UNLIMITED if leg.seats is None else leg.seats for leg in scenario.legs], dtype=np.int64)
    parts: list[tuple[str, np.ndarray]] = [
        ("", np.repeat([UNLIMITED if p.beds is None else p.beds for p in scenario.places], horizon)),
        ("seat_row", seats[departures["leg"]] if len(seats) else np.zeros(0)),
        ("escort_row", np.array([n for pool in scenario.escort_pools for n in pool.available])),
        ("visit_row", np.array([UNLIMITED if p.max_parties is None else p.max_parties for p in scenario.places])),
        ("intake_row", np.array([n for p in scenario.places for n in p.intake or [UNLIMITED] * scenario.weeks])),
        ("week_row", np.array(weekly)),
        ("total_row", np.array([total])),
    ]
    rows, at = {}, 0
    for name, part in parts:
        if name:
            rows[name] = at
        at += len(part)
    return rows, np.concatenate([part for _, part in parts]).astype(np.int64)


def _parties(scenario: Scenario, place: dict[str, int]) -> tuple[Records, Records, Floats]:
    parties, horizon = scenario.parties, scenario.horizon
    multiple = np.full(horizon, scenario.point_value, dtype=np.int64)
    multiple[-1] *= 1 + scenario.tail_nights
    nightly = np.array([list(zip(*(p.hazard.nightly(z, horizon) for z in ZONES), strict=True)) for p in parties])
    weight = np.array([p.weight for p in parties], dtype=np.int64)
    kinds: dict[tuple[int, bool], int] = {}
    group = [kinds.setdefault((p.size, p.escort), len(kinds)) for p in parties]
    old = scenario.previous or {}
    settled = [sum(scenario.change_points(s.day) for s in set(old.get(p.id, ()))) for p in parties]
    columns = {
        "start": [place[p.start.place] for p in parties],
        "start_day": [p.start.day for p in parties],
        "used": [p.start.nights_used for p in parties],
        "bed_lost": [p.start.bed_lost for p in parties],
        "size": [p.size for p in parties],
        "escort": [p.escort for p in parties],
        "weight": weight,
        "group": group,
        "promised": [PROMISE * len(set(p.pins)) for p in parties],
        "settled": np.array(settled, dtype=np.float64) * scenario.point_value,
    }
    groups = records(GROUP, {"size": [s for s, _ in kinds], "escort": [e for _, e in kinds]}, len(kinds))
    return (
        records(PARTY, columns, len(parties)),
        groups,
        nightly * (weight[:, None] * multiple)[:, :, None].astype(np.float64),
    )


def _welcome(scenario: Scenario) -> Flags:
    """Whether bed, services and makeup suit. Homes suit whoever lives there."""
    rows = [
        [
            p.needs <= place.services
            and (place.admits is None or p.makeup in place.admits)
            and (place.beds is None or place.beds >= p.size)
            for place in scenario.places
        ]
        for p in scenario.parties
    ]
    return np.array(rows, dtype=np.uint8).reshape(len(scenario.parties), len(scenario.places))


def _options(
    scenario: Scenario, place: dict[str, int], departures: Records, parties: Records
) -> tuple[Ints, Records, Ints, Ints]:
    """What each party may take, where that leads, where in the list each of its days begins; where it can be when."""
    beds = np.array([p.kind in ("transit", "shelter") for p in scenario.places], dtype=bool)
    begin = np.zeros((len(parties), scenario.horizon + 1), dtype=np.int64)
    rules = Rules(scenario, place, departures)
    after = departures["arrival"] * len(beds) + departures["to"]
    havens = np.array([p.kind == "haven" for p in scenario.places], dtype=bool)[departures["to"]]
    after += len(beds) * (scenario.horizon + 2) * np.where(havens, 2, 1 - departures["overnight"])
    fit = np.empty((len(parties), len(departures)), dtype=bool)
    for i, party in enumerate(scenario.parties):
        fit[i] = rules.fit(party)
    reach = reachable(fit, departures, parties, len(beds), scenario.horizon)
    options: list[Records] = []
    visits: list[Ints] = []
    days: list[Ints] = []
    count = seen = 0
    for i, party in enumerate(scenario.parties):
        chosen = np.flatnonzero(fit[i])
        columns = {"departure": chosen, "origin": departures["origin"][chosen], "after": after[chosen]}
        options.append(records(OPTION, columns | {"cost": rules.cost(party, chosen)}, len(chosen)))
        begin[i] = count + np.searchsorted(departures["day"][chosen], np.arange(scenario.horizon + 1))
        visits.append(
            np.array([p for p in np.argsort(reach[i], kind="stable") if reach[i, p] < NEVER and beds[p]], "i8")
        )
        days.append(reach[i, visits[-1]] - 1)  # who arrives during the day leaves on the next
        parties["visits_begin"][i], parties["visits_end"][i] = seen, seen + len(visits[-1])
        count, seen = count + len(chosen), seen + len(visits[-1])
    return begin, np.concatenate(options), np.concatenate(visits), np.concatenate(days)


def reachable(fit: npt.NDArray[np.bool_], departures: Records, parties: Records, places: int, horizon: int) -> Ints:
    """Take out of `fit` [party, departure] what leaves from where the party cannot be by then; the day it can first
    leave each place, [party, place]. Departures are in the order of days, and nobody takes two on one day."""
    reach = np.full((len(parties), places), NEVER, dtype=np.int64)
    reach[np.arange(len(parties)), parties["start"]] = parties["start_day"]
    days = np.searchsorted(departures["day"], np.arange(horizon + 1))
    next_morning = np.maximum(departures["arrival"], departures["day"] + 1)
    for day in range(horizon):
        today = slice(days[day], days[day + 1])
        fit[:, today] &= reach[:, departures["origin"][today]] <= day
        for d in range(days[day], days[day + 1]):
            column = reach[:, departures["to"][d]]
            column[fit[:, d]] = np.minimum(column[fit[:, d]], next_morning[d])
    return reach


def _apart(scenario: Scenario, parties: Records) -> Ints:
    """Whom each party must not meet, one party after the other."""
    number = {party.id: i for i, party in enumerate(scenario.parties)}
    others: list[list[int]] = [[] for _ in scenario.parties]
    for one, other in scenario.apart:
        others[number[one]].append(number[other])
        others[number[other]].append(number[one])
    ends = np.cumsum([len(row) for row in others])
    parties["apart_end"] = ends
    parties["apart_begin"][1:] = ends[:-1]
    return np.array([other for row in others for other in row], dtype=np.int64)
