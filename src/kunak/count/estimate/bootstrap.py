"""Intervals by drawing the people again.

Source: Efron 1987 (J. Am. Stat. Assoc. 82, 171-185) for BCa; Silverman, Chan & Vincent 2024 (Statistics and Computing 34, 44)
for repeating the choice of a model in every replicate and for the jackknife over distinct patterns.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from kunak.count.estimate.answer import TAILS

Tables = NDArray[np.int64]
Totals = NDArray[np.float64]


def resample(observed: NDArray[np.int64], replicates: int, random: np.random.Generator) -> Tables:
    """As many people again, drawn from the observed patterns (one row per replicate)."""
    total = int(observed.sum())
    return random.multinomial(total, observed / total, size=replicates)


def leave_one_out(observed: NDArray[np.int64]) -> tuple[Tables, NDArray[np.int64]]:
    """For every pattern that occurs, the table with one of its people less, and how many such people there are."""
    filled = np.flatnonzero(observed)
    tables = np.repeat(observed[None, :], len(filled), axis=0)
    tables[np.arange(len(filled)), filled] -= 1
    return tables, observed[filled]


def acceleration(totals: Totals, weights: NDArray[np.int64]) -> float:
    """How fast the spread changes with the total (no unit), from the jackknife."""
    finite = np.isfinite(totals)
    if not finite.any():
        return 0.0
    apart = np.average(totals[finite], weights=weights[finite]) - totals[finite]
    spread = float((weights[finite] * apart**2).sum())
    return float((weights[finite] * apart**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0


def bca(estimate: float, draws: Totals, jackknife: Totals, weights: NDArray[np.int64]) -> tuple[float, float]:
    """The bias-corrected, accelerated 95 % interval, in people."""
    draws = draws[np.isfinite(draws)]
    share = float(np.clip(np.mean(draws < estimate), 1 / (len(draws) + 1), len(draws) / (len(draws) + 1)))
    bias, speed = float(ndtri(share)), acceleration(jackknife, weights)
    at = [bias + float(ndtri(tail)) for tail in TAILS]
    levels = [float(ndtr(bias + z / max(1 - speed * z, 1e-3))) for z in at]
    lo, hi = np.quantile(draws, levels)
    return float(lo), float(hi)


def log_normal_interval(estimate: float, error: float, observed: int) -> tuple[float, float]:
    """The 95 % interval in people for a total with this standard error, never below the observed.

    Source: Chao 1987 (Biometrics 43, 783-791): the unseen part is taken as log-normal.
    """
    unseen = estimate - observed
    if unseen <= 0:
        return float(observed), float(observed)
    factor = float(np.exp(ndtri(TAILS[1]) * np.sqrt(np.log1p((error / unseen) ** 2))))
    return observed + unseen / factor, observed + unseen * factor
