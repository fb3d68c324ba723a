"""The brain of disclosure: of which step anybody may be told what, and which told words no longer hold. Pure.

Nobody is told of a step before the one before it is confirmed as arrived (next_steps.py), nor earlier than a few days ahead, nor of one
that failed. Whoever has done their part keeps no words of it: a seized code yields the one leg that is now being carried.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kunak.journeys.known.carried_events import Part

DAYS_AHEAD: Final = 7
NIGHT_BEFORE: Final = 1  # a departure at night is the evening before for whoever writes it down


class Step(Protocol):
    """The next step of a party (next_steps.py)."""

    @property
    def party(self) -> str: ...
    @property
    def leg(self) -> str: ...
    @property
    def day(self) -> int: ...
    @property
    def origin(self) -> str: ...
    @property
    def to(self) -> str: ...
    @property
    def state(self) -> str: ...


@dataclass(frozen=True)
class Carries:
    """What a carrier carries: places of a host, legs of a driver, pools of an escort. `mailbox`: in which they read now."""

    carrier: str
    kind: str
    mailbox: str = ""
    places: Sequence[str] = ()
    legs: Sequence[str] = ()
    pools: Sequence[str] = ()


@dataclass(frozen=True)
class Duty:
    """A carrier's part of a step. The person's has no carrier."""

    part: Part
    carrier: str
    party: str
    leg: str
    day: int


@dataclass(frozen=True)
class Told:
    """Words that stand in a mailbox, or wait to be sent: whose part of which step they tell."""

    message: str
    duty: Duty
    mailbox: str = ""
    text: str = ""
    author: str = ""
    time: int = 0


def may_have_begun(step: Step, today: int) -> bool:
    """Whether this step can have been set out on by now. An arrival that was confirmed too early, by a slip of the hand, would open the
    step after it to those who carry it."""
    return today >= step.day - NIGHT_BEFORE


def may_be_told(step: Step, today: int) -> bool:
    """Whether anybody may hear of this step now; it is the next one of its party already."""
    return step.state != "failed" and step.day - today <= DAYS_AHEAD


def duties(step: Step, carriers: Iterable[Carries], pool: str | None) -> list[Duty]:
    """Everybody who has a part in this step: the person, where they leave, who drives, who travels along, where they come to."""

    def duty(part: Part, carrier: str) -> Duty:
        return Duty(part, carrier, step.party, step.leg, step.day)

    found = [duty("person", "")]
    for each in carriers:
        if each.kind == "host" and step.origin in each.places and step.state != "left":
            found.append(duty("from", each.carrier))
        if each.kind == "host" and step.to in each.places:
            found.append(duty("to", each.carrier))
        if each.kind == "driver" and step.leg in each.legs:
            found.append(duty("drive", each.carrier))
        if each.kind == "escort" and pool is not None and pool in each.pools:
            found.append(duty("escort", each.carrier))
    return found


def is_open(duty: Duty, steps: Mapping[str, Step], today: int) -> bool:
    """Whether this part may be told now: the very step is the next one of that very party, and this part of it is not over."""
    step = steps.get(duty.party)
    if step is None or (step.leg, step.day) != (duty.leg, duty.day) or not may_be_told(step, today):
        return False
    return duty.part != "from" or step.state != "left"


def stale(told: Iterable[Told], steps: Mapping[str, Step], today: int, carriers: Iterable[Carries]) -> list[Told]:
    """Told words that must go: of a step that is no longer next, of a part that is over, in a mailbox that is nobody's any more."""
    read_in = {each.carrier: each.mailbox for each in carriers} | {"": ""}
    return [
        each for each in told if not is_open(each.duty, steps, today) or read_in.get(each.duty.carrier) != each.mailbox
    ]
