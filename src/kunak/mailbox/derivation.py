"""From a code to its root: the only slow work of a visit, done by few threads so that memory stays bounded.

A derivation holds 19 MiB while it runs, on a core of its own beside the one that serves pages. One at a time keeps the whole
server under 100 MB whoever comes (two would not); the others wait their turn (32 people: two thirds of a second on a quiet
machine), and beyond `MOST_WAITING` they are asked to press once more.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from kunak.sealing.code import Code, root_of

AT_ONCE = 1
MOST_WAITING = 200  # about 4 s of waiting


class Crowded(Exception):
    """Too many wait already. Nothing is lost; the same form can be sent again."""


class Derivation:
    """Bounded Argon2id. PyNaCl lets go of the interpreter's lock meanwhile, so other pages are served."""

    def __init__(self, organisation: bytes, at_once: int = AT_ONCE) -> None:
        self._organisation = organisation
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="derivation")
        self._waiting = 0

    async def root(self, code: Code) -> bytes:
        """32 bytes. Raises Crowded."""
        if self._waiting >= MOST_WAITING:
            raise Crowded
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, root_of, code, self._organisation)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """No more derivations; those that run are finished."""
        self._threads.shutdown(wait=True, cancel_futures=True)
