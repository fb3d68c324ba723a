"""What a helper changes in a case. Every change names what it replaces, so that nobody's decision is lost in silence."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from kunak.cases import dates, events, opening, reading
from kunak.cases.reading import NEEDS, RISKS, STATUSES
from kunak.frame.hand import safe_path, see_other
from kunak.helpline import register as helpline

if TYPE_CHECKING:
    import msgspec
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.cases.reading import Case
    from kunak.frame.form import Form
    from kunak.vault.worktop import Worktop

LONGEST = 100_000  # letters of a note


class ChangePages:
    def __init__(self, top: Worktop) -> None:
        self._top = top

    def note(self, request: Request, form: Form) -> Response:
        """A note for the record, or talk among helpers."""
        case, text = self._read(request), form["text"].strip()[:LONGEST]
        if text:
            self._write(case, events.Talked(text) if form["kind"] == "talk" else events.Noted(text))
        return _back(case, "noted" if text else "nothing")

    def risk(self, request: Request, form: Form) -> Response:
        case = self._read(request)
        if form["level"] not in map(str, RISKS):
            return _back(case, "nothing")
        reason = form["reason"].strip()[:LONGEST]
        if not reason:
            return _back(case, "reason")
        self._write(case, events.RiskAssessed(int(form["level"]), reason, _seen(form)))
        return _back(case, "risk")

    def describe(self, request: Request, form: Form) -> Response:
        """Status, pseudonym, summary, and who answers for the case."""
        case, field, value = self._read(request), form["field"], form["value"].strip()[:LONGEST]
        if field == "owner":
            if value and self._top.roster.get(value) is None:
                raise HTTPException(404)
            self._write(case, events.Assigned(value, _seen(form)))
        elif field == "status" and value in STATUSES:
            self._write(case, events.Described(field, value, _seen(form)))
        elif field in ("pseudonym", "summary") and (value or field == "summary"):
            value = " ".join(value.split())[:80] if field == "pseudonym" else value
            self._write(case, events.Described(field, value, _seen(form)))
        else:
            return _back(case, "nothing")
        return _back(case, field)

    def need(self, request: Request, form: Form) -> Response:
        case = self._read(request)
        if form["kind"] not in NEEDS:
            return _back(case, "nothing")
        self._write(case, events.NeedNamed(secrets.token_hex(16), form["kind"], form["text"].strip()[:LONGEST]))
        return _back(case, "need")

    def settle_need(self, request: Request, form: Form) -> Response:
        case, need = self._read(request), request.path_params["need"]
        known = next((each for each in case.needs if each.need == need), None)
        if known is None or form["state"] not in ("open", "met", "dropped"):
            raise HTTPException(404)
        self._write(case, events.NeedSettled(need, form["state"], [value.entry for value in known.states]))
        return _back(case, "need")

    def task(self, request: Request, form: Form) -> Response:
        """A new task, or one in new words."""
        case, text = self._read(request), form["text"].strip()[:LONGEST]
        task = request.path_params.get("task") or secrets.token_hex(16)
        if not text:
            return _back(case, "nothing")
        replaces = reading.task_heads(self._top.vault.db, case.line.case, task)["task"]
        self._write(case, events.TaskSet(task, text, dates.day_of(form["due"]), form["owner"][:64], replaces))
        return _back(case, "task")

    def settle_task(self, request: Request, form: Form) -> Response:
        case, task = self._read(request), request.path_params["task"]
        if form["state"] not in ("open", "done", "dropped"):
            raise HTTPException(404)
        replaces = reading.task_heads(self._top.vault.db, case.line.case, task)["state"]
        self._write(case, events.TaskSettled(task, form["state"], replaces))
        return see_other(safe_path(form["back"], f"/cases/{case.line.case}") + "?done=task")

    def let_in(self, request: Request, form: Form) -> Response:
        """Assigning is a grant: from now on that helper can open all that was ever written here."""
        case = self._read(request)
        try:
            opening.let_in(self._top, f"case:{case.line.case}", form["device"])
        except LookupError as unknown:
            raise HTTPException(404) from unknown
        return _back(case, "let-in")

    def link(self, request: Request, form: Form) -> Response:
        """The person wrote again from a new mailbox."""
        case = self._read(request)
        mailbox = helpline.named(self._top.vault.db, form["name"]) or ""
        try:
            opening.link(self._top, case.line.case, mailbox)
        except (opening.AlreadyInCase, LookupError):
            return _back(case, "unknown")
        return _back(case, "linked")

    def _read(self, request: Request) -> Case:
        case = reading.read(self._top.vault.db, request.path_params["case"])
        if case is None:
            raise HTTPException(404)
        return case

    def _write(self, case: Case, body: msgspec.Struct) -> None:
        self._top.pen.write(f"case:{case.line.case}", [body])


def _seen(form: Form) -> list[str]:
    """The values that stood before the helper's eyes: only those are replaced, never one that came in the meantime."""
    return form["replaces"].split()[:100]


def _back(case: Case, done: str) -> Response:
    return see_other(f"/cases/{case.line.case}?done={done}")
