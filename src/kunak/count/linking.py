"""The way of `kunak link`: lists and decisions are read, Splink compares, the brain decides, clusters are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pymorphy3  # type: ignore[import-untyped]

from kunak.count.complaints import BadInputError, bad
from kunak.count.engine import OutOfMemory, compare_on_duckdb
from kunak.count.engine_spark import compare_on_spark
from kunak.count.linkage import Decided, ImpossibleRecord, Prepared, decide, prepare
from kunak.count.linkage.explain import HEAD, Explainer, explain_pairs
from kunak.count.linkage.knowledge import Knowledge, learn
from kunak.count.linkage.reading import Record
from kunak.count.linkage.scoring import Scored
from kunak.count.lists import read_decisions, read_lists, write_csv
from kunak.count.names import Tables, WrongLine, read_tables
from kunak.count.whole_files import check_place

__all__ = ["BadInputError", "know_names", "link_lists"]

_LEAST_WEIGHT = -6.0  # bits; below, a pair is not even a near miss
_ENGINES = {"duckdb": compare_on_duckdb, "spark": compare_on_spark}


def link_lists(
    lists: Path, out: Path, *, explain: Path | None, decisions: Path | None, engine: str, own: Path | None = None
) -> str:
    """Link the records of one file, and say in a sentence what came of it."""
    for written in filter(None, (out, explain)):
        check_place(written)
    records = read_lists(lists)
    if not records:
        raise bad("no records", file=lists.name)
    decided = read_decisions(decisions, (r.record_id for r in records)) if decisions else []
    known, tables = know_names(own)
    prepared = _prepare(lists, records, known, tables, engine, frozenset(i for a, b, _ in decided for i in (a, b)))
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
    return f"{len(ids)} records, {len(names)} people: {out}"


def _prepare(
    lists: Path, records: list[Record], known: Knowledge, tables: Tables, engine: str, decided: frozenset[str]
) -> Prepared:
    try:
        return prepare(records, known, tables.model, dialect=engine, decided=decided)
    except ImpossibleRecord as error:
        raise bad(
            "impossible date", file=lists.name, row=error.place + 2, column=error.column, date=repr(error.text)
        ) from error


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
