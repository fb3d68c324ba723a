"""The mailbox itself: replies, what was sent, who was here; how to reach the person without harm; delete everything."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kunak.frame.form import Form
from kunak.mailbox.entrance import small_form
from kunak.mailbox.mailroom import Draft, Gone
from kunak.mailbox.place import EXPECTED, Place, Trouble, as_trouble
from kunak.mailbox.visit import Visit
from kunak.sealing.code import MailboxKeys
from kunak.sealing.letter import Contact

LONGEST_WISH = 1_000  # characters of each of the contact wishes
WISHES = ("how", "address", "when", "never", "if_someone_else_answers")


class Conversation:
    """The pages /letters, /contact and /forget."""

    def __init__(self, place: Place) -> None:
        self.place = place

    async def show(self, request: Request) -> Response:
        """Unread replies, the form for the next letter, what was sent and when, on which days the code was used."""
        place = self.place
        visit = place.visits.of(request)
        if visit is None or not visit.root:
            return place.ask_for_code(request)
        try:
            talk = place.mailroom.look(MailboxKeys.from_root(visit.root))
        except Gone:
            return self._left(request, "gone")
        return place.page(
            request,
            "letters.html",
            visit,
            talk=talk,
            today=place.mailroom.today,
            sent="sent" in request.query_params,
            numbers=",".join(str(number) for number, _ in talk.replies),
            doubtful=",".join(map(str, talk.doubtful)),
        )

    async def remove(self, request: Request) -> Response:
        """ "I have read it": the messages that this page showed are removed, no others that came meanwhile."""
        place = self.place
        visit = place.visits.of(request)
        form, _ = await small_form(request)
        if visit is None or not visit.root or place.visits.check(visit, form["token"]) is None:
            return place.go(request, "/letters", visit)
        numbers = [int(number) for number in form["numbers"].split(",") if number.isascii() and number.isdigit()]
        try:
            await place.mailroom.remove(MailboxKeys.from_root(visit.root), numbers)
        except Gone:
            return self._left(request, "gone")
        except EXPECTED as failure:
            return place.page(
                request, "trouble.html", visit, status=503, troubles=[as_trouble(failure)], back="/letters"
            )
        if "leave" in form:
            return self._left(request, "left")
        return place.go(request, "/letters", visit)

    def _left(self, request: Request, how: str) -> Response:
        """The visit ends on a page that shows nothing of it."""
        response = self.place.go(request, "/left", how=how)
        self.place.visits.end(request, response)
        return response

    # --- how to reach the person without harm

    async def ask_contact(self, request: Request) -> Response:
        """The empty form: what was said before is at the helpline only."""
        visit = self.place.visits.of(request)
        if visit is None or not visit.root:
            return self.place.ask_for_code(request)
        return self._contact(request, visit, Form(), [])

    async def send_contact(self, request: Request) -> Response:
        """The wishes go as a letter; they replace the earlier ones at the helpline."""
        place = self.place
        visit = place.visits.of(request)
        form, troubles = await small_form(request)
        try:
            if troubles:
                raise troubles[0]
            if visit is None or not (visit.root or "code" in form):
                raise Trouble("expired")
            token = place.check(request, visit, form)
            visit, keys = await place.enter(visit, form)
            wishes = {name: form[name].strip() for name in WISHES}
            if not any(wishes.values()):
                raise Trouble("empty")
            if any(len(wish) > LONGEST_WISH for wish in wishes.values()):
                raise Trouble("long", count=max(map(len, wishes.values())), most=LONGEST_WISH)
            language = place.frame.language(request)
            draft = Draft(token.seed, language, kind="contact", contact=Contact(**wishes))
            await place.mailroom.send(keys, draft)
        except EXPECTED as failure:
            return self._contact(request, visit, form, [as_trouble(failure)])
        return place.go(request, "/letters", visit, sent="1")

    def _contact(self, request: Request, visit: Visit | None, form: Form, troubles: list[Trouble]) -> Response:
        visit = visit or self.place.visits.begin()
        return self.place.page(
            request,
            "contact.html",
            visit,
            status=max((trouble.status for trouble in troubles), default=200),
            wishes={name: form[name] for name in WISHES},
            troubles=troubles,
            asks_code=not visit.root,
            code=form["code"],
            again=bool(troubles),
        )

    # --- delete everything

    async def ask_forget(self, request: Request) -> Response:
        """What will be gone, what cannot be undone, and a box to tick."""
        visit = self.place.visits.of(request)
        if visit is None or not visit.root:
            return self.place.ask_for_code(request)
        return self.place.page(request, "forget.html", visit, troubles=[])

    async def forget(self, request: Request) -> Response:
        """The mailbox is gone at once, and the helpline is asked to delete the letters."""
        place = self.place
        visit = place.visits.of(request)
        form, _ = await small_form(request)
        if visit is None or not visit.root:
            return place.ask_for_code(request)
        try:
            token = place.check(request, visit, form)
            if "sure" not in form:
                raise Trouble("not sure")
            keys = MailboxKeys.from_root(visit.root)
            if "here_only" in form:
                await place.mailroom.abandon(keys)
            else:
                await place.mailroom.send(keys, Draft(token.seed, place.frame.language(request), kind="forget"))
        except Gone:
            pass
        except EXPECTED as failure:
            trouble = as_trouble(failure)
            if not isinstance(failure, Trouble):
                # The wish finds no room on its way. Nobody may be kept from deleting the mailbox for that.
                trouble = Trouble("forget full", 503)
            return place.page(request, "forget.html", visit, status=trouble.status, troubles=[trouble])
        return self._left(request, "forgotten")
