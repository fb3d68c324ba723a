"""Where a coordinator's day begins: what needs a decision, which plan holds, who leaves next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.journeys.known import keys, planning
from kunak.journeys.plans import standing
from kunak.journeys.plans.next_steps import next_steps
from kunak.journeys.plans.outdated import Outdated

from .case_pages import CasePages
from .plan_pages import PlanPages

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

SOON = 14  # days of departures that the overview shows
MOST = 60


class OverviewPages(PlanPages):
    def overview(self, request: Request) -> Response:
        if not self.open:
            if keys.is_coordinator(self.top):
                return self.closed(request)
            return CasePages(self.top, self.frame).mine(request)
        known, db = self.known(), self.top.vault.db
        plans = standing.standing_of(db, self.top.roster)
        steps = sorted(next_steps(db, self.top.roster), key=lambda step: (step.day, step.leg, step.party))
        soon = [step for step in steps if step.day < self.top.today + SOON]
        names = {party: each.name for party, each in known.parties.items()}
        chosen = plans.in_force
        changed = self.outdated(chosen, self.read(chosen.plan_id)[1]) if chosen else Outdated()
        return self.render(
            "overview.html",
            request,
            known=known,
            plans=plans,
            waiting=[each for each in plans.proposals if not each.approved and each.purpose != "what-if"][:5],
            steps=soon[:MOST],
            later=len(steps) - len(soon[:MOST]),
            unplaced=[
                party
                for party in known.parties.values()
                if party.state == "planned" and (party.placed is None or party.placed.kept.start is None)
            ],
            disputes=planning.disputes(known),
            outside=keys.outside(self.top),
            names=names,
            outdated=changed,
            name_of=lambda party: names.get(party, party[:6]),
        )
