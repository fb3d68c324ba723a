"""The frame of planning (time, money, how harm is counted), and the scenario as a file: in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from kunak.frame.form import Refused
from kunak.frame.hand import see_other
from kunak.frame.words import mark
from kunak.journeys.known import bringing, events, planning, records
from kunak.journeys.plans.next_steps import promises_in_force
from kunak.journeys.reckoning.days import day_of, text_of
from kunak.journeys.reckoning.scenario import Unplannable

from . import fields, record_forms, typed_values
from .room_pages import RoomPages

if TYPE_CHECKING:
    from starlette.requests import Request

    from kunak.frame.form import Form, Sink, Upload

LARGEST_FILE = 16 * 1024 * 1024
USUAL: dict[str, Any] = {
    "name": "",
    "horizon": 60,
    "point_value": 20,
    "tail_nights": 30,
    "unsheltered_hazard": 120,
    "compromised_hazard": 200,
    "near_days": 7,
    "near": 40,
    "far": 10,
}
NOT_TAKEN = mark("Nothing was taken in. What to mend in the file:")
NO_FILE = mark("Choose a scenario file first.")
NO_DAY = mark("Write the calendar day of the scenario's day 0, like 2017-04-02.")
TOO_LARGE = mark("This file is larger than any scenario. Choose another.")


class Held:
    """A file kept in memory while it arrives: a scenario names parties, so it touches no disk."""

    def __init__(self) -> None:
        self.content = bytearray()

    async def write(self, data: bytes) -> None:
        self.content += data
        if len(self.content) > LARGEST_FILE:
            raise Refused(TOO_LARGE)

    async def close(self) -> None:
        """Nothing is kept open."""

    async def abort(self) -> None:
        self.content.clear()


async def hold(upload: Upload, form: Form) -> Sink:  # noqa: ARG001 - a sink's opener
    return Held()


class FramePages(RoomPages):
    def frame_form(self, request: Request) -> Response:
        if not self.open:
            return self.closed(request)
        return self._frame(request, None, {})

    def keep(self, request: Request, form: Form) -> Response:
        self.need_key()
        before = records.frame(self.top.vault.db)
        values, wrong = typed_values.read_all(record_forms.frame_fields(), form)
        apart, unknown = _pairs(form["apart"], self.known().parties)
        if unknown:
            wrong["apart"] = unknown
        if wrong:
            return self._frame(request, form, wrong)
        total, weekly = values.pop("total"), values.pop("weekly")
        change = events.Change(values.pop("near_days"), values.pop("near"), values.pop("far"))
        self.write(
            events.FrameKept(
                **values,
                as_of=before.kept.as_of if before else values["first"],
                budget=None if total is None and weekly is None else events.Budget(total, weekly),
                change=change,
                apart=apart,
                previous=before.kept.previous if before else None,
                replaces=form["replaces"].split()[:100],
            )
        )
        return see_other("/journeys/frame?done=kept")

    def _frame(self, request: Request, form: Form | None, wrong: dict[str, str]) -> Response:
        before = records.frame(self.top.vault.db)
        asked = record_forms.frame_fields()
        parties = self.known().parties
        if form is not None:
            shown, apart = typed_values.typed_again(asked, form), form["apart"]
        else:
            shown = fields.shown_all(asked, _values(before.kept) if before else {**USUAL, "first": self.top.today})
            pairs = before.kept.apart if before else []
            name = {party: each.name for party, each in parties.items()}
            apart = "\n".join(f"{name.get(one, one)}, {name.get(other, other)}" for one, other in pairs)
        return self.render(
            "frame.html",
            request,
            status=400 if wrong else 200,
            fields=asked,
            shown=shown,
            apart=apart,
            wrong=wrong,
            before=before,
            replaces=" ".join(before.entries) if before else "",
            problem="",
        )

    # --- the scenario as a file

    def export(self, request: Request) -> Response:
        """What the planner would be given now. A place's name and town stay here."""
        self.need_key()
        try:
            made = planning.prepare(self.known(), self.top.today, promises_in_force(self.top))
        except Unplannable as why:
            return self._exchange(request, str(why))
        headers = {"content-disposition": 'attachment; filename="scenario.json"'}
        return Response(bringing.write_scenario(made.scenario), media_type="application/json", headers=headers)

    def exchange(self, request: Request) -> Response:
        if not self.open:
            return self.closed(request)
        return self._exchange(request, "")

    def bring(self, request: Request, form: Form) -> Response:
        self.need_key()
        first = day_of(form["first"])
        if form.refused:
            return self._exchange(request, TOO_LARGE, form=form)
        if first is None or first < 0:
            return self._exchange(request, NO_DAY, form=form)
        held = next((sink for _, sink in form.sinks if isinstance(sink, Held)), None)
        text = bytes(held.content) if held is not None else form["text"].encode()
        if not text.strip():
            return self._exchange(request, NO_FILE, form=form)
        try:
            bringing.bring(self.top, self.known(), text, first)
        except Unplannable as why:
            return self._exchange(request, NOT_TAKEN, why.said.told(self.frame.gettext(request)), form)
        return see_other("/journeys/exchange?done=brought")

    def _exchange(self, request: Request, problem: str, detail: str = "", form: Form | None = None) -> Response:
        """`form`: what was typed, if nothing could be taken in."""
        frame = records.frame(self.top.vault.db)
        return self.render(
            "exchange.html",
            request,
            status=400 if problem else 200,
            problem=problem,
            detail=detail,
            first=form["first"] if form is not None else text_of(frame.kept.first if frame else self.top.today),
            text=form["text"] if form is not None else "",
            begun=frame is not None,
        )


UNKNOWN_PARTY = mark("Write one pair of parties a line, with a comma between their pseudonyms.")


def _pairs(text: str, parties: dict[str, records.Party]) -> tuple[list[tuple[str, str]], str]:
    """Pairs of party ids by their pseudonyms, and what is wrong."""
    ids = {each.name: party for party, each in parties.items()} | {party: party for party in parties}
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        one, _, other = (part.strip() for part in line.partition(","))
        if one not in ids or other not in ids or ids[one] == ids[other]:
            return [], UNKNOWN_PARTY
        found.append((ids[one], ids[other]))
    return found, ""


def _values(frame: events.FrameKept) -> dict[str, Any]:
    values = {name: getattr(frame, name) for name in frame.__struct_fields__}
    budget, change = frame.budget or events.Budget(), frame.change or events.Change(0, 0, 0)
    return {
        **values,
        "total": budget.total,
        "weekly": budget.weekly,
        "near_days": change.near_days,
        "near": change.near,
        "far": change.far,
    }
