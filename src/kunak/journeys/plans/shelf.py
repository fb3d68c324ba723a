"""Plans that were opened lately, worked out: reading and judging one takes a while, and every click on its page would do it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from kunak.journeys.reckoning.reviewing import Review

from . import standing

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from .standing import Opened

Made = TypeVar("Made")
KEPT = 4  # plans that are kept worked out
MOST_MADE = 2_000  # pictures and sentences of them


class Shelf:
    """It hangs on the pages of an open desk and goes with them."""

    def __init__(self) -> None:
        self._plans: dict[str, tuple[Opened, Review]] = {}
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What follows from a plan's bytes alone (and from what `key` names besides) is made once."""
        if key not in self._made:
            if len(self._made) >= MOST_MADE:
                self._made.clear()
            self._made[key] = make()
        made: Made = self._made[key]
        return made

    def take(self, db: Any, plan_id: str) -> tuple[Opened, Review]:
        """Raises NoPlan."""
        if plan_id not in self._plans:
            opened = standing.opened(db, plan_id)
            while len(self._plans) >= KEPT:
                self._plans.pop(next(iter(self._plans)))
            self._plans[plan_id] = (opened, Review(opened.scenario, opened.plan))
        return self._plans[plan_id]
