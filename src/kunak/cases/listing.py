"""Cases and tasks as lists are read: a page at a time, each by one indexed question."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kunak.vault.store import Database

PAGE = 50


class Order(StrEnum):
    ACTIVITY = "activity"
    RISK = "risk"
    DUE = "due"


@dataclass(frozen=True)
class CaseLine:
    """`risk` 0 to 4, the highest on which helpers stand; `owner`: device ids; `due`: day of the next open task."""

    case: str
    pseudonym: str
    language: str
    status: str
    risk: int
    owner: list[str]
    tasks: int
    due: int | None
    needs: int
    opened: int
    activity: int


@dataclass(frozen=True)
class TaskLine:
    case: str
    pseudonym: str
    task: str
    text: str
    due: int | None
    owner: str
    state: str
    disputed: bool


COLUMNS = "case_id, pseudonym, language, status, risk, owner, tasks, due, needs, opened, activity"
ORDERS = {
    Order.ACTIVITY: "activity desc, case_id",
    Order.RISK: "risk desc, activity desc, case_id",
    Order.DUE: "due is null, due, case_id",
}


def _case(row: Any) -> CaseLine:
    values = list(row)
    values[5] = values[5].split()
    return CaseLine(*values)


def page(db: Database, status: str, order: Order, owner: str = "", after: int = 0, limit: int = PAGE) -> list[CaseLine]:
    """Cases of one status; with `owner`, those that this device answers for."""
    mine = "AND owner = ?" if owner else ""
    # The inner question is answered from an index alone, so that a far page costs no more than a near one.
    rows = db.execute(
        f"""SELECT {COLUMNS} FROM cases_cases WHERE case_id IN (SELECT case_id FROM cases_cases
            WHERE known = 1 AND status = ? {mine} ORDER BY {ORDERS[order]} LIMIT ? OFFSET ?) ORDER BY {ORDERS[order]}""",  # noqa: S608 - our own words
        (status, *([owner] if owner else []), limit, after),
    )
    return [_case(row) for row in rows]


def count(db: Database) -> dict[str, int]:
    """How many cases of each status this desk may read."""
    return dict(db.execute("select status, count(*) from cases_cases where known = 1 group by status").fetchall())


def line(db: Database, case: str) -> CaseLine | None:
    row = db.execute(f"select {COLUMNS} from cases_cases where case_id = ? and known = 1", (case,)).fetchone()  # noqa: S608
    return _case(row) if row else None


def lines(db: Database, wanted: list[str]) -> dict[str, CaseLine]:
    marks = ",".join("?" * len(wanted))
    rows = db.execute(f"select {COLUMNS} from cases_cases where known = 1 and case_id in ({marks})", wanted)  # noqa: S608
    return {row[0]: _case(row) for row in rows}


def tasks(db: Database, owner: str = "", after: int = 0, limit: int = PAGE) -> list[TaskLine]:
    """Open tasks of all cases that are not closed, the earliest due day first, those without a day last."""
    mine = "AND owner = ?" if owner else ""
    order = "due IS NULL, due, case_id, task"
    rows = db.execute(
        f"""SELECT t.case_id, c.pseudonym, t.task, t.text, t.due, t.owner, t.disputed
            FROM (SELECT case_id, task FROM cases_tasks WHERE state = 'open' AND listed = 1 {mine}
                  ORDER BY {order} LIMIT ? OFFSET ?) w
            JOIN cases_tasks t ON t.case_id = w.case_id AND t.task = w.task
            JOIN cases_cases c ON c.case_id = t.case_id
            ORDER BY t.due IS NULL, t.due, t.case_id, t.task""",  # noqa: S608 - our own words
        (*([owner] if owner else []), limit, after),
    )
    return [TaskLine(row[0], row[1], row[2], row[3], row[4], row[5], "open", bool(row[6])) for row in rows]


def count_overdue(db: Database, today: int) -> int:
    """Open tasks whose day has passed."""
    row = db.execute(
        "select count(*) from cases_tasks WHERE state = 'open' AND listed = 1 AND due IS NULL = 0 AND due < ?", (today,)
    ).fetchone()
    return int(row[0])
