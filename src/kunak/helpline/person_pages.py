"""One person: what they wrote, what we answered, what helpers say of it among themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from kunak.frame.hand import safe_path, see_other
from kunak.helpline import answering, conversation, events, inbox, people, wordings
from kunak.helpline.moving import drop
from kunak.helpline.naming import short_name
from kunak.helpline.reading import readers_of, when_read
from kunak.vault.worktop import callsign

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.frame.render import Frame
    from kunak.helpline.conversation import Conversation
    from kunak.helpline.naming import CaseNames
    from kunak.vault.worktop import Worktop

LETTERS_OFFERED = 40  # persons among whom a returning one is looked for


class PersonPages:
    def __init__(self, top: Worktop, frame: Frame, case_names: CaseNames) -> None:
        self._top, self._frame, self._case_names = top, frame, case_names

    def person(self, request: Request) -> Response:
        each = self._read(request)
        return self._page(request, each)

    def _page(self, request: Request, each: Conversation, draft: str = "", problem: str = "") -> Response:
        db = self._top.vault.db
        box = each.writable
        language = request.query_params.get("in") or (box.language if box else "") or self._frame.language(request)
        offered = wordings.all_in(db, language)
        asked = request.query_params.get("wording", "")
        place = answering.place_of(self._top, box) if box else answering.INTAKE
        return self._frame.render(
            "helpline/person.html",
            request,
            status=400 if problem else 200,
            each=each,
            name=short_name(each.person),
            draft=draft or next((wording.text for wording in offered if wording.wording == asked), ""),
            problem=problem,
            wordings=offered,
            language_of_person=language,
            callsign=lambda device: callsign(self._top, device),
            short_name=short_name,
            read=when_read(db, each),
            readers=readers_of(self._top, place),
            place=place,
            case_names=self._case_names(db, each.cases),
            mine=any(value.value == self._top.keyring.own.id for value in each.taken),
            done=request.query_params.get("done", ""),
        )

    def reply(self, request: Request, form: Form) -> Response:
        each, text = self._read(request), form["text"].strip()
        if not text:
            gettext = self._frame.gettext(request)
            return self._page(request, each, problem=gettext("The reply is empty. Nothing was sent."))
        answering.answer(self._top, each, text, form["seen"].split())
        return self._back(form, each, "answered")

    def remark(self, request: Request, form: Form) -> Response:
        each, text = self._read(request), form["text"].strip()
        if text:
            answering.remark(self._top, each, text)
        return self._back(form, each, "remarked" if text else "nothing")

    def act(self, request: Request, form: Form) -> Response:
        """Take, let go, spam, not spam, no reply needed."""
        each, action = self._read(request), form["action"]
        match action:
            case "take":
                answering.take(self._top, each, self._top.keyring.own.id)
            case "release":
                answering.take(self._top, each, "")
            case "spam" | "no-spam":
                answering.mark_spam(self._top, each, spam=action == "spam")
            case "attend":
                answering.attend(self._top, each, form["seen"].split())
            case "drop" if each.asks_to_forget and not each.cases:
                drop(self._top, each)
                return see_other("/inbox?done=dropped&n=1")
            case _:
                raise HTTPException(404)
        if action == "spam":
            return see_other("/inbox?done=spam&n=1")
        return self._back(form, each, action)

    def merge_page(self, request: Request) -> Response:
        each = self._read(request)
        db = self._top.vault.db
        others = [
            line for tab in ("new", "us", "them") for line in inbox.page(db, inbox.Waiting(tab), 0, LETTERS_OFFERED)
        ]
        return self._frame.render(
            "helpline/merge.html",
            request,
            each=each,
            name=short_name(each.person),
            short_name=short_name,
            others=[line for line in others if line.person != each.person][:LETTERS_OFFERED],
            today=self._top.today,
            unknown=request.query_params.get("unknown", ""),
        )

    def merge(self, request: Request, form: Form) -> Response:
        """The other is chosen from the list, or named by the short name that helpers say to each other."""
        each = self._read(request)
        db = self._top.vault.db
        if form["part"]:
            self._say_same(each.person, form["part"], same=False)
            return see_other(f"/person/{form['part']}?done=parted")
        other = form["other"] or people.named(db, form["name"]) or ""
        if not other or not inbox.person_line(db, other):
            return see_other(f"/person/{each.person}/merge?unknown=1")
        self._say_same(each.person, other, same=True)
        return see_other(f"/person/{each.person}?done=merged")

    def _say_same(self, mailbox: str, other: str, *, same: bool) -> None:
        db = self._top.vault.db
        boxes = conversation.read(db, mailbox).mailboxes
        for box in [each.mailbox for each in boxes] if not same else [mailbox]:
            if box != other:
                replaces = conversation.same_heads(db, box, other)
                if same or replaces:
                    self._top.pen.write(answering.INTAKE, [events.Merged(box, other, same, replaces)])

    def _read(self, request: Request) -> Conversation:
        each = conversation.read(self._top.vault.db, request.path_params["mailbox"])
        if not each.known:
            raise HTTPException(404)
        return each

    def _back(self, form: Form, each: Conversation, done: str) -> Response:
        """To the page that the form stood on: the person's, or the case's."""
        path = safe_path(form["back"], f"/person/{each.person}")
        return see_other(f"{path}?done={done}")
