"""The default: methods that disagree, mixed, so that the interval tells their disagreement.

Source: the linear opinion pool (Stone 1961, Annals of Mathematical Statistics 32, 1339-1342); why these shares:
docs/decisions/estimate-average.md. Totals are people, the observed included.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kunak.count.estimate.answer import Answer, NoEstimate, from_draws
from kunak.count.estimate.told import people, told

SHARES = {"rasch": 4.0, "dga": 1.0, "loglinear": 1.0}
STAND_IN = "lcmcr"  # beyond eight lists none of them answers
APART = 1.5  # how many times the lowest method's total the highest may be before the reader is told
WIDE = 5.0  # how many times its lower end the upper end of an interval may be
DRAWS = 6000


def mixed(answers: Mapping[str, Answer]) -> Answer:
    """The mixture of those of the mixed methods that answered: its median and central 95 %."""
    present = {name: share for name, share in SHARES.items() if name in answers}
    if not present and STAND_IN in answers:
        present = {STAND_IN: 1.0}
    if not present:
        raise NoEstimate(told("no method"))
    whole = sum(present.values())
    levels = [(name, round(DRAWS * share / whole)) for name, share in present.items()]
    draws = np.concatenate([np.quantile(answers[name].draws, (np.arange(size) + 0.5) / size) for name, size in levels])
    answer = from_draws("average", draws, (), {"shares": {name: share / whole for name, share in present.items()}})
    say = []
    middles = {name: one.estimate for name, one in answers.items()}
    low, high = min(middles, key=lambda name: middles[name]), max(middles, key=lambda name: middles[name])
    if middles[high] > APART * middles[low]:
        say.append(told("disagree", least=people(middles[low]), low=low, most=people(middles[high]), high=high))
    if answer.hi > WIDE * answer.lo:
        say.append(told("wide"))
    return Answer("average", answer.estimate, answer.lo, answer.hi, draws, tuple(say), answer.diagnostics)
