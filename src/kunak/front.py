"""DOOR 1, the internet: one app out of a person's pages, the relay's requests and the published pages."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kunak.frame.calm import Calm, ErrorPage
from kunak.frame.headers import SafeHeaders, person_headers
from kunak.mailbox import pages
from kunak.mailbox.forgetting import Forgetting
from kunak.mailbox.unsent import Unsent
from kunak.relay import api
from kunak.relay.blobs import Blobs, ChunkFolder, Chunks
from kunak.relay.documents import Documents, Organisation
from kunak.relay.log import Limits, Log

TIDY_SECONDS: Final = 600.0


@dataclass(frozen=True)
class Settings:
    """What an operator decides."""

    data: Path  # the folder of the relay's database and blobs
    organisation: Path  # organisation.json, from the admin's desk
    clock: Callable[[], float] = time.time
    leave_to: Mapping[str, str] = field(default_factory=lambda: pages.LEAVE_TO)  # language: where "leave quickly" leads
    limits: Limits = field(default_factory=Limits)
    database: str | None = None  # a postgresql:// address instead of a file in `data`
    files: str | None = None  # an s3:// address instead of a folder in `data`


class Door(Starlette):
    """Devices' requests go to the relay's own app at once; what persons' pages wear (headers, forgetting) is nothing to them."""

    devices: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(api.ROOT):
            await self.devices(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def app(settings: Settings) -> Door:
    """Everything that stands on the internet. Raises InUse, Malformed, OSError."""
    organisation = Organisation.read(settings.organisation)
    log = Log.open(settings.database or settings.data / "relay.db", settings.clock, settings.limits)
    blobs = Blobs(_chunks(settings), log)
    documents = Documents(log, organisation)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # What the last process left behind is listed before the first request of this one, and removed beside them.
        tidying = asyncio.create_task(_tidy(blobs, log.loose_chunks(), place.unsent))
        yield
        tidying.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await tidying
        # The server has answered all requests by now; what it acknowledged is on the disk.
        await run_in_threadpool(log.close)
        await run_in_threadpool(place.derivation.close)

    place = pages.settle(log, blobs, documents, settings.clock)
    door = Door(routes=pages.routes(place, settings.leave_to), lifespan=lifespan)
    relay = api.Api(log, blobs, documents, settings.clock)
    door.devices = Calm(relay, _failed)
    _dress(door, pages.error_page(place))
    door.state.log, door.state.blobs, door.state.documents, door.state.place = log, blobs, documents, place
    door.state.relay = relay
    return door


async def _tidy(blobs: Blobs, ownerless: list[bytes], unsent: Unsent) -> None:
    """Files without a letter go: those of the last process now, those of this one when their hour is over, whoever comes or not."""
    await blobs.discard(ownerless)
    while True:
        await asyncio.sleep(TIDY_SECONDS)
        await unsent.sweep()


def _chunks(settings: Settings) -> Chunks:
    if settings.files is None:
        return ChunkFolder(settings.data / "blobs", settings.clock)
    from kunak.relay.objects import ChunkObjects  # noqa: PLC0415 - an extra that few operators install

    return ChunkObjects(settings.files)


def _dress(door: Starlette, page: ErrorPage) -> None:
    """What every page is promised: safe headers, and calm words in the reader's language when something is wrong."""

    async def refused(request: Request, trouble: Exception) -> Response:
        status = trouble.status_code if isinstance(trouble, HTTPException) else 500
        return await page(request, status)

    door.add_exception_handler(HTTPException, refused)
    door.add_middleware(Calm, page=page)
    door.add_middleware(SafeHeaders, headers=person_headers())
    door.add_middleware(Forgetting)


async def _failed(_: Request, status: int) -> Response:
    """A device is told that it was our fault; what it was stands in the log, as a place in the code."""
    answer = api.unknown(status)
    return Response(answer.content, status, media_type="application/json")
