"""The inbox: who waits for us, spam away in one press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.frame.hand import see_other
from kunak.helpline import answering, conversation, inbox
from kunak.helpline.inbox import PAGE, Waiting
from kunak.helpline.naming import short_name
from kunak.vault.worktop import callsign

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.frame.render import Frame
    from kunak.helpline.naming import CaseNames
    from kunak.vault.worktop import Worktop

CHOSEN = "choose-"


class InboxPages:
    def __init__(self, top: Worktop, frame: Frame, case_names: CaseNames) -> None:
        self._top, self._frame, self._case_names = top, frame, case_names

    def inbox(self, request: Request) -> Response:
        db = self._top.vault.db
        counts = inbox.count(db)
        tab = _tab(request.query_params.get("tab", ""), counts)
        number = page_number(request)
        lines = inbox.page(db, tab, (number - 1) * PAGE, PAGE + 1)
        return self._frame.render(
            "helpline/inbox.html",
            request,
            tab=tab,
            tabs=list(Waiting),
            counts=counts,
            lines=lines[:PAGE],
            page=number,
            more=len(lines) > PAGE,
            today=self._top.today,
            holds=self._top.keyring.holds(answering.INTAKE),
            callsign=lambda device: callsign(self._top, device),
            case_names=self._case_names(db, [line.case for line in lines if line.case]),
            short_name=short_name,
            done=request.query_params.get("done", ""),
            how_many=request.query_params.get("n", ""),
        )

    def act(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - the shape of a change
        """Several lines at once."""
        chosen = [name.removeprefix(CHOSEN) for name in form.fields if name.startswith(CHOSEN)]
        # The button in a line speaks for that line alone.
        if form["only"]:
            chosen = [form["only"]]
        action, db = form["action"], self._top.vault.db
        with self._top.vault.transaction():
            for mailbox in chosen:
                each = conversation.read(db, mailbox)
                if action in ("spam", "no-spam"):
                    answering.mark_spam(self._top, each, spam=action == "spam")
                elif action == "attend":
                    answering.attend(self._top, each, each.unattended)
                elif action == "take" and each.known:
                    answering.take(self._top, each, self._top.keyring.own.id)
        tab = form["tab"] if form["tab"] in list(Waiting) else Waiting.NEW
        return see_other(f"/inbox?tab={tab}&done={action if chosen else 'nothing'}&n={len(chosen)}")


def _tab(asked: str, counts: dict[str, int]) -> Waiting:
    """The tab that was asked for; else the first in which somebody waits for us."""
    if asked in list(Waiting):
        return Waiting(asked)
    return next((tab for tab in (Waiting.NEW, Waiting.US) if counts.get(tab)), Waiting.NEW)


def page_number(request: Request) -> int:
    asked = request.query_params.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1  # noqa: PLR2004 - more pages than there are
