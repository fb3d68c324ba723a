"""Alarms as this desk knows them: what happened, who sees to it, who has closed it; and the words that helpers say to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kunak.journeys.known import carried_events as carried

from . import checkin
from .checkin import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kunak.vault.roster import Roster
    from kunak.vault.store import Database
    from kunak.vault.worktop import Worktop

# A helper who was revoked may have been an officer: for so long their word closes nothing.
DOUBT_SECONDS: Final = 30 * 86_400
DEVICE_LETTERS: Final = 6


@dataclass(frozen=True)
class Word:
    """What a helper said to an alarm; `counts`: it helps to close it."""

    helper: str
    time: int
    note: str
    counts: bool


@dataclass(frozen=True)
class Alarm:
    """`home`: the compartment in which it stands; `entry` empty: this desk has noticed it and nobody has written it down yet."""

    alarm: str
    home: str
    kind: str
    whose: str
    since: int
    entry: str = ""
    taken: Sequence[tuple[str, int]] = ()
    words: Sequence[Word] = ()

    @property
    def closers(self) -> list[str]:
        return checkin.closed_by((word.helper, word.counts) for word in self.words)

    @property
    def closed(self) -> bool:
        return len(self.closers) >= checkin.EYES

    def level(self, now: float) -> Level:
        newest = max((time for _, time in self.taken), default=None)
        return checkin.level(self.kind, self.since, now, newest)


def all_of_them(db: Database, roster: Roster, now: float) -> list[Alarm]:
    """Every alarm that this desk may read, the newest first."""
    found: dict[tuple[str, str], Alarm] = {}
    rows = db.execute(
        "SELECT alarm, home, kind, whose, since, entry FROM journeys_alarms ORDER BY time, entry"
    ).fetchall()
    for alarm, home, kind, whose, since, entry in rows:
        if (home, alarm) not in found:
            taken, words = _said(db, roster, alarm, home, since, now)
            found[home, alarm] = Alarm(alarm, home, kind, whose, since, entry, taken, words)
    return sorted(found.values(), key=lambda each: (-each.since, each.home, each.alarm))


def _said(
    db: Database, roster: Roster, alarm: str, home: str, since: int, now: float
) -> tuple[list[tuple[str, int]], list[Word]]:
    rows = db.execute(
        "SELECT author, time, closed, note FROM journeys_alarm_words WHERE alarm = ? AND home = ? ORDER BY time, entry",
        (alarm, home),
    ).fetchall()
    taken, words = [], []
    for author, time, closed, note in rows:
        device = roster.get(author)
        helper = device.callsign if device is not None else author[:DEVICE_LETTERS]
        if not closed:
            taken.append((helper, time))
            continue
        trusted = device is not None and (device.active or now - since > DOUBT_SECONDS)
        words.append(Word(helper, time, note, trusted))
    return taken, words


def raise_all(top: Worktop, alarms: Sequence[Alarm]) -> None:
    """Write down what this desk has noticed, where the desks concerned read it."""
    for each in alarms:
        if not each.entry and top.keyring.holds(each.home):
            said = carried.AlarmRaised(each.alarm, each.kind, each.whose, each.since)  # type: ignore[arg-type]
            top.pen.write(each.home, [said])


def take(top: Worktop, alarm: Alarm) -> None:
    """This helper sees to it. Raises NotHeld."""
    with top.vault.transaction():
        raise_all(top, [alarm])
        top.pen.write(alarm.home, [carried.AlarmTaken(alarm.alarm)])


def close(top: Worktop, alarm: Alarm, note: str) -> None:
    """This helper's word that it is over. Raises NotHeld."""
    with top.vault.transaction():
        raise_all(top, [alarm])
        top.pen.write(alarm.home, [carried.AlarmClosed(alarm.alarm, note)])
