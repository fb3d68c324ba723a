"""Shredding a case: what goes and what cannot be called back, asked for by one caseworker and agreed to by another."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from kunak.frame.hand import see_other
from kunak.journal.grants import ROSTER, opens_letters
from kunak.journal.shredding import ShredAgreed, ShredAsked, ShredStopped
from kunak.vault import shredding
from kunak.vault.shredding import ALONE_SECONDS
from kunak.vault.worktop import callsign

if TYPE_CHECKING:
    from collections.abc import Callable

    import msgspec
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.cases.case_pages import CasePages
    from kunak.cases.reading import Case
    from kunak.frame.form import Form
    from kunak.frame.render import Frame
    from kunak.vault.shredding import Order
    from kunak.vault.store import Database
    from kunak.vault.worktop import Worktop


class ShredPages:
    """`beside` names the compartments of other rooms that belong to a case: they go with it."""

    def __init__(
        self, top: Worktop, frame: Frame, cases: CasePages, beside: Callable[[Database, str], list[str]]
    ) -> None:
        self._top, self._frame, self._cases, self._beside = top, frame, cases, beside

    def shred(self, request: Request) -> Response:
        return self._page(request, self._cases.read(request))

    def ask(self, request: Request, form: Form) -> Response:
        """The pseudonym, typed, so that nobody does this by a slip of the hand."""
        case = self._cases.read(request)
        self._must_be_caseworker()
        if self._order(case) is not None:
            return see_other(f"/cases/{case.line.case}/shred")
        if " ".join(form["pseudonym"].split()).casefold() != case.line.pseudonym.casefold():
            gettext = self._frame.gettext(request)
            return self._page(request, case, gettext("That is not the pseudonym of this case. Nothing was done."))
        compartments = [f"case:{case.line.case}", f"identity:{case.line.case}"]
        compartments += self._beside(self._top.vault.db, case.line.case)
        self._say(ShredAsked(secrets.token_hex(16), compartments, alone=not self._colleagues(case)))
        return see_other(f"/cases/{case.line.case}/shred")

    def agree(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - a change's shape
        case = self._cases.read(request)
        self._must_be_caseworker()
        order = self._order(case)
        if order is None or self._is_own(order):
            raise HTTPException(404)
        self._say(ShredAgreed(order.shred))
        return see_other("/cases?done=shred")

    def stop(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - as above
        case = self._cases.read(request)
        self._must_be_caseworker()
        order = self._order(case)
        if order is not None:
            self._say(ShredStopped(order.shred))
        return see_other(f"/cases/{case.line.case}?done=kept")

    def _page(self, request: Request, case: Case, problem: str = "") -> Response:
        order, persons = self._order(case), self._cases.persons(case.line.case)
        return self._frame.render(
            "cases/shred.html",
            request,
            status=400 if problem else 200,
            case=case,
            problem=problem,
            order=order,
            own=order is not None and self._is_own(order),
            happens=order.time + ALONE_SECONDS if order is not None and order.alone else None,
            asked=any(each.asks_to_forget for each in persons),
            colleagues=self._colleagues(case),
            may=self._is_caseworker(),
            callsign=lambda device: callsign(self._top, device),
        )

    def _order(self, case: Case) -> Order | None:
        top = self._top
        return shredding.of_case(shredding.standing(top.vault.db, top.keyring, top.roster), case.line.case)

    def _is_own(self, order: Order) -> bool:
        return callsign(self._top, order.asked_by) == callsign(self._top, self._top.keyring.own.id)

    def _colleagues(self, case: Case) -> list[str]:
        return shredding.colleagues(self._top.keyring, self._top.roster, case.line.case)

    def _is_caseworker(self) -> bool:
        known = self._top.roster.get(self._top.keyring.own.id)
        return known is not None and opens_letters(known.role)

    def _must_be_caseworker(self) -> None:
        if not self._is_caseworker():
            raise HTTPException(404)

    def _say(self, body: msgspec.Struct) -> None:
        self._top.pen.write(ROSTER, [body])
