"""The two halves of a party: the sheet, which the case's helpers fill in, and its placing, which is the coordinators'."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kunak.frame.words import mark
from kunak.journeys.known import events
from kunak.journeys.reckoning import vocabulary
from kunak.journeys.reckoning.days import day_of, text_of

from . import record_forms, typed_values
from .fields import Field
from .typed_values import STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kunak.frame.form import Form
    from kunak.journeys.known.records import Known, Record

LEVELS = (
    ("0", mark("no known danger")),
    ("1", mark("watched")),
    ("2", mark("threatened")),
    ("3", mark("hunted")),
    ("4", mark("in their hands")),
)
MOST_PEOPLE = 1_000  # of one party
MORE_THAN_TRAVEL = mark("Not more can be at risk than travel.")
UNKNOWN_STEP = mark("Write one promised departure a line: the way's short name and the day, like L0003 2017-04-09.")
NOT_THAT_DAY = mark("A promised way does not go on its day. Look at its departures under Ways.")
TWICE_A_DAY = mark("Two departures are promised for one day. Keep one of them.")
FORBIDDEN_END = mark("A promised departure leads to a place where they must not come. Take one of the two out.")
OPEN_ZONES = mark("Fill in all four zones, or none: then they follow from the sheet.")


def sheet_fields(needs: Sequence[tuple[str, str]], documents: Sequence[tuple[str, str]]) -> list[Field]:
    who, when, papers, places = mark("What they need"), mark("When"), mark("Documents"), mark("Whereabouts")
    return [
        Field("name", "name", mark("Pseudonym"), mark("Coordinators see it. It says nothing about the person."), blind=True),
        Field("size", "whole", mark("How many travel together"), least=1, most=MOST_PEOPLE),
        Field("weight", "whole", mark("How many of them are in danger"), least=1, most=MOST_PEOPLE),
        Field("makeup", "choice", mark("Who they are"), options=vocabulary.MAKEUPS),
        Field("needs", "words", mark("What every bed must offer"), options=needs, group=who),
        Field("escort", "yes", mark("Somebody must travel with them"), group=who),
        Field("wanted", "yes", mark("They are on a wanted list"), mark("Then no way on which identity is checked."), group=who),
        Field("urgency", "levels", mark("Danger where they are now"), mark("The first line holds now. A wedding, an arrest, a summons: add the day from which it is worse."), LEVELS, group=when, said=True),
        Field("earliest", "day", mark("Not before"), mark("Empty: they can leave at once."), optional=True, group=when),
        Field("documents", "papers", mark("Documents they hold or will have"), mark("Days empty: already held, and for good."), documents, group=papers, blind=True),
        Field("where", "text", mark("Where they are, in words"), mark("A region or town; no address, no name."), group=places, blind=True),
        Field("avoid", "text", mark("Where they must not come"), mark("Towns where relatives live, places that a captor knows."), group=places, blind=True),
        Field("note", "text", mark("What else the coordinators must know"), group=places, blind=True),
    ]  # fmt: skip


def read_sheet(asked: Sequence[Field], form: Form) -> tuple[dict[str, Any], dict[str, str]]:
    values, wrong = typed_values.read_all(asked, form)
    if not wrong and values["weight"] > values["size"]:
        wrong["weight"] = MORE_THAN_TRAVEL
    return values, wrong


def sheet_of(party: str, language: str, values: dict[str, Any], replaces: str) -> events.SheetKept:
    return events.SheetKept(party, language=language, replaces=replaces.split()[:100], **values)


def sheet_values(record: Record[events.SheetKept] | None, name: str = "") -> dict[str, Any]:
    """What a sheet's form begins with."""
    if record is None:
        return {"name": name, "size": 1, "weight": 1, "makeup": "men", "urgency": [(0, 2)]}
    return {each: getattr(record.kept, each) for each in record.kept.__struct_fields__}


