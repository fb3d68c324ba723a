"""What the report says, block by block, whatever it is printed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kunak.count.estimate.told import Told, people
from kunak.count.report.words import ASSUMES, MAY, MAY_NOT, WORDS


@dataclass(frozen=True)
class Facts:
    """A verdict and what it was made of."""

    name: str
    records: int
    verdict: Mapping[str, Any]
    links: Mapping[str, Any]  # found, missed, wrong, reviewed, pair
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


@dataclass(frozen=True)
class Grid:
    """A table."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Plot:
    """Where the drawing stands, with what it shows."""

    title: str


Block = Heading | Paragraph | Points | Grid | Plot


def blocks(facts: Facts, language: str) -> list[Block]:
    """The whole report in this language (en or ru)."""
    words, verdict = WORDS[language], facts.verdict
    answered = verdict["estimate"] is not None
    diagnostics = verdict.get("diagnostics", {})
    observed = diagnostics.get("observed", verdict.get("observed", 0))
    numbers = _numbers(verdict) | {"observed": people(observed)} if answered else {"observed": people(observed)}
    lists = len(facts.run["lists"])
    answer = (
        words["answer"].format(**numbers)
        if answered
        else words["none"].format(reason=_say(verdict["reason"], language))
    )
    told: list[Block] = [
        Heading(words["title"].format(name=facts.name), 1),
        Paragraph(answer, strong=True),
        Paragraph(words["observed"].format(records=people(facts.records), lists=lists, observed=people(observed))),
    ]
    if verdict["warnings"]:
        told += [Heading(words["warnings"]), Points([_say(warning, language) for warning in verdict["warnings"]])]
    told += [Heading(words["plot"]), Plot(words["plot"])]
    if answered:
        told += _methods(verdict, language) + _changed(facts, language)
    told += _links(facts, language)
    if answered:
        told += [Heading(words["may"]), Points([sentence.format(**numbers) for sentence in MAY[language]])]
    told += [Heading(words["may not"]), Points(MAY_NOT[language])]
    run = [(name, _plain(value)) for name, value in facts.run.items()]
    return [*told, Heading(words["repeat"]), Grid(("", ""), run)]


def _say(sentence: object, language: str) -> str:
    return sentence.russian if language == "ru" and isinstance(sentence, Told) else str(sentence)


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
    rows = [_row((name, ASSUMES[language][name]), figures) for name, figures in verdict["by_method"].items()]
    return [
        Heading(words["methods"]),
        Grid((words["method"], words["assumes"], words["people"], words["lo"], words["hi"]), rows),
    ]


def _changed(facts: Facts, language: str) -> list[Block]:
    words = WORDS[language]
    rows = []
    for row in facts.verdict["diagnostics"]["sensitivity"]:
        if row["estimate"] is None or row["method"] not in ("average", "chapman"):
            continue
        if "left_out" in row:
            label = words["without"].format(name=row["left_out"])
        else:
            label = words["threshold"].format(name=row["threshold"], own=facts.links["pair"])
        if row["method"] == "chapman":
            label += f" ({words['pair']})"
        rows.append(_row((label,), row))
    head = (words["choice"], words["people"], words["lo"], words["hi"])
    return [Heading(words["changed"]), Grid(head, rows)] if rows else []


def _links(facts: Facts, language: str) -> list[Block]:
    words, links = WORDS[language], facts.links
    key = "reviewed" if links["reviewed"] else "unreviewed"
    told: list[Block] = [Heading(words["links"])]
    told.append(Paragraph(words[key].format(found=links["found"], missed=links["missed"], wrong=links["wrong"])))
    if "as_linked" in facts.verdict.get("diagnostics", {}):
        told.append(Paragraph(words["as linked"].format(**_numbers(facts.verdict["diagnostics"]["as_linked"]))))
    return told
