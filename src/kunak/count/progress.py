"""How far a long command is: steps by name, shown as a bar on a terminal and not at all elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from kunak.count.complaints import in_terminal
from kunak.count.estimate.told import both


class Progress(Protocol):
    """Told at the start of a step, and perhaps again when so many of its parts are done."""

    def __call__(self, step: str, done: int = 0, of: int = 1) -> None: ...


# The steps of `kunak count` in their order, how much of the way each is (of about a hundred), and their words.
STEPS = {
    "names": (4, "Reading names", "Чтение имён"),
    "links": (14, "Comparing records", "Сравнение записей"),
    "thresholds": (8, "Linking at other thresholds", "Связывание с другими порогами"),
    "methods": (34, "Estimating by every method", "Оценка каждым методом"),
    "errors": (34, "Allowing for wrong links", "Учёт ошибок связывания"),
    "report": (6, "Writing the report", "Составление отчёта"),
}


def silent(step: str, done: int = 0, of: int = 1) -> None:
    """Nobody is watching."""


def counting(progress: Progress, step: str, of: int) -> Callable[[], None]:
    """A function to be called after each of so many parts of a step."""
    parts = iter(range(1, of + 1))
    return lambda: progress(step, next(parts, of), of)


def step_in_words(step: str) -> str:
    """What is being done, in the language of the terminal."""
    _, english, russian = STEPS[step]
    return in_terminal(both(english, russian))


def percent(step: str, done: int, of: int, only: Sequence[str] = tuple(STEPS)) -> float:
    """How far the whole of these steps is when so many of the parts of this one are done."""
    shares = [STEPS[one][0] for one in only]
    at = only.index(step)
    return 100 * (sum(shares[:at]) + shares[at] * done / of) / sum(shares)


@contextmanager
def shown(words: Callable[[str], str], only: Sequence[str] = tuple(STEPS)) -> Iterator[Progress]:
    """A bar on stderr, if that is a terminal; `words` tells a step's name in the reader's language."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield silent
        return
    with Bar(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn(),
        console=console, transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=100)

        def told(step: str, done: int = 0, of: int = 1) -> None:
            bar.update(task, completed=percent(step, done, of, only), description=words(step))

        yield told
