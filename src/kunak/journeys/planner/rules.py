"""Which departures one party may take by the rules that concern nobody else, and what each costs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .compiled import Flags, Ints, Records

if TYPE_CHECKING:
    from kunak.journeys.reckoning.scenario import Party, Scenario

UNLIMITED = 1 << 40
PROMISE = 1e12  # taking a promised step earns this much, so that no journey without it can win


class Rules:
    """Which departures one party may take by the rules that concern nobody else."""

    def __init__(self, scenario: Scenario, place: dict[str, int], departures: Records) -> None:
        legs = scenario.legs
        self.scenario, self.place, self.departures = scenario, place, departures
        self.leg = departures["leg"]
        kinds = sorted({leg.documents for leg in legs}, key=lambda a: sorted(map(sorted, a)))
        number = {documents: k for k, documents in enumerate(kinds)}
        papers = np.array([number[leg.documents] for leg in legs], dtype=np.int64)[self.leg]
        self.alternatives = {documents: papers == number[documents] for documents in kinds if documents}
        self.free_of_papers = papers == number.get((), -1)
        self.checked = np.array([leg.checks for leg in legs], dtype=bool)[self.leg]
        self.step_free = np.array([leg.step_free for leg in legs], dtype=bool)[self.leg]
        self.seats = np.array([UNLIMITED if leg.seats is None else leg.seats for leg in legs])[self.leg]
        self.risk = np.array([leg.risk for leg in legs], dtype=np.int64)[self.leg]
        self.escorts = self._escorts()
        self.intake = self._intake()
        days = departures["day"]
        self.change = np.array([scenario.change_points(d) for d in range(scenario.horizon)])[days]
        ids = [leg.id for leg in legs]
        at = zip(self.leg.tolist(), days.tolist(), strict=True)
        self.number = {(ids[leg], day): d for d, (leg, day) in enumerate(at)}
        weekly = scenario.budget.weekly if scenario.budget else None
        self.money = np.array(weekly)[days // 7] if weekly else np.full(len(days), UNLIMITED)

    def _escorts(self) -> np.ndarray:
        """The fewest escorts that are free on any day of the departure's need; many where none is needed."""
        free = np.full(len(self.leg), UNLIMITED, dtype=np.int64)
        rows = [pool.available for pool in self.scenario.escort_pools]
        columns = (self.departures[name].tolist() for name in ("pool", "day", "escort_until"))
        for d, (pool, day, until) in enumerate(zip(*columns, strict=True)):
            if pool >= 0:
                free[d] = min(rows[pool][day:until])
        return free

    def _intake(self) -> np.ndarray:
        rows = np.array([p.intake or [UNLIMITED] * self.scenario.weeks for p in self.scenario.places], dtype=np.int64)
        rows[[p.kind != "haven" for p in self.scenario.places]] = UNLIMITED
        return np.asarray(rows[self.departures["to"], self.departures["arrival"] // 7])

    def fit(self, party: Party) -> Flags:
        heads = party.size + (self.departures["pool"] >= 0) * int(party.escort)
        day, arrival = self.departures["day"], self.departures["arrival"]
        fit = (day >= max(party.start.day, party.earliest_day)) & (heads <= self.seats) & (party.size <= self.intake)
        fit &= self.departures["fare"] * heads <= self.money
        if party.escort:
            fit &= self.escorts >= 1
        if party.wanted:
            fit &= ~self.checked
        if "step_free" in party.needs:
            fit &= self.step_free
        forbidden = [self.place[name] for name in party.forbidden if name in self.place]
        if forbidden:
            fit &= ~np.isin(self.departures["to"], forbidden)
        fit &= self._papers(party, day, arrival)
        for pin in party.pins:
            fit &= (day != pin.day) | (np.arange(len(day)) == self.number.get((pin.leg, pin.day), -1))
        return fit.astype(np.uint8)

    def _papers(self, party: Party, day: Ints, arrival: Ints) -> Flags:
        held: dict[str, np.ndarray] = {}
        for paper in party.documents:
            valid = (paper.since <= day) & (arrival <= paper.until)
            held[paper.doc] = held[paper.doc] | valid if paper.doc in held else valid
        enough = self.free_of_papers.copy()
        for documents, asked in self.alternatives.items():
            for alternative in documents:
                if alternative <= held.keys():
                    one = asked.copy()
                    for doc in alternative:
                        one &= held[doc]
                    enough |= one
        return enough

    def cost(self, who: Party, chosen: np.ndarray) -> np.ndarray:
        """Risk, fares, and change points of each chosen departure; promised steps earn `PROMISE`."""
        scenario = self.scenario
        heads = who.size + (self.departures["pool"][chosen] >= 0) * int(who.escort)
        value = scenario.point_value
        cost = (self.risk[chosen] * (value * who.weight) + self.departures["fare"][chosen] * heads).astype(np.float64)
        old = (scenario.previous or {}).get(who.id)
        where = {int(d): k for k, d in enumerate(chosen)} if old or who.pins else {}
        if old is not None:
            cost += value * self.change[chosen]
            for step in set(old):
                k = where.get(self.number.get((step.leg, step.day), -1))
                if k is not None:
                    cost[k] -= 2 * value * scenario.change_points(step.day)
        for pin in set(who.pins):
            k = where.get(self.number.get((pin.leg, pin.day), -1))
            if k is not None:
                cost[k] -= PROMISE
        return cost
