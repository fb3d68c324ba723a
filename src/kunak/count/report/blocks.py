"""What the report says, block by block, whatever it is printed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kunak.count.estimate.strata import REST
from kunak.count.estimate.table import Table
from kunak.count.estimate.told import people, spoken
from kunak.count.report.words import ASSUMES, MAY, MAY_NOT, RUN, WORDS


@dataclass(frozen=True)
class Facts:
    """A verdict and what it was made of."""

    table: Table
    records: int
    verdict: Mapping[str, Any]
    links: Mapping[str, Any]  # found, missed, wrong, reviewed, pair, nameless, given, together
    run: Mapping[str, Any]


@dataclass(frozen=True)
class Heading:
    """A title (level 1) or a section (level 2)."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """A few sentences; `strong` for the answer."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Points:
    """A list."""

    items: Sequence[str]


NO_NUMBERS = 99


@dataclass(frozen=True)
class Grid:
    """A table; from the column `numbers` on, numbers."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: int = NO_NUMBERS


@dataclass(frozen=True)
class Plot:
    """Where the drawing stands, with what it shows."""

    title: str


Block = Heading | Paragraph | Points | Grid | Plot


def blocks(facts: Facts, language: str) -> list[Block]:
    """The whole report in this language (en or ru)."""
    words, verdict = WORDS[language], facts.verdict
    answered = verdict["estimate"] is not None
    observed = people(facts.table.observed)
    numbers = (_numbers(verdict) if answered else {}) | {"observed": observed}
    answer = (
        words["answer"].format(**numbers)
        if answered
        else words["none"].format(reason=spoken(verdict["reason"], language))
    )
    told: list[Block] = [
        Heading(words["title"].format(name=facts.table.name), 1),
        Paragraph(answer, strong=True),
        Paragraph(words["observed"].format(records=people(facts.records), lists=facts.table.width, observed=observed)),
    ]
    if facts.links["nameless"]:
        told.append(Paragraph(words["nameless"].format(records=people(facts.links["nameless"]))))
    warnings = [spoken(warning, language) for warning in verdict["warnings"]]
    if answered and not facts.links["reviewed"]:
        warnings = [words["unreviewed short"], *warnings]
    if warnings:
        told += [Heading(words["warnings"]), Points(warnings)]
    if answered:
        told += [Heading(words["may"]), Points([sentence.format(**numbers) for sentence in MAY[language]])]
    told += [Heading(words["may not"]), Points(MAY_NOT[language])]
    told += [Heading(words["plot"]), Plot(words["plot"]), *_overlap(facts.table, language)]
    if answered:
        told += _methods(verdict, language) + _strata(facts, language) + _changed(facts, language)
    return told + _links(facts, language) + _repeat(facts.run, language)


def _overlap(table: Table, language: str) -> list[Block]:
    """The drawing of the lists as a table: who stands on exactly which."""
    words = WORDS[language]
    filled = [code for code in range(1, len(table.cells)) if table.cells[code]]
    rows = []
    for code in sorted(filled, key=lambda one: (-int(table.cells[one]), one)):
        names = [name for i, name in enumerate(table.lists) if code >> i & 1]
        rows.append((" + ".join(names), people(int(table.cells[code]))))
    return [Heading(words["overlap"]), Grid((words["exactly"], words["people"]), rows, 1)]


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plain(part)}" for name, part in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_plain(part) for part in value)
    return str(value)


def _numbers(figures: Mapping[str, Any]) -> dict[str, str]:
    return {key: people(figures[key]) for key in ("estimate", "lo", "hi")}


def _row(label: Sequence[str], figures: Mapping[str, Any]) -> list[str]:
    return [*label, *_numbers(figures).values()]


def _methods(verdict: Mapping[str, Any], language: str) -> list[Block]:
    words = WORDS[language]
    together, apart = _links_right(verdict, language)
    rows = [_row((words["all methods"], ASSUMES[language]["average"]), together)]
    rows += [_row((name, ASSUMES[language][name]), figures) for name, figures in verdict["by_method"].items()]
    return [
        Heading(words["methods"]),
        Paragraph(words["methods how"].format(strata=apart)),
        Grid((words["method"], words["assumes"], words["people"], words["lo"], words["hi"]), rows, 2),
    ]


def _links_right(verdict: Mapping[str, Any], language: str) -> tuple[Mapping[str, Any], str]:
    """The answer that the single methods and changed choices are to be held against, and what it leaves aside."""
    diagnostics = verdict["diagnostics"]
    if "ignoring_strata" in diagnostics:
        return diagnostics["ignoring_strata"], WORDS[language]["without strata"]
    return diagnostics.get("as_linked", verdict), ""


def _strata(facts: Facts, language: str) -> list[Block]:
    words, strata = WORDS[language], facts.verdict["diagnostics"].get("strata")
    if not strata:
        return []
    rows = []
    for row in strata:
        figures = list(_numbers(row).values()) if row["estimate"] is not None else ["\N{EN DASH}"] * 3
        name = words["rest"] if row["name"] == REST else row["name"]
        rows.append([name, people(row["observed"]), *figures])
    ignoring = words["ignoring"].format(**_numbers(facts.verdict["diagnostics"]["ignoring_strata"]))
    told: list[Block] = [
        Heading(words["strata"].format(column=facts.run["strata"])),
        Grid((words["stratum"], words["seen"], words["people"], words["lo"], words["hi"]), rows, 1),
        Paragraph(ignoring),
    ]
    if facts.links["together"]:
        told.append(Paragraph(words["together"].format(names=", ".join(facts.links["together"]))))
    if facts.links["given"]:
        told.append(Paragraph(words["given"].format(people=people(facts.links["given"]))))
    return told


def _changed(facts: Facts, language: str) -> list[Block]:
    words = WORDS[language]
    unchanged, apart = _links_right(facts.verdict, language)
    rows = []
    for row in facts.verdict["diagnostics"]["sensitivity"]:
        if row["estimate"] is None or row["method"] not in ("average", "chapman"):
            continue
        if "left_out" in row:
            label = words["without"].format(name=row["left_out"])
        else:
            bolder = float(row["threshold"]) < facts.links["pair"]
            label = words["bolder" if bolder else "shyer"].format(name=row["threshold"], own=facts.links["pair"])
        if row["method"] == "chapman":
            label += f" ({words['pair']})"
        rows.append(_row((label,), row))
    head = (words["choice"], words["people"], words["lo"], words["hi"])
    if not rows:
        return []
    rows = [_row((words["unchanged"],), unchanged), *rows]
    return [Heading(words["changed"]), Paragraph(words["changed how"].format(strata=apart)), Grid(head, rows, 1)]


def _links(facts: Facts, language: str) -> list[Block]:
    words, links = WORDS[language], facts.links
    key = "reviewed" if links["reviewed"] else "unreviewed"
    told: list[Block] = [Heading(words["links"])]
    told.append(Paragraph(words[key].format(found=links["found"], missed=links["missed"], wrong=links["wrong"])))
    if "as_linked" in facts.verdict.get("diagnostics", {}):
        told.append(Paragraph(words["as linked"].format(**_numbers(facts.verdict["diagnostics"]["as_linked"]))))
    return told


def _repeat(run: Mapping[str, Any], language: str) -> list[Block]:
    words = RUN[language]
    rows = [(words.get(name, name), _plain(value)) for name, value in run.items() if value is not None]
    return [
        Heading(WORDS[language]["repeat"]),
        Paragraph(WORDS[language]["repeat how"]),
        Grid((words["part"], words["value"]), rows),
    ]
