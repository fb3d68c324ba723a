"""Tables of lists for tests, and the published ones with their figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from kunak.count.estimate import Question, Table, read
from kunak.count.estimate.latent_class import Effort as Chains
from kunak.count.estimate.methods import Effort
from kunak.count.estimate.rasch import Effort as RaschEffort

# Enough to run through every method; not enough for a figure that anybody may quote.
BRIEF = Effort(30, Chains(chains=4, kept=60, thinning=1, rounds=1), RaschEffort(chains=6, burned=30, kept=30))
PUBLISHED = Path(__file__).parents[1] / "vectors" / "counting" / "published.json"


def published() -> list[dict[str, Any]]:
    """Every published table, with its figures and their sources."""
    return list(json.loads(PUBLISHED.read_text(encoding="utf-8"))["tables"])


def figures(method: str) -> list[Any]:
    """Every (table, published figure) of a method, named for pytest."""
    import pytest  # noqa: PLC0415 - this file is also read by the benchmark, which has no pytest

    return [
        pytest.param(one["name"], figure, id=f"{one['name']}-{figure.get('estimate', '')}")
        for one in published()
        for figure in one["published"]
        if figure["method"] == method
    ]


def table_of(name: str) -> Table:
    """The published table of this name."""
    return ask(next(one for one in published() if one["name"] == name)).table


def ask(asked: Mapping[str, Any]) -> Question:
    """The question of this JSON."""
    return read(json.dumps(asked))


def from_patterns(**counts: int) -> Table:
    """A table from keywords: `from_patterns(p100=5, p111=2)`."""
    rows = [[pattern[1:], count] for pattern, count in counts.items()]
    width = len(str(rows[0][0]))
    return ask({"lists": [f"list {i}" for i in range(width)], "table": rows}).table


def random_table(width: int, seed: int, people: int = 400) -> Table:
    """A table of independent lists with unlike rates."""
    random = np.random.default_rng(seed)
    on = random.random((people, width)) < random.uniform(0.1, 0.5, width)
    codes = on @ (1 << np.arange(width))
    cells = np.bincount(codes, minlength=2**width)
    cells[0] = 0
    return Table(tuple(f"list {i}" for i in range(width)), cells.astype(np.int64))
