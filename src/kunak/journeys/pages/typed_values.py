"""What was typed into a field becomes a value, or a sentence that says what to mend; and is shown again as it was typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kunak.frame.words import mark
from kunak.journeys.known.events import Paper
from kunak.journeys.reckoning.days import day_of
from kunak.journeys.reckoning.pseudonyms import CONTACT, betrays, reaches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kunak.frame.form import Form

    from .fields import Field

LONGEST = 2_000  # letters of a text
LONGEST_NAME = 60
MOST_DIGITS = 13
MOST_ROWS = 24

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


def _name(field: Field, form: Form) -> str:
    value = " ".join(form[field.name].split())
    if not value and not field.optional:
        raise Wrong(EMPTY)
    if len(value) > LONGEST_NAME:
        raise Wrong(TOO_LONG)
    if field.blind and (sentence := betrays(value)):
        raise Wrong(sentence)
    return value


def _text(field: Field, form: Form) -> str:
    value = form[field.name].strip()[:LONGEST]
    if field.blind and reaches(value):
        raise Wrong(CONTACT)
    return value


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
    for row in range(MOST_ROWS):
        doc = " ".join(form[f"{field.name}-doc-{row}"].split())
        since, until = (_row_day(form[f"{field.name}-{part}-{row}"]) for part in ("since", "until"))
        if not doc and since is None and until is None:
            continue
        if not doc:
            raise Wrong(WHICH_PAPER)
        if len(doc) > LONGEST_NAME:
            raise Wrong(TOO_LONG)
        if field.blind and reaches(doc):
            raise Wrong(CONTACT)
        if since is not None and until is not None and until < since:
            raise Wrong(LAST_BEFORE_FIRST)
        found.append(Paper(doc, since, until))
    return found


def _levels(field: Field, form: Form) -> list[tuple[int, int]]:
    found: dict[int, int] = {}
    for row in range(MOST_ROWS):
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


READERS = {
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
            values[field.name] = READERS[field.kind](field, form)
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
