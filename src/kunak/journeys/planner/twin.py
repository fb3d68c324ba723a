"""Both cores search: each changes a whole plan of its own, with other dice, and now and then the worse one goes on from the better.

Chance decides much in a search that accepts worse plans now and then: of two that began alike one is soon ahead. Half of the
parties to each core, on one plan, was tried: it makes twice as many changes a second, but what is free has to be dealt
out between the halves, and with 120 parties it found plans 1 to 2 % worse than one core alone; with 500, equal ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .insertion import draft, remove, restore
from .part import Part
from .ruin import BEST, seed_random

if TYPE_CHECKING:
    from collections.abc import Callable

    from .insertion import Draft
    from .network import Network
    from .search import Search
    from .second import Second


class Twin:
    """A second plan beside the search's own."""

    def __init__(self, search: Search, seed: int) -> None:
        self.search, self.seed = search, seed
        self.part = Part(search.net, draft(search.net), search.whole.members, seed + 1)
        self.part.ruin.candidates["importance"] = search.ruin.candidates["importance"]
        self.begun = False

    def improve(self, second: Second, work: Callable[[Part], None]) -> None:
        """Let both cores work, each on its plan; then compare."""
        search, one, other = self.search, self.search.whole, self.part
        search.catch_up()
        if not self.begun:
            copy(search.net, one.draft, other.draft)
        second.ask(lambda: self._theirs(work))
        work(one)
        second.wait()
        search.publish()
        if other.ruin.totals[BEST] < search.ruin.totals[BEST] - 0.5:
            search.join(float(other.ruin.totals[BEST]), [(other.members, other.ruin)])
        if other.total < one.total:
            copy(search.net, other.draft, one.draft)
        else:
            copy(search.net, one.draft, other.draft)

    def _theirs(self, work: Callable[[Part], None]) -> None:
        """In the other thread, which has dice of its own."""
        if not self.begun:
            seed_random(self.seed + 1)
            self.begun = True
            self.part.settle(self.part.members)
        work(self.part)


def copy(net: Network, source: Draft, to: Draft) -> None:
    """The same journeys in the other plan."""
    for i in range(len(net.parties)):
        if to.who["placed"][i]:
            remove(net, to, i)
    for i in range(len(net.parties)):
        restore(net, to, i, int(source.who["count"][i]), source.steps, source.ends, i)
