"""One plan: looked at, approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from kunak.frame.hand import see_other
from kunak.helpline import register as helpline
from kunak.journeys.charts.svg import patterns
from kunak.journeys.known import keys
from kunak.journeys.known.events import PlanApproved
from kunak.journeys.plans import standing
from kunak.journeys.plans.outdated import Outdated, outdated
from kunak.journeys.reckoning.plan_reading import NoPlan
from kunak.journeys.reckoning.telling import Teller

from .making_pages import MakingPages
from .plan_view import View
from .record_pages import address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.journeys.plans.proposing import Workshop
    from kunak.journeys.plans.shelf import Shelf
    from kunak.journeys.plans.standing import Opened, Proposal
    from kunak.journeys.reckoning.reviewing import Review


class PlanPages(MakingPages):
    def __init__(self, workshop: Workshop, shelf: Shelf, *given: Any) -> None:
        super().__init__(workshop, *given)
        self.shelf = shelf

    def plan(self, request: Request) -> Response:
        if not self.open:
            return self.closed(request)
        return self.one_plan(request, request.query_params.get("id", ""))

    def one_plan(self, request: Request, name: str, form: Form | None = None, wrong: Sequence[str] = ()) -> Response:
        """`form`: a question that could not be understood, and what is `wrong` with it."""
        view, known = self.view(request, name), self.known()
        proposal, opened, review = view.proposal, view.opened, view.review
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
            teller=view.teller,
            first=opened.first,
            standing=standing.standing_of(self.top.vault.db, self.top.roster),
            mine=next((each for each in proposal.approvals if each.device == self.top.keyring.own.id), None),
            may_approve=keys.is_coordinator(self.top) and proposal.purpose != "what-if",
            patterns=patterns(),
            way=view.way,
            why=view.why,
            short_day=view.short_day,
            known=known,
            others=[each for each in self.proposals() if each.plan_id != proposal.plan_id],
            pins={
                party: {(pin.leg, pin.day) for pin in each.placed.kept.pins}
                for party, each in known.parties.items()
                if each.placed
            },
            **view.listed(request.query_params.get("show", ""), helpline.page_number(request)),
            **view.pictures({name: each.kept.town for name, each in known.places.items()}),
        )

    def view(self, request: Request, name: str) -> View:
        """Answers 404 if there is no such plan."""
        proposal, opened, review = self.read(name)
        names = {party: each.name for party, each in self.known().parties.items()}
        language = self.frame.language(request)
        return View(
            proposal=proposal,
            opened=opened,
            review=review,
            teller=Teller(review, opened.first, names, self.frame.words[language]),
            shelf=self.shelf,
            language=language,
            gettext=self.frame.gettext(request),
            called=hash(frozenset(names.items())),
            today=self.top.today,
        )

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
