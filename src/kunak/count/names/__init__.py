"""What we know of names, in files that a speaker of the language can correct: given.csv, places.csv, letters.toml,
words.toml; and what the model has learnt and how it explains itself: model.toml, explain.toml.

In: nothing, or a folder with corrected files. Out: the tables as they stand in the files, or a WrongLine that names the
file and the line; `linkage.knowledge` makes them ready to use. How to correct one: docs/names.md.
"""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

GIVEN, PLACES = ("name", "sex", "variants", "short"), ("place", "variants", "kind")
SOUNDS = frozenset("aeioubvgdklmnprstfhCS")
_NO_LETTER = re.compile(r"[^\w\s'’.\-]")
_TOML_LINE = re.compile(r"at line (\d+)")


class WrongLine(ValueError):
    """A line of a file that cannot be used: the file, the line, the key of a sentence of count/complaints.py, and what stands there."""

    def __init__(self, file: str, line: int, key: str, text: str = "") -> None:
        super().__init__(f"{file}, line {line}: {key} {text}")
        self.file, self.line, self.key, self.text = file, line, key, text


@dataclass(frozen=True)
class Tables:
    """The files, read."""

    letters: dict[str, dict[str, str]]
    given: list[dict[str, str]]
    places: list[dict[str, str]]
    words: dict[str, Any]
    model: dict[str, Any]
    phrases: dict[str, dict[str, list[str]]]


def read_tables(own: Path | None = None) -> Tables:
    """Read every file of this folder; one of the same name in the folder `own` is read instead. Raises WrongLine."""

    def text(name: str) -> str:
        corrected = own / name if own else None
        source = corrected if corrected and corrected.is_file() else files(__name__) / name
        try:
            return source.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise WrongLine(name, line, "names not utf-8") from error

    def toml(name: str) -> dict[str, Any]:
        try:
            return tomllib.loads(text(name))
        except tomllib.TOMLDecodeError as error:
            found = _TOML_LINE.search(str(error))
            raise WrongLine(name, int(found.group(1)) if found else 1, "names not toml", str(error)) from error

    letters = text("letters.toml")
    found = {name: toml(name) for name in ("letters.toml", "words.toml", "model.toml", "explain.toml")}
    _check_sounds(found["letters.toml"], letters)
    for name, parts in found.items():
        installed = tomllib.loads((files(__name__) / name).read_text(encoding="utf-8"))
        _check_parts(name, parts, installed, text(name))
    return Tables(
        found["letters.toml"], _rows("given.csv", text("given.csv"), GIVEN), _rows("places.csv", text("places.csv"), PLACES),
        found["words.toml"], found["model.toml"], found["explain.toml"],
    )  # fmt: skip


def _rows(name: str, text: str, head: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a table, each line looked at. Lines that begin with # are remarks."""
    rows: list[dict[str, str]] = []
    first: dict[str, int] = {}
    for line, written in enumerate(text.splitlines(), start=1):
        if not written.strip() or written.startswith("#"):
            continue
        fields = [field.strip() for field in next(csv.reader([written]))]
        if not first:
            if tuple(fields) != head:
                raise WrongLine(name, line, "names head", ",".join(head))
            first[""] = line
            continue
        row = _row(name, line, dict(zip(head, fields, strict=False)), len(fields), head)
        known = row[head[0]]
        if known in first:
            raise WrongLine(name, line, "names twice", f"{known}, {first[known]}")
        first[known] = line
        rows.append(row)
    return rows


def _row(name: str, line: int, row: dict[str, str], count: int, head: tuple[str, ...]) -> dict[str, str]:
    if count != len(head):
        raise WrongLine(name, line, "names fields", f"{count}, {len(head)}")
    if not row[head[0]]:
        raise WrongLine(name, line, "names empty")
    if row.get("sex", "m") not in {"m", "f"}:
        raise WrongLine(name, line, "names sex", row["sex"])
    for form in (row[head[0]], row["variants"], row.get("short", "")):
        if strange := _NO_LETTER.search(form):
            raise WrongLine(name, line, "names letter", strange.group())
    return row


def _check_parts(name: str, found: dict[str, Any], installed: dict[str, Any], text: str) -> None:
    """Every table of the installed file is there, with the same keys (letters may come and go) and the same kind of values."""
    for table, entries in installed.items():
        line = text.partition(f"[{table}]")[0].count("\n") + 1
        if not isinstance(found.get(table), dict):
            raise WrongLine(name, 1, "names part", f"[{table}]")
        for key, value in entries.items() if name != "letters.toml" else ():
            there = found[table].get(key)
            if isinstance(value, dict):  # [weights.surname]
                _check_parts(name, {key: there}, {key: value}, text.replace(f"[{table}.", "["))
            elif not _alike(there, value):
                raise WrongLine(name, line, "names part", f"[{table}] {key}")


def _alike(found: object, value: object) -> bool:
    """Whether this is of the same kind: a text, a number, texts, or as many numbers."""
    if not isinstance(value, list):
        return isinstance(found, str if isinstance(value, str) else int | float)
    if not isinstance(found, list) or not found:
        return False
    if isinstance(value[0], str):
        return all(isinstance(one, str) for one in found)
    return len(found) == len(value) and all(isinstance(one, int | float) for one in found)


def _check_sounds(letters: dict[str, dict[str, str]], text: str) -> None:
    marks = {"certain", "sure", "likely"}
    for school, table in letters.items():
        inside = text.partition(f"[{school}]")[0].count("\n") + 1
        if not isinstance(table, dict):
            raise WrongLine("letters.toml", 1, "names part", f"[{school}]")
        for letter, sounds in table.items():
            line = next(
                (at for at, w in enumerate(text.splitlines(), start=1) if at > inside and w.startswith((f'"{letter}"', f"{letter} ="))),
                inside,
            )  # fmt: skip
            if not isinstance(sounds, str):
                raise WrongLine("letters.toml", line, "names part", f"[{school}] {letter}")
            if letter in marks:
                try:
                    re.compile(sounds)
                except re.error as error:
                    raise WrongLine("letters.toml", line, "names pattern", str(error)) from error
            elif strange := set(sounds) - SOUNDS:
                raise WrongLine("letters.toml", line, "names sound", "".join(sorted(strange)))
