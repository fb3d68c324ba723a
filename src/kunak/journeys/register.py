"""What the room knows: its fold (a room of vault/folding.py), and the only door by which other rooms come in."""

from __future__ import annotations

from typing import Final

from kunak.journeys.bar import Bar, bar_of
from kunak.journeys.carried_pages import add_routes as add_carried_routes
from kunak.journeys.drafts import count_own as count_drafts
from kunak.journeys.fold import fold
from kunak.journeys.keys import JOURNEY, PLACES, holds_places, is_coordinator, offer_voice
from kunak.journeys.next_steps import NextStep, next_steps
from kunak.journeys.pages import add_routes
from kunak.journeys.records import Known, Party, cases_of_parties, party_of_case
from kunak.journeys.records import read as read_known
from kunak.journeys.standing import Proposal, Standing, standing_of
from kunak.journeys.tables import SCHEMA as schema  # noqa: N811 - the room's protocol calls it so
from kunak.journeys.told import NotNext, NotYet, take_back_what_is_over, withdraw_what_is_over
from kunak.journeys.watching import Watching

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
