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
    mine = "and owner = ?" if owner else ""
    rows = db.execute(
        f"""select {COLUMNS} from cases_cases where known = 1 and status = ? {mine}
            order by {ORDERS[order]} limit ? offset ?""",  # noqa: S608 - our own words
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
    """Open tasks of all cases, the earliest due day first, those without a day last."""
    mine = "and t.owner = ?" if owner else ""
    rows = db.execute(
        f"""select t.case_id, c.pseudonym, t.task, t.text, t.due, t.owner, t.disputed
            from cases_tasks t join cases_cases c on c.case_id = t.case_id
            where t.state = 'open' and c.known = 1 and c.status <> 'closed' {mine}
            order by t.due is null, t.due, t.case_id, t.task limit ? offset ?""",  # noqa: S608
        (*([owner] if owner else []), limit, after),
    )
    return [TaskLine(row[0], row[1], row[2], row[3], row[4], row[5], "open", bool(row[6])) for row in rows]


def count_overdue(db: Database, today: int) -> int:
    """Open tasks whose day has passed."""
    row = db.execute("select count(*) from cases_tasks where state = 'open' and due < ?", (today,)).fetchone()
    return int(row[0])
