"""Measure the linkage on invented lists: Splink on raw strings and on the skeleton, and `kunak link`, in the same run.

`make bench` runs two sizes; python -m bench.linkage --people 86000 860000 --only kunak runs what takes minutes.

The first two are what Splink gives on its own: Jaro-Winkler on names as they are written, then on one skeleton of each
name, weights by Splink's EM, connected components at probability .9. Seconds are of the processor, not of the clock.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import logging
import resource
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from bench.invented import ELSEWHERE, HERE, Hand, write
from bench.table import Row
from kunak.count.linkage.reading import Record, read_record
from kunak.count.linking import know_names, link_lists
from kunak.count.lists import read_clusters, read_lists, read_truth

Columns = dict[str, str | int | None]


def plain_splink(rows: list[Columns]) -> dict[str, str]:
    """Splink as its manual begins: Jaro-Winkler on two names, exact on the rest, EM, connected components."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    names = ("first", "second")
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            *(cl.JaroWinklerAtThresholds(n, [0.92, 0.8]).configure(term_frequency_adjustments=True) for n in names),
            cl.ExactMatch("born"),
            cl.ExactMatch("place"),
            cl.ExactMatch("day"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("first", "second"),
            block_on("second", "born"),
            block_on("second", "place"),
            block_on("first", "day"),
            block_on("first", "place"),
        ],
        unique_id_column_name="record_id",
    )
    api = DuckDBAPI()
    columns = {key: [r[key] for r in rows] for key in rows[0]}
    linker = Linker(api.register(columns, table_name="rows"), settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match([block_on("first", "second", "born")], recall=0.1)
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("second", "place"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("first", "born"))
    found = linker.inference.predict(threshold_match_probability=0.9)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(found, threshold_match_probability=0.9)
    return {str(r["record_id"]): str(r["cluster_id"]) for r in clusters.as_record_list()}


def on_raw_strings(folder: Path) -> dict[str, str]:
    """The names as they are written, the first word and the second."""
    return plain_splink([_raw(r) for r in read_lists(folder / "records.csv")])


def _raw(record: Record) -> Columns:
    words = [*record.full_name.lower().split(), "", ""]
    return {
        "record_id": record.record_id, "first": words[0] or None, "second": words[1] or None,
        "born": record.birth_year or None, "place": record.place or None, "day": record.event_date or None,
    }  # fmt: skip


def on_the_skeleton(folder: Path) -> dict[str, str]:
    """Our readings of names, places and dates, without our model of kin, namesakes and slips."""
    known, _ = know_names()
    rows: list[Columns] = []
    for record in read_lists(folder / "records.csv"):
        reading = read_record(record, known)
        rows.append(
            {
                "record_id": record.record_id, "first": reading.name.given.name or None,
                "second": reading.name.surname or None, "born": str(reading.born or reading.born_about() or "") or None,
                "place": reading.place or None, "day": reading.day.ordinal() or None,
            }
        )  # fmt: skip
    return plain_splink(rows)


def ours(folder: Path) -> dict[str, str]:
    """`kunak link`."""
    link_lists(folder / "records.csv", folder / "clusters.csv", explain=None, decisions=None, engine="duckdb")
    return read_clusters(folder / "clusters.csv")


METHODS: dict[str, Callable[[Path], dict[str, str]]] = {
    "Splink, raw strings": on_raw_strings,
    "Splink, skeleton": on_the_skeleton,
    "kunak link": ours,
}


@dataclass(frozen=True)
class Measured:
    """How one method did on one file."""

    records: int
    precision: float
    recall: float
    between: float  # recall of pairs of which one record is Cyrillic and the other Latin
    typing: float  # recall of pairs of which one name is misspelt
    hidden: int  # people whom an over-merge makes disappear
    seconds: float
    megabytes: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / ((self.precision + self.recall) or 1.0)

    def __str__(self) -> str:
        return (
            f"F1 {self.f1:.3f}, precision {self.precision:.3f}, recall {self.recall:.3f} (between scripts {self.between:.2f}, of "
            f"typing errors {self.typing:.2f}), {self.hidden} hidden, {self.seconds:.1f} s CPU, {self.megabytes} MB"
        )


def measure(method: str, folder: Path) -> Measured:
    """One method on one file (in a process of its own, so that memory is its own)."""
    person = read_truth(folder / "truth.csv")
    start = time.process_time()
    clusters = METHODS[method](folder)
    seconds = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    both = Counter((clusters.get(r, r), p) for r, p in person.items())
    right, found, true = (
        sum(n * (n - 1) // 2 for n in c.values()) for c in (both, Counter(clusters.values()), Counter(person.values()))
    )
    hidden = len(both) - len({c for c, _ in both})
    between, typing = recalls(folder, clusters)
    return Measured(len(person), right / max(found, 1), right / true, between, typing, hidden, seconds, memory)


def recalls(folder: Path, clusters: Mapping[str, str]) -> tuple[float, float]:
    """The share of pairs of one person that are together: between scripts, and where a name is misspelt."""
    people: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (folder / "truth.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            people[row["person_id"]].append(row)
    between, typing = [], []
    for a, b in (pair for rows in people.values() for pair in itertools.combinations(rows, 2)):
        together = clusters.get(a["record_id"]) == clusters.get(b["record_id"])
        if (a["script"] == "cyr") != (b["script"] == "cyr"):
            between.append(together)
        if "typo" in f"{a['name_form']} {b['name_form']}":
            typing.append(together)
    return sum(between) / max(len(between), 1), sum(typing) / max(len(typing), 1)


def measured(people: int, seed: int, only: str = "", hand: Hand = HERE) -> dict[str, Measured]:
    """All methods on one invented file."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), people, seed, hand)
        found = {}
        for method in METHODS:
            if only in method:
                with get_context("spawn").Pool(1) as pool:
                    found[method] = pool.apply(measure, (method, Path(folder)))
        return found


TITLE = "kunak link on invented lists, beside Splink on names as written and on one skeleton of each name"


@dataclass(frozen=True)
class Aim:
    """What `kunak link` is to reach on a file of so many people."""

    people: int
    hand: Hand
    f1: float = 0.0
    precision: float = 0.0
    between: float = 0.0
    typing: float = 0.0
    hidden: int = 10**9

    def held(self, found: Measured) -> bool | None:
        """Whether it did; None where nothing is asked."""
        if not self.f1:
            return None
        least = (self.f1, self.precision, self.between, self.typing)
        reached = (found.f1, found.precision, found.between, found.typing)
        return all(one >= asked for one, asked in zip(reached, least, strict=True)) and found.hidden <= self.hidden

    def __str__(self) -> str:
        if not self.precision:
            return f"F1 >= {self.f1}" if self.f1 else ""
        return (
            f"F1 >= {self.f1}, precision >= {self.precision}, between scripts >= {self.between}, typing >= {self.typing}, "
            f"hidden <= {self.hidden}"
        )


AIMS = (Aim(5_000, HERE, 0.94), Aim(8_600, HERE, 0.93, 0.985, 0.88, 0.75, 35), Aim(8_600, ELSEWHERE))


def run() -> list[Row]:
    """One row a method and file; the reference is Splink on the skeleton."""
    rows = []
    for aim in AIMS:
        found = measured(aim.people, 31, hand=aim.hand)
        beside = found["Splink, skeleton"]
        where = "" if aim.hand is HERE else " of other people and other clerks"
        for method, m in found.items():
            ours_now = method == "kunak link"
            what = f"{m.records:,} records{where}: {method}"
            ratio = f"{m.f1 / beside.f1:.2f}"
            rows.append(
                Row(
                    what,
                    str(m),
                    f"F1 {beside.f1:.3f}",
                    ratio,
                    str(aim) if ours_now else "",
                    aim.held(m) if ours_now else None,
                )
            )
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[86_000])
    parser.add_argument("--seed", type=int, default=31)
    parser.add_argument("--only", default="", help="a part of the method's name")
    parser.add_argument(
        "--elsewhere", action="store_true", help="other people and other clerks than the model learnt from"
    )
    asked = parser.parse_args()
    for size in asked.people:
        for name, line in measured(size, asked.seed, asked.only, ELSEWHERE if asked.elsewhere else HERE).items():
            print(f"{line.records:,} records: {name}: {line}", flush=True)
