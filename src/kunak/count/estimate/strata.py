"""Strata: places or months in which people were listed with unlike chances, estimated apart and added.

Source: Sekar & Deming 1949 (J. Am. Stat. Assoc. 44, 101-115): lists that are independent within strata look dependent when
the strata are ignored. Totals are people. Strata that cannot answer alone are put together and answered as one.
"""

from __future__ import annotations

import numpy as np

from kunak.count.estimate.answer import Answer, NoEstimate, from_draws
from kunak.count.estimate.methods import Effort, answer_by, asked_for, needed
from kunak.count.estimate.question import Question
from kunak.count.estimate.refusal import FEW_MEETINGS, meetings, refuse_hopeless
from kunak.count.estimate.table import Table
from kunak.count.estimate.told import Told, people, told

REST = "the rest together"
DRAWS = 6000
IGNORED = 1.15  # how far the total without strata may be from the one with them before the reader is told


def by_strata(
    question: Question, method: str, seed: int, effort: Effort, pooled: Answer
) -> tuple[Answer, list[dict[str, object]], list[Told]]:
    """The sum over strata with its 95 % interval, each stratum's own figures, and what to warn of."""
    tables, merged = answerable(question.strata)
    say, rows, draws = [], [], np.zeros(DRAWS)
    random = np.random.default_rng([seed, len(tables)])
    for table in sorted(tables, key=lambda one: one.cells.tolist()):
        try:
            answer = asked_for(method, answer_by(needed(method), table, seed, effort))
        except NoEstimate as none:
            say.append(told("stratum", one=table.name, why=none.why))
            draws += table.observed
            rows.append({"name": table.name, "observed": table.observed, "estimate": None, "reason": none.why})
            continue
        draws += random.permutation(np.quantile(answer.draws, (np.arange(DRAWS) + 0.5) / DRAWS))
        rows.append(
            {
                "name": table.name,
                "observed": table.observed,
                "estimate": round(answer.estimate, 1),
                "lo": round(answer.lo, 1),
                "hi": round(answer.hi, 1),
            }
        )
    if merged:
        say.append(told("merged strata", names=", ".join(merged)))
    total = from_draws(pooled.method, draws, pooled.warnings, pooled.diagnostics)
    ratio = total.estimate / pooled.estimate
    if max(ratio, 1 / ratio) > IGNORED:
        say.append(told("ignoring strata", pooled=people(pooled.estimate), total=people(total.estimate)))
    return total, rows, say


def answerable(strata: tuple[Table, ...]) -> tuple[list[Table], list[str]]:
    """The strata that can be asked alone, with the others put together, and the names of those."""
    alone = [table for table in strata if meetings(table) >= FEW_MEETINGS and _can_answer(table)]
    thin = [table for table in strata if table.observed and not any(table is one for one in alone)]
    if len(thin) <= 1:
        return alone + thin, []
    cells = np.sum([table.cells for table in thin], axis=0)
    return [*alone, Table(thin[0].lists, cells, REST)], [table.name for table in thin]


def _can_answer(table: Table) -> bool:
    try:
        refuse_hopeless(table)
    except NoEstimate:
        return False
    return True
