"""The report in Typst's language, out of which the PDF is set. Every word goes in as a string, none as markup."""

from __future__ import annotations

from collections.abc import Sequence

from kunak.count.report.blocks import Block, Grid, Heading, Paragraph, Plot, Points


def as_typst(told: Sequence[Block], language: str, drawing: str) -> str:
    """The blocks as a document; `drawing` is the name of the SVG file beside it."""
    title = next(block.text for block in told if isinstance(block, Heading))
    top = f'#set document(title: {_string(title)}, date: none)\n#set page(paper: "a4", numbering: "1 / 1")\n'
    return (
        top
        + f'#set text(lang: "{language}", size: 10pt)\n#show heading: set block(above: 1.6em, below: 0.9em)\n'
        + "\n".join(_block(block, drawing) for block in told)
        + "\n"
    )


def _block(block: Block, drawing: str) -> str:
    match block:
        case Heading(text, level):
            return f"#heading(level: {level}, text({_string(text)}))"
        case Paragraph(text, strong):
            return f"#par(text(size: 13pt, strong({_string(text)})))" if strong else f"#par(text({_string(text)}))"
        case Points(items):
            return "#list(" + ", ".join(f"text({_string(item)})" for item in items) + ")"
        case Grid(head, rows, numbers):
            top = ", ".join(f"strong({_string(cell)})" for cell in head)
            cells = ", ".join(f"text({_string(cell)})" for row in rows for cell in row)
            # The column before the numbers takes what is left; a hash has no place to break and gets it too.
            wide = min(numbers, len(head)) - 1
            columns = ", ".join("1fr" if at == wide else "auto" for at in range(len(head)))
            align = ", ".join("right" if at >= numbers else "left" for at in range(len(head)))
            return f"#table(columns: ({columns}), align: ({align}), table.header({top}), {cells})"
        case Plot(title):
            return f"#image({_string(drawing)}, width: 100%, alt: {_string(title)})"


def _string(text: str) -> str:
    inside = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{inside}"'
