"""The same model on Spark gives the same people. Slow (a Java machine starts), so only `make prove` runs it, which installs `kunak[spark]`; Java 17 comes from the system."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bench.invented import write
from kunak.count.linking import link_lists

pytestmark = [
    pytest.mark.prove,
    pytest.mark.timeout(1_800),
    pytest.mark.filterwarnings("ignore"),  # Spark's own
]


def test_spark_and_duckdb_give_the_same_clusters(tmp_path: Path) -> None:
    write(tmp_path, 8_900, 3)  # 10,000 records
    clusters = []
    for engine in ("duckdb", "spark"):
        out = tmp_path / f"{engine}.csv"
        link_lists(tmp_path / "records.csv", out, explain=None, decisions=None, engine=engine)
        with out.open(encoding="utf-8") as file:
            clusters.append({r["record_id"]: r["cluster_id"] for r in csv.DictReader(file)})
    assert len(clusters[0]) > 9_800
    assert clusters[0] == clusters[1]
