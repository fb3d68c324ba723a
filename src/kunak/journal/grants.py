"""Who may know: the events by which devices come, go, and are given secrets. docs/formats/grant.md.

They are entries like all others. Grants and recoveries travel in pairwise compartments (`to:<device>`), the rest in `roster`
or in the compartment that it speaks of.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Literal

import msgspec

from kunak.journal.entry import Count, DeviceId, Hex16, Hex32

ROSTER = "roster"
INTAKE = "intake"
# What coordinators share: places, ways, plans, and the mailboxes of hosts, drivers and escorts.
PLACES = "places"
# Nobody writes in it: its secret is the seed of the organisation's root key, granted to admins and to the recovery device.
ROOT = "root"
# The pseudo-device whose keys derive from the recovery secret. Its id is the same in every organisation.
RECOVERY = DeviceId(hashlib.sha256(b"kunak/1 recovery").digest()[:16].hex())
NO_EPOCH = 0  # pairwise compartments have no epochs

Role = Literal[
    "caseworker",
    "coordinator",
    "documenter",
    "analyst",
    "treasurer",
    "spokesperson",
    "admin",
    "admin+caseworker",
    "recovery",
]


class Grant(msgspec.Struct, frozen=True, tag="grant"):
    """A compartment's secret for one epoch. `since`: the relay's position before the compartment's first envelope."""

    compartment: str
    epoch: Count
    secret: bytes
    members: list[Hex16]
    since: Count


class Member(msgspec.Struct, frozen=True, tag="member"):
    """Said in the compartment itself, so that all who read know who else does."""

    device: Hex16
    epoch: Count


class Invited(msgspec.Struct, frozen=True, tag="roster.invited"):
    """A one-use device key stands in the relay's roster until somebody joins with it, or until `last_day`."""

    invitation: Hex16
    key: Hex32
    role: Role
    callsign: str
    last_day: Count


class InvitationWithdrawn(msgspec.Struct, frozen=True, tag="roster.invitation_withdrawn"):
    invitation: Hex16


class DeviceAdmitted(msgspec.Struct, frozen=True, tag="roster.device_admitted"):
    """`key` Ed25519, `agreement` X25519, `recipient` age1pq1…; `invitation` empty for the founder and the recovery device."""

    device: Hex16
    key: Hex32
    agreement: Hex32
    recipient: str
    role: Role
    callsign: str
    invitation: str = ""


class RecipientRenewed(msgspec.Struct, frozen=True, tag="roster.recipient_renewed"):
    """By the device itself, every week; what was sealed to the old one opens with nothing once that is destroyed."""

    recipient: str


class DeviceRevoked(msgspec.Struct, frozen=True, tag="roster.device_revoked"):
    """Counts from the position at which the relay keeps this entry: what the device sent before remains true."""

    device: Hex16


class KeyOffered(msgspec.Struct, frozen=True, tag="roster.key_offered"):
    """By a desk that opens letters: the public half of `intake` (the reply key, hex) or of a week (age1pq1…), for the helpline
    document that admins sign without holding any of them. By a coordinator's: that of `places`, which signs what hosts are told."""

    compartment: str
    epoch: Count
    key: str


class GrantAsked(msgspec.Struct, frozen=True, tag="roster.grant_asked"):
    """By a device that could not open what was sent to it (it was away longer than its recipients live): grant again."""


def pairwise(receiver: str) -> str:
    return f"to:{receiver}"


def is_pairwise(compartment: str) -> bool:
    return compartment.startswith("to:")


def is_week(compartment: str) -> bool:
    return compartment.startswith("week:")


def week_of(day: int) -> str:
    """The compartment of the week (ISO 8601, Monday to Sunday) in which `day` (since 1970-01-01) falls: `week:2017-14`."""
    year, week, _ = (_EPOCH + timedelta(days=day)).isocalendar()
    return f"week:{year}-{week:02}"


def first_day(week: str) -> int:
    """The Monday of a week compartment, in days since 1970-01-01."""
    year, number = week.removeprefix("week:").split("-")
    return (date.fromisocalendar(int(year), int(number), 1) - _EPOCH).days


def held_by_role(role: str) -> tuple[str, ...]:
    """Compartments that an admin's desk grants to a role when it is admitted. `intake` and the weeks are granted by those who open
    letters (desk/letter_keys.py); cases follow by assignment, never by role."""
    return (ROSTER, ROOT) if is_admin(role) else (ROSTER,)


def is_admin(role: str) -> bool:
    """Whether a role admits, revokes, and holds the root key."""
    return role in ("admin", "admin+caseworker", "recovery")


def opens_letters(role: str) -> bool:
    """Whether a role is granted `intake` and the keys of the weeks. An admin is not, unless caseworker too."""
    return role in ("caseworker", "admin+caseworker")


def of_letters(compartment: str) -> bool:
    """Whether who holds this compartment opens what persons write to nobody yet."""
    return compartment == INTAKE or is_week(compartment)


def is_offered(compartment: str) -> bool:
    """Whether the public half of this compartment stands in the helpline document."""
    return of_letters(compartment) or compartment == PLACES


def may_offer(role: str, compartment: str) -> bool:
    """Whether a role's desks say which public half of this compartment is right."""
    return role == "coordinator" if compartment == PLACES else opens_letters(role)


_EPOCH = date(1970, 1, 1)
