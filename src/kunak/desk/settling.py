"""What a desk has loaded before anybody works stays, and no later collection looks at it: code, templates, words. Without this a page
that makes many objects waits for a tenth of a second, now and then, for the collector to look at all of Python's modules."""

from __future__ import annotations

import gc


def settle() -> None:
    """Once, before the first page; nothing that is sealed has been opened yet."""
    gc.collect()
    gc.freeze()
