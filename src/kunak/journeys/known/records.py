"""What the room knows now: each place, leg, escort pool and party with its value, or its values where helpers disagree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

from kunak.vault import multivalue

from . import events
from .tables import PREFIX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kunak.vault.multivalue import Value
    from kunak.vault.store import Database

Kept = TypeVar("Kept")
GONE = "gone"


@dataclass(frozen=True)
class Record(Generic[Kept]):
    """`kept`: the newest of the values; `others`: what other helpers wrote without knowing of it, newest first; `entries`: what the
    next value replaces; `authors`: device ids in the order of the values."""

    kept: Kept
    others: Sequence[Kept]
    entries: Sequence[str]
    authors: Sequence[str]
    time: int

    @property
    def disputed(self) -> bool:
        return any(other != self.kept for other in self.others)


@dataclass(frozen=True)
class Step:
    """What was confirmed of a departure: `state` left, arrived or failed; `at` the day. Disputed: helpers said different things."""

    leg: str
    day: int
    state: str
    at: int
    entries: Sequence[str]
    disputed: bool


@dataclass(frozen=True)
class Party:
    """A party as this desk knows it: a caseworker's desk has no `placed` and no steps. `state`: planned, safe, withdrawn; or gone, when
    there is no sheet: its case was shredded, and nobody is moved or told for it any more."""

    party: str
    sheet: Record[events.SheetKept] | None
    placed: Record[events.PartyPlaced] | None
    state: str
    state_entries: Sequence[str]
    steps: Sequence[Step] = ()

    @property
    def name(self) -> str:
        return self.sheet.kept.name if self.sheet else self.party[:6]

    @property
    def disputed(self) -> bool:
        return any(record.disputed for record in (self.sheet, self.placed) if record) or any(
            step.disputed for step in self.steps
        )


@dataclass(frozen=True)
class Known:
    """Everything that plans are made of."""

    frame: Record[events.FrameKept] | None = None
    places: dict[str, Record[events.PlaceKept]] = field(default_factory=dict)
    compromised: dict[str, Record[events.PlaceCompromised]] = field(default_factory=dict)
    legs: dict[str, Record[events.LegKept]] = field(default_factory=dict)
    escorts: dict[str, Record[events.EscortsKept]] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)


def read(db: Database) -> Known:
    """Places, legs, escorts and parties in the order of their rank, then by name; those that are gone are left out."""
    legs = _records(db, "leg", "leg", events.LegKept)
    places = _records(db, "place", "place", events.PlaceKept)
    escorts = _records(db, "escorts", "escorts", events.EscortsKept)
    return Known(
        frame(db),
        {name: each for name, each in _ranked(places) if not each.kept.gone},
        {
            name: each
            for name, each in _records(db, "place", "compromised", events.PlaceCompromised).items()
            if any(said.since is not None for said in (each.kept, *each.others))
        },
        {name: each for name, each in _ranked(legs) if not each.kept.gone},
        {name: each for name, each in _ranked(escorts) if not each.kept.gone},
        parties(db),
    )


def frame(db: Database) -> Record[events.FrameKept] | None:
    values = multivalue.heads(db, PREFIX, "frame", "frame")
    return record(values, msgspec.json.Decoder(events.FrameKept)) if values else None


def place(db: Database, name: str) -> Record[events.PlaceKept] | None:
    return one(db, f"place/{name}", "place", events.PlaceKept)


def compromised(db: Database, name: str) -> Record[events.PlaceCompromised] | None:
    return one(db, f"place/{name}", "compromised", events.PlaceCompromised)


def leg(db: Database, name: str) -> Record[events.LegKept] | None:
    return one(db, f"leg/{name}", "leg", events.LegKept)


def escorts(db: Database, name: str) -> Record[events.EscortsKept] | None:
    return one(db, f"escorts/{name}", "escorts", events.EscortsKept)


def one(db: Database, subject: str, name: str, kind: type[Kept]) -> Record[Kept] | None:
    """One record, or None if nobody kept it."""
    values = multivalue.heads(db, PREFIX, subject, name)
    return record(values, msgspec.json.Decoder(kind)) if values else None


def parties(db: Database) -> dict[str, Party]:
    """Every party, by rank and then by name."""
    sheets = _records(db, "party", "sheet", events.SheetKept)
    placed = _records(db, "party", "placed", events.PartyPlaced)
    states = _heads(db, "party", "state")
    steps = _steps(db)
    known = [
        _party(name, sheets.get(name), placed.get(name), states.get(name, ()), steps.get(name, ()))
        for name in sheets.keys() | placed.keys()
    ]
    known.sort(key=lambda each: (each.placed.kept.rank if each.placed else _LAST, each.name, each.party))
    return {each.party: each for each in known}


def party(db: Database, name: str) -> Party | None:
    sheet = one(db, f"party/{name}", "sheet", events.SheetKept)
    placed = one(db, f"party/{name}", "placed", events.PartyPlaced)
    if sheet is None and placed is None:
        return None
    states = multivalue.heads(db, PREFIX, f"party/{name}", "state")
    return _party(name, sheet, placed, states, _steps(db, name).get(name, ()))


def party_of_case(db: Database, case: str) -> str | None:
    """The party of a case. Two that were begun at once are both shown to coordinators; the case goes on with the first."""
    values = multivalue.heads(db, PREFIX, f"case/{case}", "party")
    return min((value.time, value.entry, value.value) for value in values)[2] if values else None


def cases_of_parties(db: Database) -> dict[str, str]:
    """Which case a party belongs to, for those that this desk may read."""
    return {value.value: case for case, values in _heads(db, "case", "party").items() for value in values}


def _party(
    name: str,
    sheet: Record[events.SheetKept] | None,
    placed: Record[events.PartyPlaced] | None,
    states: Sequence[Value],
    steps: Sequence[Step],
) -> Party:
    # Withdrawn by one and planned by another: it goes on being planned, nobody is forgotten.
    said = {value.value for value in states} or {"planned"}
    state = GONE if sheet is None else "planned" if "planned" in said else min(said)
    return Party(name, sheet, placed, state, [value.entry for value in states], steps)


def _steps(db: Database, party: str = "") -> dict[str, list[Step]]:
    """What was confirmed of each party's departures, the earliest first."""
    first, end = (f"party/{party}", f"party/{party}") if party else ("party/", "party0")
    rows = db.execute(
        """SELECT subject, field, value, entry FROM journeys_values WHERE subject >= ? AND subject <= ? AND head = 1
           AND field GLOB 'step *' ORDER BY subject, time DESC, entry""",
        (first, end),
    ).fetchall()
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for subject, name, value, entry in rows:
        found.setdefault((subject.removeprefix("party/"), name), []).append((value, entry))
    steps: dict[str, list[Step]] = {}
    for (whose, name), values in found.items():
        _, day, which = name.split(" ", 2)
        state, at = msgspec.json.decode(values[0][0])
        disputed = len({value for value, _ in values}) > 1
        steps.setdefault(whose, []).append(Step(which, int(day), state, at, [entry for _, entry in values], disputed))
    return {whose: sorted(each, key=lambda step: (step.day, step.leg)) for whose, each in steps.items()}


