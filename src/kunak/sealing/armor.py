"""Sealed files as text, for channels that carry only text (https://c2sp.org/age, "ASCII armor": strict PEM, RFC 7468)."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

from kunak.sealing.failure import DamagedArmor

if TYPE_CHECKING:
    from kunak.sealing.stream import Readable, Writable

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
END = b"-----END AGE ENCRYPTED FILE-----"
_COLUMNS = 64
_LINE_BYTES = 48
# Blank space before the armour is forgiven, but not without end.
_MOST_SPACE = 1_024
_SPACE = b" \t\r\n"
_LINE = re.compile(rb"(?:[A-Za-z0-9+/]{4}){0,15}(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)")
# Longest line that is read at once: more is certainly not armour.
_LONGEST = 4 * _COLUMNS


class Unarmored:
    """Reads `source` whether it is armoured or not: `read` gives the age file's own bytes. Constant memory."""

    def __init__(self, source: Readable, *, required: bool = False) -> None:
        self._source = source
        self._raw = bytearray()
        self._plain = bytearray()
        self._armoured: bool | None = None
        self._required = required
        self._ended = False

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, none only at the end. Raises DamagedArmor."""
        if self._armoured is None:
            self._recognise()
        if not self._armoured:
            if not self._raw:
                return self._source.read(size)
            data = bytes(self._raw[:size])
            del self._raw[:size]
            return data
        while len(self._plain) < size and not self._ended:
            self._read_line()
        data = bytes(self._plain[:size])
        del self._plain[:size]
        return data

    def _recognise(self) -> None:
        """Armoured or not, by what stands first after blank space."""
        while len(self._raw) <= _MOST_SPACE + len(BEGIN) and (data := self._source.read(_MOST_SPACE + len(BEGIN))):
            self._raw += data
        start = bytes(self._raw[: _MOST_SPACE + len(BEGIN)]).lstrip(_SPACE)
        self._armoured = start.startswith(BEGIN)
        if self._armoured:
            del self._raw[: self._raw.index(BEGIN)]
            if self._line() != BEGIN:
                raise DamagedArmor("the first line of the text is not as it should be")
        elif self._required:
            raise DamagedArmor("the text does not begin as sealed files do")

    def _read_line(self) -> None:
        line = self._line()
        if line == END:
            self._end()
            return
        if not line or not _LINE.fullmatch(line):
            raise DamagedArmor("the text around the sealed file was changed: copy it again, whole")
        data = b64decode(line)
        if b64encode(data) != line:
            raise DamagedArmor("the text is not in its one spelling")
        self._plain += data
        if len(data) < _LINE_BYTES:
            if self._line() != END:
                raise DamagedArmor("the text goes on after its last line")
            self._end()

    def _end(self) -> None:
        """Nothing but blank space may follow."""
        self._ended = True
        while self._raw or self._fill():
            if self._raw.strip(_SPACE):
                raise DamagedArmor("something follows the end of the text")
            self._raw.clear()

    def _line(self) -> bytes:
        """The next line without its end (LF or CRLF); the last may have none."""
        while (newline := self._raw.find(b"\n")) < 0 and len(self._raw) < _LONGEST:
            if not self._fill():
                break
        line = bytes(self._raw if newline < 0 else self._raw[:newline])
        if newline < 0 and line.rstrip(b"\r") != END:
            raise DamagedArmor("the end of the text is missing: copy it again, whole")
        del self._raw[: len(line) + 1]
        return line.removesuffix(b"\r")

    def _fill(self) -> bool:
        data = self._source.read(65_536)
        self._raw += data
        return bool(data)


class Armored:
    """Writes to `target` as text what is written to it. `close()` writes the end."""

    def __init__(self, target: Writable) -> None:
        self._target = target
        self._held = bytearray(b"")
        target.write(BEGIN + b"\n")

    def write(self, data: bytes) -> int:
        self._held += data
        whole = len(self._held) - len(self._held) % _LINE_BYTES
        self._write_lines(bytes(self._held[:whole]))
        del self._held[:whole]
        return len(data)

    def close(self) -> None:
        self._write_lines(bytes(self._held))
        self._target.write(END + b"\n")

    def _write_lines(self, data: bytes) -> None:
        text = b64encode(data)
        lines = [text[at : at + _COLUMNS] + b"\n" for at in range(0, len(text), _COLUMNS)]
        self._target.write(b"".join(lines))
