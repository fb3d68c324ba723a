"""A relay that lies to one desk: it drops, repeats, reorders, forks, swaps, cuts off. It can open nothing, but may show what it likes.

A lie is a function from the true log to the log that is shown. `renumbered` makes positions whole again, as a clever liar would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.desk.relay_client import Reading
from kunak.relay.wire import StoredEnvelope
from tests.honest_relay import ANSWER_ENVELOPES, HonestRelay

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Log = list[StoredEnvelope]


class LyingRelay(HonestRelay):
    """Keeps everything in `true`, and shows `lie(true.log)`; with `swallow`, acknowledges envelopes without keeping them."""

    def __init__(self, true: HonestRelay, lie: Callable[[Log], Log] = list) -> None:
        super().__init__(true._clock)
        self.__dict__.update({name: value for name, value in true.__dict__.items() if name != "_clock"})
        self.true = true
        self.lie = lie
        self.swallow = False

    def append(self, envelopes: Sequence[tuple[bytes, bytes]]) -> list[int]:
        if self.swallow:
            return [len(self.true.log) + number for number in range(1, len(envelopes) + 1)]
        return self.true.append(envelopes)

    def read(self, after: int) -> Reading:
        shown = self.lie(list(self.true.log))
        head = max((envelope.position for envelope in shown), default=0)
        return Reading([e for e in shown if e.position > after][:ANSWER_ENVELOPES], head)


def renumbered(log: Log) -> Log:
    return [envelope._replace(position=number) for number, envelope in enumerate(log, start=1)]


def dropping(*positions: int) -> Callable[[Log], Log]:
    """Without renumbering: positions are left out."""
    return lambda log: [envelope for envelope in log if envelope.position not in positions]


def dropping_cleverly(*positions: int) -> Callable[[Log], Log]:
    return lambda log: renumbered(dropping(*positions)(log))


def repeating(position: int) -> Callable[[Log], Log]:
    """The envelope at `position` is shown once more, right after itself."""

    def lie(log: Log) -> Log:
        return renumbered(
            [each for envelope in log for each in [envelope] * (2 if envelope.position == position else 1)]
        )

    return lie


def reordering(first: int, second: int) -> Callable[[Log], Log]:
    """Two envelopes change places."""

    def lie(log: Log) -> Log:
        if len(log) >= max(first, second):
            log[first - 1], log[second - 1] = log[second - 1], log[first - 1]
        return renumbered(log)

    return lie


def swapping_bytes(first: int, second: int) -> Callable[[Log], Log]:
    """Labels stay, what was sealed changes places."""

    def lie(log: Log) -> Log:
        if len(log) >= max(first, second):
            one, two = log[first - 1], log[second - 1]
            log[first - 1], log[second - 1] = one._replace(sealed=two.sealed), two._replace(sealed=one.sealed)
        return log

    return lie


def flipping_a_bit(position: int, place: int = 100) -> Callable[[Log], Log]:
    def lie(log: Log) -> Log:
        if len(log) >= position and (sealed := log[position - 1].sealed) is not None:
            flipped = bytearray(sealed)
            flipped[place] ^= 1
            log[position - 1] = log[position - 1]._replace(sealed=bytes(flipped))
        return log

    return lie


def cutting_off(after: int) -> Callable[[Log], Log]:
    return lambda log: log[:after]


def posing_under(position: int) -> Callable[[Log], Log]:
    """Other bytes under a label that was seen before, at the end of the log."""

    def lie(log: Log) -> Log:
        posed = log[position - 1]._replace(position=len(log) + 1, sealed=bytes(4096))
        return [*log, posed]

    return lie
