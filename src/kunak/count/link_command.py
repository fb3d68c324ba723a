"""`kunak link`: which records of several lists are one person."""

from __future__ import annotations

from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kunak.frame.tongue import spoken

_ = spoken("kunak.count").gettext


class Engine(StrEnum):
    """Where Splink works."""

    DUCKDB = "duckdb"
    SPARK = "spark"


def link(
    lists: Annotated[Path, typer.Argument(metavar="LISTS.csv", help=_("the records of all lists"))],
    out: Annotated[Path, typer.Option(metavar="CLUSTERS.csv", help=_("record_id,cluster_id for every record"))],
    explain: Annotated[
        Path | None, typer.Option(metavar="PAIRS.csv", help=_("in words, what speaks for and against each likely pair"))
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option(metavar="DECISIONS.csv", help=_("a,b,same|different: a reviewer's word, which binds"))
    ] = None,
    names: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help=_("your own given.csv, places.csv, letters.toml ... (docs/names.md)")),
    ] = None,
    engine: Annotated[Engine, typer.Option(help=_("spark for the lists of a whole war"))] = Engine.DUCKDB,
) -> None:
    """Find the records that are one person, in any script, without merging relatives or namesakes."""
    # The count extra is heavy and not everybody's: it is loaded when it is used.
    from kunak.count.complaints import in_terminal  # noqa: PLC0415 - the count extra is loaded when it is used
    from kunak.count.linking import BadInputError, link_lists  # noqa: PLC0415 - the count extra is loaded when it is used

    console = Console(stderr=True)
    try:
        with console.status(_("Linking…")) if console.is_terminal else nullcontext():
            done = link_lists(
                lists, out, explain=explain, decisions=decisions, engine=engine.value, own=names,
                notice=lambda said: typer.echo(in_terminal(said), err=True),
            )  # fmt: skip
    except BadInputError as error:
        typer.echo(in_terminal(error.why), err=True)
        raise typer.Exit(2) from error
    typer.echo(in_terminal(done))
