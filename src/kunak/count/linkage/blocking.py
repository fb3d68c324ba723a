"""Which pairs are worth comparing: keys that two records of one person share however they are spoilt.

Every key leaves out what another one needs, so that one slip, one missing field or one strange spelling still leaves
a key in common.
"""

from __future__ import annotations

from typing import Any

_SKELETON_VOWELS = str.maketrans("", "", "aeiou")


def keys(row: dict[str, Any]) -> dict[str, str | None]:
    """The blocking keys of one row of columns; None where the row lacks a part."""
    surname, given, father = row["surname"], row["given"], row["father"]
    initial = row["given_initials"][:1] if row["given_initials"] else ""
    place, event_place, born = row["place"], row["event_place"], row["born"]
    month = f"{row['year']}-{row['month']}" if row["month"] else ""
    bones = surname.translate(_SKELETON_VOWELS)
    half = surname[: max(3, len(surname) // 2)] if surname else ""
    tail = surname[-max(5, (len(surname) + 1) // 2) :] if surname else ""
    decade = str(born // 4) if born else ""
    return {
        "k_name": _join(surname, given),
        "k_father": _join(surname, father, place),
        "k_home": _join(surname, place, month),
        "k_there": _join(surname, event_place, month),
        "k_born": _join(surname, place, str(born or "")),
        "k_given_day": _join(given, str(row["day_number"] or "")),
        "k_given_born": _join(given, place, decade),
        "k_given_place": _join(given, event_place, month),
        "k_bones": _join(bones[:3], given, place),
        "k_half": _join(half, place, str(row["day_number"] or "")),
        "k_tail": _join(tail, given, month),
        "k_initial": _join(surname, initial, place, str(row["year"] or "")),
    }


def _join(*parts: str) -> str | None:
    return "|".join(parts) if all(parts) else None


RULES = tuple(f"l.{key} = r.{key}" for key in (
    "k_name", "k_home", "k_there", "k_born", "k_father", "k_given_day", "k_given_born", "k_given_place", "k_bones", "k_half",
    "k_tail", "k_initial",
))  # fmt: skip
