"""Bodies of requests, read piece by piece: no request may bring more than it announced or is allowed, nor all together fill the memory."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.types import Receive

from kunak.relay.asking import Fields
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

    async def take(self, receive: Receive, fields: Fields, most: int) -> bytes:
        """The body. It counts as held until `give_back`. Raises TooLarge, Busy."""
        announced = fields.get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > most:
            raise TooLarge(f"One such request may bring {most} bytes.")
        parts: list[bytes] = []
        try:
            if self._seconds is None:
                return await self._read(receive, most, parts)
            async with asyncio.timeout(self._seconds):
                return await self._read(receive, most, parts)
        except BaseException as trouble:
            self.give_back(sum(map(len, parts)))
            if isinstance(trouble, TimeoutError):
                raise Busy("This took too long to arrive. Try again over a better line.") from trouble
            raise

    def give_back(self, size: int) -> None:
        """A body of this size is no longer held."""
        self._room += size

    async def _read(self, receive: Receive, most: int, parts: list[bytes]) -> bytes:
        held, more = 0, True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                raise Busy("The line broke before all had arrived. Send it again.")
            part = message.get("body", b"")
            parts.append(part)
            held += len(part)
            self._room -= len(part)
            if held > most:
                raise TooLarge(f"One such request may bring {most} bytes.")
            if self._room < 0:
                raise Busy("The relay is given more at once than it can hold. Try again in a minute.")
            more = message.get("more_body", False)
        return parts[0] if len(parts) == 1 else b"".join(parts)
