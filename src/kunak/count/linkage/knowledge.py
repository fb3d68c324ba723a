"""What the tables of names/ know, ready to ask: which given names a skeleton may be, which surname, which place.

Built once from the tables (no file is read here). A `Meaning` has a rank: 0 the name itself or a variant of it,
1 a grammatical case of it, 2 a short form.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kunak.count.linkage.skeleton import Alphabet

Inflect = Callable[[str], Iterable[str]]
_KINDS = {"of": "ov", "ef": "ev"}
_SHORTEST_GUESS = 4
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Meaning:
    """The canonical names that a skeleton stands for."""

    names: tuple[str, ...]
    rank: int
    also: tuple[str, ...] = ()  # names of which it may be a case: Малика is a woman, or of a Малик


@dataclass(frozen=True)
class Endings:
    """What stands at the end of a word of sounds (words.toml, [endings] and [patronymic])."""

    surname: re.Pattern[str]  # the stem, then the ending, whatever its case
    fond: re.Pattern[str]
    case: re.Pattern[str]  # of a name that nobody knows
    father: re.Pattern[str]  # the father's name, then what makes it a patronymic
    father_mark: re.Pattern[str]  # what only a patronymic has
    daughter: re.Pattern[str]  # of a patronymic

    @classmethod
    def of(cls, told: Mapping[str, Sequence[str]], patronymic: Mapping[str, Sequence[str]]) -> Endings:
        """Make patterns of the endings, the longest first."""
        any_of, of = _alternatives(told), _alternatives(patronymic)
        man_case, woman_case = f"(?:{of['man_case']})?", f"(?:{of['woman_case']})"
        return cls(
            re.compile(f"^(.{{2,}}?)({any_of['surname']})(?:{any_of['surname_case']})?$"),
            re.compile(f"(?:{any_of['fond']})(?:{any_of['fond_case']})?$"),
            re.compile(f"(?<=.{{3}})(?:{any_of['name_case']})$"),
            re.compile(f"^(.{{2,}}?)(?:{of['joint']})?(?:(?:{of['man']}){man_case}|(?:{of['woman']}){woman_case})$"),
            re.compile(f"(?:(?:{of['man_marks']}){man_case}|(?:{of['woman_marks']}){woman_case})$"),
            re.compile(f"(?:{of['woman']}){woman_case}$"),
        )


def _alternatives(told: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Each list of endings as one pattern, the longest first."""
    return {key: "|".join(map(re.escape, sorted(told[key], key=lambda e: (-len(e), e)))) for key in told}


