"""The planner: `plan(scenario, effort) -> Plan`, with a proven bound, and whatever it has so far at any moment."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kunak.journeys.reckoning.plan import Plan
from kunak.journeys.reckoning.referee import Referee
from kunak.journeys.reckoning.scenario import Unplannable

from .bound import Bound
from .compiled import ready
from .compiling import begin
from .network import IMPOSSIBLE, build
from .opening import Opening, worth
from .search import Search
from .second import Second
from .telling import Telling
from .twin import Twin
from .waiting import stay
from .wording import Outcome, departures_of, understood

if TYPE_CHECKING:
    from collections.abc import Callable

    from kunak.journeys.reckoning.scenario import Scenario

    from .effort import Effort
    from .part import Part

MOVES = 50  # ruins between two looks at the clock
FIRST_SHARE = 0.15  # of the effort, at the most: both cores climb before the search begins, until the climb rests
FIRST_PLAN = 25  # steps after which there are prices that are worth a try; again after twice as many, and so on
BETTER = 1.005  # prices that prove so much more are worth beginning anew
EPOCH, EPOCH_SHARE = 0.25, 0.05  # seconds or, if it is more, a part of the limit: the cores then compare their plans
FEWEST = 60  # parties; with fewer the second core does better to prove
SOON = 2.0  # seconds of search before a proof is tried: a good plan makes it short
BOTH = 0.8  # of the time, at the most, both cores search
LEAST_TO_TELL, MOST_TO_TELL = 0.01, 0.08  # of the time limit
AT_ONCE, LARGE = 0.5, 400_000  # seconds; party nights by zone: asking so many what they want takes too long for that
MANY = 40_000  # pieces of journeys: more are not planned exactly


@dataclass(frozen=True, slots=True)
class Standing:
    """How far we are."""

    score: float
    bound: int

    @property
    def found(self) -> bool:
        return self.score < IMPOSSIBLE

    @property
    def gap(self) -> float:
        """The part of the score that a better plan could still save, at the most."""
        return max(0.0, (self.score - self.bound) / max(1.0, self.score))


class Planner:
    """One scenario being planned. `work` runs until it is proven, stopped or out of effort; `result` at any time."""

    def __init__(self, scenario: Scenario, effort: Effort, seed: int = 0) -> None:
        self.scenario, self.effort, self.seed = scenario, effort, seed
        self.referee = Referee(scenario)
        began = time.monotonic()
        self.net = build(scenario)
        self.building = time.monotonic() - began
        self.opening: Opening | None = None
        self.search: Search | None = None
        self.bound: Bound | None = None
        self.threads: list[threading.Thread] = []
        self.both = 0.0  # seconds in which both cores searched
        self.written = Standing(IMPOSSIBLE, 0)  # how far the plan is that was told last
        # On the monotonic clock: after that a plan without all its reasons is better than none.
        self.tell_until = math.inf

    def keep_time_to_tell(self) -> None:
        """Plan no longer than leaves time for the reasons. They take about as long as building the network did, on
        this machine and as busy as it is; three times that, because it may become busier."""
        if self.effort.seconds is not None:
            limit = self.effort.seconds
            self.effort.seconds = limit - max(0.3, min(LEAST_TO_TELL * limit + 3 * self.building, MOST_TO_TELL * limit))

    @property
    def standing(self) -> Standing:
        best = self._best()
        proven = (self.bound.proven if self.bound else 0, self.opening.proven if self.opening else 0)
        return Standing(best.score if best else IMPOSSIBLE, max(proven))

    @property
    def naive(self) -> float:
        """The score of first come, first served; IMPOSSIBLE before it was tried."""
        return IMPOSSIBLE if self.search is None else self.search.first

    def _best(self) -> Outcome | None:
        """The best plan so far, wherever it was found."""
        found = [part.best for part in (self.opening, self.search) if part is not None and part.best is not None]
        return min(found, key=lambda outcome: outcome.score, default=None)

    def work(self) -> None:
        """Work until there is nothing left to gain, or no effort left."""
        if self.effort.work is None and not ready():
            self._open()
        # Compiling in this process would hold up everything else, signals too: that is for a work limit only.
        compiled_or_asked = ready() or self.effort.work is not None
        if compiled_or_asked and not self.effort.up and (self.opening is None or self.standing.gap > 0):
            self._search()

    def _open(self) -> None:
        """Plan without compiled loops, while another process compiles them."""
        begin()
        opening = self.opening = Opening(self.net, self.seed)
        opening.begin(lambda: self.effort.up or ready())
        opening.work(self.effort, ready)
        while not ready() and not self.effort.up and opening.best is None:
            self.effort.stop.wait(0.05)

    def _search(self) -> None:
        """Plan with compiled loops."""
        self.bound = Bound(self.net)
        self.search = Search(self.net, self.seed)
        self.search.begin(self.bound.ideal)
        if self.search.best is None:
            self.search.rescue(self.effort)
        if self.search.best is None:
            return
        old = departures_of(self.scenario, self.net)
        if old:
            self.search.keep(old)
        if self.opening is not None and self.opening.best is not None:
            _, counts, steps, ends = best = self.opening.best
            self.search.offer(best.score, {i: (int(n), steps[i], ends[i]) for i, n in enumerate(counts)})
            self.bound.exact = max(self.bound.exact, float(self.opening.proven))
        second = Second()
        self.threads.append(second.thread)
        self._first_prices(self.bound, self.search, second)
        self._improve(self.bound, self.search, second)
        second.dismiss()

    def _improve(self, bound: Bound, search: Search, second: Second) -> None:
        """Search, and raise the bound: two cores side by side, or with a work limit in turns, for the same plan every
        time. Once the bound hardly rises any more, the second core searches too, unless the parties are so few that
        the proof may come."""
        refilled, twin = bound.value, Twin(search, self.seed)
        while not self.effort.up and self.standing.gap > 0:
            if bound.value > refilled * BETTER:
                refilled = bound.value
                search.refill(bound.best_duals)
            if self.effort.work is not None:
                search.round(self.effort, bound.best_duals, MOVES)
                self._climb_or_prove(bound)
            elif self._both(bound):
                began = self.effort.elapsed
                twin.improve(second, self._epoch(bound))
                self.both += self.effort.elapsed - began
            else:
                second.ask(lambda: self._climb_or_prove(bound))
                while second.busy and not self.effort.up:
                    search.round(self.effort, bound.best_duals, MOVES)
                if not self.effort.up:
                    second.wait()

    def _both(self, bound: Bound) -> bool:
        """Is it time for both cores to search? The bound keeps its share of the time, to show what it still can."""
        enough = len(self.net.parties) >= FEWEST
        return enough and bound.rested and self.both < BOTH * self.effort.elapsed

    def _epoch(self, bound: Bound) -> Callable[[Part], None]:
        """What each core does for a while when both search."""
        search, effort = self.search, self.effort
        until = effort.elapsed + max(EPOCH, EPOCH_SHARE * (effort.seconds or 0.0))
        assert search is not None

        def work(part: Part) -> None:
            while effort.elapsed < until and not effort.up:
                part.round(effort, bound.best_duals, MOVES, search.heat_at(effort))

        return work

    def _first_prices(self, bound: Bound, search: Search, second: Second) -> None:
        """A good plan needs good prices: both cores climb, and now and then everybody is inserted anew."""
        bound.second = second
        steps, enough = 0, FIRST_PLAN
        while not bound.rested and self.effort.share < FIRST_SHARE and not self.effort.up:
            bound.climb(self.effort, search.score)
            steps += bound.steps
            if steps >= enough:
                search.refill(bound.best_duals)
                enough *= 2
        search.refill(bound.best_duals)
        bound.second = None

    def _climb_or_prove(self, bound: Bound) -> None:
        """Raise prices; whenever that brings little, try to plan all parties exactly."""
        if self.search is None or self.search.best is None:
            return
        best = self.search.best
        bound.climb(self.effort, best.score)
        too_soon = self.effort.work is None and self.effort.elapsed < SOON
        if too_soon or not bound.ripe(best.score):
            return
        solved = bound.prove(self.effort, best.score, min(self.effort.left, bound.patience), MANY)
        if solved is not None and solved.journeys is not None:
            search = self.search
            extras = float((self.net.parties["settled"] + self.net.parties["promised"]).sum())
            search.offer(solved.value + extras, solved.journeys)

    def result(self) -> Plan:
        """The best plan so far, with its bound and its reasons. Raises `Unplannable` if promises cannot be kept."""
        best = self._best() or self._simplest()
        telling = Telling(self.scenario, self.net, self.referee, self.tell_until)
        if self.search is not None and self.search.best is not None:
            best = telling.polished(best)
        told = None
        while told is None:
            best, told = telling.told(best, self.standing.bound)
        self.written, self.skipped = Standing(telling.score, told.bound or 0), telling.skipped
        return told

    def _simplest(self) -> Outcome:
        """The plan that needs no search, when there was no time for any."""
        if self.net.nightly.size < LARGE:
            opening, began = Opening(self.net, self.seed), time.monotonic()
            self.opening = opening
            opening.begin(lambda: self.effort.work is None and time.monotonic() - began > AT_ONCE)
            if opening.best is not None:
                return opening.best
        staying = stay(self.referee)
        if staying is None:
            raise Unplannable("No plan was found that keeps every promise. Take a promise out of pins, or plan longer.")
        ways = [understood(self.scenario, self.net, i, staying[p.id]) for i, p in enumerate(self.scenario.parties)]
        counts, steps, ends = (np.array(column) for column in zip(*ways, strict=True))
        score = sum(worth(self.net, i, *way) for i, way in enumerate(ways))
        return Outcome(score, counts, steps, ends)

    def rehearse(self) -> None:
        """Call every compiled loop once, so that each is compiled and kept. A small scenario is proven before anything is ruined."""
        self.work()
        assert self.bound is not None
        assert self.search is not None
        self.search.whole.rehearse(self.effort, self.bound.best_duals)
        self.bound.prove(self.effort, self.standing.score + 1.0, 1.0, MANY)
        self.result()


def plan(scenario: Scenario, effort: Effort, seed: int = 0, progress: Callable[[Standing], None] | None = None) -> Plan:
    """The best plan that this effort finds; a repaired one if the scenario has a `previous` plan.

    `progress` is called with how far we are about twice a second, in the calling thread; `effort.stop.set()`, in it or
    in another thread, ends the work with what there is. Raises `Unplannable`."""
    planner = Planner(scenario, effort, seed)
    if progress is None:
        planner.work()
        return planner.result()
    trouble: list[BaseException] = []

    def work() -> None:
        try:
            planner.work()
        except BaseException as error:  # noqa: BLE001 - raised in the thread that asked
            trouble.append(error)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    while worker.is_alive():
        worker.join(0.5)
        if planner.standing.found:
            progress(planner.standing)
    if trouble:
        raise trouble[0]
    return planner.result()
