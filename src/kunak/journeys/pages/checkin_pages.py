"""What a caseworker agrees with the person of a case, and prepared words sent to them with one click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from kunak.cases import register as cases
from kunak.frame.hand import see_other
from kunak.helpline import register as helpline
from kunak.journeys.carrying import drafts, told
from kunak.journeys.known import events, keys, records

from .agreeing import Agreeing
from .room_pages import RoomPages

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.frame.render import Frame
    from kunak.vault.worktop import Worktop


class CheckinPages(RoomPages):
    def __init__(self, top: Worktop, frame: Frame) -> None:
        super().__init__(top, frame)
        self._agreeing = Agreeing(top, frame)

    def show(self, request: Request) -> Response:
        return self._page(request)

    def _page(self, request: Request, problem: str = "", form: Form | None = None) -> Response:
        case = self._case(request)
        party = records.party_of_case(self.top.vault.db, case.case)
        return self.render(
            "checkins.html",
            request,
            status=400 if problem else 200,
            case=case,
            party=party,
            agreed=self._agreeing.shown(f"case/{case.case}", f"party/{party}", form),
            problem=problem,
            readers=helpline.readers_of(self.top, f"case:{case.case}"),
        )

    def agree(self, request: Request, form: Form) -> Response:
        """Phrases stand in the case, times where the coordinators see them too."""
        case = self._case(request)
        with self.top.vault.transaction() as db:
            party = records.party_of_case(db, case.case)
            if party is None and form["what"] != "phrases":
                party = keys.begin_party(self.top, case.case)
            home, whose = f"case:{case.case}", f"case/{case.case}"
            problem = self._agreeing.take(request, form, whose, home, keys.JOURNEY + (party or ""), f"party/{party}")
        if problem:
            return self._page(request, problem, form)
        return see_other(f"/journeys/case/{case.case}/checkins?done=kept")

    def send(self, request: Request, form: Form) -> Response:
        """The prepared words, as they stand on the page, to the person. Raises NobodyToAnswer."""
        case, db = self._case(request), self.top.vault.db
        party = records.party_of_case(db, case.case)
        waiting = drafts.waiting(db).get(party, []) if party else []
        draft = next((each for each in waiting if each.draft == form["draft"]), None)
        persons = helpline.lines_of_cases(db, [case.case]).get(case.case, [])
        if draft is None and party is not None and told.draft_state(db, party, form["draft"]) == "sent":
            return see_other(f"/journeys/case/{case.case}?done=sent")  # pressed twice
        if draft is None or party is None:
            raise HTTPException(404)
        talks = [talk for line in persons if (talk := helpline.read(db, line.person)).writable]
        if not talks:
            raise helpline.NobodyToAnswer
        with self.top.vault.transaction():
            message = helpline.answer(self.top, talks[0], form["text"].strip() or draft.text, [])
            mailbox = talks[0].writable.mailbox if talks[0].writable else ""
            self.top.pen.write(f"case:{case.case}", [events.DraftSent(party, draft.draft, mailbox, message)])
            self.top.pen.write(keys.JOURNEY + party, [events.DraftSettled(party, draft.draft, "sent")])
            told.withdraw_what_is_over(self.top)
        return see_other(f"/journeys/case/{case.case}?done=sent")

    def _case(self, request: Request) -> cases.CaseLine:
        case = cases.line(self.top.vault.db, request.path_params["case"])
        if case is None:
            raise HTTPException(404)
        return case
