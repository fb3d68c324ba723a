"""`kunak estimate`: reads a table, asks the brain, writes the answer."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from kunak.frame.tongue import spoken

_ = spoken("kunak.count").gettext

Method = Literal["average", "loglinear", "loglinear-average", "stepwise", "dga", "lcmcr", "rasch", "coverage", "all"]


def estimate(
    table: Annotated[Path, typer.Argument(help=_("The lists as JSON: docs/estimate.md."))],
    out: Annotated[Path, typer.Option("--out", help=_("Where the answer goes, as JSON."))],
    method: Annotated[
        Method, typer.Option("--method", help=_("The average tells how far the methods disagree."))
    ] = "average",
    seed: Annotated[
        int, typer.Option("--seed", min=0, help=_("The same seed gives the same answer, to the digit."))
    ] = 1,
    plot: Annotated[
        Path | None, typer.Option("--plot", help=_("Also draw the intervals and the lists, as SVG."))
    ] = None,
) -> None:
    """Estimate how many people are on no list, from how the lists overlap."""
    # The tables are small: more threads only wait for each other, and could add up in another order.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from kunak.count.complaints import BadInputError, in_terminal  # noqa: PLC0415 - the count extra, when it is used
        from kunak.count.estimating import estimate_table  # noqa: PLC0415 - the count extra, when it is used
        from kunak.count.progress import shown, step_in_words  # noqa: PLC0415 - the count extra, when it is used
    except ImportError as missing:
        said = _("Estimating needs {part}, which is not installed. hint: {command}")
        sys.stderr.write(said.format(part=missing.name, command="pip install 'kunak[count]'") + "\n")
        raise typer.Exit(2) from missing
    try:
        with shown(step_in_words, only=("methods",)) as progress:
            said = estimate_table(table, out, method=method, seed=seed, plot=plot, progress=progress)
    except BadInputError as error:
        sys.stderr.write(f"{in_terminal(error.why)}\n")
        raise typer.Exit(2) from error
    typer.echo(in_terminal(said))
