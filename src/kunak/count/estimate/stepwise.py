"""Pairs of lists taken into a log-linear model one by one, for as long as the next one is surprising.

Source: Chan, Silverman & Vincent 2021 (Int. Stat. Review 89, 481-510; R package SparseMSE): threshold p = .02, BCa interval with
the selection repeated in every replicate. Totals are people, the observed included.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr

from kunak.count.estimate.answer import Answer, NoEstimate
from kunak.count.estimate.bootstrap import bca, leave_one_out, resample
from kunak.count.estimate.poisson import expected, fit
from kunak.count.estimate.table import Table
from kunak.count.estimate.terms import MOST_LISTS, Model, design, in_words, main_effects, pairs
from kunak.count.estimate.told import told

THRESHOLD = 0.02
FEWEST_REPLICATES = 10


def forward_stepwise(table: Table, random: np.random.Generator, replicates: int) -> Answer:
    """The total by the model that forward selection reaches, with its BCa interval."""
    if table.width > MOST_LISTS:
        raise NoEstimate(told("too many for models", most=MOST_LISTS))
    observed = table.cells[1:]
    estimate, model = select(observed, table.width)
    if not np.isfinite(estimate):
        raise NoEstimate(told("no stepwise"))
    draws = np.array([select(drawn, table.width)[0] for drawn in resample(observed, replicates, random)])
    if np.isfinite(draws).sum() < FEWEST_REPLICATES:
        raise NoEstimate(told("no stepwise"))
    tables, weights = leave_one_out(observed)
    knifed = np.array([select(one, table.width)[0] for one in tables])
    lo, hi = bca(estimate, draws, knifed, weights)
    diagnostics = {"model": in_words(model, table.width), "lists_in_model": list(table.lists), "threshold": THRESHOLD}
    finite = draws[np.isfinite(draws)]
    return Answer("stepwise", estimate, min(lo, estimate), max(hi, estimate), finite, (), diagnostics)


def select(counts: NDArray[np.int64], width: int) -> tuple[float, Model]:
    """The total (NaN where none exists) and the model, pairs added while the least p-value is under the threshold."""
    model = main_effects(width)
    shared = counts @ design(width, pairs(width))
    while True:
        means = expected(counts, model, width) @ design(width, pairs(width))
        surprise = np.minimum(
            pdtr(shared, means), np.where(shared > 0, 1 - pdtr(np.maximum(shared - 1, 0), means), 1.0)
        )
        open_pairs = [(float(p), pair) for p, pair in zip(surprise, pairs(width), strict=True) if pair not in model]
        likely = [(p, pair) for p, pair in sorted(open_pairs) if p < THRESHOLD]
        unseen = (
            fit(counts[None, :], [model | {pair} for _, pair in likely], width).unseen[0] if likely else np.empty(0)
        )
        existing = [pair for (_, pair), total in zip(likely, unseen, strict=True) if np.isfinite(total)]
        if not existing:
            return float(counts.sum() + fit(counts[None, :], [model], width).unseen[0, 0]), model
        model |= {existing[0]}
