"""Parties as coordinators see them: by pseudonym, with where they are and what they were promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from kunak.frame.hand import see_other
from kunak.helpline import register as helpline
from kunak.journeys.known import events, keys, records, whereabouts
from kunak.journeys.plans.affected import danger_of
from kunak.journeys.plans.next_steps import next_steps

from . import fields, party_forms, record_forms, typed_values
from .record_pages import address, differing
from .room_pages import RoomPages

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.journeys.known.records import Party

PAGE = 100
_STATES: dict[str, events.State] = {"planned": "planned", "safe": "safe", "withdrawn": "withdrawn"}
SHOWS = ("planned", "unplaced", "safe", "withdrawn")


class PartyPages(RoomPages):
    def parties(self, request: Request) -> Response:
        if not self.open:
            return self.closed(request)
        known = self.known()
        groups: dict[str, list[Party]] = {name: [] for name in SHOWS}
        for party in known.parties.values():
            if party.state == records.GONE:
                continue
            unplaced = party.placed is None or party.placed.kept.start is None
            groups["unplaced" if party.state == "planned" and unplaced else party.state].append(party)
        asked = request.query_params.get("show", "")
        show = asked if asked in SHOWS else "unplaced" if groups["unplaced"] else "planned"
        groups[show].sort(key=lambda party: -danger_of(party, self.top.today))
        number = helpline.page_number(request)
        shown = groups[show][(number - 1) * PAGE : number * PAGE]
        steps = {step.party: step for step in next_steps(self.top.vault.db, self.top.roster)}
        return self.render(
            "parties.html",
            request,
            shown=[(party, self.where(party, known), steps.get(party.party)) for party in shown],
            counts={name: len(each) for name, each in groups.items()},
            show=show,
            shows=SHOWS,
            page=number,
            more=len(groups[show]) > number * PAGE,
            levels=[text for _, text in party_forms.LEVELS],
            known=known,
        )

    def where(self, party: Party, known: records.Known) -> events.Start | None:
        return whereabouts.whereabouts(known, party, self.top.today, whereabouts.Used())

    def party(self, request: Request) -> Response:
        if not self.open:
            return self.closed(request)
        party = self._read(request.query_params.get("id", ""))
        if party.state == records.GONE:
            return self.render("party_gone.html", request, party=party)
        return self._page(request, party, None, {})

    def _page(self, request: Request, party: Party, form: Form | None, wrong: dict[str, str]) -> Response:
        known = self.known()
        asked = party_forms.placing_fields(known)
        values = party_forms.placing_values(party.placed, self.top.today)
        sheet_asked = self.sheet_fields(known)
        placing = form is not None and form["what"] == "placing"
        sheeting = form is not None and form["what"] == "sheet"
        return self.render(
            "party.html",
            request,
            status=400 if wrong else 200,
            party=party,
            known=known,
            fields=asked,
            shown=typed_values.typed_again(asked, form) if placing and form else fields.shown_all(asked, values),
            sheet_fields=sheet_asked,
            sheet_shown=self.in_words(
                request,
                sheet_asked,
                typed_values.typed_again(sheet_asked, form)
                if sheeting and form
                else fields.shown_all(sheet_asked, party_forms.sheet_values(party.sheet)),
            ),
            wrong=wrong if placing else {},
            sheet_wrong=wrong if sheeting else {},
            differing=differing(sheet_asked, party.sheet) if party.sheet and party.sheet.disputed else [],
            where=self.where(party, known),
            levels=[text for _, text in party_forms.LEVELS],
            next_step=next((s for s in next_steps(self.top.vault.db, self.top.roster) if s.party == party.party), None),
            readers=helpline.readers_of(self.top, keys.JOURNEY + party.party)
            if self.top.keyring.holds(keys.JOURNEY + party.party)
            else [],
        )

    def sheet_fields(self, known: records.Known) -> list[fields.Field]:
        return party_forms.sheet_fields(record_forms.services_in_use(known), record_forms.documents_in_use(known))

    def place(self, request: Request, form: Form) -> Response:
        self.need_key()
        party = self._read(form["id"])
        placed, wrong = party_forms.read_placing(self.known(), form, party.placed, party.party)
        if placed is None:
            return self._page(request, party, form, wrong)
        self.write(placed)
        return see_other(address("/journeys/party", id=party.party, done="kept"))

    def sheet(self, request: Request, form: Form) -> Response:
        """A coordinator corrects, or begins, a sheet; it is written where the case's helpers read it, if there is a case."""
        self.need_key()
        known = self.known()
        self.in_marks(form)
        values, wrong = party_forms.read_sheet(self.sheet_fields(known), form)
        party = self._read(form["id"])
        if wrong:
            return self._page(request, party, form, wrong)
        language = party.sheet.kept.language if party.sheet else ""
        self._write(party.party, party_forms.sheet_of(party.party, language, values, form["replaces"]))
        return see_other(address("/journeys/party", id=party.party, done="kept"))

    def settle(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - a change's shape
        self.need_key()
        party, state = self._read(form["id"]), _STATES.get(form["state"])
        if state is None:
            raise HTTPException(404)
        self._write(party.party, events.PartySettled(party.party, state, list(party.state_entries)))
        return see_other(address("/journeys/party", id=party.party, done="kept"))

    def _read(self, name: str) -> Party:
        party = records.party(self.top.vault.db, name)
        if party is None:
            raise HTTPException(404)
        return party

    def _write(self, party: str, body: Any) -> None:
        own = keys.JOURNEY + party
        self.top.pen.write(own if self.top.keyring.holds(own) else keys.PLACES, [body])
