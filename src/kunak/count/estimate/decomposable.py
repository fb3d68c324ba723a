"""Bayesian averaging over every decomposable graph of dependence between the lists.

Source: Madigan & York 1997 (Biometrika 84, 19-31); prior as in the R package dga (Johndrow, Lum & Ball): hyper-Dirichlet with
delta = 2**-k per cell (delta = 1 drowns the unknown cell in invented people), all graphs alike, the complete one too, and
1/N on the total N. Totals are people, the observed included; the unseen are at least one, as in dga.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp

from kunak.count.estimate.answer import TAILS, Answer, NoEstimate
from kunak.count.estimate.table import Table
from kunak.count.estimate.told import Told, told

MOST_LISTS = 6  # 18,154 graphs; seven lists have 617,675
EVERY_WHOLE_NUMBER_TO = {3: 20_000, 4: 20_000, 5: 3_000, 6: 1_000}  # of unseen people, by lists; beyond, in steps
STEP = 2e-3  # of the number, each step standing for the numbers that it spans
FURTHEST = 200  # times the observed
GRAPHS_AT_ONCE = 512
DRAWS = 4000


def decomposable(table: Table, delta: float | None = None, log_prior: NDArray[np.float64] | None = None) -> Answer:
    """The posterior of the total over all decomposable graphs: its median and central 95 %.

    `log_prior` per point of `unseen_grid(table)`; by default 1/N. Raises NoEstimate beyond six lists.
    """
    if table.width > MOST_LISTS:
        raise NoEstimate(told("too many for graphs", most=MOST_LISTS))
    unseen, span = unseen_grid(table)
    prior = -np.log(table.observed + unseen) if log_prior is None else log_prior
    parts = marginals(table, unseen, 2.0**-table.width if delta is None else delta)
    shared = gammaln(table.observed + unseen + 1) - gammaln(unseen + 1) + prior + np.log(span)
    by_graph, by_total = _posterior(graphs(table.width), parts, shared)
    totals = table.observed + unseen
    diagnostics = {
        "mean": float((by_total * totals).sum()),
        "mode": float(totals[np.argmax(by_total / span)]),
        "least_relative_squared_error": float((by_total / totals).sum() / (by_total / totals**2).sum()),
        "graphs": len(by_graph),
        "greatest_share_of_a_graph": float(by_graph.max()),
    }
    warnings: tuple[Told, ...] = ()
    if by_total[-max(1, len(by_total) // 50) :].sum() > 0.005:  # noqa: PLR2004 - half a percent is seen in the interval
        warnings = (told("endless"),)
    lo, middle, hi = (float(q) for q in quantiles(totals, span, by_total, np.array([TAILS[0], 0.5, TAILS[1]])))
    draws = quantiles(totals, span, by_total, (np.arange(DRAWS) + 0.5) / DRAWS)
    return Answer("dga", middle, lo, hi, draws, warnings, diagnostics)


def unseen_grid(table: Table) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Numbers of unseen people to weigh, and how many whole numbers each stands for."""
    whole = EVERY_WHOLE_NUMBER_TO[table.width]
    near, end = np.arange(1.0, whole + 1), max(FURTHEST * table.observed, 2 * whole)
    far = np.unique(np.round(np.geomspace(whole + 1, end, int(np.log(end / whole) / STEP))))
    edges = np.concatenate([[whole + 0.5], (far[1:] + far[:-1]) / 2, [far[-1] + 0.5]])
    return np.concatenate([near, far]), np.concatenate([np.ones_like(near), np.diff(edges)])


def marginals(table: Table, unseen: NDArray[np.float64], delta: float) -> NDArray[np.float64]:
    """Log marginal likelihood of every set of lists taken whole (rows by set) for every number of unseen."""
    width, size = table.width, 2**table.width
    codes = np.arange(size)
    rows = np.zeros((size, len(unseen)))
    both = gammaln(delta * size) - gammaln(table.observed + unseen + delta * size)
    for lists in range(1, size):
        counts = np.bincount(codes & lists, weights=table.cells, minlength=size)
        cells = [code for code in range(size) if code & ~lists == 0]
        prior = delta * 2 ** (width - lists.bit_count())
        known = sum(float(gammaln(counts[code] + prior)) for code in cells[1:]) - len(cells) * float(gammaln(prior))
        rows[lists] = gammaln(unseen + counts[0] + prior) + known + both
    return rows


def _posterior(
    signs: NDArray[np.float64], parts: NDArray[np.float64], shared: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The share of every graph and of every total, both summing to one."""
    by_graph = np.empty(len(signs))
    by_total = np.full(len(shared), -np.inf)
    for start in range(0, len(signs), GRAPHS_AT_ONCE):
        block = signs[start : start + GRAPHS_AT_ONCE] @ parts + shared
        by_graph[start : start + GRAPHS_AT_ONCE] = logsumexp(block, axis=1)
        by_total = np.logaddexp(by_total, logsumexp(block, axis=0))
    whole = logsumexp(by_total)
    return np.exp(by_graph - whole), np.exp(by_total - whole)


def quantiles(
    totals: NDArray[np.float64], span: NDArray[np.float64], share: NDArray[np.float64], levels: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The first total at which the posterior reaches each level, spread evenly within wide steps."""
    reached = np.cumsum(share)
    at = np.minimum(np.searchsorted(reached, levels * reached[-1]), len(totals) - 1)
    inside = (levels * reached[-1] - (reached[at] - share[at])) / np.maximum(share[at], 1e-300) - 0.5
    return np.asarray(np.round(totals[at] + np.where(span[at] > 1, np.clip(inside, -0.5, 0.5) * span[at], 0.0)))


@lru_cache(maxsize=8)
def graphs(width: int) -> NDArray[np.float64]:
    """Every decomposable graph, as +1 for each clique and -1 for each separator (columns: sets).

    Built by adding vertices one at a time, each tied to a clique (Dirac 1961: every decomposable graph comes about so).
    """
    layer = {(0, (0,) * width): dict[int, int]()}
    for _ in range(width):
        grown: dict[tuple[int, tuple[int, ...]], dict[int, int]] = {}
        for (present, near), signs in layer.items():
            for vertex in range(width):
                if present >> vertex & 1:
                    continue
                for clique in _cliques(present, near, width):
                    ties = tuple(
                        clique if i == vertex else near[i] | (1 << vertex if clique >> i & 1 else 0)
                        for i in range(width)
                    )
                    key = (present | 1 << vertex, ties)
                    if key not in grown:
                        more = dict(signs)
                        more[clique | 1 << vertex] = more.get(clique | 1 << vertex, 0) + 1
                        more[clique] = more.get(clique, 0) - 1
                        grown[key] = more
        layer = grown
    rows = np.zeros((len(layer), 2**width))
    for row, (_, signs) in enumerate(sorted(layer.items(), key=lambda item: item[0])):
        for lists, sign in signs.items():
            rows[row, lists] = sign
    rows[:, 0] = 0  # nobody is conditioned on by the empty separator
    return rows


def _cliques(present: int, near: tuple[int, ...], width: int) -> list[int]:
    """Every complete set of the vertices present, the empty one too."""
    return [
        some
        for some in range(2**width)
        if some & ~present == 0 and all(some & ~(1 << i) & ~near[i] == 0 for i in range(width) if some >> i & 1)
    ]
