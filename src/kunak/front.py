"""DOOR 1, the internet: one app out of a person's pages, the relay's requests and the published pages."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool

from kunak.relay import api
from kunak.relay.blobs import Blobs
from kunak.relay.documents import Documents, Organisation
from kunak.relay.log import Log


@dataclass(frozen=True)
class Settings:
    """What an operator decides."""

    data: Path  # the folder of the relay's database and blobs
    organisation: Path  # organisation.json, from the admin's desk
    clock: Callable[[], float] = time.time


def app(settings: Settings) -> Starlette:
    """Everything that stands on the internet. Raises InUse, Malformed, OSError."""
    organisation = Organisation.read(settings.organisation)
    log = Log.open(settings.data / "relay.db", settings.clock)
    blobs = Blobs(settings.data / "blobs", settings.clock)
    documents = Documents(log, organisation)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        # The server has answered all requests by now; what it acknowledged is on the disk.
        await run_in_threadpool(log.close)

    door = Starlette(routes=[*api.routes(log, blobs, documents, settings.clock)], lifespan=lifespan)
    door.state.log, door.state.blobs, door.state.documents = log, blobs, documents
    return door
