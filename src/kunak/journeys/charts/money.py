"""What each week costs, beside what there is to spend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import svg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markupsafe import Markup

WIDTH: Final = 1_000.0
HEIGHT: Final = 190.0
FLOOR: Final = 160.0
TOP: Final = 26.0
INSIDE: Final = 20.0  # a bar so high holds its number


def money(spent: Sequence[int], limits: Sequence[int] | None, title: str, day: Callable[[int], str]) -> Markup:
    """`spent` and `limits` by week; a bar that reaches its limit is drawn full."""
    most = max([*spent, *(limits or ()), 1])
    step = WIDTH / max(1, len(spent))
    parts = [svg.line(0, FLOOR, WIDTH, FLOOR, "grid")]
    for week, amount in enumerate(spent):
        x, high = week * step, (FLOOR - TOP) * amount / most
        limit = limits[week] if limits is not None else None
        full = limit is not None and amount >= limit
        kind = "bar full-bar" if full else "bar"
        parts.append(svg.rect(x + step * 0.18, FLOOR - high, step * 0.64, high, kind, svg.thousands(amount)))
        if limit is not None:
            y = FLOOR - (FLOOR - TOP) * limit / most
            parts.append(svg.line(x + step * 0.06, y, x + step * 0.94, y, "limit"))
        # In the bar, where no line crosses it; over a bar that is too low for it.
        inside = high > INSIDE and not full
        y = FLOOR - high + 14 if inside else FLOOR - high - 5
        parts.append(svg.text(x + step / 2, y, svg.thousands(amount), "on-bar" if inside else "axis", "middle"))
        parts.append(svg.text(x + step / 2, FLOOR + 16, svg.fitting(day(week * 7), step), "axis", "middle"))
    return svg.picture(WIDTH, HEIGHT, title, parts, "money")
