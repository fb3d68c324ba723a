"""Splink, at work on DuckDB or on Spark: columns in, scored pairs out.

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

from kunak.count.linkage.blocking import hashes, kept
from kunak.count.linkage.scoring import Scored, level_weights

Columns = Mapping[str, Sequence[Any]]
Settings = Mapping[str, Any]
Shares = Mapping[str, Mapping[str, float]]


def compare_on_duckdb(columns: Columns, settings: Settings, shares: Shares, *, at_least: float) -> Scored:
    """Score all pairs that the blocking rules bring together, in memory only."""
    table = _table(columns)
    connection = duckdb.connect(":memory:")
    connection.execute("SET temp_directory = ''")
    connection.execute(f"SET memory_limit = '{600 + table.num_rows // 160}MB'")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")
    connection.register("readings", table)
    connection.execute(f"CREATE TABLE hashed AS SELECT *, {hashes('duckdb')} FROM readings")  # noqa: S608 - names of our own
    connection.unregister("readings")
    connection.execute(f"CREATE TABLE rows AS SELECT * REPLACE ({kept('duckdb', 'hashed')}) FROM hashed")  # noqa: S608 - names of our own
    connection.execute("DROP TABLE hashed")
    predictions = _predict(DuckDBAPI(connection), "rows", settings, shares, at_least, pa.table)
    wanted = _wanted(settings, "FLOAT")
    found = connection.execute(f"SELECT {wanted} FROM {predictions.physical_name}").fetchnumpy()  # noqa: S608 - names of our own
    connection.close()
    return _sorted(found, settings)


def compare_on_spark(columns: Columns, settings: Settings, shares: Shares, *, at_least: float) -> Scored:
    """The same on Spark: on this machine, or on the cluster that SPARK_REMOTE or spark-defaults name."""
    from pyspark.sql import SparkSession  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - the count extra is loaded when it is used
    from splink import SparkAPI  # noqa: PLC0415 - the count extra is loaded when it is used
    from splink.internals.spark.jar_location import similarity_jar_location  # noqa: PLC0415 - the count extra is loaded when it is used

    session = SparkSession.builder.appName("kunak link").config("spark.jars", similarity_jar_location()).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    # Spark would derive constraints from every CASE of every key before it starts, for minutes.
    session.conf.set("spark.sql.constraintPropagation.enabled", "false")
    if str(session.sparkContext.master).startswith("local"):
        session.conf.set("spark.sql.shuffle.partitions", "4")  # its default of 200 is meant for a cluster
    api = SparkAPI(spark_session=session, break_lineage_method="persist", num_partitions_on_repartition=8)  # type: ignore[no-untyped-call]
    frame = session.createDataFrame(_table(columns))
    frame.createOrReplaceTempView("readings")
    session.sql(f"SELECT *, {hashes('spark')} FROM readings").createOrReplaceTempView("hashed")  # noqa: S608 - names of our own
    others = ", ".join(name for name in columns)
    keyed = session.sql(f"SELECT {others}, {kept('spark', 'hashed')} FROM hashed").localCheckpoint()  # noqa: S608 - names of our own

    def make(rows: dict[str, list[Any]]) -> Any:
        return session.createDataFrame(pa.table(rows))

    predictions = _predict(api, keyed, settings, shares, at_least, make)
    rows: Any = session.sql(f"SELECT {_wanted(settings, 'FLOAT')} FROM {predictions.physical_name}").toArrow()  # noqa: S608 - names of our own
    return _sorted({name: rows[name].to_numpy() for name in rows.column_names}, settings)


def _table(columns: Columns) -> pa.Table:
    """The columns with their types, also where a small file leaves a whole column empty."""
    arrays = {name: pa.array(values) for name, values in columns.items()}
    for name, array in arrays.items():
        if pa.types.is_null(array.type):
            arrays[name] = array.cast(pa.int64())
        elif pa.types.is_list(array.type) and pa.types.is_null(array.type.value_type):
            arrays[name] = pa.array(columns[name], type=pa.list_(pa.int64()))
    return pa.table(arrays)


def _predict(
    api: Any,
    table: Any,
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
    return linker.inference.predict(threshold_match_weight=at_least)


def _wanted(settings: Settings, kind: str) -> str:
    steps = [
        f"CAST(mw_{c['output_column_name']} AS {kind}) AS mw_{c['output_column_name']}" for c in settings["comparisons"]
    ]
    return ", ".join(["unique_id_l", "unique_id_r", "match_weight", *steps])


def _sorted(found: Mapping[str, Any], settings: Settings) -> Scored:
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
