"""What speaks for and against two records being one person: Splink's comparisons over our readings.

`columns` turns a reading into the columns that Splink compares; `settings` is the model (names/model.toml holds its
weights, learnt by bench/learn_model.py) in Splink's own words, for DuckDB and for Spark alike.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from kunak.count.linkage.forms import Part
from kunak.count.linkage.reading import Reading

# How often a name may stand in the lists and still be thought a slip of the pen of a frequent one.
_RARE_SHARE, _RARE_COUNT = 3e-5, 2
# A small file tells little of how frequent a name is: so many invented records with names as frequent as these.
_PRIOR_RECORDS = 500.0
_PRIOR = {"surname": 1 / 700, "given": 1 / 90, "father": 1 / 90, "place": 1 / 60, "event_place": 1 / 60, "teip": 1 / 25}

# So many records of one name may be one person's; so many records stand for what is known of a name at large.
_ONE_PERSONS, _SHRINK = 4, 20.0

# Each condition in SQL that DuckDB and Spark both understand; {l} and {r} are the two records.


def _part(prefix: str) -> dict[str, str]:
    p = prefix
    any_initial = f"({p}_only_l or {p}_only_r)"
    not_both = f"(not ({p}_known_l and {p}_known_r))"
    raw = f"damerau_levenshtein({p}_raw_l, {p}_raw_r)"
    shorter = f"least(length({p}_raw_l), length({p}_raw_r))"
    return {
        "none": f"{p}_initials_l = '' or {p}_initials_r = ''",
        "initial": f"{any_initial} and ({p}_initial_mask_l & {p}_initial_mask_r) <> 0",
        "other_initial": any_initial,
        **({"among": "given_among_l = given_among_r"} if p == "given" else {}),
        "same": f"{p}_l = {p}_r",
        "short": f"{{overlap}}({p}_maybe_l, {p}_maybe_r)",
        "slip": f"{not_both} and {shorter} >= 4 and {raw} <= 1",
        "slips": f"{not_both} and {shorter} >= 4 and {raw} <= 2",
        "other": "ELSE",
    }


_SLIP = "(surname_rare_l or surname_rare_r) and least(length(surname_l), length(surname_r)) >= 5"
_SURNAMES = "damerau_levenshtein(surname_l, surname_r)"
_BOTH_BORN = "(born_exact_l and born_exact_r)"
_NO_YEAR = "(born_l is null or born_r is null)"
CONDITIONS: Mapping[str, Mapping[str, str]] = {
    "surname": {
        "none": "surname_l = '' or surname_r = ''",
        "same": "surname_l = surname_r",
        "slip": f"{_SLIP} and {_SURNAMES} <= 1",
        "slips": f"{_SLIP} and length(surname_l) >= 7 and {_SURNAMES} <= 2",
        "near": f"{_SURNAMES} <= 1",
        "other": "ELSE",
    },
    "given": _part("given"),
    "father": _part("father"),
    "sex": {"none": "sex_l = '' or sex_r = '' or given_l = given_r", "same": "sex_l = sex_r", "other": "ELSE"},
    "born": {
        "none": "(born_l is null or born_r is null) and (age_l is null or age_r is null)",
        "same": f"{_BOTH_BORN} and born_l = born_r",
        "year": f"{_BOTH_BORN} and abs(born_l - born_r) = 1",
        "about": f"not {_BOTH_BORN} and abs(born_l - born_r) <= 1",
        "heaped": f"not {_BOTH_BORN} and abs(born_l - born_r) <= 3",
        "far": f"abs(born_l - born_r) <= (case when {_BOTH_BORN} then 3 else 6 end)",
        "slip": f"{_BOTH_BORN} and abs(born_l - born_r) = 10",
        # where the day of the event is missing, two ages can still be held side by side
        "age": f"{_NO_YEAR} and abs(age_l - age_r) <= 1",
        "age_near": f"{_NO_YEAR} and abs(age_l - age_r) <= 4",
        "age_other": _NO_YEAR,
        "other": "ELSE",
    },
    "date": {
        "none": "year_l is null or year_r is null",
        "day": "day_number_l = day_number_r",
        "days": "abs(day_number_l - day_number_r) <= 7",
        "swapped": "year_l = year_r and day_l = month_r and month_l = day_r",
        "month": "year_l = year_r and month_l = month_r and (day_number_l is null or day_number_r is null)",
        "wrong_year": "abs(year_l - year_r) = 1 and day_l = day_r and month_l = month_r",
        "beside": "abs(year_l * 12 + month_l - year_r * 12 - month_r) <= 1",
        "year": "year_l = year_r",
        "other": "ELSE",
    },
    "place": {
        "none": "place_l = '' or place_r = ''",
        "same": "place_l = place_r",
        "crossed": "place_l = event_place_r or place_r = event_place_l",
        "other": "ELSE",
    },
    "event_place": {
        "none": "event_place_l = '' or event_place_r = ''",
        "home": "event_place_l = event_place_r and (event_place_l = place_l or event_place_r = place_r)",
        "same": "event_place_l = event_place_r",
        "crossed": "event_place_l = place_r or event_place_r = place_l",
        "other": "ELSE",
    },
    "teip": {"none": "teip_l = '' or teip_r = ''", "same": "teip_l = teip_r", "other": "ELSE"},
}
# The levels whose weight depends on how frequent the shared value is, and the column that tells.
FREQUENT = {
    ("surname", "same"): "surname", ("given", "among"): "given_among", ("given", "same"): "given", ("father", "same"): "father", ("place", "same"): "place",
    ("event_place", "same"): "event_place", ("teip", "same"): "teip",
}  # fmt: skip
OVERLAP = {"duckdb": "list_has_any", "spark": "arrays_overlap"}
_SOUNDS = {c: 1 << i for i, c in enumerate("aeioubvgdklmnprstfhCS")}


@dataclass(frozen=True)
class Scored:
    """Pairs of nodes by falling weight, with the level that each comparison reached (numpy arrays)."""

    left: Any
    right: Any
    weight: Any
    levels: Mapping[str, Any]
    level_weights: Mapping[str, Sequence[float]]

    def pairs(self) -> list[tuple[int, int, float]]:
        """The pairs as plain numbers."""
        return list(zip(self.left.tolist(), self.right.tolist(), self.weight.tolist(), strict=True))


def level_weights(settings: Mapping[str, Any]) -> dict[str, list[float]]:
    """The weight of each level of each comparison, in their order; nothing is told by a missing value."""
    return {
        c["output_column_name"]: [
            0.0 if level.get("is_null_level") else math.log2(level["m_probability"] / level["u_probability"])
            for level in c["comparison_levels"]
        ]
        for c in settings["comparisons"]
    }


@lru_cache(maxsize=4096)
def _mask(initials: str) -> int:
    return sum(_SOUNDS.get(c, 0) for c in set(initials))


def _part_columns(prefix: str, part: Part) -> dict[str, Any]:
    return {
        prefix: part.name, f"{prefix}_raw": part.raw, f"{prefix}_known": part.known, f"{prefix}_only": part.only_initial,
        f"{prefix}_maybe": list(part.numbers), f"{prefix}_initials": part.initials, f"{prefix}_initial_mask": _mask(part.initials),
    }  # fmt: skip


def columns(reading: Reading, *, surname_rare: bool) -> dict[str, Any]:
    """One row of the table that Splink compares (without its id)."""
    born = reading.born or reading.born_about()
    day = reading.day
    return {
        "surname": reading.name.surname, "surname_rare": surname_rare, "sex": reading.name.sex,
        **_part_columns("given", reading.name.given), **_part_columns("father", reading.name.father),
        "born": born or None, "born_exact": bool(reading.born),
        "age": reading.age if reading.age >= 0 else None,
        "year": day.year or None, "month": day.month or None, "day": day.day or None, "day_number": day.ordinal() or None,
        "place": reading.place, "event_place": reading.event_place, "teip": reading.teip,
    }  # fmt: skip


def counted(values: Iterable[Any], times: Iterable[int]) -> Counter[Any]:
    """How often each value stands in the lists; `times` is how many records say each of them."""
    counts: Counter[Any] = Counter()
    for value, number in zip(values, times, strict=True):
        counts[value] += number
    return counts


def rare_surnames(readings: Sequence[Reading], times: Sequence[int]) -> set[str]:
    """Surnames so rare in these lists that they may be slips of frequent ones."""
    counts = counted((r.name.surname for r in readings), times)
    limit = max(_RARE_COUNT, counts.total() * _RARE_SHARE)
    return {name for name, n in counts.items() if n <= limit}


def frequencies(values: Sequence[str], column: str, times: Sequence[int]) -> dict[str, float]:
    """How frequent each value is, a small file corrected by what is known before any file is read."""
    counts = counted(values, times)
    del counts[""]
    total = counts.total() + _PRIOR_RECORDS
    return {v: (n + _PRIOR_RECORDS * _PRIOR[column]) / total for v, n in counts.items()}


def given_among(readings: Sequence[Reading], times: Sequence[int]) -> tuple[list[str], dict[str, float]]:
    """Under which key each record's given name is counted, and how frequent it is.

    Names go together: Юрий is frequent among the Ивановы though he is rare in the file. Where a given name is more frequent within
    its surname than one person's records explain, the share within the surname counts.
    """
    at_large = frequencies([r.name.given.name for r in readings], "given", times)
    named = [number if r.name.given.name else 0 for r, number in zip(readings, times, strict=True)]
    surnames = counted((r.name.surname for r in readings), named)
    both = counted(((r.name.surname, r.name.given.name) for r in readings), named)
    keys, shares = [], dict(at_large)
    for reading in readings:
        key = given = reading.name.given.name
        surname = reading.name.surname
        if surname and both[surname, given] > _ONE_PERSONS:
            spread = _SHRINK * at_large[given]
            share = (both[surname, given] - _ONE_PERSONS + spread) / (surnames[surname] + _SHRINK)
            if share > at_large[given]:
                key = f"{surname} {given}"
                shares[key] = share
        keys.append(key)
    return keys, shares


def chance_of_same_day(readings: Sequence[Reading], times: Sequence[int]) -> float:
    """The chance that two unrelated records with a full date have the same one."""
    counts = counted((r.day.ordinal() for r in readings), times)
    del counts[0]
    total = counts.total()
    same = sum(n * (n - 1) for n in counts.values())
    return (same + _PRIOR_RECORDS**2 / 1500) / (total * max(total - 1, 0) + _PRIOR_RECORDS**2)


def settings(
    model: Mapping[str, Any], dialect: str, *, people: int, day_chance: float, rules: Sequence[str] = ()
) -> dict[str, Any]:
    """Splink's settings: comparisons, weights and the chance that two records are one person.

    Without `rules` of Splink's own, the pairs of blocking.KEYS are compared.
    """
    comparisons = []
    for name, levels in CONDITIONS.items():
        weights = model["weights"][name]
        made = []
        for at, (level, condition) in enumerate(levels.items()):
            sql = condition.replace("{overlap}", OVERLAP[dialect])
            entry: dict[str, Any] = {"sql_condition": sql, "label_for_charts": level}
            doubt = model.get("kin", {}).get(level, 0.0) if name == "given" else 0.0
            if level == "none" and not doubt:
                entry["is_null_level"] = True
            else:
                # Without a given name a record may be any relative: so much must be said on top of the rest.
                m, u = (1.0, 1.0) if level == "none" else weights[level]
                m *= 2**-doubt
                u = day_chance if (name, level) == ("date", "day") else u
                # No two levels of a comparison may weigh the same, or the engine could not tell them apart.
                entry |= {"m_probability": m, "u_probability": u * (1 + at / 1000)}
                if (name, level) in FREQUENT:
                    entry |= {"tf_adjustment_column": FREQUENT[name, level], "tf_adjustment_weight": 1.0}
            made.append(entry)
        comparisons.append({"output_column_name": name, "comparison_levels": made})
    return {
        "link_type": "dedupe_only",
        "comparisons": comparisons,
        "blocking_rules_to_generate_predictions": [{"blocking_rule": rule, "sql_dialect": dialect} for rule in rules],
        "probability_two_random_records_match": prior(people),
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,
        "unique_id_column_name": "unique_id",
    }


def prior(records: int) -> float:
    """The chance that two records at random are one person: about one pair in two records, never a sure thing."""
    return min(1 / 300, 1 / max(records, 1))
