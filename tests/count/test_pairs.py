"""Pairs made by hand: 34 are one person, 20 are two (pairs.csv, two rows a pair)."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

from kunak.count.linking import link_lists

FIELDS = ("full_name", "patronymic", "birth_year", "age", "place", "event_date", "event_place", "notes")


def linked(folder: Path, pairs: dict[str, list[dict[str, str]]]) -> set[str]:
    """The pairs that were taken for one person, all in one file."""
    lists, out = folder / "lists.csv", folder / "clusters.csv"
    with lists.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["list", "record_id", *FIELDS])
        for number, rows in pairs.items():
            writer.writerows([f"list {i}", f"{number}-{i}", *(row[f] for f in FIELDS)] for i, row in enumerate(rows))
    link_lists(lists, out, explain=None, decisions=None, engine="duckdb")
    with out.open(encoding="utf-8") as file:
        clusters = {r["record_id"]: r["cluster_id"] for r in csv.DictReader(file)}
    return {number for number in pairs if clusters[f"{number}-0"] == clusters[f"{number}-1"]}


def test_all_pairs_made_by_hand_are_right_together_and_alone(tmp_path: Path) -> None:
    with (Path(__file__).parent / "pairs.csv").open(encoding="utf-8") as file:
        pairs = {
            number: list(rows) for number, rows in itertools.groupby(csv.DictReader(file), key=lambda r: r["pair"])
        }
    same = {number for number, rows in pairs.items() if rows[0]["verdict"] == "same"}
    assert (len(same), len(pairs)) == (34, 54)
    assert linked(tmp_path, pairs) == same
    alone = {number: pairs[number] for number in ("1", "35")}
    assert set().union(*(linked(tmp_path, {n: rows}) for n, rows in alone.items())) == {"1"}
