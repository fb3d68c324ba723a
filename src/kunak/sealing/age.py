"""Sealing to a person or role: the age v1 format with hybrid recipients (docs/formats/sealed.md).

`seal` and `open_sealed` for what fits into memory, `Sealer` and `Opener` for what arrives piece by piece, `seal_stream` and
`open_stream` from one file to another: the same bytes, and no more memory than a few chunks of 64 KiB.
"""

from __future__ import annotations

import secrets
from hmac import compare_digest, digest
from typing import TYPE_CHECKING, Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kunak.sealing import header as headers
from kunak.sealing.classic import refuse_mixed_passphrase
from kunak.sealing.failure import Damaged, DamagedHeader, DamagedMac, DamagedPayload, NotForYou
from kunak.sealing.hybrid import Identity, Recipient
from kunak.sealing.payload import CHUNK, NONCE, SEALED_CHUNK, TAG, Stream
from kunak.sealing.payload import sealed_size as payload_size
from kunak.sealing.pieces import Pieces, chunks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kunak.sealing.stream import Readable, Writable

__all__ = [
    "Damaged",
    "Identity",
    "NotForYou",
    "Opener",
    "Recipient",
    "Sealer",
    "Unwraps",
    "Wraps",
    "open_sealed",
    "open_stream",
    "plain_size",
    "seal",
    "seal_stream",
    "sealed_size",
]

FILE_KEY = 16
# Version line 22, `-> mlkem768x25519 ` with 1,494 base64 characters and a line feed 1,513, body 44, MAC line 48.
_EMPTY_HEADER = 22 + 48
_HYBRID_STANZA = 1_513 + 44
_CUT_SHORT = "this is not a whole age v1 file"


class Wraps(Protocol):
    """A recipient of any kind."""

    def wrap(self, file_key: bytes) -> headers.Stanza: ...


class Unwraps(Protocol):
    """An identity of any kind: the file key, or None for stanzas of others."""

    def unwrap(self, stanzas: Sequence[headers.Stanza]) -> bytes | None: ...


def seal(plain: bytes, recipients: Sequence[Wraps]) -> bytes:
    """An age file of `sealed_size(len(plain), len(recipients))` bytes."""
    sealer = Sealer(recipients)
    return b"".join((sealer.header(), sealer.update(plain), sealer.finish()))


def open_sealed(sealed: bytes, identities: Sequence[Unwraps]) -> bytes:
    """Raises NotForYou or Damaged."""
    opener = Opener(identities)
    return opener.update(sealed) + opener.finish()


def sealed_size(plain_size: int, recipients: int = 1) -> int:
    """Bytes of an age file for `recipients` hybrid recipients."""
    return _EMPTY_HEADER + recipients * _HYBRID_STANZA + payload_size(plain_size)


