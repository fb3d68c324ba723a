"""What was said is gone from this process's memory a moment later, not when Python finds the time.

The relay runs with an allocator that overwrites what is freed (relay_command.py). But a request that was answered lives on in
reference cycles until the garbage collector comes by, and in the buffer of a connection that is kept open. So:

- a request that brought words closes its connection;
- half a second after such a request, the collector is run. What was there at the start is frozen, so that a run costs a
  millisecond or so and not the whole heap.

Measured by tests/seizure/test_relay.py: without this, six of ten canaries stood in live memory after their letters were sealed.
"""

from __future__ import annotations

import asyncio
import gc
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

AFTER_SECONDS: Final = 0.5
READS_NOTHING: Final = frozenset(("GET", "HEAD", "OPTIONS"))


class Forgetting:
    """Wraps the app of a person's pages. Devices bring and take ciphertext only; their requests do not come by here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._due: asyncio.TimerHandle | None = None

    @staticmethod
    def freeze() -> None:
        """Once, when everything is loaded: what lives now lives for good, and later collections pass it by."""
        gc.collect()
        gc.freeze()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        speaks = scope["method"] not in READS_NOTHING

        async def send_and_close(message: Message) -> None:
            if speaks and message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"connection", b"close")]
            await send(message)

        try:
            await self._app(scope, receive, send_and_close)
        finally:
            # A page that shows an answer has opened it here: reading pages leave something behind, too.
            self._collect_soon()

    def _collect_soon(self) -> None:
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(AFTER_SECONDS, self._collect)

    def _collect(self) -> None:
        self._due = None
        gc.collect()
