"""A row of a benchmark, and how rows are printed: a figure, a reference measured in the same run, the ratio, the aim."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One measured figure. `held` is None where there is no aim."""

    what: str
    figure: str
    reference: str
    ratio: str
    aim: str
    held: bool | None


def show(title: str, rows: list[Row]) -> None:
    """Print the rows as one table."""
    table = Table(title=title, title_justify="left")
    for heading in ("what", "measured", "reference in this run", "ratio", "aim", ""):
        table.add_column(heading, overflow="fold")
    for row in rows:
        mark = {True: "held", False: "MISSED", None: ""}[row.held]
        table.add_row(row.what, row.figure, row.reference, row.ratio, row.aim, mark)
    Console(width=140).print(table)


def as_markdown(title: str, rows: list[Row]) -> str:
    """The same table for docs/BENCHMARKS.md."""
    lines = [
        f"## {title}",
        "",
        "| what | measured | reference in this run | ratio | aim | |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        mark = {True: "held", False: "**missed**", None: ""}[row.held]
        lines.append(f"| {row.what} | {row.figure} | {row.reference} | {row.ratio} | {row.aim} | {mark} |")
    return "\n".join([*lines, ""])
