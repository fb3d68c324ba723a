"""How the total bears other choices: each method, each list left out, each threshold of the linkage.

Totals are people, the observed included. With three lists, leaving one out leaves two: their Chapman estimate is shown
(Chapman 1951, Univ. California Publ. Statistics 1, 131-160), which takes for granted that the two are independent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kunak.count.estimate.answer import NoEstimate
from kunak.count.estimate.average import SHARES, STAND_IN
from kunak.count.estimate.bootstrap import log_normal_interval
from kunak.count.estimate.methods import NAMED, Effort, answer_by, asked_for, needed
from kunak.count.estimate.question import Question
from kunak.count.estimate.table import Table

Row = dict[str, object]


def sensitivity(
    question: Question, method: str, seed: int, effort: Effort, done: Callable[[], None] = lambda: None
) -> list[Row]:
    """One row per method and changed table; `done` is called after each table."""
    methods = NAMED if method in ("average", "all") else needed(method)
    rows = []
    for changed, table in changes(question):
        rows += [row | changed for row in _by_method(table, methods, seed, effort)]
        done()
    return rows


def changes(question: Question) -> Iterator[tuple[Row, Table]]:
    """The tables that other choices would have given."""
    for part in question.thresholds:
        yield {"threshold": part.name}, part
    for leaving, name in sorted(enumerate(question.table.lists), key=lambda one: one[1]):
        if question.table.on(1 << leaving):
            yield {"left_out": name}, question.table.without(leaving)


def _by_method(table: Table, methods: tuple[str, ...], seed: int, effort: Effort) -> list[Row]:
    if sum(1 for i in range(table.width) if table.on(1 << i)) == 2:  # noqa: PLR2004
        return [{"method": "chapman", **chapman(table)}]
    try:
        answers = answer_by(methods, table, seed, effort)
    except NoEstimate as none:
        return [{"method": name, "estimate": None, "reason": none.why} for name in methods]
    given = dict(answers.given)
    if set(SHARES) <= set(methods) and set(answers.given) & {*SHARES, STAND_IN}:
        given["average"] = asked_for("average", answers)
    return [
        {"method": name, "estimate": round(one.estimate, 1), "lo": round(one.lo, 1), "hi": round(one.hi, 1)}
        for name, one in given.items()
    ] + [{"method": name, "estimate": None, "reason": why} for name, why in answers.refused.items()]


def chapman(table: Table) -> Row:
    """The total by two lists if they were independent, with the interval of Chao 1987."""
    first, second = (1 << i for i in range(table.width) if table.on(1 << i))
    n, m, both = table.on(first), table.on(second), table.on(first | second)
    total = (n + 1) * (m + 1) / (both + 1) - 1
    variance = (n + 1) * (m + 1) * (n - both) * (m - both) / ((both + 1) ** 2 * (both + 2))
    lo, hi = log_normal_interval(total, variance**0.5, table.observed)
    return {"estimate": round(total, 1), "lo": round(lo, 1), "hi": round(hi, 1), "assumes": "two independent lists"}
