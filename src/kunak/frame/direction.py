"""Marks of direction in what people wrote: whoever turns a text around must not turn around what stands beside it.

A text may hold a mark from which everything runs from right to left (U+202E) and no mark that ends it. Within its own paragraph that is
the author's; but a pseudonym stands on one line with how great the danger is, and a task with its day (Unicode Standard Annex 9,
section 2.6; what is said there of higher-level protocols).
"""

from __future__ import annotations

import re
from typing import Final

_OPENING: Final = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"),  # embeddings and overrides, ended by PDF
    **dict.fromkeys("\u2066\u2067\u2068", "\u2069"),  # isolates, ended by PDI
}
_MARKS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_DEEPEST: Final = 125  # no browser follows more of them (max_depth)


def closed(value: object) -> object:
    """A text with every mark of direction in it ended; anything else as it is."""
    if type(value) is not str or not _MARKS.search(value):
        return value
    waiting: list[str] = []
    for mark in _MARKS.findall(value):
        if mark in _OPENING:
            waiting.append(_OPENING[mark])
        elif mark == "\u2069" and mark in waiting:
            # The end of an isolate ends what was begun within it, too.
            while waiting.pop() != mark:
                pass
        elif waiting and waiting[-1] == mark:
            waiting.pop()
    return value + "".join(waiting[: -_DEEPEST - 1 : -1])
