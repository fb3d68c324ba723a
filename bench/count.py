"""From raw lists to a total: invented lists are linked by us, and the total is estimated out of our own links."""

from __future__ import annotations

import json
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.invented import write
from bench.table import Row
from kunak.count.counting import link_records, question_of
from kunak.count.estimate.linkage_error import allowing_for_links
from kunak.count.estimate.methods import answer_by, asked_for, enough
from kunak.count.reporting import PER_TABLE, links_of

PEOPLE, SEEDS = 1700, range(101, 107)
WRONG, COVERED = 0.10, 5
TITLE = f"kunak count from raw lists, {PEOPLE:,} invented people, seeds 101-106"


def run() -> list[Row]:
    """One row per seed, and what is asked of all."""
    rows, wrong, covered = [], [], 0
    for seed in SEEDS:
        with TemporaryDirectory() as folder:
            write(Path(folder), PEOPLE, seed)
            truth = json.loads((Path(folder) / "meta.json").read_text(encoding="utf-8"))["people_true_N"]
            linked = link_records(Path(folder) / "records.csv", None)
            question = question_of(linked, "bench")
        answer = allowing_for_links(links_of(linked, question, None).draw, "average", 1, PER_TABLE)
        table = question.table
        plain = asked_for("average", answer_by(enough("average", table.width), table, 1, PER_TABLE))
        wrong.append(abs(log(answer.estimate / truth)))
        covered += answer.lo <= truth <= answer.hi
        figure = f"{answer.estimate:,.0f} ({answer.lo:,.0f} to {answer.hi:,.0f}), off by {wrong[-1]:.3f}"
        rows.append(Row(f"seed {seed}, {truth:,} people", figure, f"as linked: {plain.estimate:,.0f}", "", "", None))
    mean = sum(wrong) / len(wrong)
    told = f"{mean:.3f} (at most {max(wrong):.3f}); {covered} of {len(wrong)}"
    aim = f"<= {WRONG:.2f}; >= {COVERED}"
    return [
        Row("absolute log error; intervals that hold", told, "", "", aim, mean <= WRONG and covered >= COVERED),
        *rows,
    ]
