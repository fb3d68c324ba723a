"""What is agreed with one person or carrier: two phrases, and when they are expected to write. One set of forms for both."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from kunak.frame.words import mark
from kunak.journeys.carrying import carriers, checkin, watches
from kunak.journeys.known import carried_events as carried

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from kunak.frame.form import Form
    from kunak.frame.render import Frame
    from kunak.journeys.known.records import Record
    from kunak.vault.worktop import Worktop

LONGEST = 200
HOURS = (1, 2, 3, 4, 6, 8, 12, 24, 48, 72, 168)
TYPED = ("what", "ordinary", "duress", "due", "every", "grace")
GRACES = (15, 30, 60, 120, 240, 720)
SHORT = mark("Both phrases need at least six letters, so that nobody says them by chance.")
ALIKE = mark("The phrases are too much alike: a slip of the finger would make one the other. Choose others.")
WHEN = mark("Write the day and the hour of the first expected word, some time ahead.")


@dataclass(frozen=True)
class Agreed:
    """`pairs`: (ordinary, duress) and who agreed it, several if helpers disagree. `heard`: the newest check-in, in Unix seconds.
    `typed`: what a form said that could not be written down."""

    pairs: Sequence[tuple[str, str, str, int]]
    entries: str
    watches: Sequence[tuple[Record[carried.WatchKept], int | None]]
    heard: int | None
    typed: Mapping[str, str]


class Agreeing:
    def __init__(self, top: Worktop, frame: Frame) -> None:
        self._top, self._frame = top, frame

    def shown(self, whose: str, expected_of: str = "", form: Form | None = None) -> Agreed:
        """`whose` phrases; `expected_of`: whose times, if they stand elsewhere; `form`: what could not be written down."""
        db, now = self._top.vault.db, self._top.clock()
        values = carriers.phrases(db, whose)
        pairs = [
            (*msgspec.json.decode(value.value, type=tuple[str, str]), value.author, value.time) for value in values
        ]
        of = expected_of or whose
        heard = [each.by for each in watches.checkins(db, of)]
        kept = [(record, checkin.following(_watch(record), now)) for _, record in watches.watch_records(db, of)]
        return Agreed(
            [each for each in pairs if any(each[:2])],
            " ".join(value.entry for value in values),
            kept,
            max(heard, default=None),
            {name: form[name] if form is not None else "" for name in TYPED},
        )

    def take(
        self, request: Request, form: Form, whose: str, phrases_in: str, times_in: str, expected_of: str = ""
    ) -> str:
        """Write down what the form says; a sentence if it cannot be."""
        gettext = self._frame.gettext(request)
        of = expected_of or whose
        match form["what"]:
            case "phrases":
                said = (form["ordinary"].strip()[:LONGEST], form["duress"].strip()[:LONGEST])
                wrong = checkin.clash(*said) if any(said) else ""
                if wrong:
                    sentence = {"short": SHORT, "alike": ALIKE}[wrong]
                    return gettext(sentence)
                body = carried.PhrasesAgreed(whose.partition("/")[2], *said, form["replaces"].split()[:100])
                self._top.pen.write(phrases_in, [body])
            case "watch":
                due = _moment(form["due"])
                if due is None or due <= self._top.clock():
                    return gettext(WHEN)
                every = _chosen(form["every"], HOURS) * 3_600
                grace = (_chosen(form["grace"], GRACES) or GRACES[2]) * 60
                self._top.pen.write(times_in, [carried.WatchKept(secrets.token_hex(8), of, due, grace, every)])
            case "gone":
                for _, record in watches.watch_records(self._top.vault.db, of):
                    if record.kept.watch == form["watch"]:
                        gone = msgspec.structs.replace(record.kept, gone=True, replaces=list(record.entries))
                        self._top.pen.write(times_in, [gone])
            case "heard":
                now = int(self._top.clock())
                self._top.pen.write(times_in, [carried.CheckedIn(of, now, now)])
        return ""


def _watch(record: Record[carried.WatchKept]) -> checkin.Watch:
    kept = record.kept
    return checkin.Watch(kept.watch, kept.due, kept.grace, kept.every, kept.until, record.time)


def _moment(text: str) -> int | None:
    """Unix seconds of what a field for day and hour sends, by this machine's clock."""
    try:
        return int(datetime.fromisoformat(text).astimezone().timestamp())
    except (ValueError, OverflowError, OSError):
        return None


def _chosen(text: str, among: Sequence[int]) -> int:
    return int(text) if text.isdecimal() and int(text[:6]) in among else 0
