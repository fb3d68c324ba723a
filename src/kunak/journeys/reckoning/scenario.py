"""A scenario: who must travel, by which legs, to which places, within which limits. The format is planning's own.

JSON in, typed values out, or one sentence that says what to mend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

Zone = Literal["danger", "inside", "near_abroad", "abroad"]
Kind = Literal["home", "transit", "shelter", "haven"]
Makeup = Literal["women", "men", "mixed"]
ZONES: tuple[Zone, ...] = ("danger", "inside", "near_abroad", "abroad")
FOREVER = 10**6  # a document without an end
LARGEST = 10**12  # a number above this would lose its last digits in the planner's arithmetic


class Said:
    """A sentence as the catalogues know it, with what stands in its {places}; what stands there may be such a sentence itself."""

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence, self.values = sentence, values

    def told(
        self, gettext: Callable[[str], str], shown: Callable[[str, object], object] = lambda _name, value: value
    ) -> str:
        """In the language of `gettext`; `shown` says how the value of a place (`id`, `day`) is written for this reader."""
        if not self.values:
            return gettext(self.sentence)
        values = {
            name: value.told(gettext, shown) if isinstance(value, Said) else shown(name, value)
            for name, value in self.values.items()
        }
        return gettext(self.sentence).format(**values)

    def __str__(self) -> str:
        return self.told(str)


class Unplannable(Exception):
    """The scenario cannot be planned as it stands; `said` says what to mend, `str` the same in English."""

    def __init__(self, sentence: str, **values: object) -> None:
        self.said = Said(sentence, **values)
        super().__init__(str(self.said))


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a scenario. A field whose name is misspelt is refused: what nobody reads is not planned with."""


class Place(Part, frozen=True):
    id: str
    zone: Zone
    kind: Kind
    beds: int | None = None
    services: frozenset[str] = frozenset()
    admits: frozenset[Makeup] | None = None
    open_from: int = 0
    open_until: int | None = None
    compromised_from: int | None = None
    night_cost: int = 0
    hazard: int = 0
    max_stay: int | None = None
    max_parties: int | None = None
    intake: tuple[int, ...] | None = None


class Leg(Part, frozen=True):
    id: str
    origin: str = msgspec.field(name="from")
    to: str
    mode: str
    nights: int
    first: int
    last: int
    every: int
    fare: int
    risk: int
    excepted: frozenset[int] = msgspec.field(name="except", default=frozenset())
    seats: int | None = None
    documents: tuple[frozenset[str], ...] = ()
    checks: bool = False
    step_free: bool = False
    escort_pool: str | None = None
    escort_days: int = 1

    def departs(self, day: int) -> bool:
        return self.first <= day <= self.last and (day - self.first) % self.every == 0 and day not in self.excepted


class EscortPool(Part, frozen=True):
    id: str
    available: tuple[int, ...]


class Start(Part, frozen=True):
    place: str
    day: int
    nights_used: int = 0
    bed_lost: bool = False


class Paper(Part, frozen=True):
    doc: str
    since: int = msgspec.field(name="from", default=0)
    until: int = FOREVER


class Step(Part, frozen=True, order=True):
    leg: str
    day: int


class Hazard(Part, frozen=True):
    danger: tuple[tuple[int, int], ...]
    inside: tuple[tuple[int, int], ...]
    near_abroad: tuple[tuple[int, int], ...]
    abroad: tuple[tuple[int, int], ...]

    def nightly(self, zone: Zone, horizon: int) -> list[int]:
        """Points per night: the last step whose night has come holds."""
        steps: tuple[tuple[int, int], ...] = getattr(self, zone)
        row, points, k = [], 0, 0
        for night in range(horizon):
            while k < len(steps) and steps[k][0] <= night:
                points = steps[k][1]
                k += 1
            row.append(points)
        return row


class Party(Part, frozen=True):
    id: str
    size: int
    weight: int
    makeup: Makeup
    start: Start
    hazard: Hazard
    earliest_day: int = 0
    forbidden: frozenset[str] = frozenset()
    documents: tuple[Paper, ...] = ()
    needs: frozenset[str] = frozenset()
    escort: bool = False
    wanted: bool = False
    pins: tuple[Step, ...] = ()

    def may_take(self, leg: Leg, day: int) -> bool:
        """Does the party hold the papers of one alternative from the departure to the arrival?"""
        held = {paper.doc for paper in self.documents if paper.since <= day and day + leg.nights <= paper.until}
        return not leg.documents or any(alternative <= held for alternative in leg.documents)


class Budget(Part, frozen=True):
    total: int | None = None
    weekly: tuple[int, ...] | None = None


class Change(Part, frozen=True):
    near_days: int = 7
    near: int = 0
    far: int = 0


class Scenario(Part, frozen=True):
    format: Literal["kunak-scenario/1"]
    name: str
    horizon: int
    tail_nights: int
    point_value: int
    unsheltered_hazard: int
    compromised_hazard: int
    places: tuple[Place, ...]
    legs: tuple[Leg, ...]
    parties: tuple[Party, ...]
    now: int = 0
    escort_pools: tuple[EscortPool, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    budget: Budget | None = None
    previous: dict[str, tuple[Step, ...]] | None = None
    change: Change | None = None
    note: str = ""

    @property
    def weeks(self) -> int:
        return (self.horizon + 6) // 7

    def change_points(self, day: int) -> int:
        """What it costs to break or to add a promised step on this day."""
        change = self.change or Change()
        return change.near if day < self.now + change.near_days else change.far
