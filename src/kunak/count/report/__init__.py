"""The plain-words report of a count: what was found, what may be claimed, how to repeat it.

In: a verdict of the brain and the record of the run. Out: blocks (`blocks`), and the same as HTML (`html`) or Typst, which
makes the PDF (`typst`). Pure: nothing here reads or writes a file.
"""

from kunak.count.report.blocks import Facts, blocks
from kunak.count.report.html import as_html
from kunak.count.report.typst import as_typst

__all__ = ["Facts", "as_html", "as_typst", "blocks"]
