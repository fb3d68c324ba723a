"""How full each place is on each night: one strip for each, its bars as high as the beds are used, its line where they end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import svg
from .gantt import LABELS, WEEK, WIDTH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markupsafe import Markup

    from kunak.journeys.reckoning.reviewing import PlaceLoad

STRIP: Final = 36.0
BAR: Final = 24.0
TOP: Final = 22.0
FIGURES: Final = 64.0  # room at the right for "5 / 6"


def nights(loads: Sequence[PlaceLoad], horizon: int, title: str, day: Callable[[int], str], figures: str) -> Markup:
    """`figures`: what the two numbers on the right are."""
    step = (WIDTH - LABELS - FIGURES) / max(1, horizon)
    height = TOP + STRIP * len(loads) + 4
    parts = [svg.text(WIDTH, TOP - 8, figures, "axis", "end")]
    free = 0.0
    for week in range(0, horizon, WEEK):
        x = LABELS + week * step
        parts.append(svg.line(x, TOP - 4, x, height, "grid"))
        if x >= free:
            parts.append(svg.text(x + 2, TOP - 8, day(week), "axis"))
            free = x + len(day(week)) * svg.LETTER + 10
    for row, load in enumerate(loads):
        parts += _strip(load, TOP + row * STRIP, step)
    return svg.picture(WIDTH, height, title, parts, "nights")


def _strip(load: PlaceLoad, y: float, step: float) -> list[Markup]:
    most = max(load.most, load.beds or 0, 1)
    floor = y + STRIP - 6
    parts = [svg.text(0, floor - 6, svg.fitting(load.place.id, LABELS - 8), "label")]
    for night, length, people in _runs(load.used):
        if people:
            full = load.beds is not None and people >= load.beds
            high = BAR * people / most
            kind, said = "bar full-bar" if full else "bar", f"{load.place.id}: {people}"
            parts.append(svg.rect(LABELS + night * step, floor - high, step * length, high, kind, said))
    end = WIDTH - FIGURES
    if load.beds is not None:
        limit = floor - BAR * load.beds / most
        parts.append(svg.line(LABELS, limit, end, limit, "limit"))
    parts.append(svg.line(LABELS, floor, end, floor, "grid"))
    beds = "–" if load.beds is None else str(load.beds)
    parts.append(svg.text(WIDTH, floor - 6, f"{load.most} / {beds}", "axis", "end"))
    return parts


def _runs(used: Sequence[int]) -> list[tuple[int, int, int]]:
    """(first night, how many, people) for neighbouring nights that are alike."""
    found: list[tuple[int, int, int]] = []
    for night, people in enumerate(used):
        if found and found[-1][2] == people:
            first, length, _ = found[-1]
            found[-1] = (first, length + 1, people)
        else:
            found.append((night, 1, people))
    return found
