"""The answer drawn: every total with its interval, method by method and choice by choice, and how the lists overlap.

The shapes tell what the words beside them tell too: a filled dot for the answer, a ring for a method, a diamond for a
choice changed. Nothing hangs on colour.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import cast

from kunak.count.estimate.question import Question
from kunak.count.estimate.svg import Marks, circle, diamond, line, page, text
from kunak.count.estimate.told import Told, both, people, spoken, told
from kunak.count.estimate.upset import upset

WIDTH, LEFT, RIGHT, ROW = 780, 270, 750, 22  # on paper its letters are those of a footnote
LOGARITHMIC_FROM = 8  # times the lowest end of an interval


@dataclass(frozen=True)
class Interval:
    """One line of the plot."""

    label: Told
    estimate: float
    lo: float
    hi: float
    kind: str  # answer, method or changed


def draw(question: Question, verdict: Mapping[str, object], language: str = "en") -> str:
    """The drawing as SVG, its words in this language (en or ru)."""
    rows = intervals(verdict)

    def say(sentence: Told) -> str:
        return spoken(sentence, language)

    marks, end = _interval_plot(rows, question.table.observed, 46, say)
    more, end = upset(question.table, end + 30, say)
    name = question.table.name or told("plot nameless")
    if not rows:
        marks = [text(10, 40, say(told("plot none", why=verdict.get("reason", ""))), bold=True)]
    figures = "; ".join(
        f"{say(row.label)}: {people(row.estimate)} ({people(row.lo)} – {people(row.hi)})" for row in rows
    )
    return page(
        WIDTH,
        end + 20,
        say(told("plot title", name=name)),
        figures or say(told("plot none", why=verdict.get("reason", ""))),
        [*marks, *more],
    )


def intervals(verdict: Mapping[str, object]) -> list[Interval]:
    """The rows of the plot: the answer, the methods, then what other choices would have answered."""
    if verdict.get("estimate") is None:
        return []
    asked = str(verdict["method"]).replace("all", "average")
    rows = [_row(_method(asked), verdict, "answer")]
    by_method = cast("Mapping[str, Mapping[str, object]]", verdict["by_method"])
    if len(by_method) > 1:
        rows += [_row(_method(name), figures, "method") for name, figures in by_method.items()]
    diagnostics = cast("Mapping[str, object]", verdict["diagnostics"])
    changed = cast("Sequence[Mapping[str, object]]", diagnostics["sensitivity"])
    if "as_linked" in diagnostics:
        rows.append(_row(told("plot right"), cast("Mapping[str, object]", diagnostics["as_linked"]), "changed"))
    return rows + [
        _row(_choice(row), row, "changed")
        for row in changed
        if row["estimate"] is not None and row["method"] in (asked, "chapman")
    ]


def _method(name: str) -> Told:
    return told("plot average") if name == "average" else both(name, name)


def _choice(row: Mapping[str, object]) -> Told:
    pair = row["method"] == "chapman"
    if "left_out" in row:
        one = _short(str(row["left_out"]))
        return told("plot without pair", one=one) if pair else told("plot without", one=one)
    threshold = row["threshold"]
    return told("plot linked pair", threshold=threshold) if pair else told("plot linked", threshold=threshold)


def _short(name: str) -> str:
    return name if len(name) <= 16 else name[:15] + "…"  # noqa: PLR2004 - what fits beside the intervals


def _row(label: Told, figures: Mapping[str, object], kind: str) -> Interval:
    estimate, lo, hi = (float(cast("float", figures[key])) for key in ("estimate", "lo", "hi"))
    return Interval(label, estimate, lo, hi, kind)


def _interval_plot(
    rows: Sequence[Interval], observed: int, top: float, say: Callable[[Told], str]
) -> tuple[Marks, float]:
    if not rows:
        return [], top + ROW
    low, high = min(observed, *(row.lo for row in rows)), max(row.hi for row in rows)
    logarithmic = high > LOGARITHMIC_FROM * low

    def across(total: float) -> float:
        if logarithmic:
            return LEFT + (RIGHT - LEFT) * log10(max(total, low) / low) / log10(high / low)
        return LEFT + (RIGHT - LEFT) * (total - low) / max(high - low, 1)

    seen = people(observed)
    title = told("plot logarithmic", observed=seen) if logarithmic else told("plot intervals", observed=seen)
    marks = [text(10, top - 26, say(title), bold=True), text(10, top - 8, say(told("plot shapes")))]
    bottom = top + ROW * len(rows) + 10
    marks.append(line(across(observed), top, across(observed), bottom, width=1, dashes="4 3"))
    for number, row in enumerate(rows):
        y = top + ROW * number + 14
        x = across(row.estimate)
        shape = {"answer": circle(x, y, 6), "method": circle(x, y, 5, hollow=True), "changed": diamond(x, y, 6)}[
            row.kind
        ]
        ends = [line(across(end), y - 5, across(end), y + 5) for end in (row.lo, row.hi)]
        label = f"{say(row.label)}: {people(row.estimate)}"
        marks += [
            text(LEFT - 12, y + 4, label, end=True, bold=row.kind == "answer"),
            line(across(row.lo), y, across(row.hi), y),
            *ends,
            shape,
        ]
    for tick in ticks(low, high, logarithmic=logarithmic):
        marks += [line(across(tick), bottom, across(tick), bottom + 5, width=1)]
        marks.append(text(across(tick), bottom + 18, people(tick), middle=True))
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
