"""Cutting what arrives in pieces of any size into chunks of one size, with as few copies as may be.

The last chunk is told from the others, so one chunk is always held back until something follows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kunak.sealing.stream import Readable


class Pieces:
    """Push: `add` gives the chunks that are certainly not the last, `rest` what remains."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.held: bytes | bytearray = b""

    def add(self, data: bytes) -> Iterator[bytes | bytearray | memoryview]:
        view = memoryview(data)
        if self.held:
            missing = self._size - len(self.held)
            if missing:
                self.held = bytearray(self.held) if isinstance(self.held, bytes) else self.held
                self.held += view[:missing]
                view = view[missing:]
            if not view:
                return
            yield self.held
        while len(view) > self._size:
            yield view[: self._size]
            view = view[self._size :]
        # A piece that is exactly one chunk is kept as it is, which spares two copies of all that flows through.
        self.held = data if type(data) is bytes and len(view) == len(data) else bytearray(view)

    def rest(self) -> bytes:
        rest, self.held = bytes(self.held), b""
        return rest


def chunks_of(source: Readable, size: int, begun: bytes = b"") -> Iterator[tuple[memoryview, bool]]:
    """Pull: every chunk of `begun` and then `source`, and whether it is the last. A chunk is valid until the next is asked for."""
    # Two buffers in turn: one is worked on while the other is filled to see whether anything follows.
    read = _filler(source)
    current, following = memoryview(bytearray(size)), memoryview(bytearray(size))
    current[: len(begun)] = begun
    filled = len(begun) + _fill(read, current[len(begun) :])
    while filled == size:
        next_filled = _fill(read, following)
        if not next_filled:
            break
        yield current, False
        current, following, filled = following, current, next_filled
    yield current[:filled], True


def _filler(source: Readable) -> Callable[[memoryview], int]:
    """Reads straight into a buffer where the source can; a file can, an armoured text cannot."""
    readinto = getattr(source, "readinto", None)
    if readinto is not None:
        return lambda buffer: readinto(buffer) or 0

    def read(buffer: memoryview) -> int:
        data = source.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    return read


def _fill(read: Callable[[memoryview], int], buffer: memoryview) -> int:
    """Bytes read; fewer than the buffer holds only at the end: a pipe hands out what it has."""
    filled = read(buffer)
    while filled < len(buffer) and (count := read(buffer[filled:])):
        filled += count
    return filled
