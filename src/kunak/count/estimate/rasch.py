"""People unlike each other in how conspicuous they are, on lists that lean on each other: a Rasch model with ties.

Source: Fienberg, Johnson & Junker 1999 (J. R. Statist. Soc. A 162, 383-405), the Bayesian Rasch model for several lists; Coull &
Agresti 1999 (Biometrics 55, 294-301), its logistic-normal people. A person of conspicuousness z stands on the lists of a
pattern with log odds = the lists' own + sigma z for each list + a tie for each pair of lists; z is normal. The ties are
drawn to nought by a Cauchy prior (most are slight, a few strong), as in Gelman et al. 2008 (Annals of Applied Statistics 2, 1360-1383), sigma by a
half-normal one, 1/N on the total. Sampled by Hamiltonian moves (Neal 2011) of many chains side by side.
Totals are people, the observed included.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from kunak.count.estimate.answer import Answer, NoEstimate, from_draws
from kunak.count.estimate.latent_class import DISAGREE, r_hat
from kunak.count.estimate.table import Table, membership
from kunak.count.estimate.told import Told, people, told

MOST_LISTS = 8  # 37 unknowns, 256 patterns
NODES = 13  # of the quadrature over people; more move no total by a tenth of a percent
RATE, RATE_SPREAD = -1.5, 1.5  # a list reaches 18 % of the people, or 1 % to 80 %
SPREAD = 0.6  # of sigma: half-normal
TIE, TIE_FREEDOM = 0.2, 1.0  # Student's t with one degree of freedom: half of the ties under .2, one in ten over 1.3
MOST_UNSEEN = 50.0  # per observed person
LEAPS, STEP = 7, 0.35

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Effort:
    """How long to look: chains, steps for nothing, steps kept."""

    chains: int = 40
    burned: int = 120
    kept: int = 250


class Posterior:
    """The logarithm of the posterior density and its slope at many points (rows: lists' log odds, sigma, ties).

    Sigma may be negative here: z is as likely as -z, so that the density is the same, and no wall stands at nought.
    """

    def __init__(self, table: Table) -> None:
        self.width, self.observed = table.width, table.observed
        self.counts = table.cells.astype(np.float64)
        self.on = membership(table.width).astype(np.float64)
        self.pairs = np.stack([self.on[:, i] * self.on[:, j] for i, j in combinations(range(self.width), 2)], axis=1)
        self.many = self.on.sum(axis=1)
        self.nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
        self.weights = weights / weights.sum()
        self.size = self.width + 1 + self.pairs.shape[1]

    def chances(self, at: Array) -> tuple[Array, Array]:
        """The chance of every pattern for each point, and for each kind of people (point, node, pattern)."""
        width = self.width
        odds = (at[:, :width] @ self.on.T + at[:, width + 1 :] @ self.pairs.T)[:, None, :]
        odds = odds + (at[:, width, None] * self.nodes)[:, :, None] * self.many
        by_node = np.exp(odds - odds.max(axis=2, keepdims=True))
        by_node /= by_node.sum(axis=2, keepdims=True)
        return np.asarray(np.einsum("q,cqx->cx", self.weights, by_node)), by_node

    def __call__(self, at: Array) -> tuple[Array, Array]:
        """The log density at each point, up to a constant, and its slope."""
        width = self.width
        chance, by_node = self.chances(at)
        chance = np.maximum(chance, 1e-290)  # a milliard divided by it is still a number
        seen = np.maximum(1 - chance[:, 0], 1e-12)
        density = np.log(chance) @ self.counts - self.observed * np.log(seen)
        pull = self.counts / chance
        pull[:, 0] = self.observed / seen
        lean = self.weights[None, :, None] * by_node
        lean = lean * (pull[:, None, :] - np.einsum("cx,cqx->cq", pull, by_node)[:, :, None])
        by_pattern = lean.sum(axis=1)
        sigma, ties = at[:, width], at[:, width + 1 :]
        slope = np.empty_like(at)
        slope[:, :width] = by_pattern @ self.on - (at[:, :width] - RATE) / RATE_SPREAD**2
        slope[:, width] = np.einsum("cqx,x->cq", lean, self.many) @ self.nodes - sigma / SPREAD**2
        slope[:, width + 1 :] = by_pattern @ self.pairs - (TIE_FREEDOM + 1) * ties / (TIE_FREEDOM * TIE**2 + ties**2)
        density -= ((at[:, :width] - RATE) ** 2).sum(axis=1) / (2 * RATE_SPREAD**2)
        density -= (sigma / SPREAD) ** 2 / 2
        density -= (TIE_FREEDOM + 1) / 2 * np.log1p(ties**2 / (TIE_FREEDOM * TIE**2)).sum(axis=1)
        return density, slope


def rasch(table: Table, random: np.random.Generator, effort: Effort | None = None) -> Answer:
    """The posterior of the total: its median and central 95 %, with R-hat and a warning above 1.1.

    Raises NoEstimate beyond eight lists.
    """
    if table.width > MOST_LISTS:
        raise NoEstimate(told("too many for ties", most=MOST_LISTS))
    effort = effort or Effort()
    posterior = Posterior(table)
    middle, factor = _hill(posterior)
    chains, sigma, accepted = _walk(posterior, middle, factor, random, effort)
    apart = r_hat(np.log(chains))
    warnings: tuple[Told, ...] = ()
    if not apart < DISAGREE:
        middles = np.median(chains, axis=1)
        spread = {"least": people(middles.min()), "most": people(middles.max())}
        warnings = (told("chains", method="rasch", apart=f"{apart:.2f}", **spread),)
    diagnostics = {
        "r_hat": round(apart, 3),
        "chains": effort.chains,
        "accepted": round(float(accepted), 3),
        "unlikeness": [round(float(q), 3) for q in np.quantile(sigma, [0.025, 0.5, 0.975])],
    }
    return from_draws("rasch", chains.ravel(), warnings, diagnostics)


def _hill(posterior: Posterior) -> tuple[Array, Array]:
    """The top of the posterior, and a factor of the covariance there (damped Newton, slopes differenced)."""
    share = np.array([(posterior.counts * posterior.on[:, j]).sum() for j in range(posterior.width)])
    share = (share + 0.5) / (1.5 * posterior.observed + 1)
    at = np.concatenate([np.log(share / (1 - share)), [0.4], np.zeros(posterior.pairs.shape[1])])
    damping, height = 1.0, -np.inf
    for _ in range(60):
        density, slope, bend = _bend(posterior, at)
        height = density
        rise = np.linalg.solve(bend + damping * np.eye(len(at)), slope)
        if np.abs(rise).max() < 1e-3:  # noqa: PLR2004 - far under any posterior spread
            break
        tried = at + np.clip(rise, -1, 1)
        better = posterior(tried[None, :])[0][0] > height
        at, damping = (tried, damping / 4) if better else (at, damping * 5)
    _, _, bend = _bend(posterior, at)
    return at, np.linalg.cholesky(np.linalg.inv(bend))


def _bend(posterior: Posterior, at: Array) -> tuple[float, Array, Array]:
    """Density, slope and (positive definite) curvature at one point."""
    step = 1e-4
    points = np.vstack([at, at + step * np.eye(len(at)), at - step * np.eye(len(at))])
    density, slopes = posterior(points)
    size = len(at)
    bend = -(slopes[1 : size + 1] - slopes[size + 1 :]) / (2 * step)
    values, vectors = np.linalg.eigh((bend + bend.T) / 2)
    return float(density[0]), slopes[0], (vectors * np.maximum(values, 0.3)) @ vectors.T


def _walk(
    posterior: Posterior, middle: Array, factor: Array, random: np.random.Generator, effort: Effort
) -> tuple[Array, Array, float]:
    """Totals and sigmas (chain, step kept), and the share of moves accepted."""
    at = middle + random.standard_normal((effort.chains, posterior.size)) @ factor.T
    density, slope = posterior(at)
    step, accepted = np.full(effort.chains, STEP), 0.0
    totals, sigmas = np.empty((effort.chains, effort.kept)), np.empty((effort.chains, effort.kept))
    for turn in range(effort.burned + effort.kept):
        push = random.standard_normal(at.shape)
        energy = density - (push**2).sum(axis=1) / 2
        size = (step * random.uniform(0.7, 1.3, effort.chains))[:, None]
        there, up = at, slope
        push = push + size / 2 * (up @ factor)
        for leap in range(LEAPS):
            there = there + size * push @ factor.T
            height, up = posterior(there)
            push = push + (size if leap < LEAPS - 1 else size / 2) * (up @ factor)
        gain = height - (push**2).sum(axis=1) / 2 - energy
        taken = np.log(random.random(effort.chains)) < np.nan_to_num(gain, nan=-np.inf)
        at = np.where(taken[:, None], there, at)
        slope, density = np.where(taken[:, None], up, slope), np.where(taken, height, density)
        if turn < effort.burned:
            step = np.clip(step * np.exp(0.1 * (taken.mean() - 0.8)), 0.02, 1.0)
            continue
        accepted += taken.mean() / effort.kept
        missed = posterior.chances(at)[0][:, 0]
        unseen = random.negative_binomial(posterior.observed, np.clip(1 - missed, 1 / (1 + MOST_UNSEEN), 1.0))
        totals[:, turn - effort.burned] = posterior.observed + unseen
        sigmas[:, turn - effort.burned] = np.abs(at[:, posterior.width])
    return totals, sigmas, accepted
