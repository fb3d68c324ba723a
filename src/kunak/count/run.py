"""The run record: what somebody needs to get the same digits again, and whether a record belongs to these files."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kunak import __version__
from kunak.count.complaints import bad, unusable
from kunak.count.counting import MOST_LISTS
from kunak.count.estimate import Question

PARTS = ("numpy", "scipy", "splink", "duckdb", "pymorphy3", "typst")


@dataclass(frozen=True)
class Asked:
    """What `kunak count` was asked."""

    lists: Path
    decisions: Path | None = None
    reviewed: Path | None = None
    strata: str | None = None
    seed: int = 1

    def files(self) -> dict[str, Path]:
        """The files that came in, by their part."""
        named = {"lists": self.lists, "decisions": self.decisions, "reviewed": self.reviewed}
        return {name: path for name, path in named.items() if path is not None}


def run_record(asked: Asked, question: Question, settings: Mapping[str, object]) -> dict[str, object]:
    """The inputs' SHA-256, versions, seed and settings."""
    return {
        "inputs": hashes(asked),
        "versions": versions(),
        "seed": asked.seed,
        "strata": asked.strata,
        "lists": list(question.table.lists),
        "settings": {
            "thresholds": [table.name for table in question.thresholds], "most_lists": MOST_LISTS, **settings,
        },
    }  # fmt: skip


def hashes(asked: Asked) -> dict[str, str]:
    """The SHA-256 of every file that came in."""
    try:
        return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in asked.files().items()}
    except OSError as error:
        raise unusable("unreadable", asked.lists, error) from error


def versions() -> dict[str, str]:
    """Our own version and those of the parts that the digits hang on."""
    return {"kunak": __version__, "python": platform.python_version()} | {part: version(part) for part in PARTS}


def as_in(record: Path, asked: Asked) -> Asked:
    """The same question with seed and strata of a run record. Raises BadInputError where it is of other files or versions."""
    try:
        run: Any = json.loads(record.read_text(encoding="utf-8"))
    except OSError as error:
        raise unusable("unreadable", record, error) from error
    except ValueError as error:
        raise bad("not a run", file=record.name) from error
    if not isinstance(run, dict) or not {"inputs", "versions", "seed"} <= set(run):
        raise bad("not a run", file=record.name)
    for then, now in ((run["inputs"], hashes(asked)), (run["versions"], versions())):
        for name in sorted({*then, *now}):
            if then.get(name) != now.get(name):
                told = [str(one.get(name, "\N{EN DASH}"))[:16] for one in (then, now)]
                raise bad("not the run", file=record.name, what=name, then=told[0], now=told[1])
    return replace(asked, seed=run["seed"], strata=run.get("strata"))
