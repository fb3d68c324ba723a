"""How a photo is walked through while it arrives in pieces: the part that all formats share (photo.py has the formats)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator

_RESTARTS = range(0xD0, 0xD8)  # JPEG's restart markers, part of its picture data
MAX_SEGMENT = 1 << 17  # bytes held at once; a JPEG segment has 65,535 at most


class NotAPhoto(Exception):
    """These bytes do not follow the format that they began with; they cannot be cleaned with certainty."""


# A cleaner is a generator that says what it wants next and is sent exactly that, so that it reads like a file from front to
# back although the bytes come in pieces: ("take", n) wants n bytes; ("pass", n) lets n bytes through to the output unseen;
# ("blank", n) writes zeros in their place; ("drop", n) throws them away; ("scan", 0) passes the bytes up to the next JPEG
# marker; ("rest", 0), always the last wish, drops all that follows.
Wish = tuple[str, int]
Steps = Generator[Wish, bytes, None]


class Cleaner(ABC):
    """Push-style: bytes of the photo in, bytes of the clean photo out."""

    media_type: str

    def __init__(self) -> None:
        self._held = bytearray()
        self._out = bytearray()
        self._steps = self._clean()
        self._kind, self._left = next(self._steps)

    @abstractmethod
    def _clean(self) -> Steps:
        """Walks through the photo; appends to `_out` what is not simply passed."""

    def update(self, piece: bytes) -> bytes:
        """The clean bytes that follow from this piece. Raises NotAPhoto."""
        self._held += piece
        while self._step():
            pass
        if len(self._held) > MAX_SEGMENT:
            raise NotAPhoto("a segment without end")
        out = bytes(self._out)
        self._out.clear()
        return out

    def finish(self) -> None:
        """No bytes follow. Raises NotAPhoto when the picture is not whole."""
        if self._kind != "rest":
            raise NotAPhoto("the picture breaks off")

    def _step(self) -> bool:
        """Fulfils as much of the present wish as the held bytes allow; False when more must come first."""
        if self._kind == "take":
            if len(self._held) < self._left:
                if self._left > MAX_SEGMENT:
                    raise NotAPhoto("a segment too long")
                return False
            taken = bytes(self._held[: self._left])
            del self._held[: self._left]
            self._next(taken)
            return True
        if self._kind == "scan":
            return self._scan()
        if self._kind == "rest":
            self._held.clear()
            return False
        some = min(self._left, len(self._held))
        if self._kind == "pass":
            self._out += self._held[:some]
        elif self._kind == "blank":
            self._out += bytes(some)
        del self._held[:some]
        self._left -= some
        if self._left:
            return False
        self._next(b"")
        return True

    def _scan(self) -> bool:
        """Passes picture data up to a marker: 0xFF that neither 0x00 (stuffing) nor a restart marker follows."""
        position = 0
        while (found := self._held.find(0xFF, position)) >= 0:
            if found + 1 >= len(self._held):
                break
            follows = self._held[found + 1]
            if follows != 0x00 and follows not in _RESTARTS:
                self._out += self._held[:found]
                del self._held[:found]
                self._next(b"")
                return True
            position = found + 2
        keep = 1 if self._held.endswith(b"\xff") and position < len(self._held) else 0
        end = len(self._held) - keep
        self._out += self._held[:end]
        del self._held[:end]
        return False

    def _next(self, sent: bytes) -> None:
        self._kind, self._left = self._steps.send(sent)
