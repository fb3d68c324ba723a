"""How much work is left: seconds on the clock, or journeys priced, which are the same on every machine."""

from __future__ import annotations

import time
from threading import Event


class Effort:
    """Counts work down. With a work limit nothing depends on the clock, so that the same input gives the same plan."""

    def __init__(self, seconds: float | None = None, work: int | None = None) -> None:
        self.seconds, self.work = seconds, work
        self.began = time.monotonic()
        self.spent = 0
        self.stop = Event()

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.began

    @property
    def measure(self) -> float:
        """Effort so far, in a unit that depends on the clock only if the limit does."""
        return self.elapsed * 1e4 if self.work is None else float(self.spent)

    @property
    def left(self) -> float:
        """Seconds left; without a limit on time, as many as it takes."""
        return float("inf") if self.seconds is None else max(0.0, self.seconds - self.elapsed)

    @property
    def share(self) -> float:
        """How much of the limit is used, from 0 to 1."""
        if self.work is not None:
            return min(1.0, self.spent / max(1, self.work))
        if self.seconds is not None:
            return min(1.0, self.elapsed / max(1e-9, self.seconds))
        return 0.0

    @property
    def up(self) -> bool:
        return self.stop.is_set() or self.share >= 1.0
