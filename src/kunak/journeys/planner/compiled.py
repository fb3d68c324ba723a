"""Inner loops are compiled to machine code by numba on their first call; the code is kept in a folder.

The folder's name carries a hash of the sources, of numba, of Python and of this processor: numba looks at one file's
date and folder only, and code for another processor may crash. Dates and folder are in the hash too, so that where numba
would compile anew (after a copy, or a touch) nothing counts as ready. The folder is, in this order: `NUMBA_CACHE_DIR`, beside the
sources, the helper's cache folder, or one that is gone when the process ends.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import platform
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import llvmlite.binding as llvm
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
READY = "ready"  # a file in the folder: every inner loop is there

F = TypeVar("F", bound="Callable[..., object]")


def _digest() -> str:
    digest = hashlib.sha256()
    features: Any = llvm.get_host_cpu_features()
    for text in (numba.__version__, platform.python_version(), llvm.get_host_cpu_name(), features.flatten()):
        digest.update(str(text).encode() + b"\0")
    for source in sorted(Path(__file__).parent.glob("*.py")):
        text_of = source.read_bytes()
        if b"@compiled" in text_of or b"@inlined" in text_of:
            digest.update(f"{source} {source.stat().st_mtime_ns}".encode())
            digest.update(text_of)
    return digest.hexdigest()[:16]


def _writable(folder: Path) -> bool:
    """Can we keep code there, and nobody else put theirs? What lies there is run."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder.stat().st_uid == os.getuid()
    except OSError:
        return False


def _folder() -> Path:
    """Where the code is kept on this machine."""
    name = f"compiled-{_digest()}"
    beside = Path(__file__).parent / "__pycache__" / name
    own = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()) / "kunak" / name
    asked = os.environ.get("NUMBA_CACHE_DIR")
    if asked:
        return Path(asked) / name
    if _writable(beside):
        return beside
    if _writable(own):
        if (beside / READY).exists() and not (own / READY).exists():  # whoever installed us compiled for everybody
            shutil.copytree(beside, own, dirs_exist_ok=True)
        return own
    passing = Path(tempfile.mkdtemp(prefix="kunak-"))
    atexit.register(shutil.rmtree, passing, ignore_errors=True)
    return passing


FOLDER = _folder()
vars(numba.config)["CACHE_DIR"] = str(FOLDER)


def ready() -> bool:
    """Is every inner loop compiled?"""
    return (FOLDER / READY).exists()


def compiled(function: F) -> F:
    """The same function as machine code; it lets other threads run meanwhile."""
    return cast("F", NJIT(cache=True, nogil=True, _nrt=NO_COUNTING)(function))


def inlined(function: F) -> F:
    """A small step of a compiled loop, written into it: a call would hand over every array each time."""
    return cast("F", NJIT(inline="always", _nrt=NO_COUNTING)(function))
