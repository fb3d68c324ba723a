"""One name in any script as one skeleton: the sounds that no spelling disputes.

A Cyrillic word has one reading. A Latin word has one reading for each school of romanisation that may have
written it (German `sch` is English `sh`, German `ch` is English `kh`, French `ch` is English `sh`); `Alphabet.schools`
orders the schools by the marks that the whole record shows, `Alphabet.readings` reads a word by them. The letters
stand in names/letters.toml.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

CYRILLIC = re.compile(r"[\u0400-\u052f]")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
WORD = re.compile(r"[^\W_]+(?:['’ʹʼ`\-‐‑][^\W_]+)*", re.UNICODE)

# What a keyboard in the wrong layout, or optical reading, leaves of a letter. Palochka is typed as I, l, 1 or |.
_TO_CYRILLIC = str.maketrans("aceopxykmthbëiïlI1|", "асеорхукмтнвёіїӏӏӏӏ")
_TO_LATIN = str.maketrans("асеорхукмтнвіїё", "aceopxykmthbiïë")
_SURE, _CERTAIN, _ONLY = 10, 100, 1000
_WRONG_LAYOUT = re.compile(r"[jt]d(?:f|e|jq|sv|bxf?|yf|yjq)?(?![a-z;'\[\]])", re.IGNORECASE)
_LAYOUT = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё")
_ONE_LETTER = re.compile(r"^\w\.?,?$")
_MARKS = {"certain": _CERTAIN, "sure": _SURE, "likely": 1}
_NOT_GERMAN = re.compile(r"zh|kh|(?<!s)sh|wich\b|wna\b.*y|yu|ya")
_GLIDE = re.compile(r"i(?=[aeou])")
_DOUBLE = re.compile(r"(.)\1+")


def is_cyrillic(text: str) -> bool:
    """Whether most letters are Cyrillic; a text without letters counts as Cyrillic."""
    if not LATIN.search(text):
        return True
    return len(CYRILLIC.findall(text)) >= len(LATIN.findall(text))


def plain(word: str) -> str:
    """Lower case, one script: look-alike letters of the other script are put right."""
    word = unicodedata.normalize("NFC", word).replace("Ӏ", "ӏ")
    if not is_cyrillic(word):
        return word.casefold().translate(_TO_LATIN)
    word = re.sub(r"(?<=.)[Il1|](?=.)|^[Il1|L](?=[\u0400-\u052f])", "ӏ", word)
    return word.lower().translate(_TO_CYRILLIC)


def in_its_layout(text: str) -> str:
    """Cyrillic text that was typed while the keyboard stood on Latin: Lflftd is Дадаев. Its surname or patronymic betrays it."""
    if not _WRONG_LAYOUT.search(text) or CYRILLIC.search(text):
        return text
    return " ".join(w if _ONE_LETTER.match(w) else w.rstrip(",").lower().translate(_LAYOUT) for w in text.split())


def settle(sounds: str) -> str:
    """Drop what spellings disagree on: glides before vowels, doubled sounds, к before х, сх that German writes as ш."""
    sounds = _GLIDE.sub("", sounds.replace("ii", "i"))
    return _DOUBLE.sub(r"\1", sounds.replace("kh", "h").replace("sh", "S"))


@dataclass(frozen=True)
class Alphabet:
    """The letters of names/letters.toml, ready to read with."""

    tables: Mapping[str, Mapping[str, str]]
    patterns: Mapping[str, re.Pattern[str]]
    marks: Mapping[str, tuple[tuple[int, re.Pattern[str]], ...]]
    cache: dict[tuple[str, str], str] = field(default_factory=dict, compare=False, repr=False)
    read: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def build(cls, letters: Mapping[str, Mapping[str, str]]) -> Alphabet:
        """Take the tables of letters.toml: [cyrillic], [latin] and one for each school with its marks."""
        common = dict(letters["latin"])
        tables = {"cyrillic": dict(letters["cyrillic"])}
        marks = {}
        for school, own in letters.items():
            if school not in {"cyrillic", "latin"}:
                tables[school] = common | {k: v for k, v in own.items() if k not in _MARKS}
                marks[school] = tuple((worth, re.compile(own[k])) for k, worth in _MARKS.items() if k in own)
        patterns = {
            name: re.compile("|".join(re.escape(k) for k in sorted(table, key=len, reverse=True)))
            for name, table in tables.items()
        }
        return cls(tables, patterns, marks)

    def sounds(self, word: str, school: str) -> str:
        """The skeleton of a plain word as one school reads it."""
        key = (word, school)
        found = self.cache.get(key)
        if found is None:
            table = self.tables[school]
            if school == "english":  # a j before no vowel is the other schools' й
                word = re.sub(r"j(?![aeiou])", "i", word)
            found = settle("".join(table[m.group()] for m in self.patterns[school].finditer(word)))
            self.cache[key] = found
        return found

    def schools(self, name: str, places: str) -> tuple[str, ...]:
        """The schools that may have romanised this record, the likeliest first."""
        if is_cyrillic(name):
            return tuple(self.marks)
        name, places = name.casefold(), places.casefold().replace("village of", "")
        text = f"{name} {places}"
        found = tuple(sum(worth * len(mark.findall(text)) for worth, mark in own) for own in self.marks.values())
        return _order(tuple(self.marks), found, _writes_w(name, places))

    def readings(self, word: str, schools: tuple[str, ...]) -> tuple[str, ...]:
        """All skeletons of a word, the likeliest first."""
        key = (word, schools)
        found = self.read.get(key)
        if found is None:
            letters = plain(word)
            one_script = ("cyrillic",) if is_cyrillic(letters) else schools
            found = self.read[key] = tuple(dict.fromkeys(self.sounds(letters, school) for school in one_script))
        return found


def _writes_w(name: str, places: str) -> bool:
    """No English, French or GOST spelling of these names has a w; no German or Polish one has a v.

    Who writes w and zh, or -wich, follows nobody's rules.
    """
    if "w" in name or "v" in name:
        return "v" not in name and not _NOT_GERMAN.search(name)
    return "w" in places and "v" not in places


@lru_cache(maxsize=65_536)
def _order(names: tuple[str, ...], found: tuple[int, ...], writes_w: bool) -> tuple[str, ...]:
    weight = {
        n: m + (_ONLY if writes_w == (n in {"german", "polish"}) else 0) for n, m in zip(names, found, strict=True)
    }
    return tuple(sorted(names, key=lambda n: -weight[n]))
