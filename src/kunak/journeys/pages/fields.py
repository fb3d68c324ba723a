"""The fields of the room's forms: what each is called, what may stand in it, and how a value stands in the form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kunak.journeys.reckoning.days import text_of
from kunak.journeys.reckoning.scenario import LARGEST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


def shown_all(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: field.shown(values.get(field.name)) for field in fields}
