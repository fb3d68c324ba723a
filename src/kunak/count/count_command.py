"""`kunak count`: from lists to a report, links and estimate together."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console


def count(
    lists: Annotated[Path, typer.Argument(metavar="LISTS.csv", help="The records of all lists, as for kunak link.")],
    out: Annotated[Path, typer.Option("--out", metavar="REPORT/", help="The folder of the report.")],
    decisions: Annotated[
        Path | None, typer.Option("--decisions", metavar="DECISIONS.csv", help="a,b,same|different: a reviewer's word.")
    ] = None,
    reviewed: Annotated[
        Path | None,
        typer.Option("--reviewed", metavar="SAMPLE.csv", help="a,b,same|different of a random sample of likely pairs."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same report, to the digit.")] = 1,
) -> None:
    """Say how many people there are in all, out of lists that overlap, with a report in Russian and English."""
    # The tables are small: more threads only wait for each other, and could add up in another order.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from kunak.count.lists import BadInputError  # noqa: PLC0415 - the count extra is loaded when it is used
        from kunak.count.reporting import write_report  # noqa: PLC0415 - the count extra is loaded when it is used
    except ImportError as missing:
        sys.stderr.write(f"Counting needs {missing.name}, which is not installed. hint: pip install 'kunak[count]'\n")
        raise typer.Exit(2) from missing
    console = Console(stderr=True)
    try:
        with console.status("Counting ...") if console.is_terminal else console.capture():
            said = write_report(lists, out, decisions=decisions, reviewed=reviewed, seed=seed)
    except BadInputError as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(2) from error
    except OSError as error:
        sys.stderr.write(f"{error.filename} cannot be read or written: {error.strerror}.\n")
        raise typer.Exit(2) from error
    typer.echo(said)
