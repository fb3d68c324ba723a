"""The process that stands on the internet: the front door behind uvicorn, without any log of who came.

`kunak relay` starts it with the memory measure; it imports the front door and nothing of a desk.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import socket
import ssl
import sys
from pathlib import Path
from typing import Any, Final

import msgspec
import uvicorn
from starlette.concurrency import run_in_threadpool
from uvicorn.protocols.http.h11_impl import H11Protocol

from kunak import front
from kunak.frame.tongue import spoken
from kunak.frame.words import mark
from kunak.mailbox.forgetting import Forgetting
from kunak.relay.allowance import GIBIBYTE, Limits
from kunak.relay.refusals import InUse, Malformed, Refused, Unavailable

_ = spoken("kunak").gettext


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


class Server(uvicorn.Server):
    """Freezes what lives for good when all is loaded and nobody was let in yet: a collection then looks at a few hundred things."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Before the first connection."""
        await run_in_threadpool(int)  # loads what the first request would load
        Forgetting.freeze()
        await super().startup(sockets)


def main() -> int:
    """Serve until asked to stop; exit status 1 and a sentence if that cannot be."""
    options = msgspec.json.decode(os.environ.pop("KUNAK_RELAY_OPTIONS"), type=Options)
    limits = Limits(files_a_day=options.files_a_day * GIBIBYTE, free_for_devices=options.keep_free * GIBIBYTE)
    settings = front.Settings(
        Path(options.data), Path(options.organisation), database=options.database, files=options.files, limits=limits
    )
    try:
        _look_at(options)
        door = front.app(settings)
    except (Refused, OSError) as trouble:
        sys.stderr.write(in_words(trouble, options) + "\n")
        return 1
    except ModuleNotFoundError as missing:
        if (extra := _EXTRAS.get((missing.name or "").partition(".")[0])) is None:
            raise
        said = _("This address needs parts that are not installed. Install them: {command}")
        sys.stderr.write(said.format(command=f"pip install 'kunak[relay,{extra}]'") + "\n")
        return 1
    # The server raises the signal again once all is finished; being asked to stop is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    door.state.place.frame.preload()
    config = uvicorn.Config(
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
    server = Server(config)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    return 0 if server.started else 1


def _look_at(options: Options) -> None:
    """What the server would complain of in its own words, and later. Raises OSError."""
    if not Path(options.organisation).is_file():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), options.organisation)
    if options.certificate and options.key:
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(options.certificate, options.key)
        except ssl.SSLError as trouble:
            raise _NoCertificate from trouble
    if options.database and not options.database.startswith(("postgresql://", "postgres://")):
        raise _NoDatabase
    if options.files:
        _look_at_store(options.files)
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    # Bound and not listened on: nobody may connect to what closes at once.
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options.host, options.port))
        except OSError as taken:
            raise _NoPort(taken.errno, taken.strerror) from taken


def _look_at_store(address: str) -> None:
    """Raises _NoStore."""
    from kunak.relay.objects import ChunkObjects  # noqa: PLC0415 - an extra that few operators install

    try:
        ChunkObjects(address)
    except ValueError as trouble:
        raise _NoStore from trouble


class _NoDatabase(OSError):
    """It would be taken for the name of a file."""


class _NoStore(OSError):
    """No object store is reached under this address."""


class _NoCertificate(OSError):
    """The certificate and the key do not belong together, or are none."""


class _NoPort(OSError):
    """Nobody can listen there."""


# Parts that few operators install, and what brings them.
_EXTRAS: Final = {"psycopg": "postgresql", "obstore": "s3"}
_SENTENCES: Final[dict[type[Exception], str]] = {
    InUse: mark("Another relay is already running on this data. Stop it first."),
    Malformed: mark(
        "organisation.json is damaged, or newer than this version of Kunak. Take it again from the admin's desk."
    ),
    Unavailable: mark("The relay's database does not answer. Look whether it runs, and at its address."),
    _NoCertificate: mark(
        "The certificate and the key cannot be used together. Give the chain and its own key, both in PEM."
    ),
    _NoDatabase: mark(
        "--database takes an address that begins with postgresql://. Leave it out, and the database is a file in the folder."
    ),
    _NoStore: mark("--files takes an address like s3://bucket/folder. Leave it out, and files are kept in the folder."),
    _NoPort: mark(
        "Port {port} of {host} cannot be listened on ({why}). Stop the other program there, or choose another with --port."
    ),
}


def in_words(trouble: Refused | OSError, options: Options) -> str:
    """Why the relay does not start: one sentence that says what to do, in the operator's language."""
    known = next((said for kind, said in _SENTENCES.items() if isinstance(trouble, kind)), None)
    why = getattr(trouble, "strerror", None)
    if known is not None:
        return _(known).format(port=options.port, host=options.host, why=why)
    if isinstance(trouble, FileNotFoundError) and trouble.filename == options.organisation:
        said = _("There is no {given}. Give organisation.json as the admin's desk wrote it (kunak org create).")
        return said.format(given=options.organisation)
    if isinstance(trouble, OSError):
        said = _("{file} cannot be used ({why}). Look at the folder, its rights, and the room on the disk.")
        return said.format(file=trouble.filename or options.data, why=why or trouble)
    return str(trouble)


if __name__ == "__main__":
    sys.exit(main())
