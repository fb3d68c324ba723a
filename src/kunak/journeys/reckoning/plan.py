"""A plan: a journey for every party, a proven bound, and for everybody who must stay in danger a reason to check."""

from __future__ import annotations

from typing import Literal

import msgspec

from .scenario import Step

Code = Literal[
    "beds", "max_parties", "closed", "compromised", "admits", "max_stay", "forbidden", "seats",
    "escort", "intake", "budget", "apart", "documents", "wanted", "need", "earliest",
]  # fmt: skip


class Journey(msgspec.Struct, frozen=True):
    """The departures in their order, and the nights spent without a bed."""

    steps: tuple[Step, ...] = ()
    unsheltered: tuple[int, ...] = ()


class Blocker(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that would have to give way."""

    code: Code
    place: str | None = None
    leg: str | None = None
    day: int | None = None
    pool: str | None = None
    week: int | None = None
    party: str | None = None


class Blocked(msgspec.Struct, frozen=True):
    """A better journey, and exactly what stands in its way."""

    witness: Journey
    blocked_by: tuple[Blocker, ...]


class BetterToWait(msgspec.Struct, frozen=True):
    """Even alone in an empty network no journey is better than waiting."""

    better_to_wait: Literal[True] = True


class Plan(msgspec.Struct, frozen=True):
    scenario: str
    journeys: dict[str, Journey]
    reasons: dict[str, Blocked | BetterToWait]
    bound: int | None = None
    format: Literal["kunak-plan/1"] = "kunak-plan/1"
    meta: dict[str, int | float | str] = {}


def write_plan(plan: Plan) -> bytes:
    """The bytes of the plan, party by party in the order of the scenario."""
    return msgspec.json.format(msgspec.json.encode(plan), indent=1) + b"\n"
