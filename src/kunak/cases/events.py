"""What can happen in a case: the bodies of its entries (docs/formats/entry.md).

They stand in `case:<id>`; `Identified` and `ContactKept` stand in `identity:<id>`, which has a grant of its own: who helps with a
journey need not know a name. Ids are lower-case hex; `replaces` names the entries whose value this one replaces.
"""

from __future__ import annotations

import msgspec
from msgspec import field as part


class Opened(msgspec.Struct, frozen=True, tag="cases.opened"):
    """The case exists. The pseudonym says nothing about the person."""

    pseudonym: str
    language: str


class Described(msgspec.Struct, frozen=True, tag="cases.described"):
    """`field`: pseudonym, status (open, waiting, closed) or summary."""

    field: str
    value: str
    replaces: list[str] = part(default_factory=list)


class Assigned(msgspec.Struct, frozen=True, tag="cases.assigned"):
    """Who answers for the case (a device's id; empty: nobody). Reading is not this, but a grant."""

    device: str
    replaces: list[str] = part(default_factory=list)


class RiskAssessed(msgspec.Struct, frozen=True, tag="cases.risk_assessed"):
    """`level`: 0 none known, 1 watched, 2 threatened, 3 hunted, 4 in their hands."""

    level: int
    reason: str
    replaces: list[str] = part(default_factory=list)


class NeedNamed(msgspec.Struct, frozen=True, tag="cases.need_named"):
    """`kind`: shelter, travel, documents, money, medical, legal, psychological, family, other."""

    need: str
    kind: str
    text: str


class NeedSettled(msgspec.Struct, frozen=True, tag="cases.need_settled"):
    """`state`: open, met, dropped."""

    need: str
    state: str
    replaces: list[str] = part(default_factory=list)


class TaskSet(msgspec.Struct, frozen=True, tag="cases.task_set"):
    """A task, or its new wording. `due`: a day since 1970-01-01, or null; `owner`: a device's id, or empty."""

    task: str
    text: str
    due: int | None
    owner: str
    replaces: list[str] = part(default_factory=list)


class TaskSettled(msgspec.Struct, frozen=True, tag="cases.task_settled"):
    """`state`: open, done, dropped."""

    task: str
    state: str
    replaces: list[str] = part(default_factory=list)


class Noted(msgspec.Struct, frozen=True, tag="cases.noted"):
    """A note that belongs to the case's record."""

    text: str


class Talked(msgspec.Struct, frozen=True, tag="cases.talked"):
    """Helpers talk about the case."""

    text: str


class Identified(msgspec.Struct, frozen=True, tag="cases.identified"):
    """`field`: name, born, home, phone, documents, relatives, appearance, other."""

    field: str
    value: str
    replaces: list[str] = part(default_factory=list)


class ContactKept(msgspec.Struct, frozen=True, tag="cases.contact_kept"):
    """Somebody around the person. `safe`: yes, no, unknown; an empty name takes the contact away."""

    contact: str
    name: str
    relation: str
    reach: str
    safe: str
    replaces: list[str] = part(default_factory=list)


Event = (
    Opened
    | Described
    | Assigned
    | RiskAssessed
    | NeedNamed
    | NeedSettled
    | TaskSet
    | TaskSettled
    | Noted
    | Talked
    | Identified
    | ContactKept
)

_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def decode(body: bytes) -> Event:
    """The event of a body. Raises msgspec.ValidationError when this desk is too old for it, or the body is wrong."""
    return _decoder.decode(body)
