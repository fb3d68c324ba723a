"""Which pairs are worth comparing: keys that two records of one person share however they are spoilt.

Every key leaves out what another one needs, so that one slip, one missing field or one strange spelling still leaves
a key in common. A key that more records share than its limit tells nothing and is dropped for these records: a small
file is searched widely, in a large one the frequent names are left to the narrower keys. Only contents decide, so the
order of the rows does not.
"""

from __future__ import annotations

from typing import Any

# The columns of each key, and how many records may share it.
KEYS: dict[str, tuple[tuple[str, ...], int]] = {
    "k_name": (("surname", "given"), 150),
    "k_name_home": (("surname", "given", "place"), 300),
    "k_name_month": (("surname", "given", "month_number"), 300),
    "k_name_born": (("surname", "given", "born"), 300),
    "k_surname": (("surname",), 60),
    "k_home": (("surname", "place"), 60),
    "k_there": (("surname", "event_place"), 40),
    "k_day": (("surname", "day_number"), 60),
    "k_month": (("surname", "place", "month_number"), 60),
    "k_born": (("surname", "born", "place"), 60),
    "k_father": (("surname", "father"), 40),
    "k_initial": (("surname", "initial", "place"), 60),
    "k_given_home": (("given", "place"), 40),
    "k_given_there": (("given", "event_place"), 40),
    "k_given_day": (("given", "day_number"), 40),
    "k_given_month": (("given", "month_number", "place"), 40),
    "k_given_month_there": (("given", "month_number", "event_place"), 40),
    "k_given_born": (("given", "place", "born"), 40),
    "k_day_home": (("place", "day_number"), 25),
    "k_day_there": (("event_place", "day_number"), 25),
    "k_start_given": (("opening", "given"), 60),
    "k_end_given": (("ending", "given"), 60),
    "k_start_home": (("opening", "place"), 40),
    "k_end_home": (("ending", "place"), 40),
    "k_start_day": (("opening", "day_number"), 40),
    "k_end_day": (("ending", "day_number"), 40),
    "k_letters_given": (("letters", "given"), 60),
    "k_letters_home": (("letters", "place"), 40),
    "k_surname_month": (("surname", "month_number"), 60),
    "k_start_month": (("opening", "month_number", "place"), 40),
    "k_end_month": (("ending", "month_number", "place"), 40),
    "k_start_there": (("opening", "event_place"), 30),
    "k_end_there": (("ending", "event_place"), 30),
    "k_both_places_month": (("place", "event_place", "month_number"), 40),
    "k_both_places_born": (("place", "event_place", "born"), 40),
    "k_given_father": (("given", "father"), 40),
    "k_given_age_month": (("given", "born", "month_number"), 40),
    "k_father_month": (("father", "month_number"), 40),
    "k_born_day": (("born", "day_number"), 25),
}  # fmt: skip
_HASH = {"duckdb": "hash", "spark": "xxhash64"}


def parts(row: dict[str, Any]) -> dict[str, Any]:
    """The columns that only the keys need."""
    surname = row["surname"]
    half = (len(surname) + 1) // 2
    return {
        "initial": row["given_initials"][:1],
        "opening": surname[:half] if half > 1 else "",
        "ending": surname[-half - 1 :] if half > 1 else "",
        "letters": "".join(sorted(set(surname))) if half > 2 else "",  # noqa: PLR2004 - whatever the order of five letters or more
        "month_number": row["year"] * 12 + row["month"] if row["month"] else None,
    }


def hashes(dialect: str) -> dict[str, str]:
    """SQL for the hash of each key, null where a part of the key is missing."""
    made = {}
    for key, (names, _) in KEYS.items():
        there = " and ".join(f"cast({n} as varchar(99)) <> ''" for n in names)
        made[key] = f"case when {there} then {_HASH[dialect]}({', '.join(names)}) end"
    return made


def pairs_of(key: str, hashed: str) -> str:
    """SQL for the pairs that share one key, out of a table of hashes, but not where too many records share it."""
    few = f"select {key} from {hashed} where {key} is not null group by {key} having count(*) between 2 and {KEYS[key][1]}"  # noqa: S608 - names of our own
    sharing = f"(select unique_id, {key} from {hashed} where {key} in ({few}))"  # noqa: S608 - names of our own
    return (
        f"select l.unique_id as join_key_l, r.unique_id as join_key_r from {sharing} l join {sharing} r "  # noqa: S608 - names of our own
        f"on l.{key} = r.{key} and l.unique_id < r.unique_id"
    )
