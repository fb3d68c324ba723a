"""The brain of check-ins: what a letter says, whose word is overdue, how loud an alarm is. Pure: clocks are given.

A check-in is **missed** only if a complete sync was had after its time and its grace were over, and nothing that can be it had come.
A desk without a network, a machine that slept and a clock that jumped forward have had no such sync: they cannot know, and say so
(`unknown`). A desk that goes on trying and hears nothing says in the end that somebody must look (`is_deaf_too_long`). Since when a sync was had is by this desk's own clock, which the relay has vouched for within five minutes.

Letters carry a day, not an hour. So each check-in is an interval, from the last moment at which it was surely not there to the first
at which it surely was. It counts for one expected time whose window it touches: uncertainty never raises an alarm, and one word never
answers for two.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HOUR: Final = 3_600
LOOKED_AT: Final = 40  # expected times of one watch that are looked at, the newest
LONE_EARLY: Final = 12 * HOUR  # how much too early a single check-in may come
# So long a coordinator waits for a desk that can read the person's letters, and any desk for its network.
UNHEARD_AFTER: Final = HOUR
DEAF: Final = HOUR // 2  # awake and without a sync for so long: no laptop that was opened a moment ago, no tunnel
QUIET: Final = {"missed": HOUR // 2, "unheard": HOUR // 2}  # seconds until everybody's bar shows it
AT_ONCE: Final = ("duress", "carrier")  # a person may be in somebody's hands
LOUD: Final = 2 * HOUR  # after these it is shown as loudly as the desk can
TAKEN: Final = 2 * HOUR  # so long a helper's "I see to it" keeps it from growing louder
EYES: Final = 2  # helpers who close an alarm
SLIP_EVERY: Final = 5  # letters of a phrase for each slip of typing that is forgiven, three at most
MOST_SLIPS: Final = 3
SHORTEST: Final = 6  # letters of a phrase, so that it cannot be met by chance


# --- phrases


def plain(text: str) -> str:
    """As it is compared: letters and digits in lower case, ё as е, one space between words."""
    lowered = text.lower().replace("ё", "е").replace("й", "и")
    return " ".join(re.findall(r"\w+", lowered))


def says(text: str, phrase: str) -> bool:
    """Whether the phrase stands in the text, slips of typing forgiven."""
    wanted = plain(phrase)
    return len(wanted) >= SHORTEST and _distance_within(wanted, plain(text)) <= _slips(wanted)


def understood(text: str, ordinary: str, duress: str) -> str:
    """`duress`, `ordinary` or empty. What is near to both counts as the nearer, and as duress if it is as near: a false alarm costs a
    phone call."""
    heard, good, bad = plain(text), plain(ordinary), plain(duress)
    far = {
        name: _distance_within(said, heard) if len(said) >= SHORTEST else None
        for name, said in (("o", good), ("d", bad))
    }
    fits = {name for name, said in (("o", good), ("d", bad)) if (d := far[name]) is not None and d <= _slips(said)}
    if "d" in fits and ("o" not in fits or (far["d"] or 0) <= (far["o"] or 0)):
        return "duress"
    return "ordinary" if "o" in fits else ""


def clash(ordinary: str, duress: str) -> str:
    """Why two phrases cannot be agreed: `short`, `alike`, or empty. Slips in one must never make it the other."""
    good, bad = plain(ordinary), plain(duress)
    if min(len(good), len(bad)) < SHORTEST:
        return "short"
    between = min(_distance_within(good, bad), _distance_within(bad, good))
    return "alike" if between <= _slips(good) + _slips(bad) else ""


def _slips(phrase: str) -> int:
    return min(MOST_SLIPS, len(phrase) // SLIP_EVERY)


def _distance_within(phrase: str, text: str) -> int:
    """The least number of changed, missing or surplus letters between the phrase and any stretch of the text (Sellers 1980)."""
    row = [0] * (len(text) + 1)
    for number, letter in enumerate(phrase, start=1):
        before, row[0] = row[0], number
        for at, other in enumerate(text, start=1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (letter != other))
    return min(row)


# --- expected times


@dataclass(frozen=True)
class Watch:
    """`due` first, then each `every` seconds (0: once) until `until` (0: without end); `grace` seconds late is not late. `since`: when
    it was agreed: nothing was expected before."""

    watch: str
    due: int
    grace: int
    every: int = 0
    until: int = 0
    since: int = 0

    @property
    def early(self) -> int:
        return self.every // 2 if self.every else LONE_EARLY


@dataclass(frozen=True)
class Heard:
    """A check-in that came between these two moments."""

    after: int
    by: int


@dataclass(frozen=True)
class Judged:
    """Expected times that nobody kept, that this desk cannot judge, and the next one (None: none is left)."""

    missed: Sequence[int]
    unknown: Sequence[int]
    following: int | None


def expected(watch: Watch, until: float) -> list[int]:
    """Expected times up to a moment, the newest `LOOKED_AT`."""
    last = min(until, watch.until or until)
    if not watch.every:
        return [watch.due] if watch.since <= watch.due <= last else []
    newest = int((last - watch.due) // watch.every)
    found = [watch.due + n * watch.every for n in range(max(0, newest - LOOKED_AT + 1), newest + 1)]
    return [due for due in found if due >= watch.since]


def judge(watch: Watch, heard: Iterable[Heard], now: float, synced: float | None, patience: int = 0) -> Judged:
    """`synced`: when the last complete sync was had, by this desk's clock. `patience`: seconds that others have to say what they know."""
    # Time was at least where a sync was had, even if the clock has been set back since.
    now = max(now, synced or 0)
    unused = sorted(heard, key=lambda each: (each.by, each.after))
    missed, unknown = [], []
    for due in expected(watch, now):
        end = due + watch.grace
        came = next((each for each in unused if each.by >= due - watch.early and each.after <= end), None)
        if came is not None:
            unused.remove(came)
        elif now < end + patience:
            continue
        elif synced is not None and synced >= end + patience:
            missed.append(due)
        else:
            unknown.append(due)
    return Judged(missed, unknown, following(watch, now))


