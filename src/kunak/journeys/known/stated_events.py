"""What helpers state and plans are made of: the frame, places, ways, escorts, parties' sheets and placings. Bodies of entries
(docs/formats/journeys.md); what is decided with them stands in events.py.

Days are days since 1970-01-01, never days of a scenario; an absent day is null. `replaces` names the entries whose value this one replaces.
"""

from __future__ import annotations

import msgspec
from msgspec import field

from kunak.journeys.reckoning.scenario import Kind, Makeup, Zone

Steps = list[tuple[int, int]]  # (from that day on, points a night)


class Budget(msgspec.Struct, frozen=True):
    """`weekly`: by week, counted from the first day of planning."""

    total: int | None = None
    weekly: list[int] | None = None


class Change(msgspec.Struct, frozen=True):
    """Points for a broken promise: near in time (`near_days`), or later."""

    near_days: int
    near: int
    far: int


class Promise(msgspec.Struct, frozen=True):
    """A departure on a day."""

    leg: str
    day: int


class FrameKept(msgspec.Struct, frozen=True, tag="journeys.frame_kept"):
    """What holds for the whole planning. `first`: the day that a plan calls 0; `as_of`: the day for which the parties' whereabouts
    were stated; `apart`: pairs of parties that must never meet; `previous`: promised steps of parties, from an import."""

    name: str
    first: int
    as_of: int
    horizon: int
    tail_nights: int
    point_value: int
    unsheltered_hazard: int
    compromised_hazard: int
    budget: Budget | None = None
    change: Change | None = None
    apart: list[tuple[str, str]] = field(default_factory=list)
    previous: dict[str, list[Promise]] | None = None
    note: str = ""
    replaces: list[str] = field(default_factory=list)


class PlaceKept(msgspec.Struct, frozen=True, tag="journeys.place_kept"):
    """A home, a flat, a haven. `intake`: people a week, counted from `intake_from`; the last number goes on. `title` and `town`
    are ours and leave no desk in a scenario. `gone`: no longer used. `rank`: its line in an imported list."""

    place: str
    zone: Zone
    kind: Kind
    title: str = ""
    town: str = ""
    beds: int | None = None
    services: list[str] = field(default_factory=list)
    admits: list[Makeup] | None = None
    open_from: int | None = None
    open_until: int | None = None
    night_cost: int = 0
    hazard: int = 0
    max_stay: int | None = None
    max_parties: int | None = None
    intake: list[int] | None = None
    intake_from: int | None = None
    rank: int = 0
    gone: bool = False
    replaces: list[str] = field(default_factory=list)


class PlaceCompromised(msgspec.Struct, frozen=True, tag="journeys.place_compromised"):
    """From this day on nobody is sent there; null: it is safe after all. `why`: for coordinators only."""

    place: str
    since: int | None
    why: str = ""
    replaces: list[str] = field(default_factory=list)


class LegKept(msgspec.Struct, frozen=True, tag="journeys.leg_kept"):
    """A way from one place to another. `excepted`: days on which it does not go."""

    leg: str
    origin: str
    to: str
    mode: str
    nights: int
    first: int
    last: int
    every: int
    fare: int
    risk: int
    excepted: list[int] = field(default_factory=list)
    seats: int | None = None
    documents: list[list[str]] = field(default_factory=list)
    checks: bool = False
    step_free: bool = False
    escort_pool: str | None = None
    escort_days: int = 1
    rank: int = 0
    gone: bool = False
    replaces: list[str] = field(default_factory=list)


class EscortsKept(msgspec.Struct, frozen=True, tag="journeys.escorts_kept"):
    """People who travel along: how many are free on each day from `first` on; the last number goes on."""

    pool: str
    first: int
    available: list[int]
    title: str = ""
    rank: int = 0
    gone: bool = False
    replaces: list[str] = field(default_factory=list)


class Paper(msgspec.Struct, frozen=True):
    """A document held, or expected `since` a day; `until`: its last day."""

    doc: str
    since: int | None = None
    until: int | None = None


class SheetKept(msgspec.Struct, frozen=True, tag="journeys.sheet_kept"):
    """Who travels together, without a name: written by the case's helpers in `journey:<party>` (the party is then that of the
    compartment), or by coordinators in `places`. `urgency`: (from that day on, level 0 to 4 as of a case's danger), the first
    from day 0 on. `where`, `avoid`: in words, for the coordinator, who knows the places. `weight`: how many of them are at risk."""

    party: str
    name: str
    size: int
    weight: int
    makeup: Makeup
    language: str = ""
    needs: list[str] = field(default_factory=list)
    escort: bool = False
    wanted: bool = False
    documents: list[Paper] = field(default_factory=list)
    earliest: int | None = None
    urgency: list[tuple[int, int]] = field(default_factory=list)
    where: str = ""
    avoid: str = ""
    note: str = ""
    replaces: list[str] = field(default_factory=list)


class Start(msgspec.Struct, frozen=True):
    """Where the party is, or will be, from `since` on; `nights_used` of its stay there, whether it lost its bed."""

    place: str
    since: int
    nights_used: int = 0
    bed_lost: bool = False


class Hazards(msgspec.Struct, frozen=True):
    """Points a night in each zone, each from a day on; the first holds from always."""

    danger: Steps
    inside: Steps
    near_abroad: Steps
    abroad: Steps


class PartyPlaced(msgspec.Struct, frozen=True, tag="journeys.party_placed"):
    """The coordinators' half of a party: where it is, where it must not come, what it was promised, and its hazards if they are
    not to be worked out from the sheet's urgency."""

    party: str
    start: Start | None = None
    forbidden: list[str] = field(default_factory=list)
    pins: list[Promise] = field(default_factory=list)
    hazards: Hazards | None = None
    rank: int = 0
    replaces: list[str] = field(default_factory=list)
