"""`make seizure`: run the seizure tests and print the table of promises with what was found."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from tests.seizure.promises import PROMISES, Promise

HERE = Path(__file__).resolve().parent


class Collector:
    """Keeps each test's outcome and what it reports of its search (`record_property("found", …)`)."""

    def __init__(self) -> None:
        self.outcome: dict[str, str] = {}
        self.found: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid.rsplit("::", 1)[-1].split("[")[0]
        if report.when == "call" or report.failed:
            self.outcome[name] = "failed" if report.failed or self.outcome.get(name) == "failed" else report.outcome
            for key, value in report.user_properties:
                if key == "found":
                    self.found[name] = str(value)


def verdict(promise: Promise, collector: Collector) -> tuple[str, str]:
    """What to print of one row: whether it held, and what was searched."""
    if not promise.tests:
        return "[yellow]not built", f"comes with {promise.comes_with}"
    outcomes = [collector.outcome.get(name, "missing") for name in promise.tests]
    held = all(outcome == "passed" for outcome in outcomes)
    details = [f"{collector.found.get(name, outcome)}" for name, outcome in zip(promise.tests, outcomes, strict=True)]
    if promise.comes_with:
        details.append(f"({promise.comes_with})")
    return ("[green]held" if held else "[red]BROKEN"), "\n".join(details)


def main() -> int:
    collector = Collector()
    status = pytest.main(["-q", "-m", "seizure", "-p", "no:cacheprovider", str(HERE)], plugins=[collector])
    table = Table(title="What a seizure yields (DESIGN §2)", show_lines=True)
    for heading in (
        "what the hunter takes",
        "what he learns",
        "what he never learns",
        "",
        "what was searched, what was found",
    ):
        table.add_column(heading, overflow="fold")
    for promise in PROMISES:
        table.add_row(promise.takes, promise.learns, promise.never, *verdict(promise, collector))
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    return int(status)


if __name__ == "__main__":
    raise SystemExit(main())
