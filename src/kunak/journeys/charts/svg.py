"""The few shapes that our charts are drawn with. Style comes from the page's own sheet by class: no picture carries any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable

LETTER: Final = 6.4  # width of a letter at 11 units, on average

# What fills a bar: told apart by their strokes, also on paper and without colours.
PATTERNS: Final = Markup(
    '<defs><pattern id="p-home" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="ground" width="6" height="6"/>'
    '<path class="stroke" d="M0 6 6 0"/></pattern>'
    '<pattern id="p-transit" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="ground" width="6" height="6"/>'
    '<circle class="dot" cx="3" cy="3" r="1.1"/></pattern>'
    '<pattern id="p-rough" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="ground" width="6" height="6"/>'
    '<path class="warn" d="M0 6 6 0M0 0 6 6"/></pattern>'
    '<pattern id="p-full" width="5" height="5" patternUnits="userSpaceOnUse"><rect class="bar" width="5" height="5"/>'
    '<path class="paper" d="M0 5 5 0"/></pattern></defs>'
)


def number(value: float) -> str:
    """One decimal is enough for any screen."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def rect(x: float, y: float, width: float, height: float, kind: str, title: str = "") -> Markup:
    said = Markup("<title>{}</title>").format(title) if title else Markup("")
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}">{}</rect>').format(
        kind, number(x), number(y), number(max(0.5, width)), number(height), said
    )


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(
        kind, number(x1), number(y1), number(x2), number(y2)
    )


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> Markup:
    return Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>').format(
        kind, number(x), number(y), anchor, words
    )


def fitting(words: str, width: float) -> str:
    """As much of the words as the width holds; nothing rather than one letter."""
    room = int(width / LETTER)
    if len(words) <= room:
        return words
    return f"{words[: room - 1]}…" if room > 3 else ""  # noqa: PLR2004 - fewer letters say nothing


def patterns() -> Markup:
    """What the pictures of a page are filled with; it stands there once."""
    return Markup(
        '<svg class="patterns" width="0" height="0" aria-hidden="true" xmlns="http://www.w3.org/2000/svg">{}</svg>'
    ).format(PATTERNS)


def thousands(amount: int) -> str:
    """`2 885`, with a space that does not break."""
    return f"{amount:,}".replace(",", "\u202f")


def picture(width: float, height: float, title: str, parts: Iterable[Markup], kind: str = "") -> Markup:
    body = Markup("").join(parts)
    return Markup(
        '<svg class="chart {}" viewBox="0 0 {} {}" role="img" aria-label="{}" xmlns="http://www.w3.org/2000/svg">{}</svg>'
    ).format(kind, number(width), number(height), escape(title), body)
