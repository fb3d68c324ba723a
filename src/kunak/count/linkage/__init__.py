"""Which records are one person.

In: the records of several lists (`reading.Record`) and what is known of names (`knowledge.learn`). Out: a partition,
and for each likely pair what speaks for and against it. Nothing here reads a file, a clock or a network; Splink's work on
DuckDB or Spark lies between `prepare` and `decide`, in count/engine.py.

The way of a record: skeleton → forms, places, dates → reading → blocking, scoring → (Splink) → clusters → explain.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kunak.count.linkage import blocking, scoring
from kunak.count.linkage.clusters import Caution, cluster
from kunak.count.linkage.dates import ImpossibleDate
from kunak.count.linkage.explain import Fate
from kunak.count.linkage.knowledge import Knowledge
from kunak.count.linkage.reading import Reading, Record, read_record

_ITSELF = {"among", "same", "day"}  # the levels that a record reaches beside itself


class ImpossibleRecord(ValueError):
    """A record that cannot be true, by its place among the records and the column."""

    def __init__(self, place: int, column: str, text: str) -> None:
        super().__init__(text)
        self.place, self.column, self.text = place, column, text


@dataclass(frozen=True)
class Prepared:
    """The lists, ready to be compared. Records of one content are one node; nodes are in the order of their contents."""

    members: Sequence[Sequence[int]]  # the records of each node
    readings: Sequence[Reading]
    columns: Mapping[str, Sequence[Any]]
    frequencies: Mapping[str, Mapping[str, float]]
    settings: Mapping[str, Any]


def prepare(
    records: Sequence[Record],
    known: Knowledge,
    model: Mapping[str, Any],
    *,
    dialect: str,
    decided: frozenset[str] = frozenset(),
) -> Prepared:
    """Read all records. A record named in a decision is a node of its own, whatever others say the same."""
    nodes: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        nodes[(*record.content(), record.record_id if record.record_id in decided else "")].append(place)
    order = sorted(nodes)
    members = [nodes[key] for key in order]
    readings = []
    for places in members:
        try:
            readings.append(read_record(records[places[0]], known))
        except ImpossibleDate as error:
            raise ImpossibleRecord(places[0], "event_date", str(error)) from error
    readings = as_attested(readings)
    times = [
        len(places) for places in members
    ]  # what stands in the lists fifty times is frequent, though it is one node
    rare = scoring.rare_surnames(readings, times)
    columns: dict[str, list[Any]] = defaultdict(list)
    for node, reading in enumerate(readings):
        row = scoring.columns(reading, surname_rare=reading.name.surname in rare)
        for name, value in (row | blocking.parts(row)).items():
            columns[name].append(value)
        columns["unique_id"].append(node)
    columns["given_among"], among = scoring.given_among(readings, times)
    counted = sorted(set(scoring.FREQUENT.values()) - {"given_among"})
    frequencies = {c: scoring.frequencies(columns[c], c, times) for c in counted} | {"given_among": among}
    same_day = scoring.chance_of_same_day(readings, times)
    settings = scoring.settings(model, dialect, people=len(records), day_chance=same_day)
    return Prepared(members, readings, columns, frequencies, settings)


def as_attested(readings: Sequence[Reading]) -> list[Reading]:
    """Read a Latin surname as others write it, where its own letters leave that in doubt: Hajiev is a Хаджиев if one is there."""
    undisputed = {r.name.surname for r in readings if len(r.name.surnames) == 1}
    settled = []
    for reading in readings:
        name = reading.name
        if len(name.surnames) > 1 and name.surname not in undisputed:
            found = next((s for s in name.surnames if s in undisputed), name.surname)
            settled.append(replace(reading, name=replace(name, surname=found)))
        else:
            settled.append(reading)
    return settled


@dataclass(frozen=True)
class Decided:
    """The partition: the cluster of each record, and what became of the nodes."""

    of_record: Sequence[int]
    fate: Fate


def decide(
    prepared: Prepared,
    pairs: Sequence[tuple[int, int, float]],
    model: Mapping[str, Any],
    *,
    same: Sequence[tuple[int, int]] = (),
    different: Sequence[tuple[int, int]] = (),
) -> Decided:
    """Make people of scored pairs of nodes and of a reviewer's decisions on nodes."""
    caution = Caution(**model["caution"])
    of_node, profiles = cluster(prepared.readings, pairs, caution, same=same, different=different)
    of_record = [0] * sum(len(m) for m in prepared.members)
    fresh = len(of_node)
    for node, places in enumerate(prepared.members):
        # Records of one content: one person if what they say is rare enough, otherwise each its own.
        together = len(places) == 1 or (
            profiles[of_node[node]].named
            and (len(profiles[of_node[node]].members) > 1 or own_weight(prepared, node) >= caution.pair)
        )
        for place in places:
            of_record[place] = of_node[node] if together else (fresh := fresh + 1)
    return Decided(
        of_record, Fate(of_node, profiles, caution, prepared.readings, frozenset((min(p), max(p)) for p in same))
    )


def own_weight(prepared: Prepared, node: int) -> float:
    """What two records with the content of this one would weigh, in bits."""
    prior = prepared.settings["probability_two_random_records_match"]
    weight = math.log2(prior / (1 - prior))
    for comparison in prepared.settings["comparisons"]:
        name = comparison["output_column_name"]
        level = next((x for x in comparison["comparison_levels"] if x["label_for_charts"] in _ITSELF), None)
        value = prepared.columns["day_number" if name == "date" else name][node]
        if level and value:
            counted = level.get("tf_adjustment_column")
            share = (
                prepared.frequencies[counted][prepared.columns[counted][node]] if counted else level["u_probability"]
            )
            weight += math.log2(level["m_probability"] / share)
    return weight
