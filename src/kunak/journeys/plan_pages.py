"""Plans: proposed, watched while they are made, looked at, approved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.exceptions import HTTPException

from kunak.frame.hand import see_other
from kunak.frame.words import mark
from kunak.helpline import register as helpline

from . import keys, planning, standing
from .charts.gantt import gantt
from .charts.journey_map import journey_map
from .charts.money import money
from .charts.nights import nights
from .charts.svg import patterns
from .days import spoken_day, text_of
from .events import PlanApproved
from .next_steps import promises_in_force
from .outdated import Outdated, outdated
from .plan_reading import NoPlan
from .proposing import Wish
from .record_pages import address
from .reviewing import Review
from .room_pages import RoomPages
from .scenario import Unplannable
from .telling import Teller

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form

    from .proposing import Workshop
    from .reviewing import Course
    from .standing import Opened, Proposal

Made = TypeVar("Made")
PAGE = 40  # journeys on one page
KEPT = 4  # plans that are kept worked out
MOST_MADE = 2_000  # pictures and sentences of them
SECONDS = (10, 60, 300)
ID = re.compile(r"\b[0-9a-f]{32}\b")  # of a party
BUSY = mark("A plan is being made already. Wait for it, or stop it first.")
SHOWS = ("move", "wait", "stay")


class Shelf:
    """Plans that were opened lately, worked out. It hangs on the pages of an open desk and goes with them."""

    def __init__(self) -> None:
        self._plans: dict[str, tuple[Opened, Review]] = {}
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What follows from a plan's bytes alone (and from what `key` names besides) is made once."""
        if key not in self._made:
            if len(self._made) >= MOST_MADE:
                self._made.clear()
            self._made[key] = make()
        made: Made = self._made[key]
        return made

    def take(self, db: Any, plan_id: str) -> tuple[Opened, Review]:
        """Raises NoPlan."""
        if plan_id not in self._plans:
            opened = standing.opened(db, plan_id)
            while len(self._plans) >= KEPT:
                self._plans.pop(next(iter(self._plans)))
            self._plans[plan_id] = (opened, Review(opened.scenario, opened.plan))
        return self._plans[plan_id]


