"""Which log-linear models there are over k lists: hierarchies of terms, every term a set of lists.

A term is a number with a bit per list; a model is the set of its terms and always holds the constant (0) and each list
alone. Up to four lists every hierarchical model short of the saturated one is tried, beyond that only pairs: there are
6,893 hierarchies over five lists and no table that could choose between them.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Model = frozenset[int]
ALL_HIERARCHIES_UP_TO = 4
MOST_LISTS = 8  # 28 pairs; with nine, one fit takes a thousand times as long as with five
EVERY_PAIR_MODEL_UP_TO = 5  # 1,024 models; six lists have 32,768 and are searched downhill instead


def main_effects(width: int) -> Model:
    """The model in which the lists are independent."""
    return frozenset([0, *(1 << i for i in range(width))])


def pairs(width: int) -> list[int]:
    """Every pair of lists, as terms."""
    return [1 << i | 1 << j for i, j in combinations(range(width), 2)]


def pair_models(width: int) -> list[Model]:
    """Every model with pairs and nothing higher."""
    terms, base = pairs(width), main_effects(width)
    return [base | frozenset(chosen) for size in range(len(terms) + 1) for chosen in combinations(terms, size)]


def hierarchies(width: int) -> list[Model]:
    """Every hierarchical model but the saturated one, which can say nothing of the unknown cell."""
    found = {main_effects(width)}
    fresh = set(found)
    while fresh:
        fresh = {model | {term} for model in fresh for term in addable(model, width)} - found
        found |= fresh
    return sorted(found, key=lambda model: (len(model), sorted(model)))


def addable(model: Model, width: int, order: int | None = None) -> list[int]:
    """Terms of at most `order` lists whose every part the model already has."""
    highest = order or width - 1
    return [
        term
        for term in range(2**width)
        if term not in model
        and term.bit_count() <= highest
        and all(term & ~(1 << i) in model for i in range(width) if term >> i & 1)
    ]


def candidates(width: int) -> list[Model]:
    """The models that are compared one by one (COUNTING: all hierarchies up to four lists, pairs beyond)."""
    return hierarchies(width) if width <= ALL_HIERARCHIES_UP_TO else pair_models(width)


def in_words(model: Model, width: int) -> str:
    """The model by its greatest terms, lists counted from 1: `[12,23]`."""
    greatest = [term for term in model if term and not any(term != other and term & other == term for other in model)]
    spelt = ["".join(str(i + 1) for i in range(width) if term >> i & 1) for term in greatest]
    return "[" + ",".join(sorted(spelt)) + "]"


def design(width: int, terms: list[int]) -> NDArray[np.float64]:
    """One row per observable pattern (1 ... 2**k - 1), one column per term: does the pattern contain the term?"""
    codes = np.arange(1, 2**width)[:, None]
    held = np.array(terms)[None, :]
    return np.asarray((codes & held) == held, dtype=np.float64)
