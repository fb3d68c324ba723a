"""Inner loops are compiled to machine code by numba on their first call; the code is kept beside the sources.

The folder carries the hash of the sources: numba looks at one file's date only, and an inner loop that was inlined
from another file would stay stale after an upgrade.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.uint8]
Records = npt.NDArray[np.void]

# Counting who holds each array took 19 parts in 20 of the time. No inner loop makes an array, so nobody need count.
NO_COUNTING = False
NJIT: Any = numba.njit

F = TypeVar("F", bound="Callable[..., object]")


def _folder() -> str:
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for source in sorted(here.glob("*.py")):
        text = source.read_bytes()
        if b"@compiled" in text or b"@inlined" in text:
            digest.update(text)
    return str(here / "__pycache__" / f"compiled-{digest.hexdigest()[:16]}")


if not os.environ.get("NUMBA_CACHE_DIR") and os.access(Path(__file__).parent, os.W_OK):
    vars(numba.config)["CACHE_DIR"] = _folder()


def compiled(function: F) -> F:
    """The same function as machine code; it lets other threads run meanwhile."""
    return cast("F", NJIT(cache=True, nogil=True, _nrt=NO_COUNTING)(function))


def inlined(function: F) -> F:
    """A small step of a compiled loop, written into it: a call would hand over every array each time."""
    return cast("F", NJIT(inline="always", _nrt=NO_COUNTING)(function))
