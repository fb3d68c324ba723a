"""The fields of the room's forms: how a value stands in a form, and how what was typed becomes a value, or a sentence to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kunak.journeys.reckoning.days import text_of
from kunak.journeys.reckoning.scenario import LARGEST

from .typed_values import MOST_ROWS, READERS, Wrong

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kunak.frame.form import Form

KINDS = Literal[
    "name", "text", "whole", "choice", "words", "day", "days", "yes", "numbers", "ways", "papers", "levels", "steps"
]


@dataclass(frozen=True)
class Field:
    """One field. `options`: values to choose from, or to suggest, with their words; `optional`: may stay empty; `least`: the smallest
    number that is meant, `most` the largest; `said`: the words of `options` are ours, and shown alone; `group`: the heading under which
    it stands, `folded` if that is closed while it is empty; `blind`: for those who must not
    learn who somebody is, nor how to reach them (pseudonyms.py)."""

    name: str
    kind: KINDS
    label: str
    hint: str = ""
    options: Sequence[tuple[str, str]] = ()
    optional: bool = False
    least: int = 0
    group: str = ""
    most: int = LARGEST
    said: bool = False
    folded: bool = False
    blind: bool = False

    def shown(self, value: Any) -> Any:  # noqa: PLR0911 - one answer a kind
        """The value as the form shows it."""
        if value is None or value == "":
            return [] if self.kind in ("papers", "levels") else ""
        match self.kind:
            case "day":
                return text_of(value)
            case "days":
                return " ".join(map(text_of, value))
            case "numbers":
                return " ".join(map(str, value))
            case "ways":
                return "\n".join(", ".join(each) for each in value)
            case "steps":
                return "\n".join(f"{text_of(day)} {points}" for day, points in value)
            case "papers":
                return [(paper.doc, text_of(paper.since), text_of(paper.until)) for paper in value]
            case "levels":
                return [(text_of(day or None), str(level)) for day, level in value]
            case _:
                return value

    def read(self, form: Form) -> Any:
        """The value that was typed. Raises Wrong."""
        return READERS[self.kind](self, form)


def read_all(fields: Sequence[Field], form: Form) -> tuple[dict[str, Any], dict[str, str]]:
    """Values of all fields that are sound, and a sentence for each that is not."""
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field in fields:
        try:
            values[field.name] = field.read(form)
        except Wrong as why:
            wrong[field.name] = why.sentence
    return values, wrong


def typed_again(fields: Sequence[Field], form: Form) -> dict[str, Any]:
    """What was typed, to be shown in the form once more: nothing is typed twice."""
    found: dict[str, Any] = {}
    for field in fields:
        match field.kind:
            case "yes":
                found[field.name] = bool(form[field.name])
            case "words":
                found[field.name] = [name for name, _ in field.options if form[f"{field.name}-{name}"]] + [
                    word.strip() for word in form[field.name].split(",") if word.strip()
                ]
            case "papers":
                found[field.name] = _rows(field, form, ("doc", "since", "until"))
            case "levels":
                found[field.name] = _rows(field, form, ("since", "level"))
            case _:
                found[field.name] = form[field.name]
    return found


def _rows(field: Field, form: Form, parts: Sequence[str]) -> list[tuple[str, ...]]:
    rows = [tuple(form[f"{field.name}-{part}-{row}"] for part in parts) for row in range(MOST_ROWS)]
    return [row for row in rows if any(row)]


def shown_all(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: field.shown(values.get(field.name)) for field in fields}
