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


def money(spent: Sequence[int], limits: Sequence[int] | None, title: str, day: Callable[[int], str]) -> Markup:
    """`spent` and `limits` by week; a bar that reaches its limit is drawn full."""
    most = max([*spent, *(limits or ()), 1])
    step = WIDTH / max(1, len(spent))
    parts = [svg.line(0, FLOOR, WIDTH, FLOOR, "grid")]
    for week, amount in enumerate(spent):
        x, high = week * step, (FLOOR - TOP) * amount / most
        limit = limits[week] if limits is not None else None
        full = limit is not None and amount >= limit
        parts.append(
            svg.rect(x + step * 0.18, FLOOR - high, step * 0.64, high, "bar full" if full else "bar", str(amount))
        )
        if limit is not None:
            y = FLOOR - (FLOOR - TOP) * limit / most
            parts.append(svg.line(x + step * 0.06, y, x + step * 0.94, y, "limit"))
        parts.append(svg.text(x + step / 2, FLOOR - high - 4, f"{amount}", "axis", "middle"))
        parts.append(svg.text(x + step / 2, FLOOR + 16, svg.fitting(day(week * 7), step), "axis", "middle"))
    return svg.picture(WIDTH, HEIGHT, title, parts, "money")
