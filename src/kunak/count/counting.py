"""The way of `kunak count`: records are linked, at several thresholds, and the tables that come out are estimated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kunak.count.engine import compare_on_duckdb
from kunak.count.estimate import Question, Table
from kunak.count.estimate.linkage_error import LinkQuality
from kunak.count.linkage import ImpossibleRecord, decide, prepare
from kunak.count.linkage.reading import Record
from kunak.count.linking import know_names
from kunak.count.lists import BadInputError, read_decisions, read_lists

LEAST_WEIGHT = -6.0  # bits, as in linking
BOLDER_BY = (
    -4.0,
    -2.0,
    2.0,
    4.0,
)  # bits on what a single pair must weigh: the thresholds that are tried beside the own
MOST_LISTS = 8  # the smallest beyond are put together
# Without a review: recall .967 of 600 pairs between lists of the invented sample, no wrong link; real lists are dirtier, so
# that this is taken as what a review of 50 pairs would have found, and as somewhat worse.
UNREVIEWED = LinkQuality(found=47, missed=2, wrong=0)

Partition = Sequence[int]


@dataclass(frozen=True)
class Linked:
    """The records, who is who, and the same at other thresholds."""

    records: Sequence[Record]
    people: Partition
    others: Mapping[str, Partition]


def link_records(lists: Path, decisions: Path | None) -> Linked:
    """Link as `kunak link` does, and at bolder and more timid thresholds."""
    records = read_lists(lists)
    ids = [record.record_id for record in records]
    decided = read_decisions(decisions, ids) if decisions else []
    known, tables = know_names()
    try:
        prepared = prepare(
            records, known, tables.model, dialect="duckdb", decided=frozenset(i for a, b, _ in decided for i in (a, b))
        )
    except ImpossibleRecord as error:
        raise BadInputError(
            f"{lists.name}, row {error.place + 2}, column {error.column}: no calendar has the date {error.text!r}; "
            "correct it or leave it empty."
        ) from error
    node_of = {ids[place]: node for node, places in enumerate(prepared.members) for place in places}
    scored = compare_on_duckdb(prepared.columns, prepared.settings, prepared.frequencies, at_least=LEAST_WEIGHT)
    bound = {
        verdict: [(node_of[a], node_of[b]) for a, b, same in decided if same is verdict] for verdict in (True, False)
    }

    def partition(model: Mapping[str, Any]) -> Partition:
        return decide(prepared, scored.pairs(), model, same=bound[True], different=bound[False]).of_record

    caution = tables.model["caution"]
    others = {
        f"{caution['pair'] + by:g}": partition({**tables.model, "caution": {**caution, "pair": caution["pair"] + by}})
        for by in BOLDER_BY
    }
    return Linked(records, partition(tables.model), others)


def question_of(linked: Linked, name: str) -> Question:
    """The table of people by lists, and the tables that other thresholds would have given."""
    lists = sorted({record.list_name for record in linked.records}, key=lambda one: (-_size(linked.records, one), one))
    if len(lists) > MOST_LISTS:
        lists = [*lists[: MOST_LISTS - 1], "others"]
    table = tabulate(linked.records, linked.people, lists, name)
    return Question(table, (), tuple(tabulate(linked.records, p, lists, at) for at, p in linked.others.items()))


def tabulate(records: Sequence[Record], people: Partition, lists: Sequence[str], name: str) -> Table:
    """How many people stand on exactly which lists."""
    place = {one: i for i, one in enumerate(lists)}
    patterns: dict[int, int] = defaultdict(int)
    for record, person in zip(records, people, strict=True):
        patterns[person] |= 1 << place.get(record.list_name, len(lists) - 1)
    cells = np.bincount(list(patterns.values()), minlength=2 ** len(lists)).astype(np.int64)
    return Table(tuple(lists), cells, name)


def review(linked: Linked, reviewed: Path) -> LinkQuality:
    """What a reviewer's pairs say of the links, counting pairs of records of two lists."""
    at = {record.record_id: i for i, record in enumerate(linked.records)}
    found = missed = wrong = 0
    for a, b, same in read_decisions(reviewed, at):
        one, other = at[a], at[b]
        if linked.records[one].list_name == linked.records[other].list_name:
            continue
        together = linked.people[one] == linked.people[other]
        found += same and together
        missed += same and not together
        wrong += together and not same
    if found + missed == 0:
        raise BadInputError(
            f"{reviewed.name}: it holds no pair of one person on two lists; review a random sample of likely pairs."
        )
    return LinkQuality(found, missed, wrong)


def _size(records: Sequence[Record], name: str) -> int:
    return sum(record.list_name == name for record in records)
