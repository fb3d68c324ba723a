"""Searching models downhill where there are too many to fit them all: six lists and more.

Source: Silverman, Chan & Vincent 2024 (Statistics and Computing 34, 44), section 5.2: from independence on, add or remove the
one pair that lowers BIC most, until none does; in every bootstrap replicate again. All tables are searched side by side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kunak.count.estimate.poisson import fit_pairs
from kunak.count.estimate.terms import Model, main_effects, pairs

Visited = dict[Model, tuple[float, float]]  # people unseen (NaN where no estimate exists) and BIC


@dataclass(frozen=True)
class Searched:
    """For every table, the models visited; the best of them is where the search ended."""

    visited: list[Visited]

    def best(self, row: int) -> Model:
        """The visited model of least BIC."""
        return min(self.visited[row], key=lambda model: self.visited[row][model][1])

    def chosen(self) -> NDArray[np.float64]:
        """People unseen by each table's own best model."""
        return np.array([self.visited[row][self.best(row)][0] for row in range(len(self.visited))])

    def averaged(self) -> NDArray[np.float64]:
        """People unseen, averaged over the visited models by exp(-BIC/2)."""
        means = []
        for visited in self.visited:
            unseen, bic = (np.array(column) for column in zip(*visited.values(), strict=True))
            if not np.isfinite(bic).any():
                means.append(np.nan)
                continue
            weights = np.where(np.isfinite(bic), np.exp(-(bic - bic.min()) / 2), 0.0)
            means.append(float((weights * np.nan_to_num(unseen)).sum() / weights.sum()))
        return np.array(means)


def search(tables: NDArray[np.int64], width: int) -> Searched:
    """The downhill search on every table (rows: counts over patterns 1 ... 2**k - 1)."""
    here = [main_effects(width)] * len(tables)
    visited: list[Visited] = [{} for _ in tables]
    moving = list(range(len(tables)))
    while moving:
        wanted = [
            (row, model)
            for row in moving
            for model in (here[row], *(here[row] ^ {pair} for pair in pairs(width)))
            if model not in visited[row]
        ]
        unseen, bic = fit_pairs(tables[[row for row, _ in wanted]], [model for _, model in wanted], width)
        for (row, model), people, worth in zip(wanted, unseen.tolist(), bic.tolist(), strict=True):
            visited[row][model] = (people, worth)
        best = {row: min(visited[row], key=lambda model, row=row: visited[row][model][1]) for row in moving}  # type: ignore[misc]
        moving = [row for row in moving if best[row] != here[row]]
        for row in moving:
            here[row] = best[row]
    return Searched(visited)
