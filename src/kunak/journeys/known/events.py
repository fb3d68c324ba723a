"""What can happen in the room: the bodies of its entries (docs/formats/journeys.md). Here: what is decided about parties and plans, and
how a body is read; what is stated for planning stands in stated_events.py, what happens on the way in carried_events.py.

Where an entry stands says who may know: `places` is the coordinators', `journey:<party>` is theirs and that case's helpers',
`case:<id>` is the case's alone. Days are days since 1970-01-01. `replaces` names the entries whose value this one replaces.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import field

from kunak.journal.entry import Hex16

from .carried_events import CarriedEvent
from .stated_events import (
    Budget,
    Change,
    EscortsKept,
    FrameKept,
    Hazards,
    LegKept,
    Paper,
    PartyPlaced,
    PlaceCompromised,
    PlaceKept,
    Promise,
    SheetKept,
    Start,
    Steps,
)

__all__ = [
    "Budget",
    "Change",
    "DraftSent",
    "DraftSettled",
    "EscortsKept",
    "Event",
    "FrameKept",
    "Hazards",
    "LegConfirmed",
    "LegKept",
    "MessageDrafted",
    "Paper",
    "PartyBegun",
    "PartyPlaced",
    "PartySettled",
    "PlaceCompromised",
    "PlaceKept",
    "PlanApproved",
    "PlanProposed",
    "Promise",
    "Purpose",
    "Record",
    "SheetKept",
    "Start",
    "State",
    "Steps",
    "decode",
]


class PartyBegun(msgspec.Struct, frozen=True, tag="journeys.party_begun"):
    """In `case:<id>`: the case has a party of this id. The coordinators never see which case it is."""

    party: str
    replaces: list[str] = field(default_factory=list)


State = Literal["planned", "safe", "withdrawn"]


class PartySettled(msgspec.Struct, frozen=True, tag="journeys.party_settled"):
    """`state`: planned (as every party is at first), safe (it arrived for good) or withdrawn (it does not travel)."""

    party: str
    state: State
    replaces: list[str] = field(default_factory=list)


Purpose = Literal["proposal", "repair", "what-if"]


class PlanProposed(msgspec.Struct, frozen=True, tag="journeys.plan_proposed"):
    """`scenario` and `plan`: zlib-compressed bytes of kunak-scenario/1 and kunak-plan/1. `plan_id`: hex SHA-256 over both
    (standing.py). `first`: the calendar day of the plan's day 0. `after`: plans in force that this one is to take the place of.
    `purpose`: proposal, repair (after a place was compromised) or what-if (never to be approved)."""

    plan_id: str
    first: int
    scenario: bytes
    plan: bytes
    purpose: Purpose
    title: str = ""
    after: list[str] = field(default_factory=list)


class PlanApproved(msgspec.Struct, frozen=True, tag="journeys.plan_approved"):
    """The author's own word on exactly these bytes: `approved`, or (false) withdrawn."""

    plan_id: str
    approved: bool
    replaces: list[str] = field(default_factory=list)


class LegConfirmed(msgspec.Struct, frozen=True, tag="journeys.leg_confirmed"):
    """What became of one step of the plan in force. `day`: the departure's; `at`: the day on which it was so."""

    party: str
    leg: str
    day: int
    state: Literal["left", "arrived", "failed"]
    at: int
    replaces: list[str] = field(default_factory=list)


class MessageDrafted(msgspec.Struct, frozen=True, tag="journeys.message_drafted"):
    """In `journey:<party>`: words that a coordinator prepared for the person, to be sent by whoever answers them. `instead`: sent
    drafts that stay in the mailbox until these words are there."""

    party: str
    draft: str
    language: str
    text: str
    urgent: bool = False
    instead: list[str] = field(default_factory=list)


class DraftSettled(msgspec.Struct, frozen=True, tag="journeys.draft_settled"):
    """`state`: sent, or dropped, as who answers the person says; over, as coordinators say: it no longer holds, and whoever has sent it
    takes it out of the mailbox."""

    party: str
    draft: str
    state: Literal["sent", "dropped", "over"]


class DraftSent(msgspec.Struct, frozen=True, tag="journeys.draft_sent"):
    """In `case:<id>`: as which reply prepared words were sent. Coordinators see that they were sent, never to which mailbox."""

    party: str
    draft: str
    mailbox: Hex16
    message: Hex16


Event = (
    FrameKept
    | PlaceKept
    | PlaceCompromised
    | LegKept
    | EscortsKept
    | SheetKept
    | PartyBegun
    | PartySettled
    | PartyPlaced
    | PlanProposed
    | PlanApproved
    | LegConfirmed
    | MessageDrafted
    | DraftSettled
    | DraftSent
    | CarriedEvent
)

# Those that are kept whole, as one value of a register.
Record = FrameKept | PlaceKept | PlaceCompromised | LegKept | EscortsKept | SheetKept | PartyPlaced

_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def decode(body: bytes) -> Event:
    """The event of a body. Raises msgspec.ValidationError when this desk is too old for it, or the body is wrong."""
    return _decoder.decode(body)
