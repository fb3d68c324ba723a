"""Alarms: what happened, since when, who sees to it, what to do next, and by whom it was closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from kunak.cases import register as cases
from kunak.frame.hand import see_other
from kunak.helpline import register as helpline
from kunak.journeys.carrying import alarms, carriers, checkin
from kunak.journeys.carrying.watches import checkins
from kunak.journeys.known import keys, records

from .room_pages import RoomPages

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.frame.render import Frame
    from kunak.journeys.carrying.alarms import Alarm
    from kunak.journeys.carrying.watching import Watching
    from kunak.vault.worktop import Worktop

CLOSED_SHOWN = 20
LONGEST_GRACE = 12 * 3_600  # seconds between an expected time and an alarm, at the most
LONGEST = 2_000


@dataclass(frozen=True)
class Shown:
    """`name`: of whom; `path`: where this desk knows more; `others`: callsigns of the others whose desks show it;
    `heard`: the newest word that all is well, if it came since they were expected."""

    alarm: Alarm
    name: str
    path: str
    others: list[str]
    heard: int | None = None


class AlarmPages(RoomPages):
    def __init__(self, top: Worktop, frame: Frame, watching: Watching) -> None:
        super().__init__(top, frame)
        self._watching = watching

    def show(self, request: Request) -> Response:
        return self._page(request)

    def _page(self, request: Request, problem: str = "", form: Form | None = None) -> Response:
        """`form`: a word that does not count yet, and `problem`: why."""
        found, now, db = self._watching.survey(), self.top.clock(), self.top.vault.db
        every = alarms.all_of_them(db, self.top.roster, now)
        return self.render(
            "alarms.html",
            request,
            status=400 if problem else 200,
            open=[self._shown(each) for each in found.open],
            closed=[self._shown(each) for each in every if each.closed][:CLOSED_SHOWN],
            doubts=[(*name_of(self.top, doubt.whose), doubt.due) for doubt in found.doubts],
            level=lambda each: int(each.level(now)),
            me=self.top.keyring.own.callsign,
            eyes=checkin.EYES,
            plans=keys.holds_places(self.top),
            problem=problem,
            answered=form["alarm"] if form is not None else "",
        )

    def _shown(self, alarm: Alarm) -> Shown:
        heard = [each.by for each in checkins(self.top.vault.db, alarm.whose) if each.by >= alarm.since - LONGEST_GRACE]
        others = helpline.readers_of(self.top, alarm.home)
        return Shown(alarm, *name_of(self.top, alarm.whose), others, max(heard, default=None))

    def take(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - a change's shape
        alarms.take(self.top, self._read(form))
        return see_other("/alarms?done=taken")

    def close(self, request: Request, form: Form) -> Response:
        note = form["note"].strip()[:LONGEST]
        if not note:
            gettext = self.frame.gettext(request)
            return self._page(request, gettext("Write in a few words what you found; then your word counts."), form)
        alarm = self._read(form)
        alarms.close(self.top, alarm, note)
        over = len({*alarm.closers, self.top.keyring.own.callsign}) >= checkin.EYES
        return see_other("/alarms?done=over" if over else "/alarms?done=closed")

    def _read(self, form: Form) -> Alarm:
        for each in self._watching.survey().open:
            if (each.home, each.alarm) == (form["home"], form["alarm"]):
                return each
        raise HTTPException(404)


def name_of(top: Worktop, whose: str) -> tuple[str, str]:
    """How this desk calls whom an alarm is about, and the page on which it knows more."""
    kind, _, name = whose.partition("/")
    db = top.vault.db
    if kind == "carrier":
        carrier = carriers.one(db, name) if keys.holds_places(top) else None
        return (carrier.kept.name, f"/journeys/carrier?id={name}") if carrier else (name[:6], "")
    case = records.cases_of_parties(db).get(name) if kind == "party" else name
    if case is not None and (line := cases.line(db, case)) is not None:
        return line.pseudonym, f"/cases/{case}"
    party = records.party(db, name)
    return (party.name if party else name[:6]), (f"/journeys/party?id={name}" if keys.holds_places(top) else "")
