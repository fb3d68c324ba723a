"""Latent classes: people of unlike kinds, within each of which the lists are independent.

Source: Manrique-Vallier 2016 (Biometrics 72, 1246-1254), a Dirichlet process mixture truncated at K classes, with the priors
and the Gibbs sampler of the R package LCMCR: Beta(1, 1) on every rate, stick-breaking with Gamma(.25, .25) on its
concentration, n/N on the total, at most 20 unseen per observed. Many chains run side by side, because one chain of this
posterior can sit for ever in one of its hills (two seeds of the package give 12.9k and 21.0k on the UK lists).
Totals are people, the observed included.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kunak.count.estimate.answer import Answer, from_draws
from kunak.count.estimate.table import Table, membership

CLASSES = 10
MOST_UNSEEN = 20  # per observed person, as in the package
SHAPE, RATE = 0.25, 0.25
DISAGREE = 1.1  # R-hat above which the chains have not seen the same posterior (Gelman & Rubin 1992)

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Effort:
    """How long to look: chains side by side, steps thrown away, steps kept, and every how many one is kept."""

    chains: int = 8
    burn_in: int = 2000
    kept: int = 1000
    thinning: int = 4


def latent_classes(table: Table, random: np.random.Generator, effort: Effort | None = None) -> Answer:
    """The posterior of the total over all chains: its median and central 95 %, with R-hat and a warning above 1.1."""
    effort = effort or Effort()
    chains = np.log(_sample(table, random, effort))
    apart = r_hat(chains)
    middles = np.exp(np.median(chains, axis=1))
    warnings: tuple[str, ...] = ()
    if not apart < DISAGREE:
        medians = f"medians {middles.min():,.0f} to {middles.max():,.0f}"
        warnings = (f"Latent-class chains disagree (R-hat {apart:.2f}; {medians}): the weight of each is uncertain.",)
    diagnostics = {"r_hat": apart, "chains": effort.chains, "classes": CLASSES, "chain_medians": middles.tolist()}
    return from_draws("lcmcr", np.exp(chains).ravel(), warnings, diagnostics)


def r_hat(chains: Array) -> float:
    """Potential scale reduction of split chains (rows); 1 where all agree. Gelman & Rubin 1992, split as in Gelman 2013."""
    half = chains.shape[1] // 2
    halves = np.vstack([chains[:, :half], chains[:, half : 2 * half]])
    within = halves.var(axis=1, ddof=1).mean()
    between = half * halves.mean(axis=1).var(ddof=1)
    if within == 0:
        return 1.0 if between == 0 else float("inf")
    return float(np.sqrt((half - 1) / half + between / within / half))


def _sample(table: Table, random: np.random.Generator, effort: Effort) -> Array:
    """Totals, one row per chain."""
    filled = np.flatnonzero(table.cells)
    counts, on = table.cells[filled], membership(table.width)[filled].astype(np.float64)
    chains, observed = effort.chains, table.observed
    # Chains begin far apart: from everyone alike to classes of random rates.
    rates = random.beta(1.0, 1.0, size=(chains, CLASSES, table.width))
    rates[: chains // 2] = np.clip((counts @ on) / observed, 1e-3, 1 - 1e-3)
    concentration = np.full(chains, 1.0)
    log_share, _ = _sizes(random, np.zeros((chains, CLASSES)), concentration)
    log_on, log_off = np.log(rates), np.log1p(-rates)
    kept = np.empty((chains, effort.kept))
    people = np.broadcast_to(counts, (chains, len(counts)))
    for step in range(effort.burn_in + effort.kept * effort.thinning):
        # 1. Which class every observed person belongs to.
        likelihood = log_share[:, None, :] + on @ np.swapaxes(log_on, 1, 2) + (1 - on) @ np.swapaxes(log_off, 1, 2)
        classes = random.multinomial(people, _shares(likelihood))
        # 2. How many are unseen, and their classes.
        log_missed = log_share + log_off.sum(axis=2)
        missed = np.exp(log_missed).sum(axis=1)
        unseen = _unseen(random, observed, missed)
        hidden = random.multinomial(unseen, _shares(log_missed))
        # 3. The rates of each class on each list.
        present = np.swapaxes(classes, 1, 2) @ on
        size = classes.sum(axis=1) + hidden
        yes, no = random.standard_gamma(1.0 + present), random.standard_gamma(1.0 + size[:, :, None] - present)
        log_on, log_off = np.log(yes / (yes + no)), np.log(no / (yes + no))
        # 4. The sizes of the classes, and 5. how many classes there may be.
        log_share, log_last = _sizes(random, size, concentration)
        concentration = random.gamma(SHAPE + CLASSES - 1, 1.0 / (RATE - log_last))
        if step >= effort.burn_in and (step - effort.burn_in) % effort.thinning == 0:
            kept[:, (step - effort.burn_in) // effort.thinning] = observed + unseen
    return kept


def _shares(log_weights: Array) -> Array:
    """Probabilities along the last axis."""
    weights = np.exp(log_weights - log_weights.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def _unseen(random: np.random.Generator, observed: int, missed: Array) -> NDArray[np.int64]:
    """People missed by all lists, negative binomial, drawn again while beyond the most that the package allows."""
    chance = np.clip(1 - missed, 1e-12, 1.0)
    unseen = random.negative_binomial(observed, chance)
    for _ in range(1000):
        beyond = unseen > MOST_UNSEEN * observed
        if not beyond.any():
            break
        unseen[beyond] = random.negative_binomial(observed, chance[beyond])
    return np.asarray(np.minimum(unseen, MOST_UNSEEN * observed))


def _sizes(random: np.random.Generator, people: Array, concentration: Array) -> tuple[Array, Array]:
    """Logarithms of the shares of the classes, by breaking a stick; and of what the last break left."""
    after = np.cumsum(people[:, ::-1], axis=1)[:, ::-1] - people
    taken = random.standard_gamma(1.0 + people[:, :-1])
    left = random.standard_gamma(concentration[:, None] + after[:, :-1])
    log_left = np.cumsum(np.log(np.maximum(left, 1e-300) / (taken + left)), axis=1)
    before = np.hstack([np.zeros((len(people), 1)), log_left])
    log_taken = np.hstack([np.log(taken / (taken + left)), np.zeros((len(people), 1))])
    return before + log_taken, np.maximum(log_left[:, -1], -1e6)
