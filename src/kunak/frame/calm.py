"""When something fails: the reader sees a calm page, the log a place in the code and nothing of what was being written."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("kunak")

ErrorPage = Callable[[Request, int], Awaitable[Response]]


def place_of(failure: BaseException) -> str:
    """`ValueError at log.py:88`: never the message, which may hold a person's words."""
    frames = traceback.extract_tb(failure.__traceback__)
    where = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "?"
    return f"{type(failure).__name__} at {where}"


class Calm:
    """Answers a failure with `page` (status 500) and logs its place only. `door.add_middleware(Calm, page=…)`.

    Starlette's own handler, outside of this one, would pass the failure on to the server, which prints it with its message.
    """

    def __init__(self, app: ASGIApp, page: ErrorPage) -> None:
        self.app = app
        self.page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as failure:  # noqa: BLE001 - the last wall: whatever it is, it must not reach the log with its words
            log.error("failed: %s", place_of(failure))  # noqa: TRY400 - a traceback shows values
            if not started:
                response = await self.page(Request(scope, receive), 500)
                await response(scope, receive, send)
