"""Russian candidates: nouns in the nominative first, then adjectives and infinitives that everybody knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pymorphy3
from wordfreq import top_n_list, zipf_frequency

from tools.words.candidate import LONGEST, SHORT, SHORTEST, Candidate
from tools.words.sound import russian as sound

if TYPE_CHECKING:
    from collections.abc import Iterator

# OpenCorpora's marks for names, places, brands, abbreviations, slang, archaisms, misprints and dialect spellings.
_ODD = frozenset(
    [
        "Name",
        "Surn",
        "Patr",
        "Geox",
        "Orgn",
        "Trad",
        "Abbr",
        "Infr",
        "Slng",
        "Erro",
        "Dist",
        "Arch",
        "Init",
        "Anum",
        "Subx",
        "Supr",
        "Fixd",
        "V-be",
        "V-en",
        "V-ie",
        "V-bi",
        "V-ey",
        "V-oy",
    ]
)
_NAMES = frozenset(["Name", "Surn", "Patr", "Geox", "Orgn", "Abbr"])
# A reading that is rarer than this among a form's readings would not be the one that comes to mind.
_READING = 0.2
_KNOWN_ADJECTIVE, _KNOWN_VERB = 3.0, 3.4
# Endings of learned words: those must be more frequent than homely ones, or nobody could spell them.
_LEARNED = re.compile(
    "(?:ид|ат|ин|ол|оз|ен|ан|аза|ема|изм|ист|лог|логия|тор|ер|инг|ал|ум|ус|он|ант|ент|ура|трия|графия|мен|ир|ор|ар|ия|ика|ит|оид|ез|сис|ада|ота|ама|ума)$"
)


def candidates() -> Iterator[Candidate]:
    """From frequent to rare."""
    analyzer = pymorphy3.MorphAnalyzer()
    seen = set()
    for written in top_n_list("ru", 1_000_000):
        word = written.replace("ё", "е")
        if (
            word in seen
            or not re.fullmatch(f"[а-я]{{{SHORTEST},{LONGEST}}}", word)
            or not analyzer.word_is_known(written)
        ):
            continue
        frequency = zipf_frequency(written, "ru")
        tier = _tier(written, frequency, analyzer.parse(written))
        if tier is not None:
            seen.add(word)
            yield Candidate(word, tier, frequency, (sound(word),))


def _tier(word: str, frequency: float, readings: list[pymorphy3.analyzer.Parse]) -> int | None:
    marks = [set(re.split("[ ,]", str(reading.tag))) for reading in readings]
    if any(mark & _NAMES for mark in marks):
        return None
    own = [
        (reading, mark)
        for reading, mark in zip(readings, marks, strict=True)
        if reading.normal_form == word and not mark & _ODD
    ]
    if sum(reading.score for reading, mark in own if {"NOUN", "nomn"} <= mark and mark & {"sing", "Pltm"}) >= _READING:
        needed = 0.4 if _LEARNED.search(word) else 0.0
        steps = ((0, 2.5), (2, 2.0), (5, 1.5)) if len(word) <= SHORT else ((4, 2.5),)
        return next((tier for tier, least in steps if frequency >= least + needed), None)
    if len(word) > SHORT:
        return None
    if any(
        {"ADJF", "nomn", "masc"} <= mark and "Apro" not in mark and reading.score >= _READING for reading, mark in own
    ):
        return 1 if frequency >= _KNOWN_ADJECTIVE else None
    if any("INFN" in mark for _, mark in own) and not word.endswith("ся"):
        return 3 if frequency >= _KNOWN_VERB else None
    return None
