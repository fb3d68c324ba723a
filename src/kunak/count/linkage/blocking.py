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
}  # fmt: skip
RULES = tuple(f"l.{key} = r.{key}" for key in KEYS)
_HASH = {"duckdb": "hash", "spark": "xxhash64"}


def parts(row: dict[str, Any]) -> dict[str, Any]:
    """The columns that only the keys need."""
    surname = row["surname"]
    half = (len(surname) + 1) // 2
    return {
        "initial": row["given_initials"][:1],
        "opening": surname[:half] if half > 1 else "",
        "ending": surname[-half - 1 :] if half > 1 else "",
        "month_number": row["year"] * 12 + row["month"] if row["month"] else None,
    }


def hashes(dialect: str) -> str:
    """SQL for one hash a key, null where a part of the key is missing."""
    made = []
    for key, (names, _) in KEYS.items():
        there = " and ".join(f"cast({n} as varchar(99)) <> ''" for n in names)
        made.append(f"case when {there} then {_HASH[dialect]}({', '.join(names)}) end as {key}")
    return ", ".join(made)


def kept(dialect: str, hashed: str) -> str:
    """SQL for the keys out of a table of hashes, null where too many records share one."""
    made = []
    for key, (_, limit) in KEYS.items():
        if dialect == "spark":  # which allows no subquery here; DuckDB's windows would hold every column in memory
            few = f"{key} is not null and count(*) over (partition by {key}) <= {limit}"
        else:
            many = f"select {key} from {hashed} where {key} is not null group by {key} having count(*) > {limit}"  # noqa: S608 - names of our own
            few = f"{key} not in ({many})"
        made.append(f"case when {few} then {key} end as {key}")
    return ", ".join(made)
