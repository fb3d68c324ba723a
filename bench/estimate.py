"""How often each method's 95 % interval holds the known total of an invented table, and how short it is.

The score is the interval score of Gneiting & Raftery 2007 (J. Am. Stat. Assoc. 102, 359-378) on logarithms: the length, and
40 times what a missed total lies outside. Lower is better; 0.58 is an interval from N/1.34 to 1.34 N that never misses.
"""

from __future__ import annotations

import os
from collections import defaultdict
from math import log

from rich.progress import track

from bench.simulated_tables import Case, cases
from bench.table import Row
from kunak.count.estimate.answer import Answer, NoEstimate
from kunak.count.estimate.average import SHARES
from kunak.count.estimate.methods import NAMED, Effort, answer_by, asked_for, enough

TABLES = int(os.environ.get("KUNAK_BENCH_TABLES", "72"))
SEED = 4
COVERED, SCORE = 0.93, 0.58
TITLE = f"kunak estimate on {TABLES} invented tables with known totals (3-6 lists, 400-6,000 people): coverage, score, log error"

Measured = tuple[bool, float, float]


def measure(answer: Answer, total: int) -> Measured:
    """Whether the interval holds the total, its score, and how far the middle is off, in logarithms."""
    lo, hi, truth = log(answer.lo), log(answer.hi), log(total)
    return (
        lo <= truth <= hi,
        hi - lo + 40 * max(lo - truth, 0.0) + 40 * max(truth - hi, 0.0),
        log(answer.estimate) - truth,
    )


def all_answers(case: Case, seed: int = 1) -> dict[str, Answer]:
    """Every method's answer, and the average."""
    try:
        answers = answer_by(NAMED, case.table, seed, Effort(500))
    except NoEstimate:
        return {}
    return {"average": asked_for("average", answers), **answers.given}


MIXED = ("average", *SHARES)


def mixed_answers(case: Case, seed: int = 1) -> dict[str, Measured]:
    """How the average did on one table, and what it mixes."""
    try:
        answers = answer_by(enough("average", case.table.width), case.table, seed, Effort(200))
    except NoEstimate:
        return {}
    found = {"average": asked_for("average", answers), **answers.given}
    return {name: measure(answer, case.total) for name, answer in found.items()}


def measured_row(name: str, measured: list[Measured]) -> str:
    """One line: coverage, score, and how far the middle is off."""
    return f"{name}: {_row(name, measured, aimed=False).figure}"


def run() -> list[Row]:
    """One row per method, then the average by kind of dependence."""
    by_method: dict[str, list[Measured]] = defaultdict(list)
    by_kind: dict[str, list[Measured]] = defaultdict(list)
    for case in track(list(cases(TABLES, SEED)), description="tables", transient=True):
        for name, answer in all_answers(case).items():
            measured = measure(answer, case.total)
            by_method[name].append(measured)
            if name == "average":
                by_kind[case.dependence].append(measured)
    return [_row(name, measured, aimed=name == "average") for name, measured in by_method.items()] + [
        _row(f"average, {kind}", measured, aimed=False) for kind, measured in by_kind.items()
    ]


def _row(what: str, measured: list[Measured], *, aimed: bool) -> Row:
    covered = sum(held for held, _, _ in measured) / len(measured)
    score = sum(score for _, score, _ in measured) / len(measured)
    off = sum(off for _, _, off in measured) / len(measured)
    wrong = sum(abs(off) for _, _, off in measured) / len(measured)
    figure = f"{covered:.3f}, {score:.3f}, {wrong:.3f} (on average {off:+.3f}), {len(measured)} tables"
    aim = f">= {COVERED}, <= {SCORE}" if aimed else ""
    return Row(what, figure, "", "", aim, covered >= COVERED and score <= SCORE if aimed else None)
