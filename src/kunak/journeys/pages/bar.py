"""What every page of the desk says of alarms, of what it cannot know, and of words that wait to be sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kunak.journeys.carrying import drafts
from kunak.journeys.carrying.checkin import Level
from kunak.journeys.known import records
from kunak.vault.worktop import callsign

from .alarm_pages import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kunak.journeys.carrying.alarms import Alarm
    from kunak.journeys.carrying.watching import Watching
    from kunak.vault.worktop import Worktop

NAMED = 3  # alarms that the bar names; the page has them all


@dataclass(frozen=True)
class Line:
    """`kind` and `name` of an alarm, since when, and who sees to it."""

    kind: str
    name: str
    since: int
    taken: str


@dataclass(frozen=True)
class Bar:
    """`count`: alarms that nobody has closed. `lines`: those that belong on every page of this desk now; `loud`: as loudly as it can.
    `doubts`: (who, expected when) that this desk cannot know. `to_send`: by case, how many prepared words wait and since when."""

    count: int = 0
    lines: Sequence[Line] = ()
    loud: bool = False
    doubts: Sequence[tuple[str, int]] = ()
    to_send: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def bar_of(top: Worktop, watching: Watching) -> Bar:
    """Quiet alarms are shown on the pages of who keeps the watch, and counted on everybody's."""
    found, now = watching.survey(), top.clock()
    shown = [each for each in found.open if each.level(now) > Level.QUIET or _is_ours(top, each)]
    links = records.cases_of_parties(top.vault.db)
    waiting = {links[party]: each for party, each in drafts.waiting(top.vault.db).items() if party in links}
    return Bar(
        len(found.open),
        [_line(top, each) for each in shown[:NAMED]],
        any(each.level(now) is Level.LOUD for each in shown),
        [(name_of(top, doubt.whose)[0], doubt.due) for doubt in found.doubts[:NAMED]],
        {case: (len(each), min(draft.time for draft in each)) for case, each in waiting.items()},
    )


def _line(top: Worktop, alarm: Alarm) -> Line:
    taken = alarm.taken[-1][0] if alarm.taken else ""
    return Line(alarm.kind, name_of(top, alarm.whose)[0], alarm.since, taken)


def _is_ours(top: Worktop, alarm: Alarm) -> bool:
    """Whether this helper agreed the times or the phrases."""
    rows = top.vault.db.execute(
        "SELECT DISTINCT author FROM journeys_values WHERE subject IN (?, ?) AND head = 1",
        (f"watch/{alarm.whose}", alarm.whose),
    ).fetchall()
    own = top.keyring.own.callsign
    return any(callsign(top, author) == own for (author,) in rows)
