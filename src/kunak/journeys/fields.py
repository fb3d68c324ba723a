"""The fields of the room's forms: how a value stands in a form, and how what was typed becomes a value, or a sentence to mend it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kunak.frame.words import mark

from .days import day_of, text_of
from .events import Paper
from .scenario import LARGEST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kunak.frame.form import Form

KINDS = Literal[
    "name", "text", "whole", "choice", "words", "day", "days", "yes", "numbers", "ways", "papers", "levels", "steps"
]
LONGEST = 2_000  # letters of a text
LONGEST_NAME = 60
MOST_DIGITS = 13

EMPTY = mark("This must not be empty.")
WHOLE = mark("Write a whole number, 0 or more.")
AT_LEAST_ONE = mark("Write a whole number, 1 or more.")
CHOOSE = mark("Choose one of the list.")
DAY = mark("Write a day like 2017-04-02.")
DAYS = mark("Write days like 2017-04-02, with spaces between them.")
NUMBERS = mark("Write whole numbers with spaces between them, like 2 3 3.")
TOO_LONG = mark("This is too long for a name: 60 letters at the most.")
TOO_MUCH = mark("This number is larger than anybody can mean here. Write a smaller one.")
WHICH_PAPER = mark("Write which document it is, or empty its days.")
LEVEL = mark("A level of danger is a number from 0 to 4, from a day on.")
STEPS = mark("Write one line for each change: a day and the points a night, like 2017-04-02 60.")
LAST_BEFORE_FIRST = mark("The last day lies before the first.")


class Wrong(Exception):
    """What was typed is no value; `sentence` says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Field:
    """One field. `options`: values to choose from, or to suggest, with their words; `optional`: may stay empty; `least`: the smallest
    number that is meant, `most` the largest; `said`: the words of `options` are ours, and shown alone; `group`: the heading under which
    it stands, `folded` if that is closed while it is empty."""

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
        return _READERS[self.kind](self, form)


def _name(field: Field, form: Form) -> str:
    value = " ".join(form[field.name].split())
    if not value and not field.optional:
        raise Wrong(EMPTY)
    if len(value) > LONGEST_NAME:
        raise Wrong(TOO_LONG)
    return value


def _text(field: Field, form: Form) -> str:
    return form[field.name].strip()[:LONGEST]


def _whole(field: Field, form: Form) -> int | None:
    text = form[field.name].strip()
    if not text and field.optional:
        return None
    if re.fullmatch("[0-9]+", text) and (len(text) > MOST_DIGITS or int(text) > field.most):
        raise Wrong(TOO_MUCH)
    if not re.fullmatch("[0-9]{1,13}", text) or int(text) < field.least:
        raise Wrong(AT_LEAST_ONE if field.least else WHOLE)
    return int(text)


def _choice(field: Field, form: Form) -> str | None:
    value = form[field.name]
    if not value and field.optional:
        return None
    if value not in {name for name, _ in field.options}:
        raise Wrong(CHOOSE)
    return value


def _words(field: Field, form: Form) -> list[str] | None:
    """Boxes that were ticked, and what was typed beside them."""
    ticked = [name for name, _ in field.options if form[f"{field.name}-{name}"]]
    typed = [" ".join(word.split())[:LONGEST_NAME] for word in re.split("[,\n]", form[field.name])]
    found = list(dict.fromkeys([*ticked, *(word for word in typed if word)]))
    return sorted(found) if found or not field.optional else None


def _day(field: Field, form: Form) -> int | None:
    text = form[field.name].strip()
    if not text and field.optional:
        return None
    day = day_of(text)
    if day is None or day < 0:
        raise Wrong(DAY)
    return day


def _days(field: Field, form: Form) -> list[int]:
    found = [day_of(each) for each in form[field.name].replace(",", " ").split()]
    if any(day is None or day < 0 for day in found):
        raise Wrong(DAYS)
    return sorted({day for day in found if day is not None})


def _yes(field: Field, form: Form) -> bool:
    return bool(form[field.name])


def _numbers(field: Field, form: Form) -> list[int] | None:
    parts = form[field.name].replace(",", " ").split()
    if not parts and field.optional:
        return None
    if not parts or not all(re.fullmatch("[0-9]+", each) for each in parts):
        raise Wrong(NUMBERS)
    if any(len(each) > MOST_DIGITS or int(each) > field.most for each in parts):
        raise Wrong(TOO_MUCH)
    return [int(each) for each in parts]


def _ways(field: Field, form: Form) -> list[list[str]]:
    """One alternative a line, its documents with commas between them."""
    lines = [[" ".join(word.split()) for word in line.split(",")] for line in form[field.name].splitlines()]
    return [sorted({word for word in line if word}) for line in lines if any(line)]


def _papers(field: Field, form: Form) -> list[Paper]:
    found = []
    for row in range(_MOST_ROWS):
        doc = " ".join(form[f"{field.name}-doc-{row}"].split())
        since, until = (_row_day(form[f"{field.name}-{part}-{row}"]) for part in ("since", "until"))
        if not doc and since is None and until is None:
            continue
        if not doc:
            raise Wrong(WHICH_PAPER)
        if len(doc) > LONGEST_NAME:
            raise Wrong(TOO_LONG)
        if since is not None and until is not None and until < since:
            raise Wrong(LAST_BEFORE_FIRST)
        found.append(Paper(doc, since, until))
    return found


def _levels(field: Field, form: Form) -> list[tuple[int, int]]:
    found: dict[int, int] = {}
    for row in range(_MOST_ROWS):
        level, since = form[f"{field.name}-level-{row}"].strip(), _row_day(form[f"{field.name}-since-{row}"])
        if not level and since is None:
            continue
        if level not in {"0", "1", "2", "3", "4"}:
            raise Wrong(LEVEL)
        found[since or 0] = int(level)
    steps = sorted(found.items())
    # The first level holds from always, whatever day was written beside it.
    return [(0, steps[0][1]), *steps[1:]] if steps else []


def _steps(field: Field, form: Form) -> list[tuple[int, int]] | None:
    found: dict[int, int] = {}
    for line in form[field.name].splitlines():
        if not line.strip():
            continue
        parts = line.split()
        day = day_of(parts[0]) if len(parts) == 2 else None  # noqa: PLR2004 - a day and its points
        if day is None or not re.fullmatch("[0-9]{1,9}", parts[1]):
            raise Wrong(STEPS)
        found[day] = int(parts[1])
    if not found and not field.optional:
        raise Wrong(STEPS)
    return sorted(found.items()) or None


def _row_day(text: str) -> int | None:
    day = day_of(text) if text.strip() else None
    if text.strip() and (day is None or day < 0):
        raise Wrong(DAY)
    return day


_MOST_ROWS = 24
_READERS = {
    "name": _name,
    "text": _text,
    "whole": _whole,
    "choice": _choice,
    "words": _words,
    "day": _day,
    "days": _days,
    "yes": _yes,
    "numbers": _numbers,
    "ways": _ways,
    "papers": _papers,
    "levels": _levels,
    "steps": _steps,
}


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
    rows = [tuple(form[f"{field.name}-{part}-{row}"] for part in parts) for row in range(_MOST_ROWS)]
    return [row for row in rows if any(row)]


def shown_all(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: field.shown(values.get(field.name)) for field in fields}
