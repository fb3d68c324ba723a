"""The report as one HTML file that needs nothing else: no script, no network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from kunak.count.report.blocks import NO_NUMBERS, Block, Grid, Heading, Paragraph, Plot, Points

STYLE = (
    ":root{color-scheme:light}body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#000;background:#fff}"
    ".wide{overflow-x:auto}table{border-collapse:collapse}td,th{border:1px solid #555;padding:.2rem .6rem;text-align:left;"
    "vertical-align:top;font-weight:normal}td.long{overflow-wrap:anywhere}thead th{font-weight:bold}.n{text-align:right;white-space:nowrap;"
    "font-variant-numeric:tabular-nums}.answer{font-size:1.3rem}figure{margin:1rem 0;overflow-x:auto}svg{width:100%;"
    "min-width:40rem;height:auto}h1,h2{line-height:1.2;overflow-wrap:anywhere}@media(max-width:40rem){table{font-size:.875rem}td,th{padding:.2rem .4rem}}"
    "@media print{body{margin:0;max-width:none}.wide{overflow:visible}svg{min-width:0}h2{break-after:avoid}tr{break-inside:avoid}}"
)


def as_html(told: Sequence[Block], language: str, drawing: str) -> str:
    """The blocks as a page."""
    title = next(block.text for block in told if isinstance(block, Heading))
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{STYLE}</style>'
    body = "\n".join(_block(block, drawing) for block in told)
    return f'<!doctype html>\n<html lang="{language}"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'


def _block(block: Block, drawing: str) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level}>{escape(text)}</h{level}>"
        case Paragraph(text, strong):
            return f'<p class="answer"><strong>{escape(text)}</strong></p>' if strong else f"<p>{escape(text)}</p>"
        case Points(items):
            return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
        case Grid(head, rows, numbers):
            top = "".join(f'<th scope="col"{_aligned(at, numbers)}>{escape(one)}</th>' for at, one in enumerate(head))
            lines = "".join(_line(row, numbers) for row in rows)
            return f'<div class="wide" tabindex="0"><table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table></div>'
        case Plot(title):
            return f'<figure tabindex="0" aria-label="{escape(title)}">{drawing}</figure>'


def _line(row: Sequence[str], numbers: int) -> str:
    """A row; its first field names it."""
    rest = "".join(f"<td{_aligned(at, numbers)}>{escape(one)}</td>" for at, one in enumerate(row[1:], 1))
    return f'<tr><th scope="row">{escape(row[0])}</th>{rest}</tr>'


def _aligned(at: int, numbers: int) -> str:
    return ' class="n"' if at >= numbers else ' class="long"' if numbers == NO_NUMBERS else ""
