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

from kunak.count.linkage.blocking import KEYS, hashes, pairs_of
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
    connection.execute("CREATE TABLE rows AS SELECT * FROM readings")
    connection.unregister("readings")
    blocked = "" if settings["blocking_rules_to_generate_predictions"] else _block_on_duckdb(connection)
    predictions = _predict(DuckDBAPI(connection), "rows", blocked, settings, shares, at_least, pa.table)
    wanted = _wanted(settings, "FLOAT")
    found = connection.execute(f"SELECT {wanted} FROM {predictions.physical_name}").fetchnumpy()  # noqa: S608 - names of our own
    connection.close()
    return _sorted(found, settings)


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
    rows = session.sql("SELECT * FROM readings").localCheckpoint()
    blocked = _block_on_spark(session)

    def make(rows: dict[str, list[Any]]) -> Any:
        return session.createDataFrame(pa.table(rows))

    predictions = _predict(api, rows, blocked, settings, shares, at_least, make)
    found: Any = session.sql(f"SELECT {_wanted(settings, 'FLOAT')} FROM {predictions.physical_name}").toArrow()  # noqa: S608 - names of our own
    return _sorted({name: found[name].to_numpy() for name in found.column_names}, settings)


def _block_on_spark(session: Any) -> Any:
    """The same pairs, all keys in one shuffle."""
    keys = ", ".join(f"{at}, {hashed}" for at, hashed in enumerate(hashes("spark").values()))
    limits = ", ".join(str(limit) for _, limit in KEYS.values())
    session.sql(
        f"SELECT unique_id, key, hash FROM (SELECT unique_id, stack({len(KEYS)}, {keys}) AS (key, hash) FROM readings) "  # noqa: S608 - names of our own
        "WHERE hash IS NOT NULL"
    ).createOrReplaceTempView("keyed")
    session.sql(
        "SELECT unique_id, key, hash FROM (SELECT *, count(*) OVER (PARTITION BY key, hash) AS sharing FROM keyed) "  # noqa: S608 - names of our own
        f"WHERE sharing BETWEEN 2 AND array({limits})[key]"
    ).localCheckpoint().createOrReplaceTempView("few")
    return session.sql(
        "SELECT DISTINCT '0' AS match_key, l.unique_id AS join_key_l, r.unique_id AS join_key_r FROM few l JOIN few r "
        "ON l.key = r.key AND l.hash = r.hash AND l.unique_id < r.unique_id"
    ).localCheckpoint()


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
