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
    except ValueError as error:
        raise BadTable(f"The table is not JSON: {error}.") from error
    if not isinstance(asked, dict):
        raise BadTable('The table must be a JSON object with the keys "lists" and "table".')
    lists = _lists(asked)
    table = Table(lists, _cells(asked, "table", len(lists)), _name(asked))
    strata = _parts(asked, "strata", "name", lists)
    if strata and not np.array_equal(sum(part.cells for part in strata), table.cells):
        off = int(np.flatnonzero(sum(part.cells for part in strata) != table.cells)[0])
        raise BadTable(f'The strata do not sum to the table, for one at pattern "{spell(off, len(lists))}".')
    return Question(table, strata, _parts(asked, "thresholds", "threshold", lists))


def spell(code: int, width: int) -> str:
    """A pattern as it is written: one digit per list."""
    return "".join(str(code >> i & 1) for i in range(width))


def _lists(asked: dict[str, object]) -> tuple[str, ...]:
    lists = asked.get("lists")
    if not isinstance(lists, list) or not all(isinstance(name, str) for name in lists):
        raise BadTable('The key "lists" is missing or is not a list of names.')
    if len(set(lists)) < len(lists):
        raise BadTable('Two entries of "lists" have the same name; rename one.')
    if not 1 <= len(lists) <= MOST_LISTS:
        raise BadTable(f'"lists" names {len(lists)} lists; 1 to {MOST_LISTS} can be read. Merge the smallest ones.')
    return tuple(lists)


def _name(asked: dict[str, object]) -> str:
    return str(asked.get("name", ""))


def _parts(asked: dict[str, object], key: str, label: str, lists: tuple[str, ...]) -> tuple[Table, ...]:
    parts = asked.get(key)
    if parts is None:
        return ()
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise BadTable(f'The key "{key}" must be a list of objects, each with "{label}" and "table".')
    for number, part in enumerate(parts, 1):
        if label not in part:
            raise BadTable(f'Entry {number} of "{key}" has no "{label}".')
    return tuple(
        Table(lists, _cells(part, "table", len(lists), f' of entry {number} of "{key}"'), str(part[label]))
        for number, part in enumerate(parts, 1)
    )


def _cells(asked: dict[str, object], key: str, width: int, where: str = "") -> NDArray[np.int64]:
    rows = asked.get(key)
    if not isinstance(rows, list):
        raise BadTable(f'The key "{key}"{where} is missing or is not a list of [pattern, count] rows.')
    cells = np.zeros(2**width, dtype=np.int64)
    for number, row in enumerate(rows, 1):
        code, count = _row(row, width, f'Row {number} of "{key}"{where}')
        cells[code] += count
    return cells


def _row(row: object, width: int, where: str) -> tuple[int, int]:
    if not isinstance(row, list) or len(row) != 2:  # noqa: PLR2004 - a pattern and a count
        raise BadTable(f'{where} is not a pair like ["101", 12].')
    pattern, count = row
    if not isinstance(pattern, str) or set(pattern) - {"0", "1"}:
        raise BadTable(f"{where}: the pattern {json.dumps(pattern)} is not a text of the digits 0 and 1.")
    if len(pattern) != width:
        raise BadTable(f'{where}: the pattern "{pattern}" has {len(pattern)} digits for {width} lists.')
    if isinstance(count, float) and count.is_integer():
        count = int(count)
    if not isinstance(count, int) or isinstance(count, bool):
        raise BadTable(f'{where}: the count of pattern "{pattern}" is {json.dumps(count)}, not a whole number.')
    if count < 0:
        raise BadTable(f'{where}: the count of pattern "{pattern}" is negative ({count}).')
    if count > 10**9:
        raise BadTable(f'{where}: the count of pattern "{pattern}" is over a milliard people.')
    code = sum(1 << i for i, digit in enumerate(pattern) if digit == "1")
    if code == 0 and count > 0:
        raise BadTable(f"{where}: people on no list cannot be counted, they are the question; remove this row.")
    return code, count
