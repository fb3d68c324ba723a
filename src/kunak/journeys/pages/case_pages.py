"""What a caseworker does here: the party sheet of an own case, and words that coordinators prepared for its person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from kunak.cases import register as cases
from kunak.frame.hand import see_other
from kunak.helpline import register as helpline
from kunak.journeys.carrying import drafts
from kunak.journeys.known import events, keys, records
from kunak.journeys.reckoning.vocabulary import DOCUMENTS, SERVICES

from . import fields, party_forms, typed_values
from .record_pages import differing
from .room_pages import RoomPages

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form


class CasePages(RoomPages):
    def mine(self, request: Request) -> Response:
        """Sheets of this helper's cases, and what is prepared to be sent."""
        db = self.top.vault.db
        links = records.cases_of_parties(db)
        lines = cases.lines(db, list(set(links.values())))
        known = records.parties(db)
        own = [(lines[case], known.get(party)) for party, case in links.items() if case in lines]
        waiting = drafts.waiting(db)
        to_send = {case for party, case in links.items() if party in waiting}
        own.sort(key=lambda each: (each[0].case not in to_send, -each[0].risk, each[0].pseudonym))
        return self.render(
            "mine.html",
            request,
            own=own,
            drafts={case: waiting[party] for party, case in links.items() if party in waiting},
            without=[line for line in self._open_cases() if line.case not in set(links.values())],
        )

    def _open_cases(self) -> list[cases.CaseLine]:
        return cases.page(self.top.vault.db, "open", cases.Order.RISK, limit=200)

    def sheet(self, request: Request) -> Response:
        return self._page(request, None, {})

    def keep(self, request: Request, form: Form) -> Response:
        case = self._case(request)
        self.in_marks(form)
        values, wrong = party_forms.read_sheet(_fields(), form)
        if wrong:
            return self._page(request, form, wrong)
        with self.top.vault.transaction() as db:
            party = records.party_of_case(db, case.case) or keys.begin_party(self.top, case.case)
            keys.share_party(self.top, case.case, party)
            body = party_forms.sheet_of(party, case.language, values, form["replaces"])
            self.top.pen.write(keys.JOURNEY + party, [body])
        return see_other(f"/journeys/case/{case.case}?done=kept")

    def settle_draft(self, request: Request, form: Form) -> Response:
        """The prepared words were sent, or are not needed."""
        case = self._case(request)
        party = records.party_of_case(self.top.vault.db, case.case)
        if party is None or form["state"] not in ("sent", "dropped"):
            raise HTTPException(404)
        state: drafts.Outcome = "sent" if form["state"] == "sent" else "dropped"
        self.top.pen.write(keys.JOURNEY + party, [events.DraftSettled(party, form["draft"][:64], state)])
        return see_other(f"/journeys/case/{case.case}?done={'sent' if state == 'sent' else 'kept'}")

    def _page(self, request: Request, form: Form | None, wrong: dict[str, str]) -> Response:
        case, db = self._case(request), self.top.vault.db
        name = records.party_of_case(db, case.case)
        party = records.party(db, name) if name else None
        sheet = party.sheet if party else None
        asked = _fields()
        values = party_forms.sheet_values(sheet, case.pseudonym)
        persons = helpline.lines_of_cases(db, [case.case]).get(case.case, [])
        return self.render(
            "sheet.html",
            request,
            status=400 if wrong else 200,
            case=case,
            party=party,
            fields=asked,
            shown=self.in_words(
                request,
                asked,
                fields.shown_all(asked, values) if form is None else typed_values.typed_again(asked, form),
            ),
            wrong=wrong,
            differing=differing(asked, sheet) if sheet and sheet.disputed else [],
            replaces=" ".join(sheet.entries) if sheet else "",
            drafts=drafts.waiting(db).get(name, []) if name else [],
            persons=persons,
            readers=helpline.readers_of(self.top, keys.JOURNEY + name) if name else [],
            coordinators=[each.callsign for each in keys.coordinators(self.top)],
        )

    def _case(self, request: Request) -> cases.CaseLine:
        case = cases.line(self.top.vault.db, request.path_params["case"])
        if case is None:
            raise HTTPException(404)
        return case


def _fields() -> list[fields.Field]:
    return party_forms.sheet_fields(SERVICES, DOCUMENTS)
