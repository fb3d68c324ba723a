"""Some parties planned together, exactly: one flow through the pieces of journeys that are still worth it for each,
bound together by what they share. Solved as an integer program by HiGHS.

With all parties, and pieces kept by a proven gap, its bound is a bound on the score of any plan. With a few parties
and the others held fast, it is the strongest step of the search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import highspy
import numpy as np

from .arcs import ARC, ARRIVE, END, pieces, way
from .insertion import keep_apart
from .network import BEDS, HAVEN, Network
from .pricing import desk
from .rules import UNLIMITED
from .solver import solver

if TYPE_CHECKING:
    from .compiled import Floats, Ints, Records
    from .effort import Effort
    from .insertion import Draft
    from .pricing import Prices, Room


class Solved(NamedTuple):
    """What came out: journeys if a plan better than the one we had was found, and what is proven for these parties."""

    journeys: dict[int, tuple[int, Ints, Ints]] | None
    value: float
    bound: float


class Pieces:
    """Collects arcs for one party after the other."""

    def __init__(self, net: Network, most: int) -> None:
        self.net, self.arcs = net, np.zeros(most, dtype=ARC)
        self.desk, self.way = desk(net), way(net)

    def collect(
        self, prices: Prices, room: Room, who: list[int], slack: Floats, plan: Draft | None = None
    ) -> Records | None:
        """The arcs of these parties, or None if there are too many."""
        n = 0
        for i in who:
            if plan is not None:
                keep_apart(self.net, plan, i, 1)
            n = pieces(self.net, prices, room, i, float(slack[i]), self.desk, self.way, self.arcs, n)
            if plan is not None:
                keep_apart(self.net, plan, i, 0)
            if n > len(self.arcs):
                return None
        return self.arcs[:n]


@dataclass
class Rows:
    """Rows of an integer program, entry by entry."""

    lower: list[float]
    upper: list[float]
    row: list[int]
    column: list[int]
    value: list[float]

    def new(self, lower: float, upper: float) -> int:
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.lower) - 1

    def put(self, row: int, column: int, value: float) -> None:
        self.row.append(row)
        self.column.append(column)
        self.value.append(value)


def uses(net: Network, arc: np.void) -> list[tuple[int, int]]:
    """The limits that one arc uses, as `usage` counts them for whole journeys."""
    i, p, t, d = int(arc["party"]), int(arc["tail_place"]), int(arc["tail_day"]), int(arc["departure"])
    size = int(net.parties["size"][i])
    found: list[tuple[int, int]] = []
    if arc["visit"]:
        found.append((net.visit_row + p, 1))
    money = int(net.places["night_cost"][p]) * size
    for night in range(t, t + int(arc["beds"])):
        found.append((p * net.horizon + night, size))
        found.extend([(net.week_row + night // 7, money), (net.total_row, money)])
    if d >= 0:
        escorted = bool(net.parties["escort"][i]) and net.departures["pool"][d] >= 0
        heads = size + escorted
        found.append((net.seat_row + d, heads))
        if escorted:
            row = net.escort_row + int(net.departures["pool"][d]) * net.horizon
            found.extend((row + day, 1) for day in range(t, int(net.departures["escort_until"][d])))
        fare = int(net.departures["fare"][d]) * heads
        found.extend([(net.week_row + t // 7, fare), (net.total_row, fare)])
        to = int(net.departures["to"][d])
        if net.places["kind"][to] == HAVEN:
            found.append((net.intake_row + to * net.weeks + int(net.departures["arrival"][d]) // 7, size))
    return found


class Program:
    """The integer program over some arcs."""

    def __init__(self, net: Network, arcs: Records, free: Ints) -> None:
        self.net, self.arcs, self.free = net, arcs, free
        self.rows = Rows([], [], [], [], [])
        self.nodes: dict[tuple[int, int, int, int], int] = {}
        self._flow()
        self._limits()
        self._apart()

    def _node(self, i: int, layer: int, place: int, day: int) -> int:
        key = (i, layer, place, day)
        if key not in self.nodes:
            start = (i, ARRIVE, int(self.net.parties["start"][i]), int(self.net.parties["start_day"][i]))
            out = 1.0 if key == start else 0.0
            self.nodes[key] = self.rows.new(out, out)
        return self.nodes[key]

    def _flow(self) -> None:
        for column, arc in enumerate(self.arcs.tolist()):
            i, tail, p, t, head, q, u = arc[:7]
            self.rows.put(self._node(i, tail, p, t), column, 1.0)
            if head != END and u < self.net.horizon:
                self.rows.put(self._node(i, head, q, u), column, -1.0)

    def _limits(self) -> None:
        entries: dict[int, dict[int, int]] = {}
        for column, arc in enumerate(self.arcs):
            for row, amount in uses(self.net, arc):
                if amount and self.free[row] < UNLIMITED // 2:
                    entry = entries.setdefault(row, {})
                    entry[column] = entry.get(column, 0) + amount
        for limit, entry in sorted(entries.items()):
            if sum(entry.values()) > self.free[limit]:
                row = self.rows.new(-highspy.kHighsInf, float(self.free[limit]))
                for column, amount in entry.items():
                    self.rows.put(row, column, float(amount))

    def _apart(self) -> None:
        net = self.net
        together = {int(i) for i in np.unique(self.arcs["party"])}
        for i in sorted(together):
            for a in range(int(net.parties["apart_begin"][i]), int(net.parties["apart_end"][i])):
                other = int(net.apart[a])
                if other > i and other in together:
                    mine, theirs = self._seen(i), self._seen(other)
                    for key in sorted(mine.keys() & theirs.keys()):
                        row = self.rows.new(-highspy.kHighsInf, 1.0)
                        for column in mine[key] + theirs[key]:
                            self.rows.put(row, column, 1.0)

    def _seen(self, i: int) -> dict[tuple[int, int], list[int]]:
        """Where and when party i could be met, by arc; departures as (-1, departure)."""
        seen: dict[tuple[int, int], list[int]] = {}
        for column in np.flatnonzero(self.arcs["party"] == i).tolist():
            arc = self.arcs[column]
            p, t = int(arc["tail_place"]), int(arc["tail_day"])
            if self.net.places["kind"][p] == BEDS:
                for night in range(t, t + int(arc["beds"]) + int(arc["rough"])):
                    seen.setdefault((p, night), []).append(column)
            if arc["departure"] >= 0:
                seen.setdefault((-1, int(arc["departure"])), []).append(column)
        return seen

    def solve(self, seconds: float, above: float, nodes: int, seed: int, effort: Effort) -> Solved:
        """Search for less than `above`, so long; with a work limit so many nodes."""
        options = {"time_limit": seconds, "mip_rel_gap": 0.0, "mip_abs_gap": 0.9, "random_seed": seed}
        if effort.work is not None:
            options["mip_max_nodes"] = nodes
        highs = solver(**options)
        highs.passModel(self._model())
        highs.run()
        status, info = highs.getModelStatus(), highs.getInfo()
        if status == highspy.HighsModelStatus.kInfeasible:
            return Solved(None, above, above)
        bound = min(above, float(info.mip_dual_bound))
        value = float(info.objective_function_value)
        if info.primal_solution_status != 2 or value > above - 0.5:  # 2 is HiGHS's word for feasible
            return Solved(None, above, bound)
        chosen = np.flatnonzero(np.array(highs.getSolution().col_value) > 0.5)
        return Solved(self._journeys(chosen), float(round(value)), bound)

    def _model(self) -> highspy.HighsLp:
        rows, count = self.rows, len(self.arcs)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = count, len(rows.lower)
        model.col_cost_ = self.arcs["cost"].astype(np.float64)
        model.col_lower_, model.col_upper_ = np.zeros(count), np.ones(count)
        model.row_lower_, model.row_upper_ = np.array(rows.lower), np.array(rows.upper)
        model.integrality_ = [highspy.HighsVarType.kInteger] * count
        order = np.lexsort((np.array(rows.row), np.array(rows.column)))
        columns = np.array(rows.column)[order]
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.searchsorted(columns, np.arange(count + 1)).astype(np.int32)
        model.a_matrix_.index_ = np.array(rows.row, dtype=np.int32)[order]
        model.a_matrix_.value_ = np.array(rows.value)[order]
        return model

    def _journeys(self, chosen: Ints) -> dict[int, tuple[int, Ints, Ints]]:
        """Follow each party from its start along the chosen arcs."""
        net = self.net
        leaving = {tuple(self.arcs[c].tolist()[:4]): self.arcs[c] for c in chosen}
        found: dict[int, tuple[int, Ints, Ints]] = {}
        for i in sorted({int(i) for i in self.arcs["party"][chosen]}):
            steps, ends = np.zeros((2, net.horizon + 2), dtype=np.int64)
            node = (i, ARRIVE, int(net.parties["start"][i]), int(net.parties["start_day"][i]))
            count = 0
            while node in leaving:
                arc = leaving[node]
                if arc["tail"] != 0:
                    ends[count] = arc["tail_day"] + arc["beds"]
                if arc["departure"] >= 0:
                    steps[count] = arc["departure"]
                    count += 1
                    ends[count] = arc["head_day"]
                if arc["head"] == END:
                    break
                node = (i, int(arc["head"]), int(arc["head_place"]), int(arc["head_day"]))
            found[i] = (count, steps, ends)
        return found
