"""The desk's own pages: search over all rooms, the sync, help."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.responses import HTMLResponse

from kunak.cases import register as cases
from kunak.desk.status import LASTING, about, sentence_of
from kunak.frame.hand import see_other
from kunak.helpline import register as helpline
from kunak.journeys import register as journeys
from kunak.vault import outbox, searching, troubles
from kunak.vault.worktop import callsign

if TYPE_CHECKING:
    from gettext import NullTranslations

    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.desk.look import Look
    from kunak.desk.sync import Sync
    from kunak.desk.workbench import Workbench
    from kunak.frame.form import Form
    from kunak.vault.searching import Found
    from kunak.vault.store import Database
    from kunak.vault.troubles import Trouble

FOUND = 40  # hits on one page
REMEMBERED_SECONDS = 90 * 86_400  # what was wrong and is over stands on the page of the sync
HELP_ROOMS = ("desk", "helpline", "cases", "journeys")


class DeskPages:
    def __init__(self, bench: Workbench, look: Look, sync: Sync) -> None:
        self._bench, self._look, self._sync = bench, look, sync

    def home(self, request: Request) -> Response:  # noqa: ARG002 - a page's shape
        """Where this helper's work begins."""
        if self._bench.keyring.holds(helpline.INTAKE):
            return see_other("/inbox")
        return see_other("/journeys" if journeys.is_coordinator(self._bench) else "/cases")

    def search(self, request: Request) -> Response:
        db, asked = self._bench.vault.db, request.query_params.get("q", "")[:200].strip()
        number = helpline.page_number(request)
        found = searching.find(db, asked, FOUND + 1, (number - 1) * FOUND)
        named = helpline.named(db, asked) if number == 1 else None
        subjects = {each.subject for each in found[:FOUND]}
        known = cases.lines(db, [subject.removeprefix("case:") for subject in subjects if subject.startswith("case:")])
        return self._look.render(
            "desk/search.html",
            request,
            asked=asked,
            hits=[(each, *_place(db, each, known)) for each in _once(found[:FOUND])],
            named=named,
            short_name=helpline.short_name,
            page=number,
            more=len(found) > FOUND,
        )

    def sync(self, request: Request) -> Response:
        db, state = self._bench.vault.db, self._sync.state()
        words = self._look.words[self._look.language(request)]
        waiting = outbox.waiting(db, most=1)
        return self._look.render(
            "desk/sync.html",
            request,
            state=state,
            wrong=[_told(each, words) for each in [*state.missing, *state.troubles]],
            before=[_told(each, words) for each in _put_away(db, self._bench.clock())],
            oldest=waiting[0].day if waiting else None,
            unfolded=db.execute("SELECT type, count(*) FROM unfolded GROUP BY type ORDER BY type").fetchall(),
            helpers=[(device.callsign, device.role) for device in self._bench.roster.helpers()],
            organisation=self._bench.keyring.own.organisation,
            callsign=lambda device: callsign(self._bench, device),
            asked_now=request.query_params.get("asked", ""),
        )

    def sync_now(self, request: Request, form: object) -> Response:  # noqa: ARG002 - a change's shape
        self._sync.wake()
        return see_other("/sync?asked=1")

    def put_away(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - a change's shape
        """An admin was told of it: it leaves every page, and stays on this one. If it happens again, it is said again."""
        if form["kind"] in LASTING:
            with self._bench.vault.transaction() as db:
                troubles.end(db, form["kind"], form["about"], self._bench.clock())
        return see_other("/sync")

    def status(self, request: Request) -> Response:
        """The mark of the sync and the alarms alone, for the script that keeps them true."""
        return HTMLResponse(self._look.text("frame/sync.html", request) + self._look.text("desk/watch.html", request))

    def help(self, request: Request) -> Response:
        language = self._look.language(request)
        return self._look.render(
            "desk/help.html", request, texts=[(room, _help(room, language)) for room in HELP_ROOMS]
        )


def _put_away(db: Database, now: float) -> list[Trouble]:
    return [each for each in troubles.ended_since(db, now - REMEMBERED_SECONDS) if each.kind in LASTING]


def _told(trouble: Trouble, words: NullTranslations) -> tuple[str, str, Trouble, bool]:
    """The sentence, which one, the trouble itself, and whether it is put away by hand."""
    return sentence_of(trouble, words), about(trouble, words), trouble, trouble.kind in LASTING


def _once(found: list[Found]) -> list[Found]:
    """A letter that two desks brought into one case stands in the index twice."""
    return list({(each.entry.partition(":")[0], each.subject): each for each in found}.values())


def _place(db: object, found: Found, known: dict[str, cases.CaseLine]) -> tuple[str, str]:
    """Address and name of where a text stands."""
    case = found.subject.removeprefix("case:")
    if found.subject.startswith("case:"):
        path = f"/cases/{case}" + ("/identity" if found.kind == "identity" else "")
        return path, known[case].pseudonym if case in known else helpline.short_name(case)
    person = helpline.person_of(db, found.subject)
    line = helpline.person_line(db, person)
    if line is not None and line.case and (held := cases.line(db, line.case)) is not None:
        return f"/cases/{line.case}#s-{found.entry.partition(':')[0]}", held.pseudonym
    return f"/person/{person}#s-{found.entry.partition(':')[0]}", helpline.short_name(person)


def _help(room: str, language: str) -> Markup:
    """Our own text, in the reader's language or in English."""
    folder = files(f"kunak.{room}").joinpath("help")
    for name in (f"{language}.html", "en.html"):
        if folder.joinpath(name).is_file():
            return Markup(folder.joinpath(name).read_text("utf-8"))  # noqa: S704 - a file of ours, no person's words
    return Markup("")
