"""The second core: a thread that does one thing at a time for the thread that searches.

Machine code and HiGHS let other threads run meanwhile. The thread is not waited for when the program ends.
"""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Second:
    """Does what it is asked, beside whoever asked."""

    def __init__(self) -> None:
        self.todo: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self.idle = threading.Event()
        self.idle.set()
        self.trouble: BaseException | None = None
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def ask(self, work: Callable[[], None]) -> None:
        """Begin this. Only whoever has waited for the last thing may ask for the next."""
        self.idle.clear()
        self.todo.put(work)

    @property
    def busy(self) -> bool:
        return not self.idle.is_set()

    def wait(self) -> None:
        """Until it is done. Raises what the work raised."""
        self.idle.wait()
        if self.trouble is not None:
            raise self.trouble

    def dismiss(self) -> None:
        """Nothing more will be asked; what is being done is finished first."""
        self.todo.put(None)

    def _work(self) -> None:
        while (work := self.todo.get()) is not None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - raised in the thread that waits
                self.trouble = error
            self.idle.set()
