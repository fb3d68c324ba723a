"""What helpers say of a person in `intake`, sealed with the person's letter key: text in, text out.

`intake` is kept for as long as the organisation lives, and every caseworker holds it; a person's letter key goes from a desk with
the person's letters. So this text goes with them, also for whoever keeps the whole log and steals an intake secret later.

base64(salt (16 random bytes) ‖ ChaCha20-Poly1305(HKDF(letter key, salt, info `kunak/1 whisper`), nonce 0, text)): a fresh salt makes
a fresh key for every text, which is why the nonce may be zero (as in docs/formats/compartment.md).
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SALT = 16
NONCE = bytes(12)


@lru_cache(maxsize=256)
def _key(letter_key: bytes, salt: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, b"kunak/1 whisper").derive(letter_key)


def seal(letter_key: bytes, text: str) -> str:
    salt = secrets.token_bytes(SALT)
    return b64encode(salt + ChaCha20Poly1305(_key(letter_key, salt)).encrypt(NONCE, text.encode(), None)).decode()


def open_text(letter_key: bytes, sealed: str) -> str | None:
    """The text; None if the letter key is another one, or somebody changed it."""
    try:
        raw = b64decode(sealed, validate=True)
        return ChaCha20Poly1305(_key(letter_key, raw[:SALT])).decrypt(NONCE, raw[SALT:], None).decode()
    except (ValueError, InvalidTag):
        return None