def plain_size(sealed: int) -> int | None:
    """How much seals to exactly `sealed` bytes for one hybrid recipient; None where nothing does (no chunk is only a tag)."""
    payload = sealed - sealed_size(0) + TAG
    plain = payload - TAG * -(-payload // SEALED_CHUNK)
    return plain if plain > 0 and sealed_size(plain) == sealed else None


class Sealer:
    """Seals what arrives piece by piece. First `header()`, then any number of `update`, then `finish()`."""

    def __init__(self, recipients: Sequence[Wraps]) -> None:
        if not recipients:
            raise ValueError("there is nobody to seal to")
        file_key = secrets.token_bytes(FILE_KEY)
        stanzas = [recipient.wrap(file_key) for recipient in recipients]
        refuse_mixed_passphrase(stanzas)
        covered = headers.write(stanzas)
        mac = headers.base64(_mac(file_key, covered)).encode("ascii")
        nonce = secrets.token_bytes(NONCE)
        self._header: bytes | None = b"".join((covered, b" ", mac, b"\n", nonce))
        self._pieces = Pieces(CHUNK)
        self.stream = Stream(_payload_key(file_key, nonce))

    def header(self) -> bytes:
        """The first bytes of the file, once."""
        if self._header is None:
            raise RuntimeError("the header was already written")
        header, self._header = self._header, None
        return header

    def update(self, data: bytes) -> bytes:
        """The sealed chunks that are now complete. One chunk is held back: only the end tells whether it is the last."""
        if self._header is not None:
            raise RuntimeError("the header comes first")
        return b"".join([self.stream.seal(chunk, last=False) for chunk in self._pieces.add(data)])

    def finish(self) -> bytes:
        """The last chunk. Without it the file is damaged."""
        return self.stream.seal(self._pieces.rest(), last=True)


class Opener:
    """Opens what arrives piece by piece. What `update` returns is genuine, but only `finish` knows that it was all."""

    def __init__(self, identities: Sequence[Unwraps]) -> None:
        self._identities = identities
        self._header = bytearray()
        self._pieces = Pieces(SEALED_CHUNK)
        self.stream: Stream | None = None

    @property
    def held(self) -> bytes:
        """What follows the header and was not opened yet."""
        return bytes(self._pieces.held)

    def update(self, data: bytes) -> bytes:
        """Plain text of the chunks that are complete. Raises NotForYou or Damaged."""
        if self.stream is None:
            data = self._read_header(data)
        if self.stream is None:
            return b""
        return b"".join([self.stream.open(chunk, last=False) for chunk in self._pieces.add(data)])

    def finish(self) -> bytes:
        """The last chunk's plain text. Raises Damaged if the end is missing."""
        if self.stream is None:
            raise DamagedHeader(_CUT_SHORT)
        return self.stream.open(self._pieces.rest(), last=True)

    def _read_header(self, data: bytes) -> bytes:
        """What follows header and nonce, once both have come."""
        self._header += data
        end = headers.end_of(self._header)
        if end is None or len(self._header) < end + NONCE:
            return b""
        file_key = _unwrap(headers.read(bytes(self._header[:end])), self._identities)
        rest = bytes(self._header[end + NONCE :])
        self.stream = Stream(_payload_key(file_key, bytes(self._header[end : end + NONCE])))
        self._header.clear()
        return rest


def seal_stream(source: Readable, target: Writable, recipients: Sequence[Wraps]) -> None:
    """Seals everything that `source` yields, in constant memory."""
    sealer = Sealer(recipients)
    target.write(sealer.header())
    for chunk, last in chunks_of(source, CHUNK):
        target.write(sealer.stream.seal(chunk, last=last))


def open_stream(source: Readable, target: Writable, identities: Sequence[Unwraps]) -> None:
    """Opens in constant memory. Raises NotForYou before the first byte, Damaged perhaps after some: then nothing counts."""
    opener = Opener(identities)
    while opener.stream is None:
        data = source.read(CHUNK)
        if not data:
            raise DamagedHeader(_CUT_SHORT)
        target.write(opener.update(data))
    try:
        for chunk, last in chunks_of(source, SEALED_CHUNK, opener.held):
            target.write(opener.stream.open(chunk, last=last))
    except DamagedPayload as damage:
        target.write(damage.genuine)
        raise


def _unwrap(header: headers.Header, identities: Sequence[Unwraps]) -> bytes:
    refuse_mixed_passphrase(header.stanzas)
    for identity in identities:
        file_key = identity.unwrap(header.stanzas)
        if file_key is not None:
            if not compare_digest(_mac(file_key, header.covered), header.mac):
                raise DamagedMac("the header was changed: fetch the file again")
            return file_key
    raise NotForYou("none of these keys opens it: it was sealed to somebody else")


def _mac(file_key: bytes, covered: bytes) -> bytes:
    return digest(HKDF(SHA256(), 32, None, b"header").derive(file_key), covered, "sha256")


def _payload_key(file_key: bytes, nonce: bytes) -> bytes:
    return HKDF(SHA256(), 32, nonce, b"payload").derive(file_key)
