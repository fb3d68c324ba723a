"""Splink, at work on DuckDB or on Spark: rows in, scored pairs out.

DuckDB would spill to disk what does not fit in memory, names and all; it is told not to. What is to be linked is
named by its place in an order of contents, so that neither the order of the rows nor their ids change anything.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from splink import DuckDBAPI, Linker

from kunak.count.linkage.blocking import key_columns


@dataclass(frozen=True)
class Scored:
    """Pairs of rows with Splink's match weight and the level that each comparison reached."""

    left: Any  # numpy arrays, one entry a pair
    right: Any
    weight: Any
    levels: Mapping[str, Any]


def compare_on_duckdb(
    table: pa.Table,
    settings: Mapping[str, Any],
    frequencies: Mapping[str, Mapping[str, float]],
    *,
    at_least: float,
    memory: str,
) -> Scored:
    """Score all pairs that the blocking rules bring together, in memory only."""
    connection = duckdb.connect(":memory:")
    connection.execute("SET temp_directory = ''")
    connection.execute(f"SET memory_limit = '{memory}'")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")
    api = DuckDBAPI(connection)
    connection.register("readings", table)
    connection.execute(f"CREATE TABLE rows AS SELECT *, {key_columns('duckdb')} FROM readings")  # noqa: S608 - names of our own
    predictions = _predict(api, "rows", settings, frequencies, at_least, _arrow)
    name = predictions.physical_name
    steps = level_weights(settings)
    wanted = ", ".join(["unique_id_l", "unique_id_r", "match_weight", *(f"mw_{n}::FLOAT AS mw_{n}" for n in steps)])
    found = connection.execute(
        f"SELECT {wanted} FROM {name} ORDER BY match_weight DESC, unique_id_l, unique_id_r"  # noqa: S608 - names of our own
    ).fetchnumpy()
    connection.close()
    return Scored(
        found["unique_id_l"],
        found["unique_id_r"],
        found["match_weight"],
        {n: _levels(found[f"mw_{n}"], weights) for n, weights in steps.items()},
    )


def level_weights(settings: Mapping[str, Any]) -> dict[str, list[float]]:
    """The weight of each level of each comparison, in their order; nothing is told by a missing value."""
    return {
        c["output_column_name"]: [
            0.0 if level.get("is_null_level") else math.log2(level["m_probability"] / level["u_probability"])
            for level in c["comparison_levels"]
        ]
        for c in settings["comparisons"]
    }


def _levels(found: Any, weights: list[float]) -> Any:
    """Which level each pair reached. Splink hands out weights, not levels: the nearest weight tells."""
    middle = np.array(weights, dtype=np.float32)
    order = np.argsort(middle)
    cuts = (middle[order][1:] + middle[order][:-1]) / 2
    return order[np.searchsorted(cuts, found)].astype(np.int8)


def _arrow(rows: dict[str, list[Any]]) -> pa.Table:
    return pa.table(rows)


def _predict(
    api: Any,
    table: Any,
    settings: Mapping[str, Any],
    frequencies: Mapping[str, Mapping[str, float]],
    at_least: float,
    make: Any,
) -> Any:
    logging.getLogger("splink").setLevel(logging.ERROR)
    linker = Linker(
        api.register(table, table_name="input_rows"), dict(settings), log_level=None, validate_settings=False
    )
    for column, shares in frequencies.items():
        rows = make({column: list(shares), f"tf_{column}": list(shares.values())})
        linker.table_management.register_term_frequency_lookup(api.register(rows, table_name=f"share_{column}"), column)
    return linker.inference.predict(threshold_match_weight=at_least)
