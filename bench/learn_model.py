"""Learn the weights of names/model.toml from invented lists whose truth is known.

python bench/learn_model.py [--people 12000] [--seeds 101 102 103 104]      prints the [weights] tables
The chance of a level among pairs of one person is counted over all such pairs; among pairs of two people over pairs
drawn at random. Levels whose weight depends on how frequent the shared value is take that from the lists themselves.
"""

from __future__ import annotations

import argparse
import collections
import random
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bench.invented import write
from kunak.count.engine import compare_on_duckdb
from kunak.count.linkage import decide, prepare
from kunak.count.linkage.explain import fate_of
from kunak.count.linkage.scoring import CONDITIONS, settings
from kunak.count.linking import know_names
from kunak.count.lists import read_lists, read_truth

_PAIRS_AT_RANDOM = 700_000  # a file; the engine is given little memory
# Invented lists never err in all the ways in which real ones do: no level is ruled out.
_LEAST = 0.02


def count_levels(folder: Path, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """How often each level occurs among pairs of one person and among pairs of two."""
    known, tables = know_names()
    records = read_lists(folder / "records.csv")
    person = read_truth(folder / "truth.csv")
    prepared = prepare(records, known, tables.model, dialect="duckdb", decided=frozenset(r.record_id for r in records))
    people = [person[records[m[0]].record_id] for m in prepared.members]
    draw = random.Random(seed)
    buckets = max(1, len(people) ** 2 // 2 // _PAIRS_AT_RANDOM)
    table = dict(prepared.columns) | {"person": people, "bucket": [draw.randrange(buckets) for _ in people]}
    counts = []
    # any weights will do to count by, if no two levels of a comparison weigh the same
    apart = {name: {x: (0.5, 0.5 / 2 ** (i + 1)) for i, x in enumerate(levels)} for name, levels in CONDITIONS.items()}
    for rule in ("l.person = r.person", "l.bucket = r.bucket and l.person <> r.person"):
        model = settings({"weights": apart}, "duckdb", people=len(people), day_chance=0.001, rules=[rule])
        found = compare_on_duckdb(table, model, prepared.frequencies, at_least=-1000)
        counts.append(
            {name: np.bincount(levels, minlength=len(CONDITIONS[name])) for name, levels in found.levels.items()}
        )
    return counts[0], counts[1]


def main(people: int, seeds: list[int]) -> None:
    """Print the tables of weights."""
    one: dict[str, Any] = collections.defaultdict(int)
    two: dict[str, Any] = collections.defaultdict(int)
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), people, seed)
            found = count_levels(Path(folder), seed)
        for total, counts in zip((one, two), found, strict=True):
            for name, levels in counts.items():
                total[name] = total[name] + levels
    for total in (one, two):  # one level in two ways of counting its frequency
        places = [list(CONDITIONS["given"]).index(level) for level in ("among", "same")]
        total["given"][places] = total["given"][places].sum()
    for name, levels in CONDITIONS.items():
        print(f"[weights.{name}]")
        rows = [(i, level) for i, level in enumerate(levels) if level != "none"]
        sums = [sum(t[name][i] + 0.5 for i, _ in rows) for t in (one, two)]
        for i, level in rows:
            m, u = ((t[name][i] + 0.5) / s for t, s in zip((one, two), sums, strict=True))
            m = max(m, _LEAST if level == "other" else _LEAST / 10)
            print(f"{level} = [{m:.2g}, {u:.2g}]")
        print()


def fates(folder: Path) -> dict[str, list[tuple[float, bool]]]:
    """The weight and the truth of every scored pair, by what became of it."""
    known, tables = know_names()
    records = read_lists(folder / "records.csv")
    person = read_truth(folder / "truth.csv")
    prepared = prepare(records, known, tables.model, dialect="duckdb")
    people = [person[records[m[0]].record_id] for m in prepared.members]
    scored = compare_on_duckdb(prepared.columns, prepared.settings, prepared.frequencies, at_least=-6)
    fate = decide(prepared, scored.pairs(), tables.model).fate
    found: dict[str, list[tuple[float, bool]]] = collections.defaultdict(list)
    for a, b, weight in scored.pairs():
        together, why = fate.of(a, b, weight)
        found[fate_of(why, together=together)].append((weight, people[a] == people[b]))
    return found


def fit(pairs: list[tuple[float, bool]]) -> tuple[float, float]:
    """Slope and start of the logistic curve through weights and truths, by Newton's steps."""
    x = np.array([[w, 1.0] for w, _ in pairs])
    y = np.array([float(same) for _, same in pairs])
    beta = np.zeros(2)
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ beta))
        # one pair of each kind at weight nought keeps the curve finite where all pairs are true
        pull = np.array([0.0, 0.5]) * (0.5 - 1 / (1 + np.exp(-beta[1])))
        spread = x.T @ (x * (p * (1 - p))[:, None]) + np.diag([1e-3, 0.25])
        beta += np.linalg.solve(spread, x.T @ (y - p) + pull - np.array([1e-3, 0]) * beta)
    return float(beta[0]), float(beta[1])


def learn_probability(sizes: list[int]) -> None:
    """Print the table [probability], and how well it keeps its word on lists that it has not seen."""
    gathered: dict[str, list[tuple[float, bool]]] = collections.defaultdict(list)
    fresh: dict[str, list[tuple[float, bool]]] = collections.defaultdict(list)
    for seed in range(len(sizes) * 2):
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), sizes[seed // 2], 700 + seed)
            for kind, pairs in fates(Path(folder)).items():
                (fresh if seed % 2 else gathered)[kind] += pairs
    print("[probability]")
    curves = {kind: fit(gathered[kind]) for kind in ("together", "weak", "rival", "contradiction", "opposed")}
    for kind, (slope, start) in curves.items():
        print(f"{kind} = [{slope:.3f}, {start:.2f}]")
    bins: dict[int, list[tuple[float, bool]]] = collections.defaultdict(list)
    for kind, pairs in fresh.items():
        for weight, same in pairs:
            chance = float(1 / (1 + np.exp(-(curves[kind][0] * weight + curves[kind][1]))))
            bins[min(int(chance * 10), 9)].append((chance, same))
    for tenth, told in sorted(bins.items()):
        said, was = np.mean([c for c, _ in told]), np.mean([s for _, s in told])
        print(f"# told {said:.3f}, was {was:.3f} ({len(told)} pairs, tenth {tenth})")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=12_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[101, 102, 103, 104])
    parser.add_argument("--probability", action="store_true", help="learn the table [probability] instead")
    asked = parser.parse_args()
    if asked.probability:
        learn_probability([1_000, 4_000, 8_000])
    else:
        main(asked.people, asked.seeds)
