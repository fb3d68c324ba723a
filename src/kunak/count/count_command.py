"""`kunak count`: from lists to a report, links and estimate together."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from kunak.frame.tongue import spoken

_ = spoken("kunak.count").gettext


def count(
    lists: Annotated[Path, typer.Argument(metavar="LISTS.csv", help=_("The records of all lists, as for kunak link."))],
    out: Annotated[Path, typer.Option("--out", metavar="REPORT/", help=_("The folder of the report."))],
    decisions: Annotated[
        Path | None,
        typer.Option("--decisions", metavar="DECISIONS.csv", help=_("a,b,same|different: a reviewer's word.")),
    ] = None,
    reviewed: Annotated[
        Path | None,
        typer.Option(
            "--reviewed", metavar="SAMPLE.csv", help=_("a,b,same|different of a random sample of likely pairs.")
        ),
    ] = None,
    strata: Annotated[
        str | None,
        typer.Option(
            "--strata", metavar="COLUMN", help=_("Estimate apart by a column (place, district, ...), and add up.")
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help=_("The same seed gives the same report, to the digit."))
    ] = 1,
    repeat: Annotated[
        Path | None,
        typer.Option("--repeat", metavar="RUN.json", help=_("Repeat that run: its seed and strata, checked.")),
    ] = None,
) -> None:
    """Say how many people there are in all, out of lists that overlap, with a report in Russian and English."""
    # The tables are small: more threads only wait for each other, and could add up in another order.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from kunak.count.complaints import BadInputError, in_terminal  # noqa: PLC0415 - the count extra, when it is used
        from kunak.count.progress import shown, step_in_words  # noqa: PLC0415 - the count extra, when it is used
        from kunak.count.reporting import write_report  # noqa: PLC0415 - the count extra, when it is used
        from kunak.count.run import Asked, as_in  # noqa: PLC0415 - the count extra, when it is used
    except ImportError as missing:
        said = _("Counting needs {part}, which is not installed. hint: {command}")
        sys.stderr.write(said.format(part=missing.name, command="pip install 'kunak[count]'") + "\n")
        raise typer.Exit(2) from missing
    try:
        asked = Asked(lists, decisions, reviewed, strata, seed)
        if repeat is not None:
            asked = as_in(repeat, asked)
        with shown(step_in_words) as progress:
            said = write_report(asked, out, progress, lambda told: typer.echo(in_terminal(told), err=True))
    except BadInputError as error:
        sys.stderr.write(f"{in_terminal(error.why)}\n")
        raise typer.Exit(2) from error
    typer.echo(in_terminal(said))
