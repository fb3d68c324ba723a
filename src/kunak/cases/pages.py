"""The pages of cases and their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.cases.case_pages import CasePages
from kunak.cases.change_pages import ChangePages
from kunak.cases.identity_pages import IdentityPages
from kunak.cases.list_pages import ListPages
from kunak.cases.shred_pages import ShredPages

if TYPE_CHECKING:
    from collections.abc import Callable

    from kunak.frame.hand import Hand
    from kunak.frame.render import Frame
    from kunak.vault.store import Database
    from kunak.vault.worktop import Worktop


def nothing_beside(_db: Database, _case: str) -> list[str]:
    """No other room has anything of a case."""
    return []


def add_routes(
    hand: Hand, top: Worktop, frame: Frame, beside: Callable[[Database, str], list[str]] = nothing_beside
) -> None:
    """`beside` names the compartments of other rooms that belong to a case."""
    lists, case, changes = ListPages(top, frame), CasePages(top, frame), ChangePages(top)
    identity = IdentityPages(top, frame, case)
    hand.show("/cases", lists.cases)
    hand.show("/tasks", lists.tasks)
    hand.show("/cases/open", case.open_page)
    hand.change("/cases/open", case.open)
    hand.show("/cases/{case}", case.case)
    hand.change("/cases/{case}/note", changes.note)
    hand.change("/cases/{case}/risk", changes.risk)
    hand.change("/cases/{case}/describe", changes.describe)
    hand.change("/cases/{case}/need", changes.need)
    hand.change("/cases/{case}/need/{need}", changes.settle_need)
    hand.change("/cases/{case}/task", changes.task)
    hand.change("/cases/{case}/task/{task}", changes.task)
    hand.change("/cases/{case}/task/{task}/settle", changes.settle_task)
    hand.change("/cases/{case}/let-in", changes.let_in)
    hand.change("/cases/{case}/link", changes.link)
    shred = ShredPages(top, frame, case, beside)
    hand.show("/cases/{case}/shred", shred.shred)
    hand.change("/cases/{case}/shred", shred.ask)
    hand.change("/cases/{case}/shred/agree", shred.agree)
    hand.change("/cases/{case}/shred/stop", shred.stop)
    hand.show("/cases/{case}/identity", identity.identity)
    hand.change("/cases/{case}/identity", identity.keep)
    hand.change("/cases/{case}/identity/contact", identity.contact)
    hand.change("/cases/{case}/identity/let-in", identity.let_in)
