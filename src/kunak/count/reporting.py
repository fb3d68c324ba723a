"""The folder of a report: the links, the table, the answer, the drawing, the words, and how to repeat it all."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst

from kunak import __version__
from kunak.count.counting import MOST_LISTS, UNREVIEWED, Linked, link_records, question_of, review
from kunak.count.estimate import Question, Table, draw, judge
from kunak.count.estimate.answer import NoEstimate
from kunak.count.estimate.latent_class import Effort as Chains
from kunak.count.estimate.linkage_error import LinkQuality, allowing_for_links
from kunak.count.estimate.methods import Effort
from kunak.count.estimate.verdict import figures
from kunak.count.linking import know_names
from kunak.count.lists import write_csv
from kunak.count.report import Facts, as_html, as_typst, blocks

PARTS = ("numpy", "scipy", "splink", "duckdb", "pymorphy3", "typst")
PER_TABLE = Effort(200, Chains(chains=6, kept=400, thinning=3, rounds=1))  # for each of the tables with corrected links


def write_report(lists: Path, folder: Path, *, decisions: Path | None, reviewed: Path | None, seed: int) -> str:
    """Count the people of these lists, and say in a sentence what came of it."""
    linked = link_records(lists, decisions)
    question = question_of(linked, lists.stem)
    quality = review(linked, reviewed) if reviewed else UNREVIEWED
    verdict = judged(question, quality, seed)
    folder.mkdir(parents=True, exist_ok=True)
    names = {person: f"c{n}" for n, person in enumerate(dict.fromkeys(linked.people), 1)}
    rows = ((record.record_id, names[person]) for record, person in zip(linked.records, linked.people, strict=True))
    write_csv(folder / "clusters.csv", ("record_id", "cluster_id"), rows)
    run = _run(question, {"lists": lists, "decisions": decisions, "reviewed": reviewed}, seed)
    _write_json(folder / "table.json", _asked(question))
    _write_json(folder / "estimate.json", verdict)
    _write_json(folder / "run.json", run)
    drawing = draw(question, verdict)
    (folder / "plot.svg").write_text(drawing, encoding="utf-8")
    _write_words(folder, _facts(linked, verdict, quality, reviewed, run, lists.stem), drawing)
    if verdict["estimate"] is None:
        return f"No estimate: {verdict['reason']} The report is in {folder}."
    told = [f"{verdict[key]:,.0f}" for key in ("estimate", "lo", "hi")]
    return f"{told[0]} people (95 %: {told[1]} to {told[2]}). The report is in {folder}."


def judged(question: Question, quality: LinkQuality, seed: int) -> dict[str, Any]:
    """The verdict, with the error of the links in its total; `as_linked` is the total had every link been right."""
    verdict: dict[str, Any] = judge(question, "average", seed)
    if verdict["estimate"] is None:
        return verdict
    try:
        allowing = allowing_for_links(question.table, quality, "average", seed, PER_TABLE)
    except NoEstimate as none:
        return verdict | {"warnings": [*verdict["warnings"], none.why]}
    as_linked = {key: verdict[key] for key in ("estimate", "lo", "hi")}
    return verdict | figures(allowing) | {"diagnostics": verdict["diagnostics"] | {"as_linked": as_linked}}


def _facts(
    linked: Linked,
    verdict: Mapping[str, Any],
    quality: LinkQuality,
    reviewed: Path | None,
    run: Mapping[str, Any],
    name: str,
) -> Facts:
    links = {**asdict(quality), "reviewed": reviewed is not None, "pair": know_names()[1].model["caution"]["pair"]}
    return Facts(name, len(linked.records), verdict, links, run)


def _write_words(folder: Path, facts: Facts, drawing: str) -> None:
    for language in ("en", "ru"):
        told = blocks(facts, language)
        (folder / f"report.{language}.html").write_text(as_html(told, language, drawing), encoding="utf-8")
        source = folder / f"report.{language}.typ"
        source.write_text(as_typst(told, language, "plot.svg"), encoding="utf-8")
        try:
            # A fixed time: the same input gives the same bytes.
            typst.compile(str(source), output=str(source.with_suffix(".pdf")), timestamp=0)
        finally:
            source.unlink()


def _run(question: Question, inputs: Mapping[str, Path | None], seed: int) -> dict[str, object]:
    """What somebody needs to get the same digits: the inputs' SHA-256, versions, seed and settings."""
    hashes = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in inputs.items() if path}
    return {
        "inputs": hashes,
        "versions": {"kunak": __version__, "python": platform.python_version()}
        | {part: version(part) for part in PARTS},
        "seed": seed,
        "lists": list(question.table.lists),
        "settings": {
            "thresholds": [table.name for table in question.thresholds],
            "most_lists": MOST_LISTS,
            "per_corrected_table": asdict(PER_TABLE),
        },
    }


def _asked(question: Question) -> dict[str, object]:
    return {
        "name": question.table.name,
        "lists": list(question.table.lists),
        "table": _rows(question.table),
        "thresholds": [{"threshold": table.name, "table": _rows(table)} for table in question.thresholds],
    }


def _rows(table: Table) -> list[list[object]]:
    spelt = ("".join(str(code >> i & 1) for i in range(table.width)) for code in range(len(table.cells)))
    return [[pattern, int(people)] for pattern, people in zip(spelt, table.cells, strict=True) if people]


def _write_json(path: Path, told: object) -> None:
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
