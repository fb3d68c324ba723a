"""Journeys on a line of days: one row for each party, one bar for each stay, one arrow for each departure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import svg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markupsafe import Markup

    from kunak.journeys.reckoning.reviewing import Course

LABELS: Final = 132.0  # room for the names
WIDTH: Final = 1_000.0
ROW: Final = 22.0
TOP: Final = 34.0
WEEK: Final = 7


def gantt(
    courses: Sequence[Course],
    horizon: int,
    now: int,
    today: tuple[int, str],
    title: str,
    name: Callable[[str], str],
    day: Callable[[int], str],
) -> Markup:
    """`name`: a party's pseudonym; `day`: a day of the scenario as a short date; `today`: the scenario's day of today, and the word for
    it. Nights run from `now` or 0 to the horizon."""
    step = (WIDTH - LABELS) / max(1, horizon)
    height = TOP + ROW * len(courses) + 4
    parts = [*_axis(horizon, step, height, day)]
    if now:
        parts.append(svg.line(LABELS + now * step, TOP - 6, LABELS + now * step, height, "now"))
    if 0 <= today[0] < horizon:
        at = LABELS + today[0] * step
        parts += [svg.line(at, TOP - 20, at, height, "today"), svg.text(at + 2, TOP - 24, today[1], "today")]
    for row, course in enumerate(courses):
        parts += _row(course, TOP + row * ROW, step, name(course.party.id))
    return svg.picture(WIDTH, height, title, parts, "gantt")


def _axis(horizon: int, step: float, height: float, day: Callable[[int], str]) -> list[Markup]:
    parts, free = [], 0.0
    for week in range(0, horizon, WEEK):
        x = LABELS + week * step
        parts.append(svg.line(x, TOP - 8, x, height, "grid"))
        said = day(week)
        if x >= free:
            parts.append(svg.text(x + 2, TOP - 14, said, "axis"))
            free = x + len(said) * svg.LETTER + 10
    return parts


def _row(course: Course, y: float, step: float, name: str) -> list[Markup]:
    parts = [
        svg.line(0, y + ROW, WIDTH, y + ROW, "grid"),
        svg.text(0, y + 15, svg.fitting(name, LABELS - 8), "label"),
    ]
    for stay in course.stays:
        x, width = LABELS + stay.first * step, (stay.last - stay.first + 1) * step
        parts.append(svg.rect(x, y + 4, width, ROW - 8, f"stay {stay.kind}", f"{name}: {stay.place}"))
        title = f"{name}: {stay.place}"
        parts += [svg.rect(LABELS + night * step, y + 4, step, ROW - 8, "stay rough", title) for night in stay.rough]
        # Words stand on the nights with a bed that come first; over a hatching nobody reads them.
        clear = width if not stay.rough else (stay.rough[0] - stay.first) * step
        if stay.kind != "home" and (said := svg.fitting(stay.place, clear - 8)):
            parts.append(svg.text(x + 4, y + 15, said, f"inside {stay.kind}"))
    for ride in course.rides:
        x = LABELS + ride.day * step
        length = max((ride.arrival - ride.day) * step, 0.0)
        parts.append(svg.line(x, y + ROW / 2, x + length, y + ROW / 2, "road"))
        parts.append(svg.text(x + length, y + 15.5, "▸", "arrow", "middle"))
    return parts
