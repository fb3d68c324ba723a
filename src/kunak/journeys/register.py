"""What the room knows: its fold (a room of vault/folding.py), and the only door by which other rooms come in."""

from __future__ import annotations

from typing import Final

from .carrying.drafts import count_own as count_drafts
from .carrying.told import NotNext, NotYet, take_back_what_is_over, withdraw_what_is_over
from .carrying.watching import Watching
from .known.fold import fold
from .known.keys import JOURNEY, PLACES, holds_places, is_coordinator, offer_voice
from .known.records import Known, Party, cases_of_parties, party_of_case
from .known.records import read as read_known
from .known.tables import SCHEMA as schema  # noqa: N811 - the room's protocol calls it so
from .pages.addresses import add_routes
from .pages.bar import Bar, bar_of
from .pages.carried_pages import add_routes as add_carried_routes
from .plans.next_steps import NextStep, next_steps
from .plans.standing import Proposal, Standing, standing_of

name: Final = "journeys"
hears: Final = ("journeys", "helpline")  # of the helpline's facts, letters that were sealed to `places`

__all__ = [
    "JOURNEY",
    "PLACES",
    "Bar",
    "Known",
    "NextStep",
    "NotNext",
    "NotYet",
    "Party",
    "Proposal",
    "Standing",
    "Watching",
    "add_carried_routes",
    "add_routes",
    "bar_of",
    "cases_of_parties",
    "count_drafts",
    "fold",
    "hears",
    "holds_places",
    "is_coordinator",
    "name",
    "next_steps",
    "offer_voice",
    "party_of_case",
    "read_known",
    "schema",
    "standing_of",
    "take_back_what_is_over",
    "withdraw_what_is_over",
]
