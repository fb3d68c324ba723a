"""Many Poisson log-linear models fitted to many tables at once.

Source: Fienberg 1972 (Biometrika 59, 591-603) for the models; Chan, Silverman & Vincent 2021 (Int. Stat. Review 89) and
Fienberg & Rinaldo 2012 (Annals of Statistics 40) for tables with empty margins: a term whose lists share nobody has the
estimate minus infinity, its patterns leave the fit, and it still counts as a parameter in BIC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln, xlogy

from kunak.count.estimate.terms import Model, design

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEPS = 40
SETTLED = 1e-5  # of a logarithm. A fit without an estimate loses about 1 per step for ever, and so never settles.
LONGEST_STEP = 4.0
FITS_AT_ONCE = 4096  # keeps memory in tens of megabytes


@dataclass(frozen=True)
class Fits:
    """One row per table, one column per model. `unseen` is people on no list; NaN where no estimate exists."""

    unseen: NDArray[np.float64]
    bic: NDArray[np.float64]


def fit(tables: NDArray[np.int64], models: list[Model], width: int) -> Fits:
    """People on no list and BIC for every table (rows: counts over patterns 1 ... 2**k - 1) under every model.

    BIC = parameters x log(people observed) - 2 log likelihood, as in Rcapture and Silverman, Chan & Vincent 2024.
    """
    rows, columns = np.divmod(np.arange(len(tables) * len(models)), len(models))
    unseen, bic = fit_pairs(tables[rows], [models[j] for j in columns], width)
    return Fits(unseen.reshape(len(tables), -1), bic.reshape(len(tables), -1))


def fit_pairs(
    tables: NDArray[np.int64], models: list[Model], width: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """As `fit`, but the first table with the first model, the second with the second, and so on."""
    terms = sorted(frozenset[int]().union(*models), key=lambda term: (term.bit_count(), term))
    matrix = design(width, terms)
    place = {term: i for i, term in enumerate(terms)}
    inside = np.zeros((len(models), len(terms)), dtype=bool)
    for row, model in enumerate(models):
        inside[row, [place[term] for term in model]] = True
    unseen, bic = np.full(len(models), np.nan), np.full(len(models), np.inf)
    for start in range(0, len(models), FITS_AT_ONCE):
        part = slice(start, start + FITS_AT_ONCE)
        unseen[part], bic[part], _ = _newton(matrix, tables[part].astype(np.float64), inside[part])
    return unseen, bic


def expected(table: NDArray[np.int64], model: Model, width: int) -> NDArray[np.float64]:
    """People expected by the fitted model on every pattern 1 ... 2**k - 1 of one table."""
    terms = sorted(model)
    _, _, mean = _newton(design(width, terms), table[None, :].astype(np.float64), np.ones((1, len(terms)), dtype=bool))
    return np.asarray(mean[0])


def _newton(
    matrix: NDArray[np.float64], counts: NDArray[np.float64], inside: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Newton's steps for every row, those that have settled left alone: unseen, BIC and expected counts."""
    shared = counts @ matrix  # people on all lists of a term: the sufficient statistics
    empty = inside & (shared == 0)
    used = inside & ~empty
    open_cells = ~(empty.astype(np.float64) @ matrix.T > 0)
    outer = (matrix[:, :, None] * matrix[:, None, :]).reshape(len(matrix), -1)
    beta = _start(matrix, outer, counts, used, open_cells)
    moving = np.flatnonzero(_identified(matrix, used, open_cells))
    settled = np.zeros(len(counts), dtype=bool)
    for _ in range(STEPS):
        mean = np.exp(np.clip(beta[moving] @ matrix.T, -700, 60)) * open_cells[moving]
        slope = np.where(used[moving], (counts[moving] - mean) @ matrix, 0.0)
        step = _solve(_curvature(mean, outer, used[moving]), slope)
        step *= np.minimum(1.0, LONGEST_STEP / np.maximum(np.abs(step).max(axis=1), 1e-300))[:, None]
        beta[moving] += step
        done = np.abs(step).max(axis=1) < SETTLED
        settled[moving[done]] = True
        moving = moving[~done]
        if not len(moving):
            break
    mean = np.exp(np.clip(beta @ matrix.T, -700, 60)) * open_cells
    likelihood = (xlogy(counts, mean) - mean - gammaln(counts + 1)).sum(axis=1)
    bic = inside.sum(axis=1) * np.log(counts.sum(axis=1)) - 2 * likelihood
    unseen = np.exp(np.clip(beta[:, 0], -50, 60))
    return np.where(settled, unseen, np.nan), np.where(settled, bic, np.inf), mean


def _curvature(
    weights: NDArray[np.float64], outer: NDArray[np.float64], used: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """The information matrix of every fit, terms that are not in its model made harmless."""
    size = used.shape[1]
    curvature = (weights @ outer).reshape(-1, size, size) * (used[:, :, None] & used[:, None, :])
    index = np.arange(size)
    # The small ridge keeps a hopeless fit from stopping the others; at 1e-10 of the diagonal it moves no estimate.
    curvature[:, index, index] = np.where(used, curvature[:, index, index] * (1 + 1e-10) + 1e-12, 1.0)
    return curvature


def _solve(curvature: NDArray[np.float64], slope: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.linalg.solve(curvature, slope[..., None])[..., 0])


def _start(
    matrix: NDArray[np.float64],
    outer: NDArray[np.float64],
    counts: NDArray[np.float64],
    used: NDArray[np.bool_],
    open_cells: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Weighted least squares on the logarithms: the usual first step of iterated weighting."""
    raised = (counts + 0.1) * open_cells
    slope = np.where(used, (raised * np.log(counts + 0.1)) @ matrix, 0.0)
    return _solve(_curvature(raised, outer, used), slope)


def _identified(
    matrix: NDArray[np.float64], used: NDArray[np.bool_], open_cells: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Whether the patterns that are left can tell the terms that are left apart (rank), worked out once per shape."""
    shapes, index = np.unique(np.packbits(np.hstack([used, open_cells]), axis=1), axis=0, return_inverse=True)
    first = np.zeros(len(shapes), dtype=np.int64)
    first[index] = np.arange(len(used))
    sound = np.array(
        [
            int(np.linalg.matrix_rank(matrix[np.ix_(open_cells[row], used[row])])) == int(used[row].sum())
            if open_cells[row].sum() >= used[row].sum()
            else False
            for row in first
        ]
    )
    return np.asarray(sound[index])
