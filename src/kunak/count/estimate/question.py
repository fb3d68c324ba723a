"""The question as it comes in: a table of lists, perhaps strata, perhaps the same lists linked at other thresholds.

`read(text)` takes the JSON of docs/estimate.md and answers a `Question`, or raises `BadTable` with one sentence that names
the key and row. Missing patterns are zero, a pattern that comes twice is added up, unknown keys are ignored.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kunak.count.estimate.table import MOST_LISTS, BadTable, Table
from kunak.count.estimate.told import Told, told

MOST_PEOPLE = 10**9


@dataclass(frozen=True)
class Question:
    """One table; `strata` are its parts by place or time, `thresholds` the same lists linked more or less boldly."""

    table: Table
    strata: tuple[Table, ...] = ()
    thresholds: tuple[Table, ...] = ()


def read(text: str) -> Question:
    """The question that this JSON asks."""
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError) as error:
        at = error if isinstance(error, json.JSONDecodeError) else None
        line, column = (at.lineno, at.colno) if at else (1, 1)
        raise BadTable(told("not json", line=line, column=column)) from error
    if not isinstance(asked, dict):
        raise BadTable(told("not an object"))
    lists = _lists(asked)
    table = Table(lists, _cells(asked, len(lists), told("in table")), _name(asked))
    strata = _parts(asked, "strata", "name", lists)
    if strata and not np.array_equal(sum(part.cells for part in strata), table.cells):
        parts = np.sum([part.cells for part in strata], axis=0)
        off = int(np.flatnonzero(parts != table.cells)[0])
        pattern = spell(off, len(lists))
        raise BadTable(told("not a sum", pattern=pattern, parts=int(parts[off]), whole=int(table.cells[off])))
    return Question(table, strata, _parts(asked, "thresholds", "threshold", lists))


def spell(code: int, width: int) -> str:
    """A pattern as it is written: one digit per list."""
    return "".join(str(code >> i & 1) for i in range(width))


def _lists(asked: dict[str, object]) -> tuple[str, ...]:
    lists = asked.get("lists")
    if not isinstance(lists, list) or not all(isinstance(name, str) for name in lists):
        raise BadTable(told("no lists"))
    if len(set(lists)) < len(lists):
        raise BadTable(told("same name", one=next(name for name in lists if lists.count(name) > 1)))
    if not 1 <= len(lists) <= MOST_LISTS:
        raise BadTable(told("number of lists", lists=len(lists), most=MOST_LISTS))
    return tuple(lists)


def _name(asked: dict[str, object]) -> str:
    return str(asked.get("name", ""))


def _parts(asked: dict[str, object], key: str, label: str, lists: tuple[str, ...]) -> tuple[Table, ...]:
    parts = asked.get(key)
    if parts is None:
        return ()
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise BadTable(told("not parts", part=key, label=label))
    for number, part in enumerate(parts, 1):
        if label not in part:
            raise BadTable(told("no label", number=number, part=key, label=label))
    return tuple(
        Table(lists, _cells(part, len(lists), told("in part", number=number, part=key)), str(part[label]))
        for number, part in enumerate(parts, 1)
    )


def _cells(asked: dict[str, object], width: int, where: Told) -> NDArray[np.int64]:
    rows = asked.get("table")
    if not isinstance(rows, list):
        raise BadTable(told("no rows", where=where))
    cells = np.zeros(2**width, dtype=np.int64)
    for number, row in enumerate(rows, 1):
        code, count = _row(row, width, number, where)
        cells[code] += count
    return cells


def _row(row: object, width: int, number: int, where: Told) -> tuple[int, int]:
    if not isinstance(row, list) or len(row) != 2:  # noqa: PLR2004 - a pattern and a count
        raise BadTable(told("not a pair", row=number, where=where))
    pattern, count = row
    if not isinstance(pattern, str) or set(pattern) - {"0", "1"}:
        raise BadTable(told("not digits", row=number, where=where, pattern=_shown(pattern)))
    if len(pattern) != width:
        raise BadTable(
            told("pattern length", row=number, where=where, pattern=pattern, digits=len(pattern), lists=width)
        )
    if isinstance(count, float) and count.is_integer():
        count = int(count)
    if not isinstance(count, int) or isinstance(count, bool):
        raise BadTable(told("not whole", row=number, where=where, pattern=pattern, count=_shown(count)))
    if count < 0:
        raise BadTable(told("negative", row=number, where=where, pattern=pattern, count=count))
    if count > MOST_PEOPLE:
        raise BadTable(told("milliard", row=number, where=where, pattern=pattern))
    code = sum(1 << i for i, digit in enumerate(pattern) if digit == "1")
    if code == 0 and count > 0:
        raise BadTable(told("on no list", row=number, where=where))
    return code, count


def _shown(value: object) -> str:
    """What stands there, shortened: it may be anything."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:39] + "…"  # noqa: PLR2004 - what fits a sentence
