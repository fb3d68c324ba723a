"""Log-linear models chosen by BIC, and averaged by BIC, with the choice repeated in every bootstrap replicate.

Source: Bishop, Fienberg & Holland 1975, chapter 6 (the models); Silverman, Chan & Vincent 2024 (Statistics and Computing
34, 44: all models short-listed by BIC, BCa, downhill search); Buckland, Burnham & Augustin 1997 (Biometrics 53: averaging).
All totals are people, the observed included.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kunak.count.estimate.answer import Answer, NoEstimate, from_draws
from kunak.count.estimate.bootstrap import bca, leave_one_out, resample
from kunak.count.estimate.downhill import search
from kunak.count.estimate.poisson import Fits, fit
from kunak.count.estimate.table import Table
from kunak.count.estimate.terms import EVERY_PAIR_MODEL_UP_TO, MOST_LISTS, Model, candidates, in_words, pair_models
from kunak.count.estimate.told import told

SHORT_LIST = 30  # Kosovo's interval no longer changes from 10 on (table 2 of the source), UK's from about 50
REPLICATES = 1000
REPLICATES_SEARCHED = {6: 400, 7: 200}  # and 100 from eight lists on, where every search fits thousands of models

FEWEST_REPLICATES = 10  # with an estimate, under which an interval means nothing

Totals = NDArray[np.float64]


def chosen_and_averaged(
    table: Table, random: np.random.Generator, replicates: int = REPLICATES, *, only_pairs: bool = False
) -> tuple[Answer, Answer]:
    """The model of least BIC with its BCa interval, and the average over models weighted by exp(-BIC/2).

    Raises NoEstimate where no model has one.
    """
    if table.width > MOST_LISTS:
        raise NoEstimate(told("too many for models", most=MOST_LISTS))
    models, fits = short_list(table, only_pairs=only_pairs)
    searched = table.width > EVERY_PAIR_MODEL_UP_TO
    if searched:
        replicates = min(replicates, REPLICATES_SEARCHED.get(table.width, 100))
    drawn = resample(table.cells[1:], replicates, random)
    tables, weights = leave_one_out(table.cells[1:])
    best, mean = totals(drawn, table.width, None if searched else models)
    if len(finite(best)) < FEWEST_REPLICATES:
        raise NoEstimate(told("no model"))
    knifed, _ = totals(tables, table.width, None if searched else models)
    estimate, middle = float(chosen(fits, table.observed)[0]), float(averaged(fits, table.observed)[0])
    lo, hi = bca(estimate, best, knifed, weights)
    diagnostics = _told(models, fits, table) | {"replicates_without_estimate": int(np.isnan(best).sum())}
    lo, hi = min(lo, estimate), max(hi, estimate)
    # Replicates beyond the interval stand at its ends: a mixture must not reach where the method itself does not.
    one = Answer("loglinear", estimate, lo, hi, np.clip(finite(best), lo, hi), (), diagnostics)
    mixed = from_draws("loglinear-average", finite(mean))
    return one, Answer(mixed.method, middle, min(mixed.lo, middle), max(mixed.hi, middle), mixed.draws)


def short_list(table: Table, *, only_pairs: bool = False) -> tuple[list[Model], Fits]:
    """The models worth comparing on this table, best BIC first, with their fits."""
    if table.width > EVERY_PAIR_MODEL_UP_TO:
        models = list(search(table.cells[None, 1:], table.width).visited[0])
    else:
        models = pair_models(table.width) if only_pairs else candidates(table.width)
    fits = fit(table.cells[None, 1:], models, table.width)
    order = [int(i) for i in np.argsort(fits.bic[0], kind="stable") if np.isfinite(fits.bic[0, i])][:SHORT_LIST]
    if not order:
        raise NoEstimate(told("no model"))
    return [models[i] for i in order], Fits(fits.unseen[:, order], fits.bic[:, order])


def totals(tables: NDArray[np.int64], width: int, models: list[Model] | None) -> tuple[Totals, Totals]:
    """For every table, the total by its own best model and by its own average, of these models or of a search."""
    observed = tables.sum(axis=1)
    if models is None:
        searched = search(tables, width)
        return observed + searched.chosen(), observed + searched.averaged()
    fits = fit(tables, models, width)
    return chosen(fits, observed), averaged(fits, observed)


def _told(models: list[Model], fits: Fits, table: Table) -> dict[str, object]:
    """The best models in words, with their totals and shares."""
    share = weights_by_bic(fits)[0]
    best = [
        {
            "model": in_words(model, table.width),
            "estimate": table.observed + float(fits.unseen[0, i]),
            "bic": float(fits.bic[0, i]),
            "weight": float(share[i]),
        }
        for i, model in enumerate(models[:5])
    ]
    return {"model": in_words(models[0], table.width), "lists_in_model": list(table.lists), "models": best}


def chosen(fits: Fits, observed: NDArray[np.int64] | int) -> NDArray[np.float64]:
    """For every table, the total by its own model of least BIC; NaN where no model has an estimate."""
    best = np.argmin(fits.bic, axis=1)
    return np.asarray(observed + fits.unseen[np.arange(len(best)), best])


def averaged(fits: Fits, observed: NDArray[np.int64] | int) -> NDArray[np.float64]:
    """For every table, the total averaged over models by weight."""
    total = (weights_by_bic(fits) * np.nan_to_num(fits.unseen)).sum(axis=1)
    return np.asarray(np.where(np.isfinite(fits.bic).any(axis=1), observed + total, np.nan))


def weights_by_bic(fits: Fits) -> NDArray[np.float64]:
    """exp(-BIC/2), summing to one: the share of each model if all were equally likely beforehand."""
    bic = np.where(np.isfinite(fits.bic), fits.bic, 1e300)
    raw = np.exp(-(bic - bic.min(axis=1, keepdims=True)) / 2)
    return np.asarray(raw / raw.sum(axis=1, keepdims=True))


def finite(totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Those replicates in which an estimate exists."""
    return totals[np.isfinite(totals)]
