"""What the cases know: their fold (a room of vault/folding.py), and the only door by which other rooms come in."""

from __future__ import annotations

from typing import Final

from kunak.cases.fold import fold
from kunak.cases.listing import CaseLine, Order, TaskLine, count, count_overdue, line, lines, page
from kunak.cases.listing import tasks as open_tasks
from kunak.cases.pages import add_routes
from kunak.cases.reading import Case, read, timeline
from kunak.cases.summary import settle
from kunak.cases.tables import SCHEMA as schema  # noqa: N811 - the room's protocol calls it so

name: Final = "cases"
hears: Final = ("cases",)

__all__ = [
    "Case",
    "CaseLine",
    "Order",
    "TaskLine",
    "add_routes",
    "count",
    "count_overdue",
    "fold",
    "hears",
    "line",
    "lines",
    "name",
    "open_tasks",
    "page",
    "read",
    "schema",
    "settle",
    "timeline",
]
