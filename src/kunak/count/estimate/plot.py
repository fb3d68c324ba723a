"""The answer drawn: every total with its interval, method by method and choice by choice, and how the lists overlap.

The shapes tell what the words beside them tell too: a filled dot for the answer, a ring for a method, a diamond for a
choice changed. Nothing hangs on colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import cast

from kunak.count.estimate.question import Question
from kunak.count.estimate.svg import Marks, circle, diamond, line, page, text
from kunak.count.estimate.upset import upset

WIDTH, LEFT, RIGHT, ROW = 960, 250, 930, 22
LOGARITHMIC_FROM = 8  # times the lowest end of an interval


@dataclass(frozen=True)
class Interval:
    """One line of the plot."""

    label: str
    estimate: float
    lo: float
    hi: float
    kind: str  # answer, method or changed


def draw(question: Question, verdict: Mapping[str, object]) -> str:
    """The drawing as SVG."""
    rows = intervals(verdict)
    marks, end = _interval_plot(rows, question.table.observed, 30)
    more, end = upset(question.table, end + 30)
    name = question.table.name or "These lists"
    if not rows:
        marks = [text(10, 40, f"No estimate: {verdict.get('reason', '')}", bold=True)]
    told = "; ".join(f"{row.label}: {row.estimate:,.0f} ({row.lo:,.0f} to {row.hi:,.0f})" for row in rows)
    return page(WIDTH, end + 20, f"{name}: how many in all", told or "No estimate.", [*marks, *more])


def intervals(verdict: Mapping[str, object]) -> list[Interval]:
    """The rows of the plot: the answer, the methods, then what other choices would have answered."""
    if verdict.get("estimate") is None:
        return []
    rows = [_row(str(verdict["method"]).replace("all", "average"), verdict, "answer")]
    by_method = cast("Mapping[str, Mapping[str, object]]", verdict["by_method"])
    if len(by_method) > 1:
        rows += [_row(name, figures, "method") for name, figures in by_method.items()]
    diagnostics = cast("Mapping[str, object]", verdict["diagnostics"])
    changed = cast("Sequence[Mapping[str, object]]", diagnostics["sensitivity"])
    wanted = {rows[0].label, "chapman"}
    return rows + [
        _row(_choice(row), row, "changed") for row in changed if row["estimate"] is not None and row["method"] in wanted
    ]


def _choice(row: Mapping[str, object]) -> str:
    chosen = f"without {row['left_out']}" if "left_out" in row else f"linked at {row['threshold']}"
    return chosen + (", two lists" if row["method"] == "chapman" else "")


def _row(label: str, figures: Mapping[str, object], kind: str) -> Interval:
    estimate, lo, hi = (float(cast("float", figures[key])) for key in ("estimate", "lo", "hi"))
    return Interval(label, estimate, lo, hi, kind)


def _interval_plot(rows: Sequence[Interval], observed: int, top: float) -> tuple[Marks, float]:
    if not rows:
        return [], top + ROW
    low, high = min(observed, *(row.lo for row in rows)), max(row.hi for row in rows)
    logarithmic = high > LOGARITHMIC_FROM * low

    def across(people: float) -> float:
        if logarithmic:
            return LEFT + (RIGHT - LEFT) * log10(max(people, low) / low) / log10(high / low)
        return LEFT + (RIGHT - LEFT) * (people - low) / max(high - low, 1)

    scale = ", logarithmic" if logarithmic else ""
    marks = [
        text(10, top - 10, f"People in all, with 95 % intervals{scale}; the dashed line is who was observed", bold=True)
    ]
    bottom = top + ROW * len(rows) + 10
    marks.append(line(across(observed), top, across(observed), bottom, width=1, dashes="4 3"))
    for number, row in enumerate(rows):
        y = top + ROW * number + 14
        x = across(row.estimate)
        shape = {"answer": circle(x, y, 6), "method": circle(x, y, 5, hollow=True), "changed": diamond(x, y, 6)}[
            row.kind
        ]
        ends = [line(across(end), y - 5, across(end), y + 5) for end in (row.lo, row.hi)]
        label = f"{row.label[:22]}: {row.estimate:,.0f}"
        marks += [
            text(LEFT - 12, y + 4, label, end=True, bold=row.kind == "answer"),
            line(across(row.lo), y, across(row.hi), y),
            *ends,
            shape,
        ]
    for people in ticks(low, high, logarithmic=logarithmic):
        marks += [line(across(people), bottom, across(people), bottom + 5, width=1)]
        marks.append(text(across(people), bottom + 18, f"{people:,.0f}", middle=True))
    return [*marks, line(LEFT, bottom, RIGHT, bottom, width=1)], bottom + 30


def ticks(low: float, high: float, *, logarithmic: bool) -> list[float]:
    """Round numbers between these two."""
    if logarithmic:
        decades = range(floor(log10(low)), floor(log10(high)) + 1)
        return [times * 10.0**power for power in decades for times in (1, 2, 5) if low <= times * 10.0**power <= high]
    rough = max(high - low, 1) / 6
    size = 10.0 ** floor(log10(rough))
    step = next(size * times for times in (1, 2, 5, 10) if size * times >= rough)
    return [step * i for i in range(int(low // step), int(high // step) + 2) if low <= step * i <= high]
