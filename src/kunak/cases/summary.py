"""The one line that lists show of a case or task, computed from the other tables; it may be computed again at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kunak.cases.tables import PREFIX
from kunak.vault import multivalue

if TYPE_CHECKING:
    from kunak.vault.store import Database

# `+state`: else the index of all open tasks would be walked for each case.
_CASE = """
insert or replace into cases_cases
with heads as (select field, value, time, entry from cases_values where subject = :case and head = 1),
     first as (select pseudonym, language, time from cases_opened where case_id = :case order by time, entry limit 1)
select :case, exists (select 1 from first),
  coalesce((select value from heads where field = 'pseudonym' order by time desc, entry limit 1),
           (select pseudonym from first), ''),
  coalesce((select language from first), ''),
  coalesce((select value from heads where field = 'status' order by value = 'closed', time desc, entry limit 1), 'open'),
  coalesce((select max(cast(value as integer)) from heads where field = 'risk'), 0),
  coalesce((select group_concat(value, ' ') from (select distinct value from heads where field = 'owner' and value <> ''
            order by value)), ''),
  (select count(*) from cases_tasks where case_id = :case and +state = 'open'),
  (select min(due) from cases_tasks where case_id = :case and +state = 'open'),
  (select count(*) from (select distinct need from cases_needs where case_id = :case) n
   where coalesce((select min(value <> 'open') from cases_values
                   where subject = :case || '/' || n.need and field = 'need' and head = 1), 0) = 0),
  coalesce((select time from first), 0),
  coalesce((select max(time) from cases_events where case_id = :case), 0)
"""


def changed(db: Database, case: str) -> None:
    """The line of the case is no longer true: `settle` computes it again."""
    db.execute("INSERT OR IGNORE INTO cases_changed (case_id) VALUES (?)", (case,))


def settle(db: Database) -> None:
    """After a batch of facts: compute the lines again that they changed, each once.

    A risk on which helpers disagree counts as the higher one, a status as not closed. Tasks of closed cases are not listed.
    """
    rows = db.execute("SELECT case_id FROM cases_changed").fetchall()
    for (case,) in rows:
        db.execute(_CASE, {"case": case})
        db.execute(
            """UPDATE cases_tasks SET listed = s.listed FROM
               (SELECT known AND status <> 'closed' AS listed FROM cases_cases WHERE case_id = ?1) s
               WHERE case_id = ?1 AND cases_tasks.listed <> s.listed""",
            (case,),
        )
    if rows:
        db.execute("DELETE FROM cases_changed")


def refresh_task(db: Database, case: str, task: str) -> None:
    """Compute a task again. Done by one and reopened by another without knowing of each other: it stays open."""
    fields = multivalue.all_heads(db, PREFIX, f"{case}/{task}")
    said = fields.get("task", [])
    states = {value.value for value in fields.get("state", [])} or {"open"}
    if not said:
        return
    text, due, owner = msgspec.json.decode(said[0].value)
    state = "open" if "open" in states else min(states)
    db.execute(
        """INSERT OR REPLACE INTO cases_tasks (case_id, task, text, due, owner, state, disputed, listed)
           VALUES (?, ?, ?, ?, ?, ?, ?, 0)""",
        (case, task, text, due, owner, state, int(len(said) > 1 or len(states) > 1)),
    )
