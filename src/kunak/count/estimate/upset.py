"""How the lists overlap, drawn: a column per pattern with its people as a bar and its lists as dots, a row per list.

Source: UpSet plots, Lex et al. 2014 (IEEE Trans. Visualization and Computer Graphics 20, 1983-1992). Black on white only.
"""

from __future__ import annotations

from collections.abc import Callable

from kunak.count.estimate.svg import Marks, circle, line, rectangle, text, upright
from kunak.count.estimate.table import Table
from kunak.count.estimate.told import Told, people, told

MOST_PATTERNS = 22  # more cannot be read; the rest is named in one line
BAR, COLUMN, ROW, LEFT = 150, 23, 24, 250


def upset(table: Table, top: float, say: Callable[[Told], str]) -> tuple[Marks, float]:
    """The marks of the drawing from this height on, and the height at which it ends."""
    filled = sorted(
        (code for code in range(1, len(table.cells)) if table.cells[code]), key=lambda one: -table.cells[one]
    )
    shown, hidden = filled[:MOST_PATTERNS], filled[MOST_PATTERNS:]
    tallest = max(int(table.cells[shown[0]]), 1) if shown else 1
    marks = [text(10, top, say(told("plot overlap")), bold=True)]
    base = top + 60 + BAR
    for column, code in enumerate(shown):
        x = LEFT + column * COLUMN
        number = int(table.cells[code])
        height = BAR * number / tallest
        marks += [rectangle(x - 8, base - height, 16, height), upright(x + 4, base - height - 5, people(number))]
        marks += _dots(table, code, x, base + ROW)
    largest = max((table.on(1 << i) for i in range(table.width)), default=1) or 1
    for row, name in enumerate(table.lists):
        y, number = base + ROW * (row + 1), table.on(1 << row)
        marks.append(rectangle(LEFT - 90, y - 6, 60 * number / largest, 12, hollow=True))
        marks += [text(LEFT - 96, y + 4, f"{_short(name)}: {people(number)}", end=True)]
    end = base + ROW * (table.width + 1)
    if hidden:
        rest = sum(int(table.cells[code]) for code in hidden)
        marks.append(text(LEFT, end, say(told("plot smaller", people=people(rest), patterns=len(hidden)))))
        end += ROW
    return marks, end


def _dots(table: Table, code: int, x: float, first: float) -> Marks:
    """The lists of one pattern: filled where the people are on the list, a small ring where not."""
    rows = [row for row in range(table.width) if code >> row & 1]
    dots = [circle(x, first + ROW * row, 6 if row in rows else 3, hollow=row not in rows) for row in range(table.width)]
    return [line(x, first + ROW * rows[0], x, first + ROW * rows[-1]), *dots]


def _short(name: str) -> str:
    return name if len(name) <= 14 else name[:13] + "…"  # noqa: PLR2004 - what fits beside the bars
