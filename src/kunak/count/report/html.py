"""The report as one HTML file that needs nothing else: no script, no network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from kunak.count.report.blocks import Block, Grid, Heading, Paragraph, Plot, Points

STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#000;background:#fff}"
    "table{border-collapse:collapse}td,th{border:1px solid #555;padding:.2rem .6rem;text-align:left;overflow-wrap:anywhere}"
    "svg{width:100%;height:auto}"
)


def as_html(told: Sequence[Block], language: str, drawing: str) -> str:
    """The blocks as a page."""
    title = next(block.text for block in told if isinstance(block, Heading))
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    body = "\n".join(_block(block, drawing) for block in told)
    return f'<!doctype html>\n<html lang="{language}"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'


def _block(block: Block, drawing: str) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level}>{escape(text)}</h{level}>"
        case Paragraph(text, strong):
            return f"<p><strong>{escape(text)}</strong></p>" if strong else f"<p>{escape(text)}</p>"
        case Points(items):
            return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
        case Grid(head, rows):
            top = "<tr>" + "".join(f'<th scope="col">{escape(one)}</th>' for one in head) + "</tr>" if any(head) else ""
            lines = ["<tr>" + "".join(f"<td>{escape(one)}</td>" for one in row) + "</tr>" for row in rows]
            return f"<table>{top}{''.join(lines)}</table>"
        case Plot():
            return f"<figure>{drawing}</figure>"
