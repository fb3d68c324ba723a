"""DOOR 2: the app on 127.0.0.1 of a helper's machine.

Rooms stand in one visible tuple. While the vault is locked, only the page that unlocks it exists.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from contextlib import suppress
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kunak.cases import register as cases
from kunak.desk.asking import ask_by_http
from kunak.desk.complaints import BEYOND_MENDING, FAILED, NOT_FOUND, TROUBLES, WHY_LOCKED
from kunak.desk.guard import Guard
from kunak.desk.look import Look
from kunak.desk.pages import DeskPages
from kunak.desk.relay_client import RelayClient
from kunak.desk.status import status_of
from kunak.desk.sync import Sync
from kunak.desk.unlock import LOCK_AFTER_SECONDS, Lock, Opened
from kunak.desk.workbench import Workbench
from kunak.frame.calm import Calm
from kunak.frame.form import BrokenForm, Form, read_form
from kunak.frame.hand import Hand, safe_path, see_other
from kunak.frame.headers import SafeHeaders, desk_headers
from kunak.helpline import register as helpline
from kunak.journeys import register as journeys
from kunak.vault import searching
from kunak.vault.damage import DamagedVault, FullDisk, NoVault, VaultInUse, WrongPassphrase, is_damage
from kunak.vault.mending import mend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

    from kunak.desk.relay_client import Relay
    from kunak.vault.folding import Room
    from kunak.vault.store import Database, Vault

# The rooms of this desk. Their folds and their pages: `add_pages` below.
ROOMS: tuple[Room, ...] = (searching, helpline, cases, journeys)

WATCH_SECONDS = 5.0
TIDY_EVERY = 12  # rounds of watching: once a minute


def boot_clock() -> float:
    """Seconds that go on while the machine sleeps, where the system has such a clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Desk:
    """One helper's desk: an ASGI app. `relay` makes the relay's client for an open vault; `sync_pause` seconds, None: by hand;
    `awake_clock` stands still while the machine sleeps, `idle_clock` goes on."""

    def __init__(
        self,
        folder: Path,
        port: int,
        *,
        clock: Callable[[], float] = time.time,
        idle_clock: Callable[[], float] = boot_clock,
        awake_clock: Callable[[], float] = time.monotonic,
        relay: Callable[[Workbench], Relay] | None = None,
        lock_after: float = LOCK_AFTER_SECONDS,
        sync_pause: float | None = 30.0,
        ask: Callable[[Workbench], None] | None = None,
    ) -> None:
        self.clock = clock
        self._port = port
        self._folder = folder
        self._awake_clock = awake_clock
        self._damaged = False  # found while somebody worked: the page that unlocks offers to mend
        self._relay = relay or (lambda bench: client_of(bench, clock))
        self._sync_pause = sync_pause
        self._ask = ask or (lambda bench: ask_by_http(bench, clock))
        self.look = Look(clock, self._language_cookie)
        self.lock = Lock(folder, self._furnish, idle_clock, lock_after)
        headers = desk_headers("frame/desk.css")
        self.guard = Guard(
            SafeHeaders(Calm(self._serve, self._failed), headers), f"127.0.0.1:{port}", idle_clock, self._refused
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self.guard(scope, receive, send)

    @property
    def _language_cookie(self) -> str:
        return f"kunak-language-{self._port}"

    # --- an open vault

    def _furnish(self, vault: Vault) -> Opened:
        bench = Workbench.over(vault, ROOMS, self.clock)
        _ = bench.keyring.own
        relay = self._relay(bench)
        sync, hand = Sync(bench, relay, partial(self._ask, bench)), Hand()
        watching = journeys.Watching(bench, lambda: sync.state().last_success, self._awake_clock)
        self.add_pages(hand, bench, relay, sync)
        journeys.add_carried_routes(hand, bench, self.look, watching)
        hand.at_stop(watching.forget)
        app = Starlette(routes=hand.routes, exception_handlers=self._handlers())
        self.look.status = lambda request: status_of(
            bench, sync.state(), watching, self.look.words[self.look.language(request)]
        )
        if self._sync_pause is not None:
            sync.start(self._sync_pause)
        return Opened(bench, sync, relay, hand, app, watching)

    def add_pages(self, hand: Hand, bench: Workbench, relay: Relay, sync: Sync) -> None:
        desk = DeskPages(bench, self.look, sync)
        hand.show("/", desk.home)
        hand.show("/search", desk.search)
        hand.show("/sync", desk.sync)
        hand.change("/sync", desk.sync_now)
        hand.change("/sync/known", desk.put_away)
        hand.show("/status", desk.status)
        hand.show("/help", desk.help)
        helpline.add_routes(hand, bench, self.look, case_names, relay.get_blob)
        cases.add_routes(hand, bench, self.look, parties_of)
        journeys.add_routes(hand, bench, self.look)

    def _handlers(self) -> dict[Any, Any]:
        async def not_found(request: Request, _: Exception) -> Response:
            return self._trouble(request, 404, NOT_FOUND)

        def handler(status: int, sentence: str) -> Callable[[Request, Exception], Any]:
            async def answer(request: Request, _: Exception) -> Response:
                return self._trouble(request, status, sentence)

            return answer

        async def failed(request: Request, wrong: Exception) -> Response:
            if is_damage(wrong):
                return self._trouble(request, *TROUBLES[DamagedVault])
            return await self._failed(request, 500)

        known: dict[Any, Any] = {kind: handler(*said) for kind, said in TROUBLES.items()}
        return {**known, HTTPException: not_found, Exception: failed}

    # --- requests

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What the guard has let in."""
        request = Request(scope, receive, send)
        opened = self.lock.opened
        match request.method, request.url.path:
            case "GET" | "HEAD", "/desk.js":
                answer: ASGIApp = Response(script(), media_type="text/javascript; charset=utf-8")
            case "POST", "/language":
                answer = await self._choose_language(request)
            case "POST", "/unlock":
                answer = await self._unlock(request)
            case "POST", "/mend" if opened is None:
                answer = await self._mend(request)
            case "POST", "/lock":
                self.lock.lock()
                answer = see_other("/")
            case "POST", "/awake" if opened is not None:
                self.lock.touch()
                answer = Response(status_code=204)
            case _ if opened is None:
                answer = await self._locked(request)
            case _, path:
                if path != "/status":
                    self.lock.touch()
                answer = opened.app
        await answer(scope, receive, send)

    async def _locked(self, request: Request, status: int = 423, problem: str = "") -> Response:
        """The page that unlocks. A form that was sent to a desk that had locked itself meanwhile is kept in it."""
        kept: dict[str, str] = {}
        to = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        if request.method == "POST" and request.url.path != "/unlock":
            with suppress(BrokenForm):
                kept = (await read_form(request)).fields
        return self._unlock_page(request, status, problem, to, kept)

    def _unlock_page(
        self, request: Request, status: int, problem: str, to: str, kept: dict[str, str], *, damaged: bool = False
    ) -> Response:
        text = self.look.text(
            "desk/unlock.html",
            request,
            problem=problem,
            to=to,
            kept=kept,
            damaged=damaged or self._damaged,
            status=None,
        )
        return HTMLResponse(text, status)

    async def _unlock(self, request: Request) -> Response:
        try:
            form = await read_form(request)
        except BrokenForm:
            return see_other("/")
        kept, to = _kept_in(form), safe_path(form["to"])
        try:
            await asyncio.to_thread(self.lock.unlock, form["passphrase"])
        except tuple(WHY_LOCKED) as why:
            sentence = next(said for kind, said in WHY_LOCKED.items() if isinstance(why, kind))
            damaged = isinstance(why, DamagedVault)
            return self._unlock_page(request, 403, self.look.gettext(request)(sentence), to, kept, damaged=damaged)
        if kept:
            return self.look.render("desk/kept.html", request, to=to, kept=kept, status=200)
        return see_other(to)

    async def _mend(self, request: Request) -> Response:
        """The vault is made anew out of what is kept beside it; then it is unlocked like any other."""
        try:
            form = await read_form(request)
        except BrokenForm:
            return see_other("/")
        kept, to = _kept_in(form), safe_path(form["to"])
        try:
            mended = await asyncio.to_thread(mend, self._folder, form["passphrase"])
            self._damaged = False
        except DamagedVault:
            return self._unlock_page(request, 403, self.look.gettext(request)(BEYOND_MENDING), to, kept)
        except (WrongPassphrase, VaultInUse, NoVault, FullDisk) as why:
            sentence = self.look.gettext(request)(WHY_LOCKED[type(why)])
            return self._unlock_page(request, 403, sentence, to, kept, damaged=True)
        words = self.look.words[self.look.language(request)]
        said = words.ngettext(
            "The desk is mended: {n} thing that was not sent is kept. Unlock it; it reads everything else again from the relay.",
            "The desk is mended: {n} things that were not sent are kept. Unlock it; it reads everything else again from the relay.",
            mended.unsent,
        ).format(n=mended.unsent)
        if mended.lost:
            said += " " + words.gettext(
                "Some of what was kept is damaged too: tell your colleagues that something of yours may be missing."
            )
        return self._unlock_page(request, 200, said, to, kept)

    async def _choose_language(self, request: Request) -> Response:
        form = await read_form(request)
        answer = see_other(safe_path(form["to"]))
        if form["language"] in self.look.words:
            answer.set_cookie(self._language_cookie, form["language"], httponly=True, samesite="strict", path="/")
        return answer

    # --- when something is wrong

    def _trouble(self, request: Request, status: int, sentence: str) -> Response:
        said = self.look.gettext(request)(sentence)
        self._damaged |= sentence == WHY_LOCKED[DamagedVault]
        if self.lock.opened is None:
            return self._refused(request, status, sentence)
        return self.look.render("desk/trouble.html", request, status=status, sentence=said)

    def _refused(self, request: Request, status: int, sentence: str) -> Response:
        """Before the guard, or with the vault closed: a page that shows nothing of the desk."""
        said = self.look.gettext(request)(sentence)
        text = self.look.text("desk/refused.html", request, sentence=said, status=None)
        headers = desk_headers("frame/desk.css")
        return HTMLResponse(text, status, headers)

    async def _failed(self, request: Request, status: int) -> Response:
        if self.lock.opened is None:  # it was locked while the page was being made
            return self._unlock_page(request, 423, "", "/", {})
        return self._refused(request, status, FAILED)

    # --- life

    async def _live(self, receive: Receive, send: Send) -> None:
        """Watch whether anybody is still there; close the vault at the end."""
        watching = asyncio.create_task(self._watch())
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        watching.cancel()
        await asyncio.to_thread(self.lock.lock)
        await send({"type": "lifespan.shutdown.complete"})

    async def _watch(self) -> None:
        for watched in itertools.count(1):
            await asyncio.sleep(WATCH_SECONDS)
            await asyncio.to_thread(self.lock.lock_if_idle)
            if (opened := self.lock.opened) is not None:
                work = (
                    partial(tidy, opened.bench, opened.watching)
                    if watched % TIDY_EVERY == 0
                    else opened.watching.write_new
                )
                with suppress(Exception):  # locked meanwhile, or the vault is busy: the next round does it
                    await opened.hand.run(work)


def _kept_in(form: Form) -> dict[str, str]:
    """What a helper had written when the desk locked itself: the page that unlocks carries it along."""
    return {name.removeprefix("kept-"): value for name, value in form.fields.items() if name.startswith("kept-")}


def tidy(bench: Workbench, watching: journeys.Watching) -> None:
    """What the rooms do by themselves: write down check-ins and alarms, before anything else that might fail; bring late letters into
    their cases, drop spam that nobody took back, take words back that are over."""
    watching.tidy()
    helpline.move_strays(bench)
    if watching.clock_is_agreed():
        helpline.drop_old_spam(bench)
    journeys.offer_voice(bench)
    journeys.take_back_what_is_over(bench)
    journeys.withdraw_what_is_over(bench)


def client_of(bench: Workbench, clock: Callable[[], float]) -> RelayClient:
    own = bench.keyring.own
    return RelayClient(own.relay, own.id, own.signing, clock)


def case_names(db: Database, wanted: Iterable[str]) -> dict[str, str]:
    return {case: line.pseudonym for case, line in cases.lines(db, list(wanted)).items()}


def parties_of(db: Database, case: str) -> list[str]:
    """The compartments of a case's parties."""
    return [f"{journeys.JOURNEY}{party}" for party, each in journeys.cases_of_parties(db).items() if each == case]


def script() -> str:
    return files("kunak.desk").joinpath("static", "desk.js").read_text("utf-8")