@dataclass(eq=False)
class Knowledge:
    """Everything known of names, words and places. Compared by identity, so that it may key a cache."""

    alphabet: Alphabet
    given: dict[str, Meaning]
    fathers: dict[str, Meaning]
    near: dict[str, tuple[str, ...]]
    openings: dict[str, set[str]]
    sexes: dict[str, str]
    skeletons: dict[str, str]
    first_sounds: dict[str, str]
    places: dict[str, str]
    near_places: dict[str, tuple[str, ...]]
    words: Mapping[str, Mapping[str, Any]]
    endings: Endings
    sons: frozenset[str] = frozenset()
    daughters: frozenset[str] = frozenset()
    drop_words: frozenset[str] = frozenset()
    cache: dict[tuple[str, ...], Meaning | None] = field(default_factory=dict)
    surnames: dict[tuple[str, ...], str] = field(default_factory=dict)
    guesses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    number: dict[str, int] = field(default_factory=dict)

    def meaning(self, readings: tuple[str, ...]) -> Meaning | None:
        """What a given name means in its likeliest reading that means anything."""
        if readings not in self.cache:
            self.cache[readings] = next((self.given[r] for r in readings if r in self.given), None)
        return self.cache[readings]

    def father_meaning(self, stems: tuple[str, ...]) -> Meaning | None:
        """What the stem of a patronymic means."""
        return next((self.fathers[s] for s in stems if s in self.fathers), None)

    def guess(self, skeleton: str) -> tuple[str, ...]:
        """The known names that are one typing error away."""
        if len(skeleton) < _SHORTEST_GUESS:
            return ()
        if skeleton not in self.guesses:
            names = {n for key in deletions(skeleton) for n in self.near.get(key, ())}
            self.guesses[skeleton] = tuple(sorted(names | self.shortened(skeleton)))
        return self.guesses[skeleton]

    def shortened(self, skeleton: str) -> set[str]:
        """The known names of which this looks like a short form that nobody listed: Магик, Шамсик, Зелимха."""
        found = self.endings.fond.sub("", skeleton)
        stem = found if len(found) >= _SHORTEST_STEM else skeleton
        if stem == skeleton and len(stem) <= _SHORTEST_STEM:
            return set()
        return set(self.openings.get(stem, ()))

    def fond(self, skeleton: str) -> str:
        """The stem of what looks like a short form, nothing for what does not."""
        stem = self.endings.fond.sub("", skeleton)
        return stem if stem != skeleton and len(stem) >= _SHORTEST_STEM else ""

    def surname_readings(self, readings: tuple[str, ...]) -> tuple[str, ...]:
        """The surname in every reading, the likeliest first."""
        if len(readings) == 1:
            return (self.surname(readings),)
        return tuple(dict.fromkeys((self.surname(readings), *(self.surname((r,)) for r in readings))))

    def surname(self, readings: tuple[str, ...]) -> str:
        """A surname without case and sex, in the canonical spelling of the given name that it was made from."""
        if readings not in self.surnames:
            parts = [
                (m.group(1), _KINDS.get(m.group(2), m.group(2))) if (m := self.endings.surname.match(r)) else (r, "")
                for r in readings
            ]
            # A short name is found in the wrong reading too easily: Czadaew is Чадаев, not "Sadaev" of a Саид.
            made = (
                (self.fathers[stem], kind)
                for at, (stem, kind) in enumerate(parts)
                if kind and stem in self.fathers and (at == 0 or len(stem) > _SHORTEST_GUESS)
            )
            sure = ((m.names[0], kind) for m, kind in made if m.rank == 0 and len(m.names) == 1)
            name, kind = next(sure, ("", ""))
            self.surnames[readings] = self.skeletons[name] + kind if name else "".join(parts[0])
        return self.surnames[readings]

    def common_sex(self, names: tuple[str, ...]) -> str:
        """The sex that all these names share, or nothing."""
        sexes = {self.sexes[n] for n in names}
        return sexes.pop() if len(sexes) == 1 else ""

    def initials(self, names: tuple[str, ...]) -> str:
        """The sounds with which these names may begin."""
        return "".join(sorted(set("".join(self.first_sounds[n] for n in names))))

    def numbers(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """A number for each name."""
        return tuple(self.number[n] for n in names)

    def skeleton_of(self, name: str) -> str:
        """The skeleton of a canonical name."""
        return self.skeletons[name]


def deletions(word: str) -> set[str]:
    """The word itself and with each one letter left out: two words one slip apart share one of these."""
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


def learn(
    letters: Mapping[str, Mapping[str, str]],
    given: Iterable[Mapping[str, str]],
    places: Iterable[Mapping[str, str]],
    words: Mapping[str, Mapping[str, Any]],
    inflect: Inflect,
) -> Knowledge:
    """Make the tables ready. `inflect` gives the grammatical cases of a word (pymorphy3 in the command)."""
    alphabet = Alphabet.build(letters)
    by_rank: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    fathers: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    known = Knowledge(
        alphabet, {}, {}, {}, {}, {}, {}, {}, {}, {}, words, Endings.of(words["endings"], words["patronymic"])
    )
    rows = list(given)
    canonical = {row["name"]: row["sex"] for row in rows}
    for row in rows:
        name = row["name"]
        known.sexes[name] = row["sex"]
        known.number[name] = len(known.number)
        forms = [name, *row["variants"].split()]
        known.skeletons[name] = _spell(alphabet, name)
        known.first_sounds[name] = "".join(sorted({_spell(alphabet, f)[0] for f in forms}))
        for form in forms:
            _enter(by_rank, alphabet, form, name, 0, inflect)
            s = _spell(alphabet, form)
            for stem in {s, s.rstrip("aeiou") or s}:
                fathers[stem][0 if stem == s else 1].add(name)
        for form in forms:
            sounds = _spell(alphabet, form)
            for end in range(_SHORTEST_STEM, len(sounds) + 1):
                known.openings.setdefault(sounds[:end], set()).add(name)
        for form in row["short"].split():
            if form not in canonical:  # a name that people really bear is not taken for another's short form
                _enter(by_rank, alphabet, form, name, 2, inflect)
    known.given.update({s: _meaning(r) for s, r in by_rank.items()})
    known.fathers.update({s: _meaning(r) for s, r in fathers.items()})
    known.near.update(_neighbours({s: m.names for s, m in known.given.items() if m.rank < 2}))  # noqa: PLR2004 - no short forms
    _learn_places(known, places)
    person = words["person"]
    known.sons, known.daughters = frozenset(person["son"]), frozenset(person["daughter"])
    known.drop_words = frozenset(person["drop"])
    return known


def _spell(alphabet: Alphabet, word: str) -> str:
    """The skeleton of a word of the tables."""
    school = "cyrillic" if re.search(r"[\u0400-\u052f]", word) else "english"
    return alphabet.readings(word, (school,))[0]


def _enter(
    by_rank: dict[str, dict[int, set[str]]], alphabet: Alphabet, form: str, name: str, rank: int, inflect: Inflect
) -> None:
    sounds = _spell(alphabet, form)
    by_rank[sounds][rank].add(name)
    for case in (*_cases(sounds), *(_spell(alphabet, word) for word in inflect(form))):
        by_rank[case][max(rank, 1)].add(name)


def _cases(skeleton: str) -> list[str]:
    if skeleton[-1] in "eou" or len(skeleton) < 3:  # noqa: PLR2004 - two sounds do not bend
        return []
    if skeleton[-1] == "a":
        return [skeleton[:-1] + e for e in ("i", "e", "u", "oi", "ei", "o")]
    if skeleton[-1] == "i":
        return [skeleton[:-1] + e for e in ("a", "u", "em", "e")] if skeleton[-2] in "aeou" else []
    return [skeleton + e for e in ("a", "u", "om", "em", "e")]


def _meaning(ranks: Mapping[int, set[str]]) -> Meaning:
    best = min(ranks)
    also = ranks[1] - ranks[0] if best == 0 and 1 in ranks else set()
    return Meaning(tuple(sorted(ranks[best])), best, tuple(sorted(also)))


def _neighbours(words: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    near: dict[str, set[str]] = defaultdict(set)
    for word, names in words.items():
        if len(word) >= _SHORTEST_GUESS:
            for key in deletions(word):
                near[key].update(names)
    return {key: tuple(sorted(names)) for key, names in near.items()}


def _learn_places(known: Knowledge, places: Iterable[Mapping[str, str]]) -> None:
    for row in places:
        for form in (row["place"], *row["variants"].split()):
            known.places.setdefault(_spell(known.alphabet, form.replace(".", "")), row["place"])
    known.near_places.update(_neighbours({s: (p,) for s, p in known.places.items()}))
