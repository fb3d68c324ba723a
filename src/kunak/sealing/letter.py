"""Letters, replies and a mailbox's state as bytes (docs/formats/letter.md). Pure: both the mailbox and the desk use it."""

from __future__ import annotations

import secrets
from hashlib import sha256
from hmac import compare_digest, digest
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from msgspec import Meta, Struct

from kunak.sealing.failure import Damaged
from kunak.sealing.padded import open_padded, seal_padded
from kunak.sealing.padding import pad, unpad
from kunak.sealing.signature import SIZE, BadSignature, Purpose, SigningKey, verify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kunak.sealing.hybrid import Identity, Recipient

FORMAT = 1
TEXT_LIMIT = 1024 * 1024
PROOF_SIZE = 16
LABEL_SIZE = 16
STATE_SIZE = 2_048
STATE_LETTERS = 20
STATE_DAYS = 30
_NONCE = 12
_TAG = 16

_T = TypeVar("_T", bound=Struct)
Id = Annotated[bytes, Meta(min_length=16, max_length=16)]
Key = Annotated[bytes, Meta(min_length=32, max_length=32)]
RecipientBytes = Annotated[bytes, Meta(min_length=1_216, max_length=1_216)]
Count = Annotated[int, Meta(ge=0, lt=2**53)]


