"""Reading words that a frightened person typed: generous in everything that has one meaning, asking wherever it has two.

What is put right in silence: case, ё/е, stress marks, numbers and punctuation around words, letters of the other alphabet
that look the same, and the other keyboard layout. A word that is one slip away from a known one is never put right: it is suggested.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

ALPHABETS = {"ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя", "en": "abcdefghijklmnopqrstuvwxyz"}
# Nobody types more than this by mistake; who sends more wants to keep us busy.
_LONGEST_TEXT = 1_000
_LONGEST_WORD = 24
_MOST_WORDS = 24
_MOST_SUGGESTIONS = 4
_SAME_BEGINNING = 4

# Letters that look alike (capitals included: a person copies from paper), by the language that is meant.
_LOOK_ALIKE = {
    "ru": str.maketrans("aekmhopctyxbiё", "аекмнорстухвие"),
    "en": str.maketrans("аекмнорстухві", "aekmhopctyxbi"),
}
_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_CYRILLIC_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё"
# What the same keys give with Shift or Caps Lock, where that is no letter.
_SHIFTED = str.maketrans('{}:"<>~', "[];',.`")
_LAYOUT = {"ru": str.maketrans(_LATIN_KEYS, _CYRILLIC_KEYS), "en": str.maketrans(_CYRILLIC_KEYS, _LATIN_KEYS)}
# Between words, in either layout. Other punctuation may be a letter of the other one.
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015_]+")
_MARKS = re.compile("[\u0300\u0301\u00ad\u200b-\u200f\u2060\ufeff]")


def typed_words(text: str, language: str, known: AbstractSet[str]) -> list[str]:
    """The words of `text` as `language` spells them, known or not."""
    plain = _MARKS.sub("", unicodedata.normalize("NFC", text[:_LONGEST_TEXT])).casefold()
    words: list[str] = []
    unclear: list[
        tuple[int, int, str]
    ] = []  # place among the words, how many of them, and how the other layout reads it
    as_meant = turned = 0
    for typed in filter(None, _BETWEEN.split(plain)):
        found = [_in_alphabet(word, language, known) for word in re.findall(r"[^\W\d_]+", typed)]
        readings = _other_layout(typed, language)
        if found and all(word in known for word in found):
            as_meant += len(found)
        elif meant := next((each for each in readings if each in known), None):
            found = [meant]
            turned += 1
        elif found and readings:
            unclear.append((len(words), len(found), readings[0]))
        words += found
    if turned > as_meant:
        # All of it was typed so: what is asked about is what the keys should have given.
        for place, count, reading in reversed(unclear):
            words[place : place + count] = [reading]
    return [word[:_LONGEST_WORD] for word in words[:_MOST_WORDS]]


def _other_layout(typed: str, language: str) -> list[str]:
    """What the same keys give in the layout of this language: without a number before, all of them, and without punctuation behind."""
    bare = re.sub(r"^\d+[.,):]*", "", typed)
    told = [
        re.sub(r"^\d+|\W+$", "", keys.translate(_SHIFTED).translate(_LAYOUT[language]))
        for keys in (bare, typed, bare.rstrip(",.;:"))
    ]
    return [_folded(word) for word in dict.fromkeys(told) if word]


def suggestions(word: str, language: str, known: AbstractSet[str], words: Sequence[str]) -> list[str]:
    """What may be meant by an unknown word, best first: one slip away, two words without a space, or the same beginning."""
    near = sorted(
        _one_slip(word, ALPHABETS[language]) & known,
        key=lambda other: (other[:1] != word[:1], abs(len(other) - len(word)), other),
    )
    if near:
        return near[:_MOST_SUGGESTIONS]
    joined = [f"{word[:at]} {word[at:]}" for at in range(1, len(word)) if word[:at] in known and word[at:] in known]
    return joined[:_MOST_SUGGESTIONS] or _same_beginning(word, words)


def _in_alphabet(word: str, language: str, known: AbstractSet[str]) -> str:
    """The word with look-alike letters made those of the language, if all of it can be."""
    folded = _folded(word) if language == "ru" else word
    if folded in known:
        return folded
    turned = (
        _folded(word.translate(_LOOK_ALIKE[language])) if language == "ru" else word.translate(_LOOK_ALIKE[language])
    )
    return turned if all(letter in ALPHABETS[language] for letter in turned) else folded


def _folded(word: str) -> str:
    return word.replace("ё", "е")


def _one_slip(word: str, alphabet: str) -> set[str]:
    """Everything that is one letter less, more or other, or two neighbours swapped (Damerau 1964)."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return {
        *(left + right[1:] for left, right in halves if right),
        *(left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1),
        *(left + letter + right[1:] for left, right in halves if right for letter in alphabet),
        *(left + letter + right for left, right in halves for letter in alphabet),
    }


def _same_beginning(word: str, words: Sequence[str]) -> list[str]:
    """Words that begin alike, the most alike first. `words` is sorted."""
    beginning = word[:_SAME_BEGINNING]
    if len(beginning) < _SAME_BEGINNING:
        return []
    first = bisect_left(words, beginning)
    alike = [other for other in words[first : first + 100] if other.startswith(beginning)]
    return sorted(alike, key=lambda other: (-_shared(word, other), abs(len(other) - len(word)), other))[
        :_MOST_SUGGESTIONS
    ]


def _shared(one: str, other: str) -> int:
    """How many letters two words share at their beginning."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
