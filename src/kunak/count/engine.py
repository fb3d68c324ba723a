"""Splink, at work on DuckDB (on Spark: engine_spark.py): columns in, scored pairs out.

DuckDB would spill to disk what does not fit in memory, names and all; it is told not to. What is to be linked is
named by its place in an order of contents, so that neither the order of the rows nor their ids change anything.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from splink import DuckDBAPI, Linker
from splink.internals.exceptions import SplinkException

from kunak.count.linkage.blocking import hashes, pairs_of
from kunak.count.linkage.scoring import Scored, level_weights

Columns = Mapping[str, Sequence[Any]]
Settings = Mapping[str, Any]
Shares = Mapping[str, Mapping[str, float]]


MEGABYTES = 600  # that DuckDB may take, and one more for each 160 records


class OutOfMemory(Exception):
    """The comparison needs more memory than the engine may take."""


def compare_on_duckdb(columns: Columns, settings: Settings, shares: Shares, *, at_least: float) -> Scored:
    """Score all pairs that the blocking rules bring together, in memory only."""
    connection = duckdb.connect(":memory:")
    try:
        return _compare(connection, typed(columns), settings, shares, at_least)
    except (duckdb.OutOfMemoryException, SplinkException) as error:
        if "Out of Memory" not in str(error):
            raise
        raise OutOfMemory from error
    finally:
        connection.close()


def _compare(
    connection: duckdb.DuckDBPyConnection, table: pa.Table, settings: Settings, shares: Shares, at_least: float
) -> Scored:
    connection.execute("SET temp_directory = ''")
    connection.execute(f"SET memory_limit = '{MEGABYTES + table.num_rows // 160}MB'")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")
    connection.register("readings", table)
    connection.execute("CREATE TABLE rows AS SELECT * FROM readings")
    connection.unregister("readings")
    blocked = "" if settings["blocking_rules_to_generate_predictions"] else _block_on_duckdb(connection)
    predictions = predict(DuckDBAPI(connection), "rows", blocked, settings, shares, at_least, pa.table)
    found = connection.execute(f"SELECT {wanted(settings, 'FLOAT')} FROM {predictions.physical_name}").fetchnumpy()  # noqa: S608 - names of our own
    return in_order(found, settings)


def _block_on_duckdb(connection: duckdb.DuckDBPyConnection) -> str:
    """The table of pairs worth comparing, one key after the other: Splink would hold the tables of all keys at once."""
    connection.execute("CREATE TABLE found (pair UBIGINT)")
    for key, hashed in hashes("duckdb").items():
        connection.execute(f"CREATE TABLE hashed AS SELECT unique_id, {hashed} AS {key} FROM rows")  # noqa: S608 - names of our own
        pairs = pairs_of(key, "hashed")
        connection.execute(f"INSERT INTO found SELECT (join_key_l::UBIGINT << 32) | join_key_r FROM ({pairs})")  # noqa: S608 - names of our own
        connection.execute("DROP TABLE hashed")
    connection.execute("CREATE TABLE once AS SELECT DISTINCT pair FROM found")
    connection.execute("DROP TABLE found")
    connection.execute(
        "CREATE TABLE blocked AS SELECT '0' AS match_key, (pair >> 32)::BIGINT AS join_key_l, "
        "(pair & 4294967295)::BIGINT AS join_key_r FROM once"
    )
    connection.execute("DROP TABLE once")
    return "blocked"


def typed(columns: Columns) -> pa.Table:
    """The columns with their types, also where a small file leaves a whole column empty."""
    arrays = {name: pa.array(values) for name, values in columns.items()}
    for name, array in arrays.items():
        if pa.types.is_null(array.type):
            arrays[name] = array.cast(pa.int64())
        elif pa.types.is_list(array.type) and pa.types.is_null(array.type.value_type):
            arrays[name] = pa.array(columns[name], type=pa.list_(pa.int64()))
    return pa.table(arrays)


def predict(
    api: Any,
    table: Any,
    blocked: Any,
    settings: Settings,
    shares: Shares,
    at_least: float,
    make: Callable[[dict[str, list[Any]]], Any],
) -> Any:
    logging.getLogger("splink").setLevel(logging.ERROR)
    linker = Linker(
        api.register(table, table_name="input_rows"), dict(settings), log_level=None, validate_settings=False
    )
    for column, by_value in shares.items():
        rows = make({column: list(by_value), f"tf_{column}": list(by_value.values())})
        linker.table_management.register_term_frequency_lookup(api.register(rows, table_name=f"share_{column}"), column)
    if not settings["blocking_rules_to_generate_predictions"]:
        pairs = api.register(blocked, table_name="blocked_pairs")
        linker.table_management.register_blocked_pairs_for_predict(pairs)
    return linker.inference.predict(threshold_match_weight=at_least)


def wanted(settings: Settings, kind: str) -> str:
    steps = [
        f"CAST(mw_{c['output_column_name']} AS {kind}) AS mw_{c['output_column_name']}" for c in settings["comparisons"]
    ]
    return ", ".join(["unique_id_l", "unique_id_r", "match_weight", *steps])


def in_order(found: Mapping[str, Any], settings: Settings) -> Scored:
    steps = level_weights(settings)
    # Rounded, so that a last bit of the engine's arithmetic decides nothing.
    weight = np.round(np.asarray(found["match_weight"], dtype=np.float64), 6)
    left, right = (np.asarray(found[f"unique_id_{side}"], dtype=np.int64) for side in "lr")
    order = np.lexsort((right, left, -weight))
    levels = {n: _levels(np.asarray(found[f"mw_{n}"]), weights)[order] for n, weights in steps.items()}
    return Scored(left[order], right[order], weight[order], levels, steps)


def _levels(found: Any, weights: list[float]) -> Any:
    """Which level each pair reached. Splink hands out weights, not levels: the nearest weight tells."""
    middle = np.array(weights, dtype=np.float32)
    order = np.argsort(middle)
    cuts = (middle[order][1:] + middle[order][:-1]) / 2
    return order[np.searchsorted(cuts, found)].astype(np.int8)
