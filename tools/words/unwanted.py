"""Words that must not stand in a code, whoever reads it over a shoulder: read from `unwanted_<language>.txt`."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent


class Unwanted:
    """`stem*` takes every word that begins so, a plain word only itself, and `word!` keeps one that a stem would take."""

    def __init__(self, language: str) -> None:
        lines = (FOLDER / f"unwanted_{language}.txt").read_text("utf-8").splitlines()
        marks = {mark for line in lines for mark in line.partition("#")[0].split()}
        self._kept = {mark[:-1] for mark in marks if mark.endswith("!")}
        self._stems = {mark[:-1] for mark in marks if mark.endswith("*")}
        self._words = {mark for mark in marks if mark[-1] not in "!*"}

    def __contains__(self, word: str) -> bool:
        if word in self._kept:
            return False
        return word in self._words or any(word[:end] in self._stems for end in range(1, len(word) + 1))
