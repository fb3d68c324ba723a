"""The inbox as it is read: one line a person, the longest wait first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from kunak.helpline.people import SNIPPET

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kunak.vault.store import Database

PAGE = 50


class Waiting(StrEnum):
    """Where a person stands with us."""

    NEW = "new"  # wrote, and nobody has answered ever
    US = "us"  # we owe an answer
    THEM = "them"  # we answered last
    SPAM = "spam"


@dataclass(frozen=True)
class Line:
    """One person in the inbox. `since`: day of the oldest letter without an answer; `activity`: Unix seconds; `taken`: device ids."""

    person: str
    state: str
    since: int
    activity: int
    unattended: int
    letters: int
    language: str
    snippet: str
    case: str
    taken: list[str]
    files: int
    forget: int


COLUMNS = "person, state, since, activity, unattended, letters, language, snippet, case_id, taken, files, forget"


def line(row: Any) -> Line:
    values = list(row)
    values[7] = _whole_words(values[7])
    values[9] = values[9].split()
    return Line(*values)


def _whole_words(snippet: str) -> str:
    """On one line; a beginning that was cut ends with a word, and says that more follows."""
    shown = " ".join(snippet.split())
    if len(snippet) < SNIPPET:
        return shown
    return shown.rpartition(" ")[0].rstrip(" ,;:") + " …" if " " in shown else shown + "…"


def count(db: Database) -> dict[str, int]:
    """How many persons stand where."""
    return dict(
        db.execute("select state, count(*) from helpline_people where state <> 'none' group by state").fetchall()
    )


def page(db: Database, state: Waiting, after: int = 0, limit: int = PAGE) -> list[Line]:
    """Lines of one tab from offset `after` on. Who waits for us comes by the length of the wait, the others by the newest word."""
    order = "since, person" if state in (Waiting.NEW, Waiting.US) else "activity desc, person"
    # The inner question is answered from an index alone, so that a far page costs no more than a near one.
    rows = db.execute(
        f"""SELECT {COLUMNS} FROM helpline_people WHERE person IN
            (SELECT person FROM helpline_people WHERE state = ? ORDER BY {order} LIMIT ? OFFSET ?) ORDER BY {order}""",  # noqa: S608 - our words
        (state.value, limit, after),
    )
    return [line(row) for row in rows]


def person_line(db: Database, person: str) -> Line | None:
    row = db.execute(f"select {COLUMNS} from helpline_people where person = ?", (person,)).fetchone()  # noqa: S608
    return line(row) if row else None


def lines_of_cases(db: Database, cases: Iterable[str]) -> dict[str, list[Line]]:
    """The persons of these cases."""
    wanted = list(cases)
    marks = ",".join("?" * len(wanted))
    found: dict[str, list[Line]] = {}
    for row in db.execute(f"select {COLUMNS} from helpline_people where case_id in ({marks})", wanted):  # noqa: S608
        each = line(row)
        found.setdefault(each.case, []).append(each)
    return found
