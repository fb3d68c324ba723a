"""How sure the links are, in the linkage's own probabilities: which two people of the partition may be one.

The probabilities are calibrated on invented lists by what became of a pair (names/model.toml, [probability]).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kunak.count.estimate.linkage_error import LinkedPeople
from kunak.count.linkage import Decided, Prepared
from kunak.count.linkage.explain import fate_of, probability
from kunak.count.linkage.reading import Record
from kunak.count.linkage.scoring import Scored

# Two people who may be one: they share a list; each is on one list, and not the same; or one of them is on several other lists.
SHARING, ONE_AND_ONE, ONE_AND_MORE = range(3)
# How often each is what one record of a person and the rest of that person are: on invented lists, thought beforehand as strongly as so
# many records would tell it.
OF_ONE_PERSON, BEFOREHAND = np.array([0.28, 0.52, 0.20]), 20.0
NEVER, LEAST_CHANCE = 1e-9, 0.002  # such doubts together are less than one person in five hundred pairs

Doubt = tuple[int, int, float]  # two people, the lower number first, and the chance that they are one
Shares = NDArray[np.float64]


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
            pair = (min(person[one], person[other]), max(person[one], person[other]))
            doubts[pair] = max(chance, doubts.get(pair, 0.0))
    told = [(*pair, chance) for pair, chance in sorted(doubts.items())]
    return LinkedPeople(
        patterns, own, seen_by_lists(told, patterns, of_one_person(records, person, bits)), found, wrong
    )


def of_one_person(records: Sequence[Record], person: Sequence[int], bits: Mapping[str, int]) -> Shares:
    """What a record and the rest of its person are to each other, as often as these lists tell it, for each of the three."""
    of_list = Counter(zip(person, (bits[record.list_name] for record in records), strict=True))
    lists_of: dict[int, int] = Counter()
    for one, _ in of_list:
        lists_of[one] += 1
    found = BEFOREHAND * OF_ONE_PERSON
    for (one, _), number in of_list.items():
        if number > 1:
            found[SHARING] += number
        elif lists_of[one] > 1:
            found[ONE_AND_ONE if lists_of[one] == 2 else ONE_AND_MORE] += 1  # noqa: PLR2004 - the record's own list and one more
    return np.asarray(found / found.sum())


def seen_by_lists(doubts: Sequence[Doubt], patterns: NDArray[np.int64], same: Shares) -> list[Doubt]:
    """The same doubts, each chance corrected by what the two people are to each other on the lists (Bayes' rule).

    The probabilities are fitted on all pairs alike and know nothing of it, but one person is on a list twice more rarely than two
    people are on the same list. `same` is how often the halves of one person are each of the three; how often two people are is
    what the doubts leave when so many are taken off.
    """
    if not doubts:
        return []
    first = np.array([chance for _, _, chance in doubts])
    kinds = np.array([_kind(int(patterns[a]), int(patterns[b])) for a, b, _ in doubts])
    other = np.maximum(np.bincount(kinds, minlength=3) - same * first.sum(), 0.5)
    other /= other.sum()
    chance = first * same[kinds] / (first * same[kinds] + (1 - first) * other[kinds])
    chance = np.clip(chance, NEVER, 1 - NEVER)  # whoever counts takes their odds
    return [(a, b, float(now)) for (a, b, _), now in zip(doubts, chance, strict=True)]


def _kind(one: int, other: int) -> int:
    if one & other:
        return SHARING
    return ONE_AND_ONE if one.bit_count() == other.bit_count() == 1 else ONE_AND_MORE
