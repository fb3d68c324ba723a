"""Sample coverage: how much of the population the lists reach, from how often they meet.

Source: Chao & Tsay 1998 (Biometrics 54, 148-159: C and N, equations 14 and 20), Chao, Tsay, Lin, Shau & Chao 2001 (Statistics
in Medicine 20, 3123-3157: the one-step estimate N1 for low coverage, the bootstrap, the log interval), as in CARE-1.
Totals are people, the observed included; coverage is a share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kunak.count.estimate.answer import Answer, NoEstimate
from kunak.count.estimate.bootstrap import log_normal_interval
from kunak.count.estimate.table import Table, membership
from kunak.count.estimate.told import people, told

ENOUGH_COVERAGE = 0.55  # below, the sources advise N1: N divides by nearly nothing
REPLICATES = 1000

Cells = NDArray[np.float64]  # one row per table, one column per pattern
PerTable = NDArray[np.float64]


@dataclass(frozen=True)
class CoverageEstimates:
    """For every table: people seen on average by any two lists, coverage, and three totals."""

    seen_by_most: PerTable
    coverage: PerTable
    independent: PerTable
    full: PerTable
    one_step: PerTable


def sample_coverage(table: Table, random: np.random.Generator, replicates: int = REPLICATES) -> Answer:
    """N where coverage is at least 55 %, else N1, with the log-normal interval from a parametric bootstrap.

    Raises NoEstimate where no one is on two lists.
    """
    point = estimates(table.cells[None, :].astype(np.float64), table.width)
    coverage = float(point.coverage[0])
    if not coverage > 0:
        raise NoEstimate(told("no coverage"))
    totals = {"independent": point.independent, "one_step": point.one_step, "full": point.full}
    use = "full" if coverage >= ENOUGH_COVERAGE and np.isfinite(point.full[0]) else "one_step"
    estimate = float(totals[use][0])
    if not estimate > table.observed:
        raise NoEstimate(told("below", observed=people(table.observed)))
    again = estimates(redraw(table, estimate, replicates, random), table.width)
    drawn = again.full if use == "full" else again.one_step
    error = float(np.std(drawn[np.isfinite(drawn)], ddof=1))
    lo, hi = log_normal_interval(estimate, error, table.observed)
    middle, spread = max(estimate - table.observed, 0.5), np.log1p((error / max(estimate - table.observed, 0.5)) ** 2)
    draws = table.observed + middle * np.exp(np.sqrt(spread) * random.standard_normal(replicates))
    warnings = () if use == "full" else (told("low coverage", coverage=f"{coverage:.0%}"),)
    diagnostics = {
        "coverage": coverage,
        "seen_by_most": float(point.seen_by_most[0]),
        "standard_error": error,
        "use": use,
    }
    return Answer(
        "coverage", estimate, lo, hi, draws, warnings, diagnostics | {name: float(of[0]) for name, of in totals.items()}
    )


def redraw(table: Table, total: float, replicates: int, random: np.random.Generator) -> Cells:
    """Tables of `total` people with the observed shares, the unseen among them and dropped."""
    everybody = max(round(total), table.observed)
    share = np.append(table.cells[1:], everybody - table.observed) / everybody
    drawn = random.multinomial(everybody, share, size=replicates).astype(np.float64)
    drawn[:, -1] = 0
    return np.roll(drawn, 1, axis=1)


def estimates(cells: Cells, width: int) -> CoverageEstimates:
    """The estimates of the sources for many tables at once (rows)."""
    members = membership(width).astype(np.float64)
    number_of_lists = members.sum(axis=1)
    on_list = cells @ members
    alone = cells @ (members * (number_of_lists == 1)[:, None])
    seen_by_most = cells.sum(axis=1) - alone.mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        coverage = 1 - (alone / on_list).mean(axis=1)
        independent = seen_by_most / coverage
        only, rate = _pairs(cells, members, on_list, width)
        first = independent + (only * (independent[:, None] * rate - 1)).sum(axis=1) / (width * coverage)
        one_step = independent + (only * (first[:, None] * rate - 1)).sum(axis=1) / (width * coverage)
        left = width * seen_by_most - only.sum(axis=1)
        full = left / (width * coverage - (only * rate).sum(axis=1))
    observed = cells.sum(axis=1)
    full = np.where((left < 1e-4) | (full < observed), observed, full)  # noqa: PLR2004 - CARE-1's own floor
    return CoverageEstimates(seen_by_most, coverage, independent, full, one_step)


def _pairs(cells: Cells, members: Cells, on_list: Cells, width: int) -> tuple[Cells, Cells]:
    """For every pair of lists: people on them alone (both counted twice), and how much oftener they meet than people."""
    pairs = [(i, j) for i in range(width) for j in range(i + 1, width)]
    only = [cells[:, 1 << i] + cells[:, 1 << j] + 2 * cells[:, 1 << i | 1 << j] for i, j in pairs]
    rate = [cells @ (members[:, i] * members[:, j]) / (on_list[:, i] * on_list[:, j]) for i, j in pairs]
    return np.stack(only, axis=1), np.stack(rate, axis=1)
