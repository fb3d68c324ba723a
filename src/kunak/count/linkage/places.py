"""The place that a list means, whatever it calls it: old names, Chechen names, romanisations, slips of the pen."""

from __future__ import annotations

import re
from functools import lru_cache

from kunak.count.linkage.knowledge import Knowledge, deletions

_WORDS = re.compile(r"[^\s,.;()]+")


def read_place(text: str, schools: tuple[str, ...], known: Knowledge) -> str:
    """The canonical name of a known place, the skeleton of an unknown one, nothing for nothing."""
    return _place(text.strip(), schools, known) if text.strip() else ""


@lru_cache(maxsize=500_000)
def _place(text: str, schools: tuple[str, ...], known: Knowledge) -> str:
    rules = known.words["place"]
    words = [w for w in _WORDS.findall(text) if w.lower() not in rules["drop"]] or _WORDS.findall(text)
    whole = "-".join(words)
    readings = known.alphabet.readings(whole, schools)
    found = next((known.places[r] for r in readings if r in known.places), "")
    return found or _near(readings, known) or (readings[0] if readings else "")


def _near(readings: tuple[str, ...], known: Knowledge) -> str:
    """A place one slip away, if it is the only one."""
    for reading in readings:
        if len(reading) > 4:  # noqa: PLR2004 - shorter names are one slip from too many
            names = {n for key in deletions(reading) for n in known.near_places.get(key, ())}
            if len(names) == 1:
                return names.pop()
    return ""
