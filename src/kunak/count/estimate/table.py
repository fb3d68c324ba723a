"""A table of overlapping lists: how many people stand on exactly which lists.

A *pattern* has one digit per list (`"101"`: on the first and third, not on the second). Inside, a pattern is a number
whose bit `i` is list `i`, and a table is a vector of counts over all `2**k` patterns; cell 0, on no list, is the unknown.

Everything here counts distinct people. `canonical` puts the lists into an order that depends on their content only, so
that names, order of lists, order of rows, split rows and zero rows change nothing, not even through the random numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations, product
from math import factorial, prod

import numpy as np
from numpy.typing import NDArray

MOST_LISTS = 12  # 4,096 patterns; nobody has published on more, and every method here would only pretend
MOST_REORDERINGS = 5040  # beyond, lists that still look alike are alike in every way that a method could notice


class BadTable(ValueError):
    """The input is not a table of lists: one sentence that says where and what to do."""


@dataclass(frozen=True)
class Table:
    """People by pattern. `cells[code]` is how many stand on exactly the lists whose bits `code` has."""

    lists: tuple[str, ...]
    cells: NDArray[np.int64]
    name: str = ""

    @property
    def width(self) -> int:
        """How many lists."""
        return len(self.lists)

    @property
    def observed(self) -> int:
        """How many distinct people stand on at least one list."""
        return int(self.cells.sum())

    def on(self, lists: int) -> int:
        """How many people stand on all of these lists (a bit for each), whether or not on others too."""
        return int(self.cells[containing(self.width, lists)].sum())

    def without(self, leaving: int) -> Table:
        """The table as if this list had never been found; who was on it alone becomes unknown."""
        kept = [i for i in range(self.width) if i != leaving]
        return reorder(self, kept)


def containing(width: int, lists: int) -> NDArray[np.bool_]:
    """Which of the `2**width` patterns contain all of these lists."""
    return np.asarray((np.arange(2**width) & lists) == lists)


def membership(width: int) -> NDArray[np.bool_]:
    """One row per pattern, one column per list: is this list in this pattern?"""
    return np.asarray((np.arange(2**width)[:, None] >> np.arange(width)) & 1 == 1)


def reorder(table: Table, order: list[int]) -> Table:
    """The same people seen through these lists in this order; lists left out are forgotten."""
    codes = np.arange(2**table.width)
    moved = sum((((codes >> old) & 1) << new for new, old in enumerate(order)), np.zeros_like(codes))
    cells = np.zeros(2 ** len(order), dtype=np.int64)
    np.add.at(cells, moved, table.cells)
    cells[0] = 0
    return Table(tuple(table.lists[i] for i in order), cells, table.name)


def canonical(table: Table) -> Table:
    """The table with its lists in the one order that their content gives (colour refinement, then the greatest)."""
    groups = _look_alikes(table)
    if prod(factorial(len(group)) for group in groups) > MOST_REORDERINGS:
        return reorder(table, [i for group in groups for i in group])
    orders = [[i for part in parts for i in part] for parts in product(*(permutations(group) for group in groups))]
    return max((reorder(table, order) for order in orders), key=lambda one: one.cells.tolist())


def _look_alikes(table: Table) -> list[list[int]]:
    """Lists grouped by all that can be told of them without naming them, the largest first."""
    members = membership(table.width)
    filled = [code for code in range(1, len(table.cells)) if table.cells[code]]
    colours = [0] * table.width
    for _ in range(table.width):
        seen = [
            (
                colours[i],
                sorted(
                    (int(table.cells[code]), sorted(colours[j] for j in np.flatnonzero(members[code])))
                    for code in filled
                    if members[code, i]
                ),
            )
            for i in range(table.width)
        ]
        distinct = sorted({repr((sum(count for count, _ in rows), colour, rows)) for colour, rows in seen})
        colours = [distinct.index(repr((sum(count for count, _ in rows), colour, rows))) for colour, rows in seen]
    return [[i for i in range(table.width) if colours[i] == colour] for colour in sorted(set(colours), reverse=True)]
