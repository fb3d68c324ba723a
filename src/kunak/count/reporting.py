"""The folder of a report: the links, the table, the answer, the drawings, the words, and how to repeat it all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import typst

from kunak.count.counting import Linked, link_records, question_of, review
from kunak.count.estimate import Question, Table, draw, judge
from kunak.count.estimate.answer import NoEstimate
from kunak.count.estimate.latent_class import Effort as Chains
from kunak.count.estimate.linkage_error import TABLES, LinkQuality, allowing_for_links, as_doubted, as_reviewed
from kunak.count.estimate.methods import Effort
from kunak.count.estimate.rasch import Effort as RaschEffort
from kunak.count.estimate.told import Told, both, people
from kunak.count.estimate.verdict import figures, parts
from kunak.count.estimating import write_json
from kunak.count.linking import Notice
from kunak.count.lists import write_csv
from kunak.count.names import read_tables
from kunak.count.progress import Progress, counting, silent
from kunak.count.report import Facts, as_html, as_typst, blocks
from kunak.count.run import Asked, run_record
from kunak.count.whole_files import whole_folder, write_whole

# For each of the tables with corrected links.
PER_TABLE = Effort(100, Chains(chains=6, kept=400, thinning=3, rounds=1), RaschEffort(chains=24, burned=80, kept=60))
LANGUAGES = ("en", "ru")


@dataclass(frozen=True)
class Links:
    """How good the links are: by a review, or by the linkage's own probabilities."""

    quality: LinkQuality
    reviewed: bool
    draw: Callable[[np.random.Generator], list[Table]]


def write_report(asked: Asked, folder: Path, progress: Progress = silent, notice: Notice = lambda _: None) -> Told:
    """Count the people of these lists, and say in a sentence what came of it."""
    with whole_folder(folder) as aside:
        linked = link_records(asked.lists, asked.decisions, column=asked.strata, progress=progress, notice=notice)
        question = question_of(linked, asked.lists.stem)
        links = links_of(linked, question, asked.reviewed)
        verdict = judged(question, links, asked.seed, progress)
        progress("report")
        names = {person: f"c{n}" for n, person in enumerate(dict.fromkeys(linked.people), 1)}
        rows = ((record.record_id, names[person]) for record, person in zip(linked.records, linked.people, strict=True))
        write_csv(aside / "clusters.csv", ("record_id", "cluster_id"), rows)
        run = run_record(asked, question, {"per_corrected_table": asdict(PER_TABLE)})
        write_json(aside / "table.json", _question_as_json(question))
        write_json(aside / "estimate.json", verdict)
        write_json(aside / "run.json", run)
        _write_words(aside, _facts(linked, question, verdict, links, run), question)
    if verdict["estimate"] is None:
        return both(
            "No estimate: {why} The report is in {folder}.", "Оценки нет: {why} Отчёт в папке {folder}.",
            why=verdict["reason"], folder=folder,
        )  # fmt: skip
    told = {key: people(verdict[key]) for key in ("estimate", "lo", "hi")}
    return both(
        "{estimate} people (95 %: {lo} to {hi}). The report is in {folder}.",
        "{estimate} чел. (95 %: от {lo} до {hi}). Отчёт в папке {folder}.",
        folder=folder, **told,
    )  # fmt: skip


def links_of(linked: Linked, question: Question, reviewed: Path | None) -> Links:
    """The links' quality, and the tables that they might have made had they been right."""
    tables = question.strata or (question.table,)
    if reviewed is not None:
        quality = review(linked, reviewed)
        return Links(quality, True, as_reviewed(tables, quality))
    own = linked.doubted
    assert own is not None
    return Links(LinkQuality(own.found, own.missed, own.wrong), False, as_doubted(tables, own))


def judged(question: Question, links: Links, seed: int, progress: Progress = silent) -> dict[str, Any]:
    """The verdict, with the error of the links in its total; `as_linked` is the total had every link been right."""
    progress("methods")
    verdict: dict[str, Any] = judge(question, "average", seed, done=counting(progress, "methods", parts(question)))
    if verdict["estimate"] is None:
        return verdict
    try:
        allowing = allowing_for_links(links.draw, "average", seed, PER_TABLE, counting(progress, "errors", TABLES))
    except NoEstimate as none:
        return verdict | {"warnings": [*verdict["warnings"], none.why]}
    as_linked = {key: verdict[key] for key in ("estimate", "lo", "hi")}
    quality = {key: round(value, 1) for key, value in asdict(links.quality).items()} | {"reviewed": links.reviewed}
    more = {"as_linked": as_linked, "links": quality}
    return verdict | figures(allowing) | {"diagnostics": verdict["diagnostics"] | more}


def _facts(
    linked: Linked, question: Question, verdict: Mapping[str, Any], links: Links, run: Mapping[str, Any]
) -> Facts:
    told = {
        **{key: f"{value:.0f}" for key, value in asdict(links.quality).items()},
        "reviewed": links.reviewed, "pair": read_tables().model["caution"]["pair"],
        "nameless": linked.nameless,
        "given": linked.strata.given if linked.strata else 0,
        "together": linked.strata.together if linked.strata else (),
    }  # fmt: skip
    return Facts(question.table, len(linked.records), verdict, told, run)


def _write_words(folder: Path, facts: Facts, question: Question) -> None:
    for language in LANGUAGES:
        told = blocks(facts, language)
        drawing = draw(question, facts.verdict, language)
        plot = folder / f"plot.{language}.svg"
        write_whole(plot, drawing)
        write_whole(folder / f"report.{language}.html", as_html(told, language, drawing))
        source = folder / f"report.{language}.typ"
        source.write_text(as_typst(told, language, plot.name), encoding="utf-8")
        try:
            # A fixed time: the same input gives the same bytes.
            typst.compile(str(source), output=str(source.with_suffix(".pdf")), timestamp=0)
        finally:
            source.unlink()


def _question_as_json(question: Question) -> dict[str, object]:
    asked: dict[str, object] = {
        "name": question.table.name,
        "lists": list(question.table.lists),
        "table": _rows(question.table),
        "thresholds": [{"threshold": table.name, "table": _rows(table)} for table in question.thresholds],
    }
    if question.strata:
        asked["strata"] = [{"name": table.name, "table": _rows(table)} for table in question.strata]
    return asked


def _rows(table: Table) -> list[list[object]]:
    spelt = ("".join(str(code >> i & 1) for i in range(table.width)) for code in range(len(table.cells)))
    return [[pattern, int(people)] for pattern, people in zip(spelt, table.cells, strict=True) if people]
