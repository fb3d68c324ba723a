"""The place that a list means, whatever it calls it: old names, Chechen names, romanisations, slips of the pen."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kunak.count.linkage.knowledge import Knowledge, deletions

_SHORT, _LONG = 4, 7  # sounds: shorter names are one slip, or two, from too many
_WORDS = re.compile(r"[^\s,.;()]+")


def read_place(text: str, schools: tuple[str, ...], known: Knowledge) -> str:
    """The canonical name of a known place, the skeleton of an unknown one, nothing for nothing."""
    return _place(text.strip(), schools, known) if text.strip() else ""


@lru_cache(maxsize=500_000)
def _place(text: str, schools: tuple[str, ...], known: Knowledge) -> str:
    parts = [_words(part, known) for part in text.split(",")]
    whole = "-".join(word for words in parts for word in words) or "-".join(_WORDS.findall(text))
    # Грозный, ул. Ленина; Шалинский район, с. Автуры: the part that is a known place.
    spellings = [whole] + (["-".join(words) for words in parts if words] if len(parts) > 1 else [])
    read = [known.alphabet.readings(spelling, schools) for spelling in spellings]
    found = next((known.places[r] for readings in read for r in readings if r in known.places), "")
    return found or next((near for readings in read if (near := _near(readings, known))), "") or next(iter(read[0]), "")


def _words(text: str, known: Knowledge) -> list[str]:
    found = _WORDS.findall(text)
    return [w for w in found if w.lower() not in known.words["place"]["drop"]]


def _near(readings: tuple[str, ...], known: Knowledge) -> str:
    """A place one slip away, or two from a long name, if it is the only one."""
    for reading in readings:
        if len(reading) > _SHORT:
            names = {n for key in deletions(reading) for n in known.near_places.get(key, ())}
            if len(names) == 1:
                return names.pop()
    for reading in readings:
        if len(reading) > _LONG:
            close = process.extract(reading, known.places.keys(), scorer=OSA.distance, score_cutoff=2, limit=4)
            names = {known.places[spelling] for spelling, _, _ in close}
            if len(names) == 1:
                return names.pop()
    return ""
