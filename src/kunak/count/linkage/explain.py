"""In words, Russian and English: what speaks for a pair being one person, what against, and how likely it is.

The phrases stand in names/explain.toml. The probability is calibrated: of the pairs that are given .9, nine in ten are
one person, on lists like those from which the model was learnt (names/model.toml, [probability]).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kunak.count.linkage.clusters import Caution, Profile, contradiction
from kunak.count.linkage.reading import Reading
from kunak.count.linkage.scoring import CONDITIONS, FREQUENT, Scored

HEAD = (
    "a",
    "b",
    "verdict",
    "probability",
    "weight",
    "for_ru",
    "against_ru",
    "why_ru",
    "for_en",
    "against_en",
    "why_en",
)
_RARE, _FREQUENT = 1 / 500, 1 / 50
_NEAR_MISS = 5.0  # bits under the threshold that still deserve a look
_SURE = 30.0
_SHOWN = {"place": "place", "event_place": "event_place", "born": "born"}

Phrases = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class Explainer:
    """All that an explanation draws on."""

    columns: Mapping[str, Sequence[Any]]
    frequencies: Mapping[str, Mapping[str, float]]
    level_weights: Mapping[str, Sequence[float]]
    phrases: Phrases
    model: Mapping[str, Any]

    def reasons(self, a: int, b: int, levels: Mapping[str, int]) -> tuple[list[str], list[str], list[str], list[str]]:
        """What speaks for in Russian, against in Russian, for in English, against in English; the strongest first."""
        found: list[tuple[float, str, str]] = []
        for name, at in levels.items():
            level = list(CONDITIONS[name])[at]
            phrase = self.phrases[name].get(level)
            if phrase:
                ru, en = self._filled(phrase, name, a, b)
                found.append((self.level_weights[name][at], ru, en))
        found.sort(key=lambda f: -abs(f[0]))
        speaks = [f for f in found if f[0] > 0]
        denies = [f for f in found if f[0] <= 0]
        return [f[1] for f in speaks], [f[1] for f in denies], [f[2] for f in speaks], [f[2] for f in denies]

    def _filled(self, phrase: Sequence[str], name: str, a: int, b: int) -> Iterator[str]:
        counted = FREQUENT.get((name, "among"), name)
        share = self.frequencies[counted].get(self.columns[counted][a], 0.0) if counted in self.frequencies else 0.0
        at = 0 if share < _RARE else 1 if share < _FREQUENT else 2
        values = [self.columns[_SHOWN[name]][i] if name in _SHOWN else "" for i in (a, b)]
        for language, words in zip(("ru", "en"), phrase, strict=True):
            yield words.format(a=values[0], b=values[1], rare=self.phrases["rare"][language][at])

    def words(self, a: int, b: int, weight: float, levels: Mapping[str, int], *, together: bool, key: str) -> list[str]:
        """The fields of PAIRS.csv after the two ids."""
        for_ru, against_ru, for_en, against_en = ("; ".join(r) for r in self.reasons(a, b, levels))
        why_ru, why_en = self.phrases["together" if together else "apart"][key] if key else ("", "")
        chance = (
            float(together) if key == "reviewer" else probability(self.model, weight, fate_of(key, together=together))
        )
        verdict = "same" if together else "different"
        return [verdict, f"{chance:.3f}", f"{weight:.1f}", for_ru, against_ru, why_ru, for_en, against_en, why_en]


def fate_of(key: str, *, together: bool) -> str:
    """Which curve of model.toml tells the chance of a pair that is together, or apart for the reason of this key."""
    if together:
        return "together"
    if key == "own_names":  # brothers share all but the name; a misspelt name is another matter
        return "opposed"
    return "contradiction" if key.removeprefix("own_") in {*CONDITIONS, "nobody"} else key


def probability(model: Mapping[str, Any], weight: float, fate: str) -> float:
    """The chance that a pair of this weight and this fate is one person."""
    slope, start = model["probability"][fate]
    return float(1 / (1 + math.exp(-(slope * weight + start))))


@dataclass(frozen=True)
class Fate:
    """What became of the clusters: enough to say why two records are together or apart."""

    cluster_of: Sequence[int]  # of each node
    profiles: Mapping[int, Profile]
    caution: Caution
    readings: Sequence[Reading]
    same: frozenset[tuple[int, int]] = frozenset()

    def of(self, a: int, b: int, weight: float) -> tuple[bool, str]:
        """Whether two nodes are together, and the key of the reason beyond their weight."""
        one, other = self.profiles[self.cluster_of[a]], self.profiles[self.cluster_of[b]]
        if self.cluster_of[a] == self.cluster_of[b]:
            if (min(a, b), max(a, b)) in self.same:
                return True, "reviewer"
            return True, "others" if weight < self.caution.pair else ""
        if any(m in one.apart for m in other.members):
            return False, "reviewer"
        own = contradiction(Profile.of(a, self.readings[a]), Profile.of(b, self.readings[b]), self.caution)
        if own:
            both_known = own == "given" and self.readings[a].name.given.known and self.readings[b].name.given.known
            return False, "own_names" if both_known else f"own_{own}"
        found = contradiction(one, other, self.caution)
        return False, found or ("weak" if weight < self.caution.pair else "rival")


def explain_pairs(
    members: Sequence[Sequence[int]], scored: Scored, of_record: Sequence[int], fate: Fate, explainer: Explainer
) -> Iterator[tuple[int, int, list[str]]]:
    """Every pair of records that are together, and every near miss, with the words for each."""
    told: set[tuple[int, int]] = set()
    for at, (a, b, weight) in enumerate(scored.pairs()):
        together, key = fate.of(a, b, weight)
        if not together and weight < fate.caution.pair - _NEAR_MISS:
            continue
        told.add((a, b))
        levels = {name: int(reached[at]) for name, reached in scored.levels.items()}
        words = explainer.words(a, b, weight, levels, together=together, key=key)
        yield from ((x, y, words) for x in members[a] for y in members[b])
    for profile in fate.profiles.values():
        nodes = sorted(profile.members)
        for a, b in itertools.combinations(nodes, 2):
            if (a, b) not in told:
                _, key = fate.of(a, b, fate.caution.unseen)
                words = explainer.words(a, b, fate.caution.unseen, {}, together=True, key=key)
                yield from ((x, y, words) for x in members[a] for y in members[b])
    for places in members:
        for x, y in itertools.combinations(places, 2):
            if of_record[x] == of_record[y]:
                yield x, y, explainer.words(0, 0, _SURE, {}, together=True, key="identical")