def gone(db: Database, subjects: str) -> list[str]:
    """What was taken away of places, ways or escorts (`place`, `leg`, `escorts`), by name."""
    rows = db.execute(
        """SELECT DISTINCT subject FROM journeys_values WHERE subject >= ? AND subject < ? AND field = ? AND head = 1
           AND value LIKE '%"gone":true%' ORDER BY subject""",
        (f"{subjects}/", f"{subjects}0", subjects),
    ).fetchall()
    return [row[0].partition("/")[2] for row in rows]


def of_kind(db: Database, subjects: str, name: str, kind: type[Kept]) -> dict[str, Record[Kept]]:
    """One field of every subject of a kind, by what stands behind its stroke."""
    return _records(db, subjects, name, kind)


def _records(db: Database, subjects: str, name: str, kind: type[Kept]) -> dict[str, Record[Kept]]:
    decoder = msgspec.json.Decoder(kind)
    return {subject: record(values, decoder) for subject, values in _heads(db, subjects, name).items()}


def _heads(db: Database, subjects: str, name: str) -> dict[str, list[Value]]:
    """The values of one field of every subject of a kind, by what stands behind its stroke; newest first."""
    rows = db.execute(
        """SELECT subject, entry, value, author, time, note FROM journeys_values
           WHERE subject >= ? AND subject < ? AND field = ? AND head = 1 ORDER BY subject, time DESC, entry""",
        (f"{subjects}/", f"{subjects}0", name),
    ).fetchall()
    found: dict[str, list[Value]] = {}
    for subject, entry, value, author, time, note in rows:
        kept = multivalue.Value(entry, value, author, time, head=True, note=note)
        found.setdefault(subject.partition("/")[2], []).append(kept)
    return found


def record(values: Sequence[Value], decoder: msgspec.json.Decoder[Kept]) -> Record[Kept]:
    """Values of one register, newest first, as a record."""
    kept = [decoder.decode(value.value) for value in values]
    return Record(kept[0], kept[1:], [v.entry for v in values], [v.author for v in values], values[0].time)


def _ranked(records: dict[str, Record[Kept]]) -> list[tuple[str, Record[Kept]]]:
    return sorted(records.items(), key=lambda item: (getattr(item[1].kept, "rank", 0), item[0]))


_LAST = 1 << 40
