"""Bodies of requests, read piece by piece: no request may bring more than it announced or is allowed, nor all together fill the memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.requests import Request

from kunak.relay.refusals import Busy, TooLarge

MEBIBYTE: Final = 1024 * 1024
FROM_DEVICES: Final = 24 * MEBIBYTE  # bytes of all bodies that are held at once
FROM_ANYONE: Final = 4 * MEBIBYTE
SECONDS_FOR_ANYONE: Final = 60.0  # for a signed document of a quarter of a mebibyte


class Intake:
    """Counts what is held, not what was announced: who is slow takes no room from others."""

    def __init__(self, room: int, seconds: float | None = None) -> None:
        self._room = room
        self._seconds = seconds

    @asynccontextmanager
    async def body(self, request: Request, most: int) -> AsyncIterator[bytes]:
        """The body, held until the block ends. Raises TooLarge, Busy."""
        announced = request.headers.get("content-length", "0")
        if not announced.isdecimal() or int(announced) > most:
            raise TooLarge(f"One such request may bring {most} bytes.")
        parts: list[bytes] = []
        held = 0
        try:
            try:
                async with asyncio.timeout(self._seconds):
                    async for part in request.stream():
                        held += len(part)
                        self._room -= len(part)
                        if held > most:
                            raise TooLarge(f"One such request may bring {most} bytes.")
                        if self._room < 0:
                            raise Busy("The relay is given more at once than it can hold. Try again in a minute.")
                        parts.append(part)
            except TimeoutError as trouble:
                raise Busy("This took too long to arrive. Try again over a better line.") from trouble
            yield b"".join(parts)
        finally:
            self._room += held
