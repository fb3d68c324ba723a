"""The methods by name, each on one table, each with random numbers of its own so that none disturbs another."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from kunak.count.estimate import latent_class
from kunak.count.estimate import rasch as rasch_model
from kunak.count.estimate.answer import Answer, NoEstimate
from kunak.count.estimate.average import SHARES, STAND_IN, mixed
from kunak.count.estimate.coverage import sample_coverage
from kunak.count.estimate.decomposable import decomposable
from kunak.count.estimate.loglinear import chosen_and_averaged
from kunak.count.estimate.refusal import refuse_hopeless
from kunak.count.estimate.stepwise import forward_stepwise
from kunak.count.estimate.table import Table, canonical
from kunak.count.estimate.told import Told

NAMED = ("loglinear", "loglinear-average", "stepwise", "dga", "lcmcr", "rasch", "coverage")
ASKED = ("average", *NAMED, "all")


@dataclass(frozen=True)
class Effort:
    """How hard to compute: bootstrap replicates, latent-class chains and Rasch chains."""

    replicates: int = 1000
    chains: latent_class.Effort = field(default_factory=latent_class.Effort)
    rasch: rasch_model.Effort = field(default_factory=rasch_model.Effort)


# For the many rows of sensitivity.
QUICK = Effort(
    200,
    latent_class.Effort(chains=6, kept=500, thinning=2, rounds=1),
    rasch_model.Effort(chains=24, burned=60, kept=80),
)


@dataclass(frozen=True)
class Answers:
    """What each method answered, and why those that did not did not."""

    observed: int
    given: dict[str, Answer]
    refused: dict[str, Told]


def needed(method: str) -> tuple[str, ...]:
    """The named methods behind what was asked."""
    return NAMED if method in ("average", "all") else (method,)


def enough(method: str, width: int) -> tuple[str, ...]:
    """The named methods without which what was asked cannot be answered on so many lists."""
    if method not in ("average", "all"):
        return (method,)
    return tuple(SHARES) if width <= rasch_model.MOST_LISTS else (STAND_IN,)


def answer_by(methods: Sequence[str], table: Table, seed: int, effort: Effort) -> Answers:
    """Every one of the methods on this table. Raises NoEstimate where no method could answer."""
    refuse_hopeless(table)
    table = canonical(table)
    given: dict[str, Answer] = {}
    refused: dict[str, Told] = {}
    for method in methods:
        if method not in given:
            try:
                given |= _run(method, table, seed, effort)
            except NoEstimate as none:
                refused[method] = none.why
    if not given:
        raise NoEstimate(next(iter(refused.values())))
    return Answers(table.observed, {method: given[method] for method in methods if method in given}, refused)


def asked_for(method: str, answers: Answers) -> Answer:
    """The one answer to what was asked: the method's own, or the average."""
    return mixed(answers.given) if method in ("average", "all") else answers.given[method]


def _run(method: str, table: Table, seed: int, effort: Effort) -> dict[str, Answer]:
    family = method.split("-", maxsplit=1)[0]
    random = np.random.default_rng([seed, zlib.crc32(family.encode())])
    if family == "loglinear":
        one, averaged = chosen_and_averaged(table, random, effort.replicates)
        return {one.method: one, averaged.method: averaged}
    if family == "stepwise":
        return {"stepwise": forward_stepwise(table, random, effort.replicates // 2)}
    if family == "dga":
        return {"dga": decomposable(table)}
    if family == "lcmcr":
        return {"lcmcr": latent_class.latent_classes(table, random, effort.chains)}
    if family == "rasch":
        return {"rasch": rasch_model.rasch(table, random, effort.rasch)}
    if family == "coverage":
        return {"coverage": sample_coverage(table, random, effort.replicates)}
    raise ValueError(method)
