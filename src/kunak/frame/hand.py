"""One hand makes all pages of a desk, one after another: it serves one helper, and a vault's connection belongs to one thread.

A room writes plain functions, request in and response out; for a change the form is read first.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from starlette.responses import RedirectResponse
from starlette.routing import Route

from kunak.frame.form import Form, read_form

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import OpenSink


Done = TypeVar("Done")


class Hand:
    """Collects routes whose functions run in one thread."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "pages")
        self.routes: list[Route] = []
        self._at_stop: list[Callable[[], None]] = []

    def show(self, path: str, page: Callable[[Request], Response]) -> None:
        """A page to look at."""

        async def endpoint(request: Request) -> Response:
            return await self.run(lambda: page(request))

        self.routes.append(Route(path, endpoint, methods=["GET"]))

    def change(self, path: str, act: Callable[[Request, Form], Response], open_sink: OpenSink | None = None) -> None:
        """A form that was sent; `open_sink` for its files. A form that did not arrive whole changes nothing: BrokenForm goes to the
        door's error page."""

        async def endpoint(request: Request) -> Response:
            form = await read_form(request, open_sink)
            return await self.run(lambda: act(request, form))

        self.routes.append(Route(path, endpoint, methods=["POST"]))

    def run(self, work: Callable[[], Done]) -> Awaitable[Done]:
        return asyncio.get_running_loop().run_in_executor(self._thread, work)

    def at_stop(self, end: Callable[[], None]) -> None:
        """What else must end when the desk is locked."""
        self._at_stop.append(end)

    def stop(self) -> None:
        for end in self._at_stop:
            end()
        self._thread.shutdown(wait=False, cancel_futures=True)


def see_other(path: str) -> RedirectResponse:
    """After a change: look at the page anew, so that a reload does not send the form again."""
    return RedirectResponse(path, 303)


def safe_path(path: str, otherwise: str = "/") -> str:
    """A path of this door out of a form: never an address of somebody else's."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else otherwise
