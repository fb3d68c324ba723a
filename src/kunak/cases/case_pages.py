"""One case: its page, its timeline, who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException

from kunak.cases import dates, opening, reading
from kunak.cases.reading import NEEDS, RISKS, STATUSES, Case, Happened
from kunak.frame.hand import see_other
from kunak.helpline import register as helpline
from kunak.vault import shredding
from kunak.vault.worktop import callsign

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.frame.render import Frame
    from kunak.helpline.register import Conversation, Said
    from kunak.vault.worktop import Worktop

SHOWN = 120  # lines of the timeline on one page
SHOWS = ("all", "letters", "notes")
OF_NOTES = ("note", "talk")


@dataclass(frozen=True)
class Moment:
    """One line of the timeline: something said with the person, or something that happened in the case."""

    time: int
    said: Said | None = None
    event: Happened | None = None
    called: tuple[str, ...] = ()


FIRST: Final = ("opened", "owner", "risk")


class CasePages:
    def __init__(self, top: Worktop, frame: Frame) -> None:
        self._top, self._frame = top, frame

    def case(self, request: Request) -> Response:
        top, db = self._top, self._top.vault.db
        case = self.read(request)
        persons = self.persons(case.line.case)
        show = request.query_params.get("show", "all")
        show = show if show in SHOWS else "all"
        moments = _moments(persons, reading.timeline(db, case.line.case, SHOWN + 1) if show != "letters" else [], show)
        writable = next((each for each in persons if each.writable), None)
        language = writable.writable.language if writable and writable.writable else self._frame.language(request)
        offered = helpline.wordings_in(db, language)
        asked = request.query_params.get("wording", "")
        place = f"case:{case.line.case}"
        return self._frame.render(
            "cases/case.html",
            request,
            case=case,
            persons=persons,
            writable=writable,
            moments=moments[-SHOWN:],
            cut=len(moments) > SHOWN,
            show=show,
            shows=SHOWS,
            read={name: state for each in persons for name, state in helpline.when_read(db, each).items()},
            wordings=offered,
            language_of_person=language,
            draft=next((wording.text for wording in offered if wording.wording == asked), ""),
            readers=helpline.readers_of(top, place),
            candidates=self.candidates(place),
            shredding=shredding.of_case(shredding.standing(db, top.keyring, top.roster), case.line.case),
            asked=any(each.asks_to_forget for each in persons),
            holds_identity=top.keyring.holds(f"identity:{case.line.case}"),
            callsign=lambda device: callsign(top, device),
            short_name=helpline.short_name,
            helpers=[device for device in top.roster.helpers() if device.id in top.keyring.members(place)],
            today=top.today,
            date_text=dates.text_of,
            statuses=STATUSES,
            risks=RISKS,
            need_kinds=NEEDS,
            tasks_by_id={task.task: task for task in case.tasks},
            needs_by_id={need.need: need for need in case.needs},
            me=top.keyring.own.id,
            done=request.query_params.get("done", ""),
        )

    def read(self, request: Request) -> Case:
        case = reading.read(self._top.vault.db, request.path_params["case"])
        if case is None:
            raise HTTPException(404)
        return case

    def persons(self, case: str) -> list[Conversation]:
        db = self._top.vault.db
        lines = helpline.lines_of_cases(db, [case]).get(case, [])
        return [helpline.read(db, line.person) for line in lines]

    def candidates(self, compartment: str) -> list[tuple[str, str]]:
        """Helpers who could be let in: device and callsign. Who only administers reads no case."""
        inside = self._top.keyring.members(compartment)
        helpers = [device for device in self._top.roster.helpers() if device.role != "admin"]
        return [(device.id, device.callsign) for device in helpers if device.id not in inside]

    def open_page(self, request: Request) -> Response:
        return self._open_form(request, request.query_params.get("person", ""))

    def _open_form(self, request: Request, mailbox: str, problem: str = "") -> Response:
        conversation = helpline.read(self._top.vault.db, mailbox)
        if not conversation.known:
            raise HTTPException(404)
        if conversation.cases:
            return see_other(f"/cases/{conversation.cases[0]}")
        return self._frame.render(
            "cases/open.html",
            request,
            status=400 if problem else 200,
            person=conversation.person,
            name=helpline.short_name(conversation.person),
            letters=sum(not said.author for said in conversation.said),
            talk=sum(bool(said.author) for said in conversation.said),
            problem=problem,
        )

    def open(self, request: Request, form: Form) -> Response:
        pseudonym = " ".join(form["pseudonym"].split())
        if not pseudonym:
            gettext = self._frame.gettext(request)
            return self._open_form(
                request, form["person"], gettext("A case needs a pseudonym that says nothing about the person.")
            )
        try:
            case = opening.open_case(self._top, form["person"], pseudonym[:80])
        except opening.AlreadyInCase as already:
            return see_other(f"/cases/{already.case}")
        except LookupError as unknown:
            raise HTTPException(404) from unknown
        return see_other(f"/cases/{case}?done=opened")


def _moments(persons: list[Conversation], events: list[Happened], show: str) -> list[Moment]:
    """Oldest first. A letter has a day only and stands at its beginning."""
    moments = [
        Moment(helpline.order(said)[0], said=said, called=tuple(box.called) if (box := boxes.get(said.mailbox)) else ())
        for each in persons
        for boxes in [{box.mailbox: box for box in each.mailboxes}]
        for said in each.said
        if show != "notes" or said.kind == "remark"
    ]
    moments += [Moment(event.time, event=event) for event in events if show == "all" or event.kind in OF_NOTES]
    return sorted(moments, key=lambda moment: (moment.time, moment.event is not None, _rank(moment.event)))


def _rank(event: Happened | None) -> int:
    """What was done in one second stands in the order in which it makes sense: a case is opened before it has an owner."""
    return FIRST.index(event.kind) if event is not None and event.kind in FIRST else len(FIRST)
