"""Plans: listed, proposed, watched while they are made, stopped when they are good enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kunak.frame.hand import see_other
from kunak.frame.words import mark
from kunak.helpline import register as helpline
from kunak.journeys.known import planning
from kunak.journeys.plans import standing
from kunak.journeys.plans.next_steps import promises_in_force
from kunak.journeys.plans.proposing import Wish
from kunak.journeys.reckoning.days import spoken_day, text_of
from kunak.journeys.reckoning.scenario import Unplannable

from .record_pages import address
from .room_pages import RoomPages

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.journeys.plans.proposing import Run, Workshop

PAGE = 40  # plans on one page
SECONDS = (10, 60, 300)
BUSY = mark("A plan is being made already. Wait for it, or stop it first.")


class MakingPages(RoomPages):
    def __init__(self, workshop: Workshop, *given: Any) -> None:
        super().__init__(*given)
        self.workshop = workshop

    def plans(self, request: Request, problem: str = "", form: Form | None = None) -> Response:
        """`form`: what was typed, if no plan could be begun."""
        if not self.open:
            return self.closed(request)
        plans = standing.standing_of(self.top.vault.db, self.top.roster)
        number = helpline.page_number(request)
        return self.render(
            "plans.html",
            request,
            status=400 if problem else 200,
            plans=plans,
            shown=plans.proposals[(number - 1) * PAGE : number * PAGE],
            page=number,
            more=len(plans.proposals) > number * PAGE,
            seconds=SECONDS,
            run=self.workshop.run if self.workshop.run and self.workshop.run.running else None,
            problem=problem,
            title=form["title"] if form is not None else self.usual_title(request),
            chosen=self.seconds(form),
        )

    def usual_title(self, request: Request) -> str:
        """A plan is called by its day until somebody calls it otherwise."""
        words = self.frame.words[self.frame.language(request)]
        return words.gettext("Plan of {day}").format(day=spoken_day(self.top.today, self.top.today, words))

    @staticmethod
    def seconds(form: Form | None) -> int:
        return next((each for each in SECONDS if form is not None and form["seconds"] == str(each)), SECONDS[1])

    def propose(self, request: Request, form: Form) -> Response:
        self.need_key()
        try:
            made = planning.prepare(self.known(), self.top.today, promises_in_force(self.top))
        except Unplannable as why:
            return self.plans(request, str(why), form)
        title = " ".join(form["title"].split())[:60]
        if not self.workshop.begin(Wish.of(made, "proposal", title, self.heads(), self.seconds(form))):
            return self.plans(request, BUSY, form)
        return see_other("/journeys/run")

    def heads(self) -> list[str]:
        """The plans whose place a new one takes: the one in force, or those that contradict each other."""
        plans = standing.standing_of(self.top.vault.db, self.top.roster)
        return [each.plan_id for each in ([plans.in_force] if plans.in_force else plans.rivals)]

    def run(self, request: Request) -> Response:
        """How far the plan is that is being made; when it is done, the plan itself."""
        if not self.open:
            return self.closed(request)
        run = self.workshop.run
        if run is None:
            return see_other("/journeys/plans")
        if run.plan_id:
            return see_other(address("/journeys/plan", id=run.plan_id))
        last = run.progress[-1] if run.progress else None
        return self.render("run.html", request, run=run, last=last, detail=self._complaint(request, run))

    def _complaint(self, request: Request, run: Run) -> str:
        """What is to be mended, with pseudonyms and calendar days as the pages write them."""
        names = {party: each.name for party, each in self.known().parties.items()}

        def shown(name: str, value: object) -> object:
            if name == "day" and isinstance(value, int):
                return text_of(run.wish.first + value)
            return names.get(str(value), value) if name == "id" else value

        return run.complaint.told(self.frame.gettext(request), shown) if run.complaint else ""

    def stop(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - a change's shape
        self.need_key()
        self.workshop.stop()
        self.workshop.wait(1.0)
        return see_other("/journeys/run")
