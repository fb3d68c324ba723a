"""The way of `kunak count`: records are linked, at several thresholds, and the tables that come out are asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kunak.count.complaints import bad
from kunak.count.doubts import linked_people
from kunak.count.engine import compare_on_duckdb
from kunak.count.estimate import Question, Table
from kunak.count.estimate.linkage_error import LinkedPeople, LinkQuality
from kunak.count.linkage import Decided, Prepared, decide
from kunak.count.linkage.reading import Record
from kunak.count.linkage.scoring import Scored
from kunak.count.linking import Notice, know_names, prepare_lists, tell_unread
from kunak.count.lists import read_decisions, read_lists
from kunak.count.progress import Progress, silent
from kunak.count.strata import Strata, read_strata, thin_together

LEAST_WEIGHT = -6.0  # bits, as in linking
BOLDER_BY = (
    -4.0,
    -2.0,
    2.0,
    4.0,
)  # bits on what a single pair must weigh: the thresholds that are tried beside the own
MOST_LISTS = 8  # the smallest beyond are put together
OTHERS = "others"

Partition = Sequence[int]
Decisions = Sequence[tuple[str, str, bool]]  # two ids, and whether they are one person


@dataclass(frozen=True)
class Linked:
    """The records, who is who, the same at other thresholds, which links are in doubt, and the strata if asked for."""

    records: Sequence[Record]
    people: Partition
    others: Mapping[str, Partition]
    doubted: LinkedPeople | None = None
    strata: Strata | None = None
    nameless: int = 0  # records that name nobody and were left out


def link_records(
    lists: Path,
    decisions: Path | None,
    *,
    column: str | None = None,
    progress: Progress = silent,
    notice: Notice = lambda _: None,
) -> Linked:
    """Link as `kunak link` does, and at bolder and more timid thresholds; `column` names the strata.

    Records that name nobody are left out, unless a reviewer decided on them: they would make people out of nothing.
    """
    records: Sequence[Record] = read_lists(lists)
    if not records:
        raise bad("no records", file=lists.name)
    decided = read_decisions(decisions, [record.record_id for record in records]) if decisions else []
    progress("names")
    known, tables = know_names()
    prepared = prepare_lists(lists, records, known, tables, "duckdb", decided)
    tell_unread(lists, records, prepared, notice)
    kept = _naming_somebody(records, prepared, decided)
    nameless = len(records) - len(kept)
    if not kept:
        raise bad("all nameless", file=lists.name)
    if nameless:
        records = kept
        prepared = prepare_lists(lists, records, known, tables, "duckdb", decided)
    progress("links")
    scored = compare_on_duckdb(prepared.columns, prepared.settings, prepared.frequencies, at_least=LEAST_WEIGHT)
    partition, others = _decided(records, prepared, scored, tables.model, decided, progress)
    node_of = _node_of(records, prepared)
    readings = [prepared.readings[node_of[record.record_id]] for record in records]
    strata = read_strata(lists, column, records, readings, partition.of_record) if column else None
    bits = {one: 1 << i for i, names in enumerate(named(records).values()) for one in names}
    numbers = strata.of_record if strata else None
    doubted = linked_people(records, prepared, scored, partition, tables.model, bits, numbers)
    if strata is not None:
        strata, doubted = thin_together(strata, doubted, len(named(records)))
    return Linked(records, partition.of_record, others, doubted, strata, nameless)


def _naming_somebody(records: Sequence[Record], prepared: Prepared, decided: Decisions) -> list[Record]:
    known = {one for a, b, _ in decided for one in (a, b)}
    naming = {
        place
        for places, reading in zip(prepared.members, prepared.readings, strict=True)
        for place in places
        if reading.named or records[place].record_id in known
    }
    return [record for place, record in enumerate(records) if place in naming]


def _node_of(records: Sequence[Record], prepared: Prepared) -> dict[str, int]:
    """The node of each record, by its id."""
    return {records[place].record_id: node for node, places in enumerate(prepared.members) for place in places}


def _decided(
    records: Sequence[Record],
    prepared: Prepared,
    scored: Scored,
    model: Mapping[str, Any],
    decided: Decisions,
    progress: Progress,
) -> tuple[Decided, dict[str, Partition]]:
    """The partition, and what other thresholds would have made."""
    node_of = _node_of(records, prepared)
    same, different = (
        [(node_of[a], node_of[b]) for a, b, verdict in decided if verdict is wanted] for wanted in (True, False)
    )
    pairs = scored.pairs()
    made = decide(prepared, pairs, model, same=same, different=different)
    caution, others = model["caution"], {}
    for number, by in enumerate(BOLDER_BY):
        progress("thresholds", number, len(BOLDER_BY))
        other = {**model, "caution": {**caution, "pair": caution["pair"] + by}}
        found = decide(prepared, pairs, other, same=same, different=different)
        others[f"{caution['pair'] + by:g}"] = found.of_record
    return made, others


def named(records: Sequence[Record]) -> dict[str, list[str]]:
    """The lists by falling size, each with the names in the file that it stands for (the smallest stand together)."""
    sizes: dict[str, int] = defaultdict(int)
    for record in records:
        sizes[record.list_name] += 1
    order = sorted(sizes, key=lambda one: (-sizes[one], one))
    if len(order) <= MOST_LISTS:
        return {one: [one] for one in order}
    return {one: [one] for one in order[: MOST_LISTS - 1]} | {OTHERS: order[MOST_LISTS - 1 :]}


def question_of(linked: Linked, name: str) -> Question:
    """The table of people by lists, by strata, and the tables that other thresholds would have given."""
    lists = named(linked.records)
    thresholds = (tabulate(linked.records, people, lists, at) for at, people in linked.others.items())
    table = tabulate(linked.records, linked.people, lists, name)
    return Question(table, strata_of(linked, table), tuple(thresholds))


def strata_of(linked: Linked, table: Table) -> tuple[Table, ...]:
    """The table taken apart by strata, or nothing where none were asked for."""
    if linked.strata is None or linked.doubted is None:
        return ()
    own = linked.doubted
    return tuple(
        Table(
            table.lists, np.bincount(own.patterns[own.strata == at], minlength=len(table.cells)).astype(np.int64), one
        )
        for at, one in enumerate(linked.strata.names)
    )


def tabulate(records: Sequence[Record], people: Partition, lists: Mapping[str, Sequence[str]], name: str) -> Table:
    """How many people stand on exactly which lists."""
    place = {one: i for i, names in enumerate(lists.values()) for one in names}
    patterns: dict[int, int] = defaultdict(int)
    for record, person in zip(records, people, strict=True):
        patterns[person] |= 1 << place[record.list_name]
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
        raise bad("no pair", file=reviewed.name)
    return LinkQuality(found, missed, wrong)
