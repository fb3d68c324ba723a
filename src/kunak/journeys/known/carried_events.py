"""What can happen on the way: who carries a leg, what they were told, when somebody is expected to write, alarms.

Bodies of entries (docs/formats/journeys.md). Where one stands says who may know: `places` is the coordinators', `journey:<party>`
theirs and that case's helpers', `case:<id>` the case's alone. Moments are Unix seconds, days are days since 1970-01-01.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import field

CarrierKind = Literal["host", "driver", "escort"]
AlarmKind = Literal["duress", "missed", "unheard", "carrier"]
Part = Literal["from", "to", "drive", "escort", "person"]


class CarrierKept(msgspec.Struct, frozen=True, tag="journeys.carrier_kept"):
    """A host, driver or escort, by pseudonym. `places`: where a host takes people in; `legs`: what a driver drives; `pools`: where an
    escort belongs. `gone`: carries no longer."""

    carrier: str
    kind: CarrierKind
    name: str
    language: str
    places: list[str] = field(default_factory=list)
    legs: list[str] = field(default_factory=list)
    pools: list[str] = field(default_factory=list)
    note: str = ""
    gone: bool = False
    replaces: list[str] = field(default_factory=list)


class MailboxGiven(msgspec.Struct, frozen=True, tag="journeys.mailbox_given"):
    """What is needed to write to a carrier and to find their letters; the code itself is kept nowhere. `mailbox`: hex."""

    carrier: str
    mailbox: str
    recipient: bytes
    letter_key: bytes
    replaces: list[str] = field(default_factory=list)


class PhrasesAgreed(msgspec.Struct, frozen=True, tag="journeys.phrases_agreed"):
    """`ordinary` says that all is well, `duress` that somebody forces them to say so. Of a carrier in `places`, of a case's person in
    `case:<id>`, whatever `carrier` says there. Both empty: nothing is agreed any more."""

    carrier: str
    ordinary: str
    duress: str
    replaces: list[str] = field(default_factory=list)


class StepDetailed(msgspec.Struct, frozen=True, tag="journeys.step_detailed"):
    """What a plan does not say of the step that is next. `begin`, `end`: hours of that day as HH:MM, or empty."""

    party: str
    leg: str
    day: int
    begin: str = ""
    end: str = ""
    meet: str = ""
    bring: str = ""
    sign: str = ""
    replaces: list[str] = field(default_factory=list)


class Told(msgspec.Struct, frozen=True, tag="journeys.told"):
    """Somebody was told their part of a step. `message`: the reply's id, or the draft's where `part` is the person's (`carrier` and
    `mailbox` are empty then)."""

    message: str
    mailbox: str
    carrier: str
    part: Part
    party: str
    leg: str
    day: int
    text: str


class TakenBack(msgspec.Struct, frozen=True, tag="journeys.taken_back"):
    """These words no longer hold: they are gone from the mailbox, read or unread."""

    messages: list[str]


class LettersHeard(msgspec.Struct, frozen=True, tag="journeys.letters_heard"):
    """Letters of carriers that need nothing more: every desk forgets their words."""

    letters: list[str]


class WatchKept(msgspec.Struct, frozen=True, tag="journeys.watch_kept"):
    """When somebody is expected to write: at `due`, then `every` so many seconds (0: once) up to `until`; `grace` seconds late is not
    late. Of a carrier in `places`; of a party in `journey:<party>`, whatever `whose` says there. `gone`: no longer."""

    watch: str
    whose: str
    due: int
    grace: int
    every: int = 0
    until: int = 0
    gone: bool = False
    replaces: list[str] = field(default_factory=list)


class CheckedIn(msgspec.Struct, frozen=True, tag="journeys.checked_in"):
    """Somebody said that all is well, at some moment between `after` and `by`. `source`: the fact of the letter, or empty when a
    helper heard it."""

    whose: str
    after: int
    by: int
    source: str = ""


class AlarmRaised(msgspec.Struct, frozen=True, tag="journeys.alarm_raised"):
    """`alarm`: an id that follows from what happened, so that two desks which notice it raise one alarm (checkin.py). `kind`: duress
    (the phrase came), missed (nothing came), unheard (no desk that could know has looked), carrier (one of these of who carries the party). `whose`: `carrier/<id>`, `party/<id>` or
    `case/<id>`. It counts, and is closed, in the compartment in which it stands."""

    alarm: str
    kind: AlarmKind
    whose: str
    since: int


class AlarmTaken(msgspec.Struct, frozen=True, tag="journeys.alarm_taken"):
    """The author sees to it."""

    alarm: str


class AlarmClosed(msgspec.Struct, frozen=True, tag="journeys.alarm_closed"):
    """The author's own word that it is over; two different helpers close it. `note`: what was found."""

    alarm: str
    note: str


CarriedEvent = (
    CarrierKept
    | MailboxGiven
    | PhrasesAgreed
    | StepDetailed
    | Told
    | TakenBack
    | LettersHeard
    | WatchKept
    | CheckedIn
    | AlarmRaised
    | AlarmTaken
    | AlarmClosed
)

OF_PLACES = (CarrierKept, MailboxGiven, StepDetailed, Told, TakenBack, LettersHeard)
OF_ALARMS = (AlarmRaised, AlarmTaken, AlarmClosed)
