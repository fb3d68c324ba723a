"""All pages of a person, and the way from one to the next.

    /            who reads this, what is safe to write, how to check that it is us, what happens next
    /write       write first (writing.py)          /code     the seven words, shown once (entrance.py)
    /return      come back with the code           /letters  the conversation (conversation.py)
    /contact     how to reach the person safely    /forget   delete everything
    /exit        leave at once, to another site    /left     a page that shows nothing

There is no script on any of them, and nothing is loaded from anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from kunak.frame.calm import ErrorPage
from kunak.frame.render import Frame
from kunak.mailbox.conversation import Conversation
from kunak.mailbox.derivation import Derivation
from kunak.mailbox.entrance import Entrance
from kunak.mailbox.mailroom import Mailroom
from kunak.mailbox.parcel import Blobs
from kunak.mailbox.place import Place
from kunak.mailbox.standing import Documents, Standing
from kunak.mailbox.unsent import Unsent
from kunak.mailbox.visit import Visits
from kunak.mailbox.writing import Writing
from kunak.relay.log import Log

# Where "leave quickly" leads: a page that anybody may have open.
LEAVE_TO: Mapping[str, str] = {
    "en": "https://en.wikipedia.org/wiki/Weather_forecasting",
    "ru": "https://ru.wikipedia.org/wiki/%D0%9F%D1%80%D0%BE%D0%B3%D0%BD%D0%BE%D0%B7_%D0%BF%D0%BE%D0%B3%D0%BE%D0%B4%D1%8B",
}


def settle(log: Log, blobs: Blobs, documents: Documents, clock: Callable[[], float]) -> Place:
    """The parts that pages need, out of what the relay is made of."""
    standing = Standing(documents)
    return Place(
        frame=Frame("mailbox"),
        mailroom=Mailroom(log, standing, clock),
        derivation=Derivation(standing.organisation),
        blobs=blobs,
        unsent=Unsent(blobs),
        visits=Visits(),
    )


def routes(place: Place, leave_to: Mapping[str, str] = LEAVE_TO) -> list[Route]:
    """Every page of a person."""
    first, writing, entrance, conversation = (
        First(place, leave_to),
        Writing(place),
        Entrance(place),
        Conversation(place),
    )
    return [
        Route("/", first.page, methods=["GET"]),
        Route("/write", writing.page, methods=["GET"]),
        Route("/write", writing.send_first, methods=["POST"]),
        Route("/code", entrance.show_code, methods=["GET"]),
        Route("/code", entrance.code_is_kept, methods=["POST"]),
        Route("/return", entrance.ask, methods=["GET"]),
        Route("/return", entrance.enter, methods=["POST"]),
        Route("/letters", conversation.show, methods=["GET"]),
        Route("/letters", writing.send_next, methods=["POST"]),
        Route("/letters/read", conversation.remove, methods=["POST"]),
        Route("/contact", conversation.ask_contact, methods=["GET"]),
        Route("/contact", conversation.send_contact, methods=["POST"]),
        Route("/forget", conversation.ask_forget, methods=["GET"]),
        Route("/forget", conversation.forget, methods=["POST"]),
        Route("/exit", first.leave, methods=["GET"]),
        Route("/left", first.left, methods=["GET"]),
        Route("/favicon.ico", first.no_icon, methods=["GET"]),
    ]


def error_page(place: Place) -> ErrorPage:
    """The page for a request that did not become one, in the reader's language."""

    async def page(request: Request, status: int) -> Response:
        return place.frame.render("frame/status.html", request, status=status, http_status=status)

    return page


class First:
    """The first page and the last ones."""

    def __init__(self, place: Place, leave_to: Mapping[str, str]) -> None:
        self.place = place
        self.leave_to = leave_to
        self._rendered: dict[str, tuple[tuple[str, bool], str]] = {}

    async def page(self, request: Request) -> Response:
        """No cookie is set here: who only reads leaves no trace. The same for everybody, so it is rendered once a language."""
        language = self.place.frame.language(request)
        standing = self.place.mailroom.standing
        said = (standing.name(language), standing.open)
        if language not in self._rendered or self._rendered[language][0] != said:
            name, is_open = said
            sign = standing.sign(language)
            text = self.place.frame.text("mailbox/first.html", request, name=name, sign=sign, open=is_open)
            self._rendered[language] = (said, text)
        return HTMLResponse(self._rendered[language][1])

    async def leave(self, request: Request) -> Response:
        """Quick exit: the visit ends, the browser is told to forget this site, and another site appears."""
        language = self.place.frame.language(request)
        response = RedirectResponse(self.leave_to.get(language) or self.leave_to["en"], status_code=303)
        self.place.visits.end(request, response)
        # Not "*": some browsers then take seconds, and these are seconds that a person may not have.
        response.headers["clear-site-data"] = '"cache", "cookies", "storage"'
        return response

    async def left(self, request: Request) -> Response:
        """A quiet end: says only that nothing is open any more."""
        how = request.query_params.get("how", "left")
        response = self.place.page(request, "left.html", how=how if how in {"gone", "forgotten"} else "left")
        response.headers["clear-site-data"] = '"cache", "cookies", "storage"'
        return response

    async def no_icon(self, request: Request) -> Response:  # noqa: ARG002 - a route's shape
        """Browsers ask for an icon and would keep it beside the address."""
        return Response(status_code=204)
