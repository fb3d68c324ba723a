"""The whole answer to a question: the total, every method beside it, how it bears other choices, and what to warn of."""

from __future__ import annotations

from collections.abc import Callable

from kunak.count.estimate.answer import Answer, NoEstimate
from kunak.count.estimate.methods import QUICK, Effort, answer_by, asked_for, needed
from kunak.count.estimate.question import Question
from kunak.count.estimate.refusal import warnings
from kunak.count.estimate.sensitivity import sensitivity
from kunak.count.estimate.strata import by_strata
from kunak.count.estimate.told import told

Verdict = dict[str, object]


def judge(
    question: Question,
    method: str = "average",
    seed: int = 1,
    effort: Effort | None = None,
    brief: Effort = QUICK,
    done: Callable[[], None] = lambda: None,
) -> Verdict:
    """The answer as COUNTING.md writes it: a total with its 95 % interval in people, or null with the reason.

    `effort` goes into the answer, `brief` into each row of the sensitivity; `done` is called after each part
    (`verdict.parts` of them).
    """
    effort = effort or Effort()
    try:
        answers = answer_by(needed(method), question.table, seed, effort)
        pooled = asked_for(method, answers)
        done()
    except NoEstimate as none:
        return _refused(question, method, none)
    say = warnings(question.table)
    answer, strata = pooled, None
    if question.strata:
        answer, strata, more = by_strata(question, method, seed, effort, pooled)
        say += more
        done()
    rows = sensitivity(question, method, seed, brief, done)
    say += [warning for one in {answer.method: answer, **answers.given}.values() for warning in one.warnings]
    say += [told("no estimate by", method=name, why=why) for name, why in answers.refused.items()]
    diagnostics: dict[str, object] = {
        "observed": question.table.observed,
        "lists": list(question.table.lists),
        "seed": seed,
        "sensitivity": rows,
        **dict(answer.diagnostics),
    }
    if strata is not None:
        diagnostics |= {"strata": strata, "ignoring_strata": figures(pooled)}
    return {
        **figures(answer),
        "method": method,
        "warnings": list(dict.fromkeys(say)),
        "by_method": {
            name: figures(one) | {"diagnostics": dict(one.diagnostics)} for name, one in answers.given.items()
        },
        "diagnostics": diagnostics,
    }


def _refused(question: Question, method: str, none: NoEstimate) -> Verdict:
    """That there is no answer, and why."""
    return {
        "estimate": None,
        "reason": none.why,
        "method": method,
        "observed": question.table.observed,
        "warnings": warnings(question.table) if question.table.observed else [],
    }


def parts(question: Question) -> int:
    """How many times `judge` calls `done`, at most."""
    return 1 + bool(question.strata) + len(question.thresholds) + question.table.width


def figures(answer: Answer) -> dict[str, object]:
    """Estimate and interval to a tenth of a person."""
    return {"estimate": round(answer.estimate, 1), "lo": round(answer.lo, 1), "hi": round(answer.hi, 1)}