class PlanPages(RoomPages):
    def __init__(self, workshop: Workshop, shelf: Shelf, *given: Any) -> None:
        super().__init__(*given)
        self.workshop, self.shelf = workshop, shelf

    # --- the list, and making one

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
        names = {party: each.name for party, each in self.known().parties.items()}
        detail = ID.sub(lambda found: names.get(found[0], found[0]), run.detail)
        last = run.progress[-1] if run.progress else None
        return self.render("run.html", request, run=run, last=last, detail=detail)

    def stop(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - a change's shape
        self.need_key()
        self.workshop.stop()
        self.workshop.wait(1.0)
        return see_other("/journeys/run")

    # --- one plan

    def plan(self, request: Request) -> Response:
        if not self.open:
            return self.closed(request)
        return self.one_plan(request, request.query_params.get("id", ""))

    def one_plan(self, request: Request, name: str, form: Form | None = None, wrong: Sequence[str] = ()) -> Response:
        """`form`: a question that could not be understood, and what is `wrong` with it."""
        proposal, opened, review = self.read(name)
        known = self.known()
        names = {party: each.name for party, each in known.parties.items()}
        teller = Teller(review, opened.first, names, self.frame.words[self.frame.language(request)])
        groups = _groups(review)
        asked = request.query_params.get("show", "")
        show = asked if asked in SHOWS else next((name for name in SHOWS if groups[name]), SHOWS[0])
        number = helpline.page_number(request)
        shown = groups[show][(number - 1) * PAGE : number * PAGE]
        gettext = self.frame.gettext(request)
        scenario, language = review.scenario, self.frame.language(request)
        weekly = scenario.budget.weekly if scenario.budget else None
        called = hash(frozenset(names.items()))
        towns = {name: each.kept.town for name, each in known.places.items()}

        def short_day(day: int) -> str:
            return short(opened.first + day)

        def once(what: Hashable, make: Callable[[], Made]) -> Made:
            return self.shelf.once((proposal.plan_id, language, what), make)

        return self.render(
            "plan.html",
            request,
            status=400 if wrong else 200,
            typed=form,
            wrong=wrong,
            outdated=self.outdated(proposal, opened),
            proposal=proposal,
            opened=opened,
            review=review,
            teller=teller,
            first=opened.first,
            shown=shown,
            show=show,
            shows=SHOWS,
            counts={name: len(each) for name, each in groups.items()},
            page=number,
            more=len(groups[show]) > number * PAGE,
            standing=standing.standing_of(self.top.vault.db, self.top.roster),
            mine=next((each for each in proposal.approvals if each.device == self.top.keyring.own.id), None),
            may_approve=keys.is_coordinator(self.top) and proposal.purpose != "what-if",
            patterns=patterns(),
            gantt=once(
                ("gantt", show, number, called, self.top.today),
                lambda: gantt(
                    shown, scenario.horizon, scenario.now, (self.top.today - opened.first, gettext("today")),
                    gettext("Journeys by day"), teller.name, short_day,
                ),
            ),
            nights=once(
                "nights",
                lambda: nights(
                    review.loads, scenario.horizon, gettext("Nights by place"), short_day, gettext("most / beds")
                ),
            ),
            money=once("money", lambda: money(review.money, weekly, gettext("Money by week"), short_day)),
            map=once(
                ("map", hash(frozenset(towns.items()))),
                lambda: journey_map(
                    scenario.places, scenario.legs, review.streams, towns, gettext("Who moves from where to where")
                ),
            ),
            way=lambda course: once(("way", course.party.id, self.top.today), lambda: teller.way(course)),
            why=lambda course: once(("why", course.party.id, called), lambda: teller.why(course)),
            streams=sorted(((one, other, n) for (one, other), n in review.streams.items()), key=lambda row: -row[2]),
            short_day=short_day,
            known=known,
            others=[each for each in self.proposals() if each.plan_id != proposal.plan_id],
            pins={party: {(pin.leg, pin.day) for pin in each.placed.kept.pins} for party, each in known.parties.items() if each.placed},
        )  # fmt: skip

    def outdated(self, proposal: Proposal, opened: Opened) -> Outdated:
        """What was changed since the plan was made; worked out anew only if anything was written."""
        if proposal.purpose == "what-if":
            return Outdated()
        db = self.top.vault.db
        state = (*db.execute("PRAGMA data_version").fetchone(), db.total_changes)
        return self.shelf.once(
            (proposal.plan_id, "outdated", state),
            lambda: outdated(self.known(), opened.scenario, opened.plan, opened.first),
        )

    def proposals(self) -> list[Proposal]:
        return list(standing.standing_of(self.top.vault.db, self.top.roster).proposals)

    def read(self, plan_id: str) -> tuple[Proposal, Opened, Review]:
        proposal = standing.standing_of(self.top.vault.db, self.top.roster).get(plan_id)
        if proposal is None:
            raise HTTPException(404)
        try:
            return proposal, *self.shelf.take(self.top.vault.db, plan_id)
        except NoPlan as unreadable:
            raise HTTPException(404) from unreadable

    def approve(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - a change's shape
        """This helper's own word on exactly the plan that stood before their eyes."""
        self.need_key()
        proposal, _, review = self.read(form["id"])
        own = self.top.keyring.own.id
        if not keys.is_coordinator(self.top) or proposal.purpose == "what-if" or review.verdict.wrong:
            raise HTTPException(404)
        yes = form["word"] == "yes"
        before = [each.entry for each in proposal.approvals if each.device == own]
        self.write(PlanApproved(proposal.plan_id, approved=yes, replaces=before))
        return see_other(address("/journeys/plan", id=proposal.plan_id, done="approved" if yes else "withdrawn"))


def _groups(review: Review) -> dict[str, list[Course]]:
    """Who moves, the earliest first; who waits in danger; who stays where it is safe."""
    courses = list(review.courses.values())
    return {
        "move": sorted((c for c in courses if c.rides), key=lambda c: (c.rides[0].day, c.party.id)),
        "wait": [c for c in courses if not c.rides and c.waits],
        "stay": [c for c in courses if not c.rides and not c.waits],
    }


def short(day: int) -> str:
    """`02.04`: a day in a picture."""
    text = text_of(day)
    return f"{text[8:10]}.{text[5:7]}"