def placing_fields(known: Known) -> list[Field]:
    places = record_forms.places_in_use(known)
    stay, hazards = mark("Their stay there"), mark("Points a night, if not those that follow from the sheet")
    zones = zip(("danger", "inside", "near_abroad", "abroad"), vocabulary.ZONES, strict=True)
    return [
        Field("place", "choice", mark("Where they are"), mark("As it was stated last. What was confirmed since then is added by itself."), options=[each for each in places if known.places[each[0]].kept.kind != "haven"]),
        Field("since", "day", mark("Since, or from")),
        Field("nights_used", "whole", mark("Bed nights of this stay so far"), group=stay),
        Field("bed_lost", "yes", mark("They have no bed there any more"), group=stay),
        Field("forbidden", "words", mark("Where they must not come"), options=[each for each in places if known.places[each[0]].kept.kind != "home"], optional=True, group=stay),
        Field("pins", "text", mark("Promised departures"), UNKNOWN_STEP, group=stay),
        *(Field(f"hazard_{zone}", "steps", label, STEPS, optional=True, group=hazards, folded=True) for zone, (_, label) in zones),
    ]  # fmt: skip


def placing_values(record: Record[events.PartyPlaced] | None, today: int) -> dict[str, Any]:
    if record is None or record.kept.start is None:
        return {"since": today, "nights_used": 0, "pins": "", **_placed(record)}
    start = record.kept.start
    return {
        "place": start.place,
        "since": start.since,
        "nights_used": start.nights_used,
        "bed_lost": start.bed_lost,
        **_placed(record),
    }


def _placed(record: Record[events.PartyPlaced] | None) -> dict[str, Any]:
    if record is None:
        return {}
    hazards = record.kept.hazards
    zones = ("danger", "inside", "near_abroad", "abroad")
    return {
        "forbidden": record.kept.forbidden,
        "pins": "\n".join(f"{pin.leg} {text_of(pin.day)}" for pin in record.kept.pins),
        **({f"hazard_{zone}": getattr(hazards, zone) for zone in zones} if hazards else {}),
    }


def read_placing(
    known: Known, form: Form, before: Record[events.PartyPlaced] | None, party: str
) -> tuple[events.PartyPlaced | None, dict[str, str]]:
    """The placing that was typed, or what is wrong with it."""
    values, wrong = typed_values.read_all(placing_fields(known), form)
    pins = [] if "pins" in wrong else _pins(known, values["pins"])
    if pins is None:
        wrong["pins"] = UNKNOWN_STEP
    elif sentence := contradiction(known, pins, values.get("forbidden") or []):
        wrong["pins"] = sentence
    zones = [values.get(f"hazard_{zone}") for zone in ("danger", "inside", "near_abroad", "abroad")]
    if any(zones) and not all(zones) and not wrong:
        wrong["hazard_danger"] = OPEN_ZONES
    if wrong or pins is None:
        return None, wrong
    start = events.Start(values["place"], values["since"], values["nights_used"], values["bed_lost"])
    placed = events.PartyPlaced(
        party=party,
        start=start,
        forbidden=values["forbidden"] or [],
        pins=pins,
        hazards=events.Hazards(*(zone or [] for zone in zones)) if all(zones) else None,
        rank=before.kept.rank if before else 1 << 20,
        replaces=form["replaces"].split()[:100],
    )
    return placed, {}


def contradiction(known: Known, pins: Sequence[events.Promise], forbidden: Sequence[str]) -> str:
    """Why these promises cannot be kept, whatever the plan; empty if they can."""
    legs = {pin: known.legs[pin.leg].kept for pin in pins if pin.leg in known.legs}
    for pin, leg in legs.items():
        late = (pin.day - leg.first) % leg.every
        if not leg.first <= pin.day <= leg.last or late or pin.day in leg.excepted:
            return NOT_THAT_DAY
    if len({pin.day for pin in legs}) < len(legs):
        return TWICE_A_DAY
    return FORBIDDEN_END if any(leg.to in forbidden for leg in legs.values()) else ""


def _pins(known: Known, text: str) -> list[events.Promise] | None:
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, _, day = line.rpartition(" ")
        when = day_of(day)
        if name.strip() not in known.legs or when is None:
            return None
        found.append(events.Promise(name.strip(), when))
    return found
