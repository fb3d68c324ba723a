"""What we know of names, in files that a speaker of the language can correct: given.csv, places.csv, letters.toml,
words.toml; and what the model has learnt and how it explains itself: model.toml, explain.toml.

In: nothing. Out: the tables as they stand in the files; `linkage.knowledge` makes them ready to use.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Tables:
    """The files, read."""

    letters: dict[str, dict[str, str]]
    given: list[dict[str, str]]
    places: list[dict[str, str]]
    words: dict[str, Any]
    model: dict[str, Any]
    phrases: dict[str, dict[str, list[str]]]


def read_tables() -> Tables:
    """Read every file of this folder."""
    folder = files(__name__)

    def toml(name: str) -> dict[str, Any]:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))

    def table(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader((folder / name).read_text(encoding="utf-8").splitlines()))

    return Tables(
        toml("letters.toml"),
        table("given.csv"),
        table("places.csv"),
        toml("words.toml"),
        toml("model.toml"),
        toml("explain.toml"),
    )
