"""Which step of each journey is next: where an approved plan becomes legs of which somebody may be told.

Only the one plan in force counts (standing.py), and of it only the first step that is not confirmed as arrived. What follows that
step is nobody's business yet; what lies before it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kunak.journeys.known import events, records

from . import standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kunak.vault.roster import Roster
    from kunak.vault.store import Database
    from kunak.vault.worktop import Worktop


@dataclass(frozen=True)
class NextStep:
    """`number` of `of` in the journey, from 1. `day` and `arrival`: days since 1970-01-01. `state`: waiting, left (on the road) or
    failed (it must be planned anew). `entries`: what a new word on this step replaces."""

    party: str
    plan_id: str
    number: int
    of: int
    leg: str
    origin: str
    to: str
    day: int
    arrival: int
    state: str
    entries: Sequence[str]

    def overdue(self, today: int) -> bool:
        """They should have left, or arrived, before today, and nobody has said that they did."""
        return self.day < today if self.state == "waiting" else self.state == "left" and self.arrival < today


def next_steps(db: Database, roster: Roster) -> list[NextStep]:
    """One for each party that has a step left in the plan in force; none at all while no plan is in force."""
    chosen = standing.standing_of(db, roster).in_force
    if chosen is None:
        return []
    plan, known = standing.opened(db, chosen.plan_id), records.parties(db)
    legs = {leg.id: leg for leg in plan.scenario.legs}
    found = []
    for party, journey in plan.plan.journeys.items():
        if (who := known.get(party)) is None or who.state != "planned":
            continue
        said = {(step.leg, step.day): step for step in who.steps}
        for number, step in enumerate(journey.steps, start=1):
            day, leg = plan.first + step.day, legs[step.leg]
            confirmed = said.get((step.leg, day))
            if confirmed is not None and confirmed.state == "arrived" and not confirmed.disputed:
                continue
            state = "waiting" if confirmed is None else "left" if confirmed.disputed else confirmed.state
            entries = confirmed.entries if confirmed else ()
            found.append(
                NextStep(
                    party, chosen.plan_id, number, len(journey.steps), leg.id, leg.origin, leg.to,
                    day, day + leg.nights, state, entries,
                )
            )  # fmt: skip
            break
    return found


def promises_in_force(top: Worktop) -> dict[str, list[events.Promise]] | None:
    """What the plan in force promises each party, in calendar days; None while none is in force."""
    chosen = standing.standing_of(top.vault.db, top.roster).in_force
    if chosen is None:
        return None
    plan = standing.opened(top.vault.db, chosen.plan_id)
    return {
        party: [events.Promise(step.leg, plan.first + step.day) for step in journey.steps]
        for party, journey in plan.plan.journeys.items()
    }
