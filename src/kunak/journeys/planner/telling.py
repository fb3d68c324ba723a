"""A plan in words: every journey, and for everybody who waits a reason. Whatever better journey is met on the way is taken."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from kunak.journeys.reckoning.plan import Journey, Plan

from .insertion import draft, insert, remove, restore
from .ledger import Ledger
from .prices import no_prices
from .reasons import Reasons, Witnesses
from .wording import Outcome, spoken, understood

if TYPE_CHECKING:
    from kunak.journeys.reckoning.plan import BetterToWait, Blocked
    from kunak.journeys.reckoning.referee import Referee
    from kunak.journeys.reckoning.scenario import Scenario

    from .network import Network

ROUNDS, VISITS = 3, 1_500  # of looking for somebody who could simply go; one round if there are so many parties


class Telling:
    """Puts plans of one scenario into words; after `until` (on the monotonic clock) without reasons that are missing yet."""

    def __init__(self, scenario: Scenario, net: Network, referee: Referee, until: float) -> None:
        self.scenario, self.net, self.referee, self.until = scenario, net, referee, until
        self.score = 0  # of the plan that was told last
        self.skipped = 0  # parties in it that wait without a reason, because it was too late to look for one

    def told(self, best: Outcome, bound: int) -> tuple[Outcome, Plan | None]:
        """The plan in words; or a better one, without words, that was met while looking for reasons."""
        parties, net = self.scenario.parties, self.net
        who = range(len(parties))
        journeys = {
            parties[i].id: spoken(self.scenario, net, i, int(best.counts[i]), best.steps[i], best.ends[i]) for i in who
        }
        verdict = self.referee.judge(journeys)
        if verdict.wrong:
            raise RuntimeError(f"the planner made an invalid plan: {verdict.wrong[:3]}")
        booked = Ledger(net)
        for i in who:
            booked.put(i, int(best.counts[i]), best.steps[i], best.ends[i])
        search = Reasons(self.referee, Witnesses(self.scenario, net, booked.room.free), verdict.trips)
        reasons: dict[str, Blocked | BetterToWait] = {}
        better, self.skipped = best, 0
        for i in who:
            if not verdict.trips[parties[i].id].waits:
                continue
            if time.monotonic() > self.until:
                self.skipped += 1
                continue
            booked.lift(i)
            reason = search.find(i)
            if isinstance(reason, Journey):
                better = self._with(better, i, reason)
                search.replace(i, reason)
            elif reason is not None:
                reasons[parties[i].id] = reason
            booked.put(i, int(better.counts[i]), better.steps[i], better.ends[i])
        if better is not best:
            return better, None
        self.score = verdict.score
        proven = min(bound, verdict.score)
        return best, Plan(scenario=self.scenario.name, journeys=journeys, reasons=reasons, bound=proven)

    def polished(self, best: Outcome) -> Outcome:
        """The same plan, but nobody waits who could go without being in anybody's way."""
        net, free_of_charge = self.net, no_prices(self.net)
        booked = draft(net)
        for i in range(len(self.scenario.parties)):
            restore(net, booked, i, int(best.counts[i]), best.steps, best.ends, i)
        cost = booked.who["cost"]
        for _ in range(ROUNDS):
            before = float(cost.sum())
            for i in np.argsort(-cost, kind="stable"):
                old, count = float(cost[i]), int(booked.who["count"][i])
                steps, ends = booked.steps[i : i + 1].copy(), booked.ends[i : i + 1].copy()
                remove(net, booked, int(i))
                if insert(net, free_of_charge, booked, int(i)) > old:
                    if booked.who["placed"][i]:
                        remove(net, booked, int(i))
                    restore(net, booked, int(i), count, steps, ends, 0)
            if float(cost.sum()) >= before or len(cost) > VISITS:
                break
        return Outcome(float(cost.sum()), booked.who["count"].copy(), booked.steps, booked.ends)

    def _with(self, best: Outcome, i: int, journey: Journey) -> Outcome:
        """The same plan with this journey of party i."""
        count, steps, ends = understood(self.scenario, self.net, i, journey)
        better = Outcome(best.score, best.counts.copy(), best.steps.copy(), best.ends.copy())
        better.counts[i] = count
        better.steps[i] = steps
        better.ends[i] = ends
        return better
