"""`kunak estimate`: reads a table, asks the brain, writes the answer."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer
from rich.console import Console

Method = Literal["average", "loglinear", "loglinear-average", "stepwise", "dga", "lcmcr", "coverage", "all"]


def estimate(
    table: Annotated[Path, typer.Argument(help="The lists as JSON: docs/estimate.md.")],
    out: Annotated[Path, typer.Option("--out", help="Where the answer goes, as JSON.")],
    method: Annotated[
        Method, typer.Option("--method", help="The average tells how far the methods disagree.")
    ] = "average",
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same answer, to the digit.")] = 1,
    plot: Annotated[Path | None, typer.Option("--plot", help="Also draw the intervals and the lists, as SVG.")] = None,
) -> None:
    """Estimate how many people are on no list, from how the lists overlap."""
    # The tables are small: more threads only wait for each other, and could add up in another order.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from kunak.count.estimate import BadTable, draw, judge, read  # noqa: PLC0415 - numpy comes with kunak[count] only
    except ImportError as missing:
        _stop(f"Estimating needs {missing.name}, which is not installed. hint: pip install 'kunak[count]'")
    try:
        question = read(table.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        _stop(f"{table} cannot be read as UTF-8 text: {error}.")
    except BadTable as error:
        _stop(f"{table}: {error}")
    console = Console(stderr=True)
    with console.status("Estimating ...") if console.is_terminal else console.capture():
        verdict = judge(question, method, seed)
    try:
        out.write_text(json.dumps(verdict, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if plot is not None:
            plot.write_text(draw(question, verdict), encoding="utf-8")
    except OSError as error:
        _stop(f"{error.filename} cannot be written: {error.strerror}.")
    if verdict["estimate"] is None:
        typer.echo(f"No estimate: {verdict['reason']}")
    else:
        typer.echo(f"{verdict['estimate']:,.0f} people (95 %: {verdict['lo']:,.0f} to {verdict['hi']:,.0f}).")


def _stop(sentence: str) -> NoReturn:
    """One sentence on stderr, exit status 2."""
    sys.stderr.write(" ".join(sentence.split()) + "\n")
    raise typer.Exit(2)
