"""What a method answers: a total with its interval, or that there is no answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kunak.count.estimate.told import Told

Draws = NDArray[np.float64]
LEVEL = 0.95
TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)


class NoEstimate(Exception):
    """These lists cannot say how many are on none of them; the sentence says why, and what would help."""

    def __init__(self, why: Told) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True)
class Answer:
    """A total number of people, the observed included, with a 95 % interval. All figures are people.

    `draws` are equally likely totals by this method (a posterior or bootstrap sample): what an average is made of.
    """

    method: str
    estimate: float
    lo: float
    hi: float
    draws: Draws
    warnings: tuple[Told, ...] = ()
    diagnostics: Mapping[str, object] = field(default_factory=dict)


def from_draws(
    method: str, draws: Draws, warnings: tuple[Told, ...] = (), diagnostics: Mapping[str, object] | None = None
) -> Answer:
    """The median and the central 95 % of equally likely totals."""
    lo, middle, hi = np.quantile(draws, [TAILS[0], 0.5, TAILS[1]])
    return Answer(method, float(middle), float(lo), float(hi), draws, warnings, diagnostics or {})
