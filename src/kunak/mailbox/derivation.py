"""From a code to its root: the only slow work of a visit, done by few threads so that memory stays bounded.

Each derivation holds 19 MiB while it runs. Two at once are 38 MiB whoever comes; the others wait their turn (32 people:
about a third of a second), and beyond `MOST_WAITING` they are asked to press once more.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from kunak.sealing.code import Code, root_of

AT_ONCE = 2
MOST_WAITING = 300  # about 3 s of waiting on two cores


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
