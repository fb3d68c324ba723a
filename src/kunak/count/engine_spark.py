"""The same model on Spark, for the lists of a whole war: on this machine, or on the cluster that spark-defaults name.

Spark writes to disk what it shuffles: its local folder belongs on an encrypted path.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]

from kunak.count.engine import Columns, Settings, Shares, in_order, predict, typed, wanted
from kunak.count.linkage.blocking import KEYS, hashes
from kunak.count.linkage.scoring import Scored


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
    frame = session.createDataFrame(typed(columns))
    frame.createOrReplaceTempView("readings")
    rows = session.sql("SELECT * FROM readings").localCheckpoint()
    blocked = _block_on_spark(session)

    def make(rows: dict[str, list[Any]]) -> Any:
        return session.createDataFrame(pa.table(rows))

    predictions = predict(api, rows, blocked, settings, shares, at_least, make)
    found: Any = session.sql(f"SELECT {wanted(settings, 'FLOAT')} FROM {predictions.physical_name}").toArrow()  # noqa: S608 - names of our own
    return in_order({name: found[name].to_numpy() for name in found.column_names}, settings)


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
