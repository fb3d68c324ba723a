"""Who may knock on the desk's door. Localhost is not a wall: every page in every browser of this machine can send requests to it,
and so can every program of every person who is logged in.

1. The Host is exactly ours: a name that was rebound to 127.0.0.1 (DNS rebinding) is not.
2. Only GET, HEAD and POST exist; a POST carries exactly our Origin, and no request comes from another site (`Sec-Fetch-Site`).
3. A browser is let in by an address that is printed where the desk was started, works once, and for ten minutes.
4. From then on it holds a session cookie: SameSite=Strict, HttpOnly, named after the port (cookies do not know ports, and
   several desks may run on one machine). The desk keeps its hash, in memory only.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from kunak.frame.headers import ALWAYS
from kunak.frame.words import mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

ENTER: Final = "/enter/"
ADDRESS_SECONDS: Final = 600
METHODS: Final = ("GET", "HEAD", "POST")

NO_SESSION = mark(
    "This browser has not entered the desk. Go to the window in which the desk was started, press Enter there, and open the "
    "address that it prints: it works once."
)
WRONG_PLACE = mark("The desk answers only at the address that it printed itself. Open that one.")
FROM_ELSEWHERE = mark(
    "Another page tried to use this desk. Nothing was changed. If it was you: go back, reload the page, try again."
)


def plainly(_request: Request, status: int, sentence: str) -> Response:
    """A refusal as plain text, for when no page can be made."""
    return Response(sentence, status, headers=ALWAYS, media_type="text/plain; charset=utf-8")


class Guard:
    """Outermost of the desk's door. `host`: `127.0.0.1:PORT`. `refuse` makes the page of a refusal."""

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        clock: Callable[[], float],
        refuse: Callable[[Request, int, str], Response] = plainly,
    ) -> None:
        self._app = app
        self._host = host
        self._origin = f"http://{host}"
        self._clock = clock
        self._refuse = refuse
        self._cookie = f"kunak-desk-{host.rpartition(':')[2]}"
        self._sessions: set[bytes] = set()
        self._address: tuple[bytes, float] | None = None

    def address(self) -> str:
        """A new address that lets one browser in, once. The one before, if nobody used it, is worthless from now on."""
        token = secrets.token_urlsafe(24)
        self._address = (_hash(token), self._clock() + ADDRESS_SECONDS)
        return f"{self._origin}{ENTER}{token}"

    def forget_sessions(self) -> None:
        """Every browser must enter anew."""
        self._sessions.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            answer = self._judge(Request(scope, receive))
            await (answer or self._app)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _judge(self, request: Request) -> Response | None:
        """What keeps the request out; None lets it in."""
        if request.headers.getlist("host") != [self._host]:  # 1
            return self._refuse(request, 421, WRONG_PLACE)
        if request.method not in METHODS:  # 2
            return self._refuse(request, 405, FROM_ELSEWHERE)
        if not self._from_here(request.method, request.headers):
            return self._refuse(request, 403, FROM_ELSEWHERE)
        if request.url.path.startswith(ENTER) and request.method == "GET":  # 3
            return self._enter(request)
        if not self._known(request.headers):  # 4
            return self._refuse(request, 403, NO_SESSION)
        return None

    def _from_here(self, method: str, headers: Headers) -> bool:
        # `none`: typed, or opened by another program. Browsers that know no Sec-Fetch-Site are kept out by the strict cookie.
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return False
        return method != "POST" or headers.getlist("origin") == [self._origin]

    def _enter(self, request: Request) -> Response:
        token = request.url.path.removeprefix(ENTER)
        if self._address is None or self._clock() > self._address[1]:
            return self._refuse(request, 403, NO_SESSION)
        if not hmac.compare_digest(_hash(token), self._address[0]):
            return self._refuse(request, 403, NO_SESSION)
        self._address = None
        session = secrets.token_urlsafe(32)
        self._sessions.add(_hash(session))
        # A page that goes on by itself, not a redirect: a strict cookie is not sent along when another program's link led here.
        answer = Response("", headers={**ALWAYS, "refresh": "0; url=/"}, media_type="text/html; charset=utf-8")
        answer.set_cookie(self._cookie, session, httponly=True, samesite="strict", path="/")
        return answer

    def _known(self, headers: Headers) -> bool:
        try:
            sent = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return sent is not None and _hash(sent.value) in self._sessions


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8", "replace")).digest()
