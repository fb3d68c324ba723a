"""What was agreed with whom, and what came of it, as it stands in the tables: phrases, expected times, check-ins, alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kunak.journeys.known import carried_events as carried
from kunak.journeys.known import keys, records
from kunak.vault.multivalue import Value

from . import carriers
from .checkin import Heard, Watch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kunak.vault.store import Database


def party_of(home: str) -> str:
    return "party/" + home.removeprefix(keys.JOURNEY)


def agreed_for(db: Database, whose: str) -> list[tuple[tuple[str, str], int]]:
    """Every pair of phrases that holds, several if helpers disagree, with since when."""
    found = [
        (msgspec.json.decode(value.value, type=tuple[str, str]), value.time) for value in carriers.phrases(db, whose)
    ]
    return [(agreed, time) for agreed, time in found if any(agreed)]


def cases_with_phrases(db: Database) -> list[str]:
    rows = db.execute(
        """SELECT DISTINCT subject FROM journeys_values WHERE subject >= 'case/' AND subject < 'case0' AND field = 'phrases'
           AND head = 1 ORDER BY subject"""
    ).fetchall()
    return [row[0].removeprefix("case/") for row in rows]


def watch_records(db: Database, whose: str = "") -> list[tuple[str, records.Record[carried.WatchKept]]]:
    """Whose, and the watch as it is kept."""
    first, end = (f"watch/{whose}", f"watch/{whose}") if whose else ("watch/", "watch0")
    rows = db.execute(
        """SELECT subject, field, entry, value, author, time FROM journeys_values WHERE subject >= ? AND subject <= ? AND head = 1
           ORDER BY subject, field, time DESC, entry""",
        (first, end),
    ).fetchall()
    decoder = msgspec.json.Decoder(carried.WatchKept)
    found: dict[tuple[str, str], list[Value]] = {}
    for subject, name, entry, value, author, time in rows:
        found.setdefault((subject.removeprefix("watch/"), name), []).append(
            Value(entry, value, author, time, head=True)
        )
    kept = [(whose, records.record(values, decoder)) for (whose, _), values in found.items()]
    # Taken away by one helper and kept by another: it is kept.
    return [(whose, record) for whose, record in kept if not all(each.gone for each in (record.kept, *record.others))]


def watches(db: Database) -> Iterator[tuple[str, Watch]]:
    """What is expected of whom; where helpers disagree, everything that any of them expects."""
    for whose, record in watch_records(db):
        for kept in (record.kept, *record.others):
            if not kept.gone:
                yield whose, Watch(kept.watch, kept.due, kept.grace, kept.every, kept.until, record.time)


def checkins(db: Database, whose: str) -> list[Heard]:
    """One for each letter, as the first desk that saw it had it; and each that a helper heard."""
    rows = db.execute(
        """SELECT max(after), min(by) FROM journeys_checkins WHERE whose = ? AND source <> '' GROUP BY source
           UNION ALL SELECT after, by FROM journeys_checkins WHERE whose = ? AND source = ''""",
        (whose, whose),
    ).fetchall()
    return [Heard(after, by) for after, by in rows]


def is_raised(db: Database, home: str, alarm: str) -> bool:
    return (
        db.execute("SELECT 1 FROM journeys_alarms WHERE home = ? AND alarm = ?", (home, alarm)).fetchone() is not None
    )
