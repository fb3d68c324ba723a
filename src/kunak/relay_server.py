"""The process that stands on the internet: the front door behind uvicorn, without any log of who came.

`kunak relay` starts it with the memory measure; it imports the front door and nothing of a desk.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any, Final

import msgspec
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from kunak import front
from kunak.mailbox.forgetting import Forgetting
from kunak.relay.allowance import GIBIBYTE, Limits
from kunak.relay.refusals import Refused


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the operator asked for: the options of `kunak relay`."""

    data: str
    organisation: str
    host: str
    port: int
    database: str | None
    files: str | None
    files_a_day: int  # GiB
    keep_free: int  # GiB
    certificate: str | None
    key: str | None


SECONDS_TO_FINISH: Final = 30  # that running requests get when the relay is asked to stop


HELD_AT_MOST: Final = 65_536  # bytes; who writes more in one turn is made to wait by the line itself


class _Turn:
    """A connection that sends what was written in one turn of the event loop at once: an answer's head and its body are one packet
    and one call of the system. The second cost as much as half a signature (docs/decisions/relay-requests-without-layers.md)."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._held: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        if not self._held:
            self._loop.call_soon(self._send)
        self._held.append(data)
        self._size += len(data)
        if self._size > HELD_AT_MOST:
            self._send()

    def close(self) -> None:
        self._send()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _send(self) -> None:
        if self._held:
            held, self._held, self._size = self._held, [], 0
            self._transport.write(b"".join(held))


class OnePacket(H11Protocol):
    """HTTP/1.1 as uvicorn and h11 speak it. (The memory measure was tried with h11; a parser with memory of its own would have to be
    tried first.)"""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Somebody is there."""
        super().connection_made(_Turn(transport))  # type: ignore[arg-type]  # it passes on what it does not do itself


def main() -> int:
    """Serve until asked to stop; exit status 1 and a sentence if that cannot be."""
    options = msgspec.json.decode(os.environ.pop("KUNAK_RELAY_OPTIONS"), type=Options)
    limits = Limits(files_a_day=options.files_a_day * GIBIBYTE, free_for_devices=options.keep_free * GIBIBYTE)
    settings = front.Settings(
        Path(options.data), Path(options.organisation), database=options.database, files=options.files, limits=limits
    )
    if not settings.organisation.is_file():
        given = options.organisation
        sys.stderr.write(
            f"There is no {given}. Give organisation.json as the admin's desk wrote it (kunak org create).\n"
        )
        return 1
    try:
        door = front.app(settings)
    except (Refused, OSError) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    # The server raises the signal again once all is finished; being asked to stop is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    door.state.place.frame.preload()
    Forgetting.freeze()
    uvicorn.run(
        door,
        host=options.host,
        port=options.port,
        ssl_certfile=options.certificate,
        ssl_keyfile=options.key,
        http=OnePacket,
        ws="none",
        access_log=False,  # no address, no agent, no path is written anywhere
        log_level="warning",
        server_header=False,
        date_header=False,  # the relay's clock is nobody's business
        proxy_headers=False,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
