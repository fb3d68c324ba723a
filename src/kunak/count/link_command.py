"""`kunak link`: which records of several lists are one person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kunak.count.linkage.knowledge import Knowledge
from kunak.count.lists import BadInputError, read_decisions, read_lists, write_csv
from kunak.count.names import Tables, read_tables


class Engine(StrEnum):
    """Where Splink works."""

    DUCKDB = "duckdb"
    SPARK = "spark"


def link(
    lists: Annotated[Path, typer.Argument(metavar="LISTS.csv", help="the records of all lists")],
    out: Annotated[Path, typer.Option(metavar="CLUSTERS.csv", help="record_id,cluster_id for every record")],
    decisions: Annotated[
        Path | None, typer.Option(metavar="DECISIONS.csv", help="a,b,same|different: a reviewer's word")
    ] = None,
    engine: Annotated[Engine, typer.Option(help="spark for the lists of a whole war")] = Engine.DUCKDB,
) -> None:
    """Find the records that are one person, in any script, without merging relatives or namesakes."""
    try:
        people = _link(lists, out, decisions, engine)
    except BadInputError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo(people)


def _link(lists: Path, out: Path, decisions: Path | None, engine: Engine) -> str:
    # The count extra is heavy and not everybody's: it is loaded when it is used.
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - the count extra is loaded when it is used

    from kunak.count import engine as splink_engine  # noqa: PLC0415 - the count extra is loaded when it is used
    from kunak.count.linkage import ImpossibleRecord, decide, prepare  # noqa: PLC0415 - the count extra is loaded when it is used

    records = read_lists(lists)
    decided = read_decisions(decisions, (r.record_id for r in records)) if decisions else []
    known, tables = know_names()
    named = frozenset(i for a, b, _ in decided for i in (a, b))
    try:
        prepared = prepare(records, known, tables.model, dialect=engine.value, decided=named)
    except ImpossibleRecord as error:
        raise BadInputError(
            f"{lists.name}, row {error.place + 2}, column {error.column}: no calendar has the date {error.text!r}; correct or empty it."
        ) from error
    node_of = {records[p].record_id: n for n, places in enumerate(prepared.members) for p in places}
    memory = f"{600 + len(records) // 160}MB"
    scored = splink_engine.compare_on_duckdb(
        pa.table(dict(prepared.columns)), prepared.settings, prepared.frequencies, at_least=-4, memory=memory
    )
    pairs = list(zip(scored.left.tolist(), scored.right.tolist(), scored.weight.tolist(), strict=True))
    clusters = decide(
        prepared,
        pairs,
        tables.model,
        same=[(node_of[a], node_of[b]) for a, b, same in decided if same],
        different=[(node_of[a], node_of[b]) for a, b, same in decided if not same],
    )
    names: dict[int, str] = {}
    for c in clusters:
        names.setdefault(c, f"c{len(names) + 1}")
    write_csv(
        out, ("record_id", "cluster_id"), ((r.record_id, names[c]) for r, c in zip(records, clusters, strict=True))
    )
    return f"{len(records)} records, {len(names)} people: {out}"


def know_names() -> tuple[Knowledge, Tables]:
    """What the tables of names/ say, and the same ready to ask."""
    from kunak.count.linkage.knowledge import learn  # noqa: PLC0415 - the count extra is loaded when it is used

    tables = read_tables()
    return learn(tables.letters, tables.given, tables.places, tables.words, _inflect()), tables


def _inflect() -> Callable[[str], Iterable[str]]:
    """The grammatical cases of a first name, by pymorphy3."""
    import pymorphy3  # type: ignore[import-untyped]  # noqa: PLC0415 - the count extra is loaded when it is used

    analyser = pymorphy3.MorphAnalyzer()

    def cases(word: str) -> Iterable[str]:
        for parse in analyser.parse(word):
            if {"Name", "nomn", "sing"} in parse.tag:
                return [form.word for form in parse.lexeme if "sing" in form.tag]
        return []

    return cases