class FileReference(Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """A file that came with a letter. `size` in bytes before padding; `cleaned`: its metadata was taken out."""

    name: Annotated[str, Meta(max_length=255)]
    size: Count
    seed: Key
    media_type: Annotated[str, Meta(max_length=127)]
    cleaned: bool


class Contact(Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """How to reach the person without harm, in their own words."""

    how: str = ""
    address: str = ""
    when: str = ""
    never: str = ""
    if_someone_else_answers: str = ""


class First(Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """What the desk must know to answer: the mailbox's recipient and the letter key."""

    recipient: RecipientBytes
    letter_key: Key


class Letter(Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """From a person to the helpline."""

    format: Literal[1]
    id: Id
    mailbox: Id
    number: Annotated[int, Meta(ge=1, lt=2**53)]
    kind: Literal["text", "contact", "forget"]
    language: Annotated[str, Meta(max_length=35)]
    text: Annotated[str, Meta(max_length=TEXT_LIMIT)]
    files: tuple[FileReference, ...] = ()
    contact: Contact | None = None
    first: First | None = None


class Reply(Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """From the helpline to a person. `day` since 1970; `seen`: ids of letters that were read."""

    format: Literal[1]
    id: Id
    mailbox: Id
    day: Count
    kind: Literal["text", "mark"]
    text: Annotated[str, Meta(max_length=TEXT_LIMIT)]
    write_to: RecipientBytes | None = None
    seen: tuple[Id, ...] = ()


class SentLetter(Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """What a mailbox remembers of a letter."""

    id: Id
    day: Count
    seen: bool


class Visit(Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """How often the code was used on a day: "nobody else was here"."""

    day: Count
    times: Count


class MailboxState(Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """What the relay keeps for the person, sealed. Only the last 20 letters and 30 days are kept."""

    format: Literal[1] = 1
    letters_sent: Count = 0
    write_to: RecipientBytes | None = None
    letters: tuple[SentLetter, ...] = ()
    visits: tuple[Visit, ...] = ()
    language: Annotated[str, Meta(max_length=35)] = "ru"


class ReceivedLetter(Struct, frozen=True):
    """A letter with the bytes that its proof covers."""

    letter: Letter
    body: bytes
    proof: bytes

    def proven(self, letter_key: bytes) -> bool:
        """Whether whoever holds the code wrote it."""
        return compare_digest(self.proof, proof(letter_key, self.body))


class _Content(Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    body: bytes
    proof: Annotated[bytes, Meta(min_length=PROOF_SIZE, max_length=PROOF_SIZE)]


def encode_letter(letter: Letter, letter_key: bytes) -> bytes:
    """Body and proof: the content of an envelope."""
    body = msgspec.msgpack.encode(letter)
    return msgspec.msgpack.encode(_Content(body, proof(letter_key, body)))


def decode_letter(content: bytes) -> ReceivedLetter:
    """Raises Damaged. A first letter must prove itself by the key that it carries; later ones by the key that the desk knows."""
    outer = _decode(content, _Content)
    received = ReceivedLetter(_decode(outer.body, Letter), outer.body, outer.proof)
    first = received.letter.first
    if first is not None and not received.proven(first.letter_key):
        raise Damaged("the letter's proof does not hold")
    return received


def proof(letter_key: bytes, body: bytes) -> bytes:
    """16 bytes that only the holder of the code can write."""
    return digest(letter_key, b"kunak/1 letter" + body, "sha256")[:PROOF_SIZE]


def first_letter_label(recipient: Recipient) -> bytes:
    """Under which every first letter to this key of the week is posted."""
    return sha256(b"kunak/1 first letter" + bytes(recipient)).digest()[:LABEL_SIZE]


def letter_label(letter_key: bytes, number: int) -> bytes:
    """Under which the mailbox's letter `number` is posted."""
    return digest(letter_key, b"kunak/1 letter label" + number.to_bytes(8, "big"), "sha256")[:LABEL_SIZE]


def seal_letter(letter: Letter, letter_key: bytes, recipient: Recipient) -> bytes:
    """An envelope of a bucket's size."""
    return seal_padded(encode_letter(letter, letter_key), recipient)


def open_letter(sealed: bytes, identities: Sequence[Identity]) -> ReceivedLetter:
    """Raises NotForYou or Damaged."""
    return decode_letter(open_padded(sealed, identities))


def seal_reply(reply: Reply, recipient: Recipient, reply_key: SigningKey) -> bytes:
    """A message for the mailbox, signed by the helpline and never by a named helper."""
    body = msgspec.msgpack.encode(reply)
    return seal_padded(reply_key.sign(Purpose.REPLY, body) + body, recipient)


def open_reply(sealed: bytes, identities: Sequence[Identity], reply_keys: Sequence[bytes], mailbox: bytes) -> Reply:
    """Raises NotForYou, Damaged, or BadSignature if none of the helpline's reply keys signed it for this mailbox."""
    content = open_padded(sealed, identities)
    signature, body = content[:SIZE], content[SIZE:]
    if not any(_signed(key, body, signature) for key in reply_keys):
        raise BadSignature("this reply is not from the helpline")
    reply = _decode(body, Reply)
    if reply.mailbox != mailbox:
        raise BadSignature("this reply was written to somebody else")
    return reply


def seal_state(state: MailboxState, state_key: bytes, mailbox: bytes) -> bytes:
    """Exactly 2,048 bytes. Older letters and days than are kept fall out."""
    kept = msgspec.structs.replace(state, letters=state.letters[-STATE_LETTERS:], visits=state.visits[-STATE_DAYS:])
    nonce = secrets.token_bytes(_NONCE)
    padded = pad(msgspec.msgpack.encode(kept), STATE_SIZE - _NONCE - _TAG)
    return nonce + ChaCha20Poly1305(state_key).encrypt(nonce, padded, mailbox)


def open_state(sealed: bytes, state_key: bytes, mailbox: bytes) -> MailboxState:
    """Raises Damaged."""
    if len(sealed) != STATE_SIZE:
        raise Damaged("a mailbox's state has 2,048 bytes")
    try:
        padded = ChaCha20Poly1305(state_key).decrypt(sealed[:_NONCE], sealed[_NONCE:], mailbox)
    except InvalidTag:
        raise Damaged("the mailbox's state was changed") from None
    return _decode(unpad(padded), MailboxState)


def chunk_id(seed: bytes, number: int) -> bytes:
    """16 bytes under which the relay keeps chunk `number` (from 0) of the file with this seed."""
    return digest(seed, b"kunak/1 chunk" + number.to_bytes(8, "big"), "sha256")[:LABEL_SIZE]


def _signed(key: bytes, body: bytes, signature: bytes) -> bool:
    try:
        verify(key, Purpose.REPLY, body, signature)
    except BadSignature:
        return False
    return True


def _decode(raw: bytes, kind: type[_T]) -> _T:
    """One meaning, one spelling: what would be written differently is refused."""
    try:
        value = msgspec.msgpack.decode(raw, type=kind)
    except msgspec.MsgspecError:
        raise Damaged("the content is not what the format says") from None
    if msgspec.msgpack.encode(value) != raw:
        raise Damaged("the content is not in its one spelling")
    return value
