"""One step of a way that is walked: what was tried, and whether it held."""

from __future__ import annotations

from dataclasses import dataclass


class NotSo(Exception):
    """A step did not hold."""


@dataclass(frozen=True)
class Step:
    """What was tried, and how many seconds it took."""

    said: str
    seconds: float


def must(held: object, sentence: str) -> None:
    """Raises NotSo with the sentence that says what was expected."""
    if not held:
        raise NotSo(sentence)
