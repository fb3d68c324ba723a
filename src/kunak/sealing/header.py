"""The text header of an age v1 file: stanzas that wrap the file key, and a MAC. One meaning, one spelling.

Source: https://c2sp.org/age, "Header". A reader refuses every byte that a writer would not have written.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass

from kunak.sealing.failure import DamagedHeader

VERSION = b"age-encryption.org/v1\n"
END = b"---"
MAC_SIZE = 32
# A header of a thousand hybrid recipients has 1.6 MiB. Without a limit, a file that never ends its header fills the memory.
LIMIT = 2 * 1024 * 1024

_COLUMNS = 64
_ARGUMENTS = re.compile(rb"-> ([!-~]+(?: [!-~]+)*)")
_END_LINE = re.compile(rb"--- ([A-Za-z0-9+/]{43})")


@dataclass(frozen=True, slots=True)
class Stanza:
    """The file key wrapped for one recipient: `arguments` (the first is the kind) and a body."""

    arguments: tuple[str, ...]
    body: bytes

    @property
    def kind(self) -> str:
        return self.arguments[0]


@dataclass(frozen=True, slots=True)
class Header:
    """`covered` are the bytes under the MAC: everything up to and including the three dashes."""

    stanzas: tuple[Stanza, ...]
    covered: bytes
    mac: bytes


def base64(data: bytes) -> str:
    """Standard base64 without padding."""
    return b64encode(data).rstrip(b"=").decode("ascii")


def from_base64(text: bytes | str) -> bytes:
    """Raises DamagedHeader for padding, foreign characters, or bits that no writer would have set."""
    raw = text.encode("ascii", "replace") if isinstance(text, str) else text
    try:
        data = b64decode(raw + b"=" * (-len(raw) % 4), validate=True)
    except ValueError:
        raise DamagedHeader("a field of the header is not base64") from None
    if b64encode(data).rstrip(b"=") != raw:
        raise DamagedHeader("a field of the header is not canonical base64")
    return data


def write(stanzas: list[Stanza]) -> bytes:
    """The bytes under the MAC: version, stanzas, three dashes."""
    lines = [VERSION]
    for stanza in stanzas:
        lines.append(b"-> " + " ".join(stanza.arguments).encode("ascii") + b"\n")
        body = base64(stanza.body).encode("ascii")
        # The last line is always shorter than 64 columns, so a body that fills its lines is followed by an empty one.
        lines.extend(body[at : at + _COLUMNS] + b"\n" for at in range(0, len(body) + 1, _COLUMNS))
    return b"".join(lines) + END


def end_of(start: bytes | bytearray) -> int | None:
    """How many bytes the header has, given the start of a file; None if its end has not come yet.

    Raises DamagedHeader as soon as it is certain that no header will come.
    """
    if not (VERSION.startswith(start[: len(VERSION)]) if len(start) < len(VERSION) else start.startswith(VERSION)):
        raise DamagedHeader("this is not an age v1 file")
    # No base64 line and no argument line begins with three dashes: the first line that does ends the header.
    dashes = start.find(b"\n" + END, len(VERSION) - 1)
    newline = start.find(b"\n", dashes + 1) if dashes >= 0 else -1
    if newline < 0:
        if len(start) > LIMIT:
            raise DamagedHeader("the header does not end")
        return None
    return newline + 1


def read(raw: bytes) -> Header:
    """The header that `raw` is, whole. Raises DamagedHeader."""
    if not raw.startswith(VERSION) or not raw.endswith(b"\n"):
        raise DamagedHeader("this is not an age v1 file")
    lines = raw[len(VERSION) : -1].split(b"\n")
    end = _END_LINE.fullmatch(lines.pop())
    if end is None:
        raise DamagedHeader("the header has no MAC")
    stanzas = []
    while lines:
        stanzas.append(_read_stanza(lines))
    if not stanzas:
        raise DamagedHeader("the header names no recipient")
    covered = raw[: raw.rindex(b"\n" + END) + 1 + len(END)]
    return Header(tuple(stanzas), covered, from_base64(end[1]))


def _read_stanza(lines: list[bytes]) -> Stanza:
    """Takes one stanza off the front of `lines`."""
    arguments = _ARGUMENTS.fullmatch(lines.pop(0))
    if arguments is None:
        raise DamagedHeader("a stanza does not begin as it should")
    body = []
    while lines:
        line = lines.pop(0)
        if len(line) > _COLUMNS:
            raise DamagedHeader("a line of the header is too long")
        body.append(line)
        if len(line) < _COLUMNS:
            return Stanza(tuple(arguments[1].decode("ascii").split(" ")), from_base64(b"".join(body)))
    raise DamagedHeader("a stanza has no end")
