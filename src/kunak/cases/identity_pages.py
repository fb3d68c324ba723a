"""Who the person is: a page and a compartment of its own, for the few who must know."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from kunak.cases import events, opening, reading
from kunak.cases.reading import IDENTITY_FIELDS
from kunak.frame.hand import see_other
from kunak.helpline import register as helpline
from kunak.vault.worktop import callsign

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.cases.case_pages import CasePages
    from kunak.frame.form import Form
    from kunak.frame.render import Frame
    from kunak.vault.worktop import Worktop

SAFE = ("yes", "no", "unknown")
LONGEST = 10_000  # letters of a field


class IdentityPages:
    def __init__(self, top: Worktop, frame: Frame, cases: CasePages) -> None:
        self._top, self._frame, self._cases = top, frame, cases

    def identity(self, request: Request) -> Response:
        case = self._cases.read(request)
        db, place = self._top.vault.db, f"identity:{case.line.case}"
        holds = self._top.keyring.holds(place)
        return self._frame.render(
            "cases/identity.html",
            request,
            case=case,
            holds=holds,
            names=IDENTITY_FIELDS,
            values=reading.identity(db, case.line.case) if holds else {},
            contacts=reading.contacts(db, case.line.case) if holds else [],
            readers=helpline.readers_of(self._top, place),
            case_readers=helpline.readers_of(self._top, f"case:{case.line.case}"),
            candidates=self._cases.candidates(place),
            callsign=lambda device: callsign(self._top, device),
            safe=SAFE,
            done=request.query_params.get("done", ""),
        )

    def keep(self, request: Request, form: Form) -> Response:
        """All fields of the form; those that were not changed are not written."""
        case = self._held(request)
        written: list[events.Event] = []
        for field in IDENTITY_FIELDS:
            value, before = form[field].strip()[:LONGEST], form[f"was-{field}"].strip()
            replaces = form[f"replaces-{field}"].split()
            if field in form and (value != before or len(replaces) > 1):
                written.append(events.Identified(field, value, replaces))
        if written:
            self._top.pen.write(f"identity:{case}", written)
        return see_other(f"/cases/{case}/identity?done={'kept' if written else 'nothing'}")

    def contact(self, request: Request, form: Form) -> Response:
        case = self._held(request)
        contact = form["contact"] or secrets.token_hex(16)
        name = "" if form["remove"] else form["name"].strip()[:LONGEST]
        if not name and not form["contact"]:
            return see_other(f"/cases/{case}/identity?done=nothing")
        safe = form["safe"] if form["safe"] in SAFE else "unknown"
        relation, reach = form["relation"].strip()[:LONGEST], form["reach"].strip()[:LONGEST]
        body = events.ContactKept(contact, name, relation, reach, safe, form["replaces"].split())
        self._top.pen.write(f"identity:{case}", [body])
        return see_other(f"/cases/{case}/identity?done=kept")

    def let_in(self, request: Request, form: Form) -> Response:
        case = self._held(request)
        try:
            opening.let_in(self._top, f"identity:{case}", form["device"])
        except LookupError as unknown:
            raise HTTPException(404) from unknown
        return see_other(f"/cases/{case}/identity?done=let-in")

    def _held(self, request: Request) -> str:
        case = self._cases.read(request).line.case
        if not self._top.keyring.holds(f"identity:{case}"):
            raise HTTPException(404)
        return case