def is_deaf_too_long(end: float, now: float, deaf: float) -> bool:
    """Whether a desk that cannot know must say that nobody does. `end`: of the time of grace; `deaf`: for how many seconds in which the
    machine was awake it has tried in vain."""
    return now >= end + UNHEARD_AFTER and deaf >= DEAF


def following(watch: Watch, now: float) -> int | None:
    """The next expected time that is not over."""
    if now <= watch.due + watch.grace:
        return watch.due
    if not watch.every:
        return None
    due = watch.due + int((now - watch.grace - watch.due) // watch.every + 1) * watch.every
    return due if not watch.until or due <= watch.until else None


# --- alarms


class Level(IntEnum):
    """How loudly an alarm is shown: to who keeps the watch and to whoever looks; on everybody's pages; as loudly as the desk can."""

    QUIET = 1
    SHOWN = 2
    LOUD = 3


def alarm_id(home: str, kind: str, source: str) -> str:
    """Two desks that notice the same thing raise the same alarm. `source`: a letter's fact, or a watch and its time."""
    return hashlib.sha256(f"kunak/1 alarm\0{home}\0{kind}\0{source}".encode()).hexdigest()[:32]


def level(kind: str, since: float, now: float, taken: float | None) -> Level:
    """Louder with time; whoever sees to it stops that for two hours. A clock that went back makes nothing quieter than it began."""
    if taken is not None and now - taken < TAKEN:
        return Level.SHOWN
    age = max(0.0, now - max(since, taken or 0))
    if taken is not None or age >= LOUD:
        return Level.LOUD
    if kind in AT_ONCE:
        return Level.LOUD
    return Level.SHOWN if age >= QUIET.get(kind, 0) else Level.QUIET


def closed_by(words: Iterable[tuple[str, bool]]) -> list[str]:
    """Helpers whose word closes it, each once: (callsign, whether the word counts). Two devices of one helper are one helper."""
    return list(dict.fromkeys(helper for helper, counts in words if counts))
