"""A scenario from a file becomes the room's own entries, and the room's knowledge a scenario file."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from kunak.frame.words import mark
from kunak.journeys.reckoning.believing import PARTS
from kunak.journeys.reckoning.pseudonyms import betrays
from kunak.journeys.reckoning.reading import read_scenario
from kunak.journeys.reckoning.scenario import FOREVER, ZONES, Said, Scenario, Unplannable

from . import events
from .keys import JOURNEY, PLACES
from .scenario_parts import hazard_by_night, hazards_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kunak.journeys.reckoning.scenario import Leg, Party, Place
    from kunak.vault.worktop import Worktop

    from .records import Known


WHOSE = mark("{where}: {what}")


def write_scenario(scenario: Scenario) -> bytes:
    """The one spelling of a scenario: fields in the order of the format, what says nothing left out, sets sorted."""
    return msgspec.json.format(msgspec.json.encode(_plain(scenario)), indent=1) + b"\n"


def _plain(struct: msgspec.Struct) -> dict[str, Any]:
    """What differs from a field's default, under the format's names."""
    return {
        encoded: _value(value)
        for name, encoded, default, required in _parts(type(struct))
        if (value := getattr(struct, name)) != default or required
    }


@cache
def _parts(kind: type[msgspec.Struct]) -> list[tuple[str, str, Any, bool]]:
    """Name, name in the format, default, whether it must be there."""
    return [
        (
            part.name,
            part.encode_name,
            part.default_factory() if part.default_factory is not msgspec.NODEFAULT else part.default,
            part.required,
        )
        for part in msgspec.structs.fields(kind)
    ]


def _value(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return _plain(value)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_value(each) for each in value]
    if isinstance(value, dict):
        return {key: _value(each) for key, each in value.items()}
    return value


def bring(top: Worktop, known: Known, text: bytes, first: int) -> int:
    """Take the places, legs, escorts and parties of a scenario file in; its day 0 is `first`. What has the same id is replaced,
    the rest stays. The number of entries written. Raises Unplannable for a file that is none, NotHeld."""
    scenario = read_scenario(text)
    _pseudonyms_only(scenario)
    bodies = list(told(known, scenario, first))
    # The sheet of a case's party stands where the case's helpers read it, and goes with the case.
    homes = [_home(top, body) for body in bodies]
    with top.vault.transaction():
        for home in dict.fromkeys(homes):
            top.pen.write(home, [body for body, its in zip(bodies, homes, strict=True) if its == home])
    return len(bodies)


def _pseudonyms_only(scenario: Scenario) -> None:
    """A file that another program wrote may name people. Raises Unplannable."""
    named = [("parties", each.id) for each in scenario.parties] + [("places", each.id) for each in scenario.places]
    for part, name in named:
        if sentence := betrays(name):
            raise Unplannable(WHOSE, where=Said(PARTS[part], id=name), what=Said(sentence))


def _home(top: Worktop, body: events.Event) -> str:
    """Where an entry of a file is written."""
    own = JOURNEY + body.party if isinstance(body, events.SheetKept) else PLACES
    return own if own != PLACES and top.keyring.holds(own) else PLACES


def told(known: Known, scenario: Scenario, first: int) -> Iterator[events.Event]:
    """The entries that say what a scenario says."""
    yield _frame(known, scenario, first)
    for rank, place in enumerate(scenario.places):
        yield from _place(known, place, first, rank)
    for rank, leg in enumerate(scenario.legs):
        yield _leg(known, leg, first, rank)
    for rank, pool in enumerate(scenario.escort_pools):
        before = known.escorts.get(pool.id)
        yield events.EscortsKept(
            pool.id,
            first,
            list(pool.available),
            before.kept.title if before else "",
            rank,
            replaces=list(before.entries) if before else [],
        )
    for rank, party in enumerate(scenario.parties):
        yield from _party(known, party, first, rank)


def _frame(known: Known, scenario: Scenario, first: int) -> events.FrameKept:
    budget, change = scenario.budget, scenario.change
    previous = scenario.previous
    return events.FrameKept(
        name=scenario.name,
        first=first,
        as_of=first + scenario.now,
        horizon=scenario.horizon,
        tail_nights=scenario.tail_nights,
        point_value=scenario.point_value,
        unsheltered_hazard=scenario.unsheltered_hazard,
        compromised_hazard=scenario.compromised_hazard,
        budget=None
        if budget is None
        else events.Budget(budget.total, None if budget.weekly is None else list(budget.weekly)),
        change=None if change is None else events.Change(change.near_days, change.near, change.far),
        apart=list(scenario.apart),
        previous=None
        if previous is None
        else {party: [events.Promise(s.leg, first + s.day) for s in steps] for party, steps in previous.items()},
        note=scenario.note,
        replaces=list(known.frame.entries) if known.frame else [],
    )


def _place(known: Known, place: Place, first: int, rank: int) -> Iterator[events.Event]:
    before, said = known.places.get(place.id), known.compromised.get(place.id)
    yield events.PlaceKept(
        place=place.id,
        zone=place.zone,
        kind=place.kind,
        title=before.kept.title if before else "",
        town=before.kept.town if before else "",
        beds=place.beds,
        services=sorted(place.services),
        admits=None if place.admits is None else sorted(place.admits),
        open_from=first + place.open_from if place.open_from else None,
        open_until=None if place.open_until is None else first + place.open_until,
        night_cost=place.night_cost,
        hazard=place.hazard,
        max_stay=place.max_stay,
        max_parties=place.max_parties,
        intake=None if place.intake is None else list(place.intake),
        intake_from=None if place.intake is None else first,
        rank=rank,
        replaces=list(before.entries) if before else [],
    )
    if place.compromised_from is not None or said is not None:
        since = None if place.compromised_from is None else first + place.compromised_from
        yield events.PlaceCompromised(place.id, since, replaces=list(said.entries) if said else [])


def _leg(known: Known, leg: Leg, first: int, rank: int) -> events.LegKept:
    before = known.legs.get(leg.id)
    return events.LegKept(
        leg=leg.id,
        origin=leg.origin,
        to=leg.to,
        mode=leg.mode,
        nights=leg.nights,
        first=first + leg.first,
        last=first + leg.last,
        every=leg.every,
        fare=leg.fare,
        risk=leg.risk,
        excepted=sorted(first + day for day in leg.excepted),
        seats=leg.seats,
        documents=[sorted(each) for each in leg.documents],
        checks=leg.checks,
        step_free=leg.step_free,
        escort_pool=leg.escort_pool,
        escort_days=leg.escort_days,
        rank=rank,
        replaces=list(before.entries) if before else [],
    )


def _party(known: Known, party: Party, first: int, rank: int) -> Iterator[events.Event]:
    before = known.parties.get(party.id)
    sheet, placed = (before.sheet, before.placed) if before else (None, None)
    yield events.SheetKept(
        party=party.id,
        name=sheet.kept.name if sheet else party.id,
        size=party.size,
        weight=party.weight,
        makeup=party.makeup,
        language=sheet.kept.language if sheet else "",
        needs=sorted(party.needs),
        escort=party.escort,
        wanted=party.wanted,
        urgency=list(sheet.kept.urgency) if sheet else [],
        documents=[
            events.Paper(
                paper.doc,
                first + paper.since if paper.since else None,
                first + paper.until if paper.until != FOREVER else None,
            )
            for paper in party.documents
        ],
        earliest=first + party.earliest_day if party.earliest_day else None,
        where=sheet.kept.where if sheet else "",
        avoid=sheet.kept.avoid if sheet else "",
        note=sheet.kept.note if sheet else "",
        replaces=list(sheet.entries) if sheet else [],
    )
    start = party.start
    yield events.PartyPlaced(
        party=party.id,
        start=events.Start(start.place, first + start.day, start.nights_used, start.bed_lost),
        forbidden=sorted(party.forbidden),
        pins=[events.Promise(pin.leg, first + pin.day) for pin in party.pins],
        hazards=_hazards(party, first, sheet.kept if sheet else None, placed.kept.hazards if placed else None),
        rank=rank,
        replaces=list(placed.entries) if placed else [],
    )


def _hazards(
    party: Party, first: int, sheet: events.SheetKept | None, before: events.Hazards | None
) -> events.Hazards | None:
    """As the file says; but what follows from the sheet goes on following from it, so that a danger that a caseworker raises later
    counts."""
    if sheet is not None and hazard_by_night(before or hazards_of(sheet.urgency), first) == party.hazard:
        return before
    return events.Hazards(
        **{zone: [(first + night, points) for night, points in getattr(party.hazard, zone)] for zone in ZONES}
    )
