"""What is next: for each party the one step of which anybody may be told, who must be told what, and what became of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from starlette.exceptions import HTTPException

from kunak.frame.hand import see_other
from kunak.frame.words import mark
from kunak.journeys.carrying import carriers, disclosure, prepared, told
from kunak.journeys.known import carried_events as carried
from kunak.journeys.known import records

from .carrier_pages import hear
from .record_pages import address
from .room_pages import RoomPages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.frame.render import Frame
    from kunak.journeys.carrying.carriers import Letter
    from kunak.journeys.carrying.disclosure import Duty, Told
    from kunak.journeys.carrying.told import Scene
    from kunak.journeys.carrying.watching import Watching
    from kunak.journeys.known.records import Party
    from kunak.journeys.plans.next_steps import NextStep
    from kunak.vault.worktop import Worktop

PAGE = 30
LONGEST = 4_000
STATES = ("left", "arrived", "failed")
SOON = 1  # days ahead whose cards stand open
HOURS = mark("Write hours like 18:30, or leave them empty.")
BACKWARDS = mark("The window ends before it begins: both are hours of the day of departure.")
HOUR = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True)
class Telling:
    """One who has a part in the step. `state`: untold, waiting (not yet with the relay, or with who answers the person), sent, read,
    or no-mailbox."""

    duty: Duty
    name: str
    text: str
    told: Told | None
    state: str
    letters: Sequence[Letter] = ()


@dataclass(frozen=True)
class Card:
    """One party with its next step. `early`: nobody may be told yet; `begun`: they can have set out by now; `shown`: the hours and places that its form shows; `open`: it
    stands open on the page."""

    step: NextStep
    party: Party | None
    detail: records.Record[carried.StepDetailed] | None
    tellings: Sequence[Telling]
    early: bool
    begun: bool
    shown: carried.StepDetailed
    open: bool


class NextPages(RoomPages):
    def __init__(self, top: Worktop, frame: Frame, watching: Watching) -> None:
        super().__init__(top, frame)
        self._watching = watching

    def show(self, request: Request) -> Response:
        if not self.open:
            return self.closed(request)
        return self._page(request, request.query_params.get("party", ""))

    def _page(
        self, request: Request, asked: str, typed: carried.StepDetailed | None = None, wrong: str = ""
    ) -> Response:
        """`typed`: hours and places of the asked party's step that could not be kept, and what is `wrong` with them."""
        scene, known = told.Scene.read(self.top), self.known()
        steps = sorted(scene.steps.values(), key=lambda step: (step.day, step.party))
        chosen = [step for step in steps if not asked or step.party == asked]
        standing = carriers.told(self.top.vault.db)
        letters = carriers.letters(self.top.vault.db)
        return self.render(
            "next.html",
            request,
            status=400 if wrong else 200,
            cards=[
                self._card(step, scene, known, standing, letters, self.frame.language(request), typed)
                for step in chosen[:PAGE]
            ],
            wrong={asked: wrong} if wrong else {},
            more=len(chosen) - PAGE,
            alone=bool(asked),
            ahead=disclosure.DAYS_AHEAD,
        )

    def _card(
        self,
        step: NextStep,
        scene: Scene,
        known: records.Known,
        standing: list[Told],
        letters: dict[str, list[Letter]],
        otherwise: str,
        typed: carried.StepDetailed | None,
    ) -> Card:
        """`otherwise`: the language for whom none is known; `typed`: what one party alone is asked for, and stays in its form."""
        party, leg = known.parties.get(step.party), known.legs.get(step.leg)
        sheet = party.sheet.kept if party and party.sheet else None
        detail = carriers.details(self.top.vault.db, step.party, step.leg, step.day)
        facts = prepared.Facts(
            party.name if party else step.party[:6],
            sheet.size if sheet else 1,
            step.day,
            step.arrival,
            leg.kept.mode if leg else "",
            leg.kept.documents if leg else [],
            detail.kept if detail else None,
        )
        tellings = []
        for duty in scene.duties(step.party):
            carrier = scene.carriers.get(duty.carrier)
            language = carrier.kept.language if carrier else sheet.language if sheet else ""
            words = self.frame.words.get(language) or self.frame.words[otherwise]
            before = next((each for each in reversed(standing) if each.duty == duty), None)
            tellings.append(
                Telling(
                    duty,
                    carrier.kept.name if carrier else "",
                    before.text if before else prepared.words_for(duty.part, facts, words),
                    before,
                    self._state(duty, before, has_mailbox=carrier is None or carrier.mailbox is not None),
                    self._watching.read(duty.carrier, letters.get(duty.carrier, [])),
                )
            )
        shown = typed or _shown(step, detail)
        early = step.day - scene.today > disclosure.DAYS_AHEAD
        soon = step.day - scene.today <= SOON or any(each.letters for each in tellings)
        begun = disclosure.may_have_begun(step, scene.today)
        return Card(step, party, detail, tellings, early, begun, shown, open=soon or typed is not None)

    def _state(self, duty: Duty, before: Told | None, *, has_mailbox: bool) -> str:
        db = self.top.vault.db
        if before is None:
            return "untold" if has_mailbox else "no-mailbox"
        if duty.part == "person":
            return {"sent": "sent", "dropped": "untold"}.get(
                told.draft_state(db, duty.party, before.message), "waiting"
            )
        row = db.execute("SELECT number, read FROM message WHERE id = ?", (before.message,)).fetchone()
        if row is None or (row[0] is not None and row[1] is None):
            return "sent"  # by another desk, which alone sees whether it was read
        return "read" if row[1] is not None else "waiting"

    def detail(self, request: Request, form: Form) -> Response:
        """Hours, where, and the sign: of the next step only. What another helper wrote meanwhile is not replaced."""
        self.need_key()
        step = self._step(form)
        begin, end = (form[name].strip() for name in ("begin", "end"))
        meet, bring, sign = (form[name].strip()[:LONGEST] for name in ("meet", "bring", "sign"))
        replaces = form["replaces"].split()[:100]
        said = carried.StepDetailed(step.party, step.leg, step.day, begin, end, meet, bring, sign, replaces)
        if not all(HOUR.fullmatch(hour) for hour in (begin, end) if hour):
            return self._page(request, step.party, said, HOURS)
        if begin and end and end < begin:
            return self._page(request, step.party, said, BACKWARDS)
        self.write(said)
        return see_other(address("/journeys/next", party=step.party, done="kept"))

    def tell(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - a change's shape
        """One of them, or everybody who has not been told yet, in the words that stand on the page."""
        self.need_key()
        step, scene = self._step(form), told.Scene.read(self.top)
        db = self.top.vault.db
        # Words that a caseworker has put aside were never said.
        standing = {
            each.duty
            for each in carriers.told(db)
            if each.duty.part != "person" or told.draft_state(db, each.duty.party, each.message) != "dropped"
        }
        missing = 0
        for duty in scene.duties(step.party):
            name = f"{duty.part}-{duty.carrier}"
            text = form[f"text-{name}"].strip()[:LONGEST]
            if not text or (form["tell"] != name and (form["tell"] != "all" or duty in standing)):
                continue
            try:
                told.tell(self.top, duty, text)
            except told.NoMailbox:
                missing += 1
        done = "told" if not missing else "told-not-all"
        return see_other(address("/journeys/next", party=step.party, done=done))

    def confirm(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - a change's shape
        """What became of the step, by one click; the letters that said so have been heard with it."""
        self.need_key()
        state = form["state"]
        if state not in STATES:
            raise HTTPException(404)
        if self._is_said(form):
            return see_other(address("/journeys/next", party=form["party"], done=state))
        step = self._step(form)
        if form["carrier"]:
            hear(self.top, self._watching, form["carrier"], form["letters"].split())
        told.confirm(self.top, step, state)
        return see_other(address("/journeys/next", party=step.party, done=state))

    def _is_said(self, form: Form) -> bool:
        """The same button was pressed twice: once is enough."""
        party = records.party(self.top.vault.db, form["party"])
        steps = party.steps if party is not None else ()
        return any(
            (f"{step.leg} {step.day}", step.state, step.disputed) == (form["step"], form["state"], False)
            for step in steps
        )

    def _step(self, form: Form) -> NextStep:
        """The step that the form is about, if it is the next one still. Raises NotNext."""
        step = told.Scene.read(self.top).steps.get(form["party"])
        if step is None or f"{step.leg} {step.day}" != form["step"]:
            raise told.NotNext
        return step


def _shown(step: NextStep, detail: records.Record[carried.StepDetailed] | None) -> carried.StepDetailed:
    """What was kept of a step, to be written anew over all that stands now."""
    if detail is None:
        return carried.StepDetailed(step.party, step.leg, step.day)
    return msgspec.structs.replace(detail.kept, replaces=list(detail.entries))
