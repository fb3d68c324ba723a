"""The way of `kunak link`: lists and decisions are read, Splink compares, the brain decides, clusters are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pymorphy3  # type: ignore[import-untyped]

from kunak.count.complaints import BadInputError, bad, said
from kunak.count.engine import OutOfMemory, compare_on_duckdb
from kunak.count.engine_spark import compare_on_spark
from kunak.count.estimate.told import Told
from kunak.count.linkage import Decided, ImpossibleRecord, Prepared, decide, prepare
from kunak.count.linkage.explain import HEAD, Explainer, explain_pairs
from kunak.count.linkage.knowledge import Knowledge, learn
from kunak.count.linkage.reading import Record, unread
from kunak.count.linkage.scoring import Scored
from kunak.count.lists import read_decisions, read_lists, row_of, write_csv
from kunak.count.names import Tables, WrongLine, read_tables
from kunak.count.whole_files import check_place

__all__ = ["BadInputError", "Notice", "know_names", "link_lists", "prepare_lists", "tell_unread"]

_LEAST_WEIGHT = -6.0  # bits; below, a pair is not even a near miss
Notice = Callable[[Told], None]  # is told what the reader should know though the work goes on
_ENGINES = {"duckdb": compare_on_duckdb, "spark": compare_on_spark}


def silent(_: Told) -> None:
    """Nobody listens."""


def link_lists(
    lists: Path,
    out: Path,
    *,
    explain: Path | None,
    decisions: Path | None,
    engine: str,
    own: Path | None = None,
    notice: Notice = silent,
) -> Told:
    """Link the records of one file, and say in a sentence what came of it."""
    for written in filter(None, (out, explain)):
        check_place(written)
    records = read_lists(lists)
    if not records:
        raise bad("no records", file=lists.name)
    decided = read_decisions(decisions, (r.record_id for r in records)) if decisions else []
    known, tables = know_names(own)
    prepared = prepare_lists(lists, records, known, tables, engine, decided)
    tell_unread(lists, records, prepared, notice)
    node_of = {records[p].record_id: n for n, places in enumerate(prepared.members) for p in places}
    ids = [r.record_id for r in records]
    del records  # a million names take a gigabyte that Splink needs
    try:
        scored = _ENGINES[engine](prepared.columns, prepared.settings, prepared.frequencies, at_least=_LEAST_WEIGHT)
    except OutOfMemory as error:
        raise bad("memory", file=lists.name, records=len(ids)) from error
    result = decide(
        prepared,
        scored.pairs(),
        tables.model,
        same=[(node_of[a], node_of[b]) for a, b, same in decided if same],
        different=[(node_of[a], node_of[b]) for a, b, same in decided if not same],
    )
    names: dict[int, str] = {}
    for c in result.of_record:
        names.setdefault(c, f"c{len(names) + 1}")
    rows = ((record_id, names[c]) for record_id, c in zip(ids, result.of_record, strict=True))
    write_csv(out, ("record_id", "cluster_id"), rows)
    if explain:
        write_csv(explain, HEAD, _explained(ids, prepared, scored, result, tables))
    return said("linked", records=len(ids), people=len(names), out=out)


def prepare_lists(
    lists: Path,
    records: Sequence[Record],
    known: Knowledge,
    tables: Tables,
    engine: str,
    decided: Sequence[tuple[str, str, bool]],
) -> Prepared:
    """All records read. Raises BadInputError with the row of a date that no calendar has."""
    named = frozenset(i for a, b, _ in decided for i in (a, b))
    try:
        return prepare(records, known, tables.model, dialect=engine, decided=named)
    except ImpossibleRecord as error:
        row = row_of(lists, error.place)
        raise bad("impossible date", file=lists.name, row=row, column=error.column, date=repr(error.text)) from error


def tell_unread(lists: Path, records: Sequence[Record], prepared: Prepared, notice: Notice) -> None:
    """Tell in which columns something stands that could not be read, how often, and where first."""
    found: dict[str, list[int]] = {}
    for places, reading in zip(prepared.members, prepared.readings, strict=True):
        for column in unread(records[places[0]], reading):
            found.setdefault(column, []).extend(places)
    for column in sorted(found):
        key = "nameless" if column == "full_name" else "unread"
        first = row_of(lists, min(found[column]))
        notice(said(key, file=lists.name, column=column, records=len(found[column]), row=first))


def _explained(
    ids: list[str], prepared: Prepared, scored: Scored, result: Decided, tables: Tables
) -> Iterator[Sequence[str]]:
    explainer = Explainer(prepared.columns, prepared.frequencies, scored.level_weights, tables.phrases, tables.model)
    for a, b, words in explain_pairs(prepared.members, scored, result.of_record, result.fate, explainer):
        yield ids[a], ids[b], *words


def know_names(own: Path | None = None) -> tuple[Knowledge, Tables]:
    """What the tables of names/ say, those in a folder of one's own before ours, and the same ready to ask."""
    if own and not own.is_dir():
        raise bad("no folder of names", path=own)
    try:
        tables = read_tables(own)
    except WrongLine as wrong:
        raise bad(wrong.key, file=wrong.file, line=wrong.line, text=wrong.text) from wrong
    return learn(tables.letters, tables.given, tables.places, tables.words, _inflect()), tables


def _inflect() -> Callable[[str], Iterable[str]]:
    """The grammatical cases of a first name, by pymorphy3."""
    analyser = pymorphy3.MorphAnalyzer()

    def cases(word: str) -> Iterable[str]:
        for parse in analyser.parse(word):
            if {"Name", "nomn", "sing"} in parse.tag:
                return [form.word for form in parse.lexeme if "sing" in form.tag]
        return []

    return cases
