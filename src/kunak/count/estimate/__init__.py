"""How many are on no list at all, judged from how the lists overlap.

In: a table of how many people stand on exactly which lists (`question`). Out: a total with its 95 % interval, by every
method beside the average, with what the reader must be warned of (`verdict`), or the reason why there is none.
Pure: no file, no clock, no random number but from the seed.
"""

from kunak.count.estimate.plot import draw
from kunak.count.estimate.question import Question, read
from kunak.count.estimate.table import BadTable, Table
from kunak.count.estimate.verdict import judge

__all__ = ["BadTable", "Question", "Table", "draw", "judge", "read"]
