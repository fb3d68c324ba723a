"""How sure the links are, in the linkage's own probabilities: which two people of the partition may be one.

The probabilities are calibrated on invented lists by what became of a pair (names/model.toml, [probability]).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kunak.count.estimate.linkage_error import LinkedPeople
from kunak.count.linkage import Decided, Prepared
from kunak.count.linkage.explain import fate_of, probability
from kunak.count.linkage.reading import Record
from kunak.count.linkage.scoring import Scored

# The probabilities are fitted on all pairs alike. Two records of one list are one person less often than they say, those of two
# lists a little more often: odds on 11,100 invented people, of whose pairs apart 30 were expected to be one within a list and
# 23 were, 165 and 172 across lists.
ODDS_WITHIN_A_LIST, ODDS_ACROSS_LISTS = 0.7, 1.1
LEAST_CHANCE = 0.002  # such doubts together are less than one person in five hundred pairs


def linked_people(
    records: Sequence[Record],
    prepared: Prepared,
    scored: Scored,
    decided: Decided,
    model: Mapping[str, Any],
    bits: Mapping[str, int],
    strata: Sequence[int] | None = None,
) -> LinkedPeople:
    """The people that the partition makes, numbered by the order of contents; `bits` is the bit of each list."""
    place_of = {label: person for person, label in enumerate(sorted(set(decided.of_record)))}
    person = [place_of[label] for label in decided.of_record]
    patterns = np.zeros(len(place_of), dtype=np.int64)
    said: list[Counter[int]] = [Counter() for _ in place_of]
    for place, record in enumerate(records):
        patterns[person[place]] |= bits[record.list_name]
        said[person[place]][strata[place] if strata else 0] += 1
    own = np.array([min(counts, key=lambda one: (-counts[one], one)) for counts in said], dtype=np.int64)
    doubts: dict[tuple[int, int], float] = {}
    found = wrong = 0.0
    for left, right, weight in scored.pairs():
        one, other = (prepared.members[node][0] for node in (left, right))
        together, key = decided.fate.of(left, right, weight)
        if key == "reviewer":
            found += together
            continue
        chance = probability(model, weight, fate_of(key, together=together))
        across = records[one].list_name != records[other].list_name
        if together:
            found, wrong = found + across * chance, wrong + across * (1 - chance)
        elif chance >= LEAST_CHANCE and person[one] != person[other]:
            odds = chance / (1 - chance) * (ODDS_ACROSS_LISTS if across else ODDS_WITHIN_A_LIST)
            chance = odds / (1 + odds)
            pair = (min(person[one], person[other]), max(person[one], person[other]))
            doubts[pair] = max(chance, doubts.get(pair, 0.0))
    return LinkedPeople(patterns, own, [(*pair, chance) for pair, chance in sorted(doubts.items())], found, wrong)
