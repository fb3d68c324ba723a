"""The few SVG shapes that a plot needs, black on white; whatever a list is called, it stays text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

Marks = list[str]
SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"  # between the thousands; Python calls them unprintable


def text(x: float, y: float, said: str, *, middle: bool = False, end: bool = False, bold: bool = False) -> str:
    """Words, from x on, around it, or up to it."""
    anchor = "middle" if middle else "end" if end else "start"
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight}>{escape(_printable(said))}</text>'


def upright(x: float, y: float, said: str) -> str:
    """Words written upwards from this point, where there is no room beside it."""
    return f'<text transform="translate({x:.1f} {y:.1f}) rotate(-90)">{escape(_printable(said))}</text>'


def line(x1: float, y1: float, x2: float, y2: float, *, width: float = 2, dashes: str = "") -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="black" stroke-width="{width}"{dashed}/>'
    )


def rectangle(x: float, y: float, width: float, height: float, *, hollow: bool = False) -> str:
    """A bar."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" {_ink(hollow=hollow)}/>'


def circle(x: float, y: float, radius: float, *, hollow: bool = False) -> str:
    """A dot or a ring."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" {_ink(hollow=hollow)}/>'


def diamond(x: float, y: float, radius: float) -> str:
    """A square on its corner."""
    corners = f"{x:.1f},{y - radius:.1f} {x + radius:.1f},{y:.1f} {x:.1f},{y + radius:.1f} {x - radius:.1f},{y:.1f}"
    return f'<polygon points="{corners}" {_ink(hollow=True)}/>'


def page(width: float, height: float, title: str, told: str, marks: Sequence[str]) -> str:
    """The whole drawing, with a title and the same content in words for who cannot see it."""
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        'aria-labelledby="title told" font-family="sans-serif" font-size="12">'
    )
    return "\n".join(
        [
            opening,
            f'<title id="title">{escape(_printable(title))}</title>',
            f'<desc id="told">{escape(_printable(told))}</desc>',
            f'<rect width="{width:.0f}" height="{height:.0f}" fill="white"/>',
            *marks,
            "</svg>\n",
        ]
    )


def _ink(*, hollow: bool) -> str:
    return 'fill="white" stroke="black" stroke-width="1.5"' if hollow else 'fill="black"'


def _printable(said: str) -> str:
    """XML forbids control characters even escaped."""
    return "".join(letter if letter.isprintable() or letter in SPACES else "�" for letter in said)
