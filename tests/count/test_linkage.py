"""The whole brain on invented lists: good enough, the same whatever the order and the ids, and able to explain itself."""

from __future__ import annotations

import csv
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.invented import invent, write
from kunak.count.linkage import prepare
from kunak.count.linkage.reading import Record
from kunak.count.linking import link_lists
from tests.count.known import names

SMALL = [Record(*row) for row in invent(60, 5)[0]]


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(len(SMALL))))
def test_what_is_compared_depends_neither_on_the_order_nor_on_the_ids(order: list[int]) -> None:
    known, tables = names()
    shuffled = [Record(SMALL[i].list_name, f"new{n}", *SMALL[i].content()[:-1]) for n, i in enumerate(order)]
    one, other = (prepare(r, known, tables.model, dialect="duckdb") for r in (SMALL, shuffled))
    assert (one.columns, one.settings, one.frequencies) == (other.columns, other.settings, other.frequencies)
    assert [{order[p] for p in m} for m in other.members] == [set(m) for m in one.members]


def link(folder: Path, rows: list[list[str]], explain: Path | None = None) -> dict[str, str]:
    """The cluster of each record of a file with these rows."""
    lists, out = folder / "lists.csv", folder / "clusters.csv"
    with lists.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            [
                "list",
                "record_id",
                "full_name",
                "patronymic",
                "birth_year",
                "age",
                "place",
                "event_date",
                "event_place",
                "notes",
            ]
        )
        writer.writerows(rows)
    link_lists(lists, out, explain=explain, decisions=None, engine="duckdb")
    with out.open(encoding="utf-8") as file:
        return {r["record_id"]: r["cluster_id"] for r in csv.DictReader(file)}


def judge(clusters: dict[str, str], person: dict[str, str]) -> tuple[float, float, int]:
    """Precision, recall, and people hidden by over-merge."""
    both = Counter((clusters[r], p) for r, p in person.items())
    pairs = [
        sum(n * (n - 1) // 2 for n in c.values()) for c in (both, Counter(clusters.values()), Counter(person.values()))
    ]
    hidden = len(both) - len({c for c, _ in both})
    return pairs[0] / pairs[1], pairs[0] / pairs[2], hidden


def test_invented_lists_are_linked_well_and_the_same_when_shuffled_and_renamed(tmp_path: Path) -> None:
    rows, truth, _ = invent(1_300, 6)
    person = {r[0]: r[1] for r in truth}
    clusters = link(tmp_path, rows, tmp_path / "pairs.csv")
    precision, recall, hidden = judge(clusters, person)
    assert precision > 0.985
    assert recall > 0.9
    assert hidden <= 6
    assert_pairs_tell_the_partition(tmp_path / "pairs.csv", clusters)

    new = {r[1]: f"z{i * 7919 % 100_003}" for i, r in enumerate(rows)}
    renamed = [[r[0], new[r[1]], *r[2:]] for r in rows]
    random.Random(1).shuffle(renamed)
    again = link(tmp_path, renamed)
    assert len({(clusters[old], again[fresh]) for old, fresh in new.items()}) == len(set(clusters.values()))
    assert len(set(again.values())) == len(set(clusters.values()))


def assert_pairs_tell_the_partition(path: Path, clusters: dict[str, str]) -> None:
    """Every pair of a cluster is explained, in both languages, and no other is called the same."""
    with path.open(encoding="utf-8") as file:
        pairs = list(csv.DictReader(file))
    told = {frozenset((p["a"], p["b"])) for p in pairs if p["verdict"] == "same"}
    assert all(clusters[a] == clusters[b] for a, b in told)
    assert len(told) == sum(n * (n - 1) // 2 for n in Counter(clusters.values()).values())
    assert all(p["for_ru"] and p["for_en"] for p in pairs if p["verdict"] == "same" and not p["why_en"])
    assert any(p["verdict"] == "different" and "different given names" in p["why_en"] for p in pairs)
    assert all(0 <= float(p["probability"]) <= 1 for p in pairs)


@pytest.mark.prove
def test_ten_thousand_records_hide_few_people(tmp_path: Path) -> None:
    write(tmp_path, 8_600, 21)
    with (tmp_path / "records.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    with (tmp_path / "truth.csv").open(encoding="utf-8") as file:
        person = {r["record_id"]: r["person_id"] for r in csv.DictReader(file)}
    precision, recall, hidden = judge(link(tmp_path, rows), person)
    assert precision >= 0.985
    assert 2 * precision * recall / (precision + recall) >= 0.93
    assert hidden <= 35
