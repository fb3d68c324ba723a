"""The default: methods that disagree, mixed, so that the interval tells their disagreement.

Source: the linear opinion pool (Stone 1961, Annals of Mathematical Statistics 32, 1339-1342); why these shares:
docs/decisions/estimate-average.md. Totals are people, the observed included.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kunak.count.estimate.answer import TAILS, Answer, Draws, NoEstimate, from_draws
from kunak.count.estimate.told import people, told

SHARES = {"dga": 1.0, "lcmcr": 2.0}
STAND_IN = {"dga": "loglinear-average"}  # beyond six lists there is no average over graphs
# Above the middle, the interval is stretched on the logarithm of the unseen by an error that no method sees (.4 at the
# 97.5 % point), as independent errors add. On invented tables every method errs low rather than high, for people differ
# in conspicuousness by more than the overlaps show.
UNSEEN_BY_ALL = 0.4
APART = 1.5  # how many times the lowest method's total the highest may be before the reader is told
WIDE = 5.0  # how many times its lower end the upper end of an interval may be
DRAWS = 6000


def mixed(answers: Mapping[str, Answer], observed: int) -> Answer:
    """The mixture of those of the mixed methods that answered: its median and central 95 %, stretched upwards."""
    chosen = {name if name in answers else STAND_IN.get(name, name): share for name, share in SHARES.items()}
    present = {name: share for name, share in chosen.items() if name in answers}
    if not present:
        raise NoEstimate(told("no method"))
    whole = sum(present.values())
    levels = [(name, round(DRAWS * share / whole)) for name, share in present.items()]
    draws = stretched(
        np.concatenate([np.quantile(answers[name].draws, (np.arange(size) + 0.5) / size) for name, size in levels]),
        observed,
    )
    middles = {name: answers[name].estimate for name in present}
    low, high = min(middles, key=lambda name: middles[name]), max(middles, key=lambda name: middles[name])
    say = []
    if middles[high] > APART * middles[low]:
        say.append(told("disagree", least=people(middles[low]), low=low, most=people(middles[high]), high=high))
    answer = from_draws("average", draws, (), {"shares": {name: share / whole for name, share in present.items()}})
    if answer.hi > WIDE * answer.lo:
        say.append(told("wide"))
    return Answer("average", answer.estimate, answer.lo, answer.hi, draws, tuple(say), answer.diagnostics)


def stretched(draws: Draws, observed: int) -> Draws:
    """Totals with those above the median moved further up, so far that their 97.5 % point is where it should be."""
    unseen = np.maximum(draws - observed, 0.5)
    middle, end = np.quantile(unseen, [0.5, TAILS[1]])
    reach = float(np.log(end / middle))
    if reach == 0:
        return draws
    power = np.hypot(reach, UNSEEN_BY_ALL) / reach
    return np.asarray(np.where(unseen > middle, observed + middle * (unseen / middle) ** power, draws))
