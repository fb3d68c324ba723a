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
from kunak.count.estimate.told import Told, people, told

CLASSES = 10
MOST_UNSEEN = 20  # per observed person, as in the package
SHAPE, RATE = 0.25, 0.25
DISAGREE = 1.1  # R-hat above which the chains have not seen the same posterior (Gelman & Rubin 1992)

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Effort:
    """How long to look. A round keeps `kept` totals per chain, every `thinning` steps, after as many steps for nothing.

    While the chains disagree, another round twice as long goes on from where they are, up to `rounds` of them.
    """

    chains: int = 10
    kept: int = 600
    thinning: int = 4
    rounds: int = 3


@dataclass(frozen=True)
class Classes:
    """Where each chain is: logarithms of the classes' shares and of their rates of being on and off each list."""

    share: Array  # chain, class
    on: Array  # chain, class, list
    off: Array
    concentration: Array  # chain


def latent_classes(table: Table, random: np.random.Generator, effort: Effort | None = None) -> Answer:
    """The posterior of the total over all chains: its median and central 95 %, with R-hat and a warning above 1.1."""
    effort = effort or Effort()
    chains, apart = _until_agreed(table, random, effort)
    middles = np.exp(np.median(chains, axis=1))
    warnings: tuple[Told, ...] = ()
    if not apart < DISAGREE:
        spread = {"least": people(middles.min()), "most": people(middles.max())}
        warnings = (told("chains", method="lcmcr", apart=f"{apart:.2f}", **spread),)
    diagnostics = {
        "r_hat": round(apart, 3),
        "chains": effort.chains,
        "classes": CLASSES,
        "chain_medians": np.round(middles, 1).tolist(),
    }
    return from_draws("lcmcr", np.exp(chains).ravel(), warnings, diagnostics)


def _until_agreed(table: Table, random: np.random.Generator, effort: Effort) -> tuple[Array, float]:
    """Logarithms of totals, one row per chain, of the first round in which the chains agree, or of the last."""
    classes = _start(table, random, effort.chains)
    for longer in range(effort.rounds):
        thinning = effort.thinning << longer
        classes, _ = _walk(table, random, classes, effort.kept, thinning)
        classes, totals = _walk(table, random, classes, effort.kept, thinning)
        chains = np.log(totals)
        apart = r_hat(chains)
        if apart < DISAGREE:
            break
    return chains, apart


def r_hat(chains: Array) -> float:
    """Potential scale reduction of split chains (rows); 1 where all agree. Gelman & Rubin 1992, split as in Gelman 2013."""
    half = chains.shape[1] // 2
    halves = np.vstack([chains[:, :half], chains[:, half : 2 * half]])
    within = halves.var(axis=1, ddof=1).mean()
    between = half * halves.mean(axis=1).var(ddof=1)
    if within == 0:
        return 1.0 if between == 0 else float("inf")
    return float(np.sqrt((half - 1) / half + between / within / half))


def _start(table: Table, random: np.random.Generator, chains: int) -> Classes:
    """Everybody alike, as in the package: each class has the rates of the observed."""
    rates = np.array([table.on(1 << i) for i in range(table.width)]) / table.observed
    rates = np.broadcast_to(np.clip(rates, 1e-6, 1 - 1e-6), (chains, CLASSES, table.width))
    share, _ = _sizes(random, np.zeros((chains, CLASSES)), np.ones(chains))
    return Classes(share, np.log(rates), np.log1p(-rates), np.ones(chains))


def _walk(
    table: Table, random: np.random.Generator, at: Classes, keep: int, thinning: int
) -> tuple[Classes, NDArray[np.int64]]:
    """`keep` totals from each chain, one every `thinning` steps, and where the chains are then."""
    filled = np.flatnonzero(table.cells)
    counts, on_list = table.cells[filled], membership(table.width)[filled].astype(np.float64)
    people = np.broadcast_to(counts, (len(at.share), len(counts)))
    kept = np.empty((len(at.share), keep), dtype=np.int64)
    for step in range(keep * thinning):
        # 1. Which class every observed person belongs to.
        fits = on_list @ np.swapaxes(at.on, 1, 2) + (1 - on_list) @ np.swapaxes(at.off, 1, 2)
        classes = random.multinomial(people, _shares(at.share[:, None, :] + fits))
        # 2. How many are unseen, and their classes.
        missed = at.share + at.off.sum(axis=2)
        unseen = _unseen(random, table.observed, np.exp(missed).sum(axis=1))
        size = classes.sum(axis=1) + random.multinomial(unseen, _shares(missed))
        # 3. The rates of each class on each list.
        present = np.swapaxes(classes, 1, 2) @ on_list
        yes = random.standard_gamma(1.0 + present)
        no = random.standard_gamma(1.0 + size[:, :, None] - present)
        # 4. The sizes of the classes, and 5. how many classes there may be.
        share, log_last = _sizes(random, size, at.concentration)
        concentration = random.gamma(SHAPE + CLASSES - 1, 1.0 / (RATE - log_last))
        at = Classes(share, np.log(yes / (yes + no)), np.log(no / (yes + no)), concentration)
        if step % thinning == thinning - 1:
            kept[:, step // thinning] = table.observed + unseen
    return at, kept


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
