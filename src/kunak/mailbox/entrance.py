"""The code's two pages: where a new one is shown, and where one returns with it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kunak.frame.form import BrokenForm, Form, read_form
from kunak.mailbox.place import EXPECTED, LONGEST_CODE, Place, Trouble, as_trouble
from kunak.mailbox.standing import word_language
from kunak.mailbox.visit import Visit


async def small_form(request: Request) -> tuple[Form, list[Trouble]]:
    """A form without files; files are read and thrown away."""
    try:
        return await read_form(request), []
    except BrokenForm as broken:
        return broken.form, [Trouble("broken", 400)]


class Entrance:
    """The pages /code and /return."""

    def __init__(self, place: Place) -> None:
        self.place = place

    async def show_code(self, request: Request) -> Response:
        """The new code, as long as the visit lasts and the person has not said that it is kept."""
        visit = self.place.visits.of(request)
        if visit is None or not visit.words:
            return self.place.go(request, "/letters", visit) if visit else self.place.ask_for_code(request)
        language = word_language(self.place.frame.language(request))
        return self.place.page(request, "code.html", visit, words=visit.words, words_language=language)

    async def code_is_kept(self, request: Request) -> Response:
        """The words leave the visit: from now on they exist where the person keeps them, and nowhere else."""
        visit = self.place.visits.of(request)
        form, _ = await small_form(request)
        if visit is None or self.place.visits.check(visit, form["token"]) is None:
            return self.place.go(request, "/code", visit)
        return self.place.go(request, "/letters", Visit(visit.id, visit.seen, visit.root))

    async def ask(self, request: Request) -> Response:
        """The page that asks for the code."""
        visit = self.place.visits.of(request)
        if visit and visit.root:
            return self.place.go(request, "/letters", visit)
        troubles = [Trouble("closed itself", 200)] if "closed" in request.query_params else []
        return self._asking(request, visit, "", troubles)

    async def enter(self, request: Request) -> Response:
        """Opens the mailbox of the code that was typed, or says calmly what may be wrong with it."""
        visit = self.place.visits.of(request)
        form, troubles = await small_form(request)
        try:
            if troubles:
                raise troubles[0]
            self.place.check(request, visit, form)
            visit, _ = await self.place.enter(self.place.visits.begin(), form)
        except EXPECTED as failure:
            trouble = as_trouble(failure)
            typed = trouble.about.get("meant") or form["meant"] or form["code"]
            return self._asking(request, visit, typed[:LONGEST_CODE], [trouble])
        return self.place.go(request, "/letters", visit)

    def _asking(self, request: Request, visit: Visit | None, typed: str, troubles: list[Trouble]) -> Response:
        visit = visit or self.place.visits.begin()
        status = max((trouble.status for trouble in troubles), default=200)
        again = bool(troubles)
        return self.place.page(
            request, "return.html", visit, status=status, code=typed, troubles=troubles, again=again, asks_code=True
        )
