"""Writes tests/vectors/sealing/derivations.json from docs/formats alone: hashlib, hmac, argon2-cffi and PyNaCl, nothing of kunak.

A second reading of the pages, so that a slip in `kunak.sealing` shows.   pip install argon2-cffi pynacl; python -m tools.derivation_vectors
"""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from nacl.bindings import crypto_aead_chacha20poly1305_ietf_encrypt, crypto_scalarmult, crypto_scalarmult_base
from nacl.signing import SigningKey

ROOT = Path(__file__).resolve().parents[1]
ORGANISATION, AUTHOR, SECRET = bytes(range(16)), bytes(range(16, 32)), bytes(range(32, 64))
OWN, PEER, LETTER_KEY = bytes(range(64, 96)), bytes(range(96, 128)), bytes(range(128, 160))


def hkdf(secret: bytes, info: bytes, salt: bytes = b"", size: int = 32) -> bytes:
    """RFC 5869 with SHA-256, written out."""
    extracted = hmac.digest(salt or bytes(32), secret, "sha256")
    out = block = b""
    for number in range(1, -(-size // 32) + 1):
        block = hmac.digest(extracted, block + info + bytes([number]), "sha256")
        out += block
    return out[:size]


def words(language: str) -> list[str]:
    return (ROOT / "src" / "kunak" / "sealing" / "words" / f"{language}.txt").read_text("utf-8").split()


def code(language: str, places: list[int]) -> dict[str, str]:
    spelling = " ".join(words(language)[place] for place in places)
    root = hash_secret_raw(
        spelling.encode(), ORGANISATION, time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, type=Type.ID
    )
    sizes = {"id": 16, "age seed": 32, "letter key": 32, "state key": 32, "access": 32}
    keys = {name: hkdf(root, b"kunak/1 mailbox " + name.encode(), size=size).hex() for name, size in sizes.items()}
    return {"language": language, "spelling": spelling, "root": root.hex(), **keys}


def fingerprint(public: bytes) -> dict[str, Any]:
    number = (int.from_bytes(hashlib.sha256(b"kunak/1 fingerprint" + public).digest(), "big") >> 256 - 78) % 7_776**6
    places: list[int] = []
    for _ in range(6):
        number, place = divmod(number, 7_776)
        places.insert(0, place)
    return {
        "root public key": public.hex(),
        **{language: [words(language)[place] for place in places] for language in ("ru", "en")},
    }


def compartment() -> dict[str, Any]:
    label_key = hkdf(SECRET, b"kunak/1 label")
    label = hmac.digest(label_key, AUTHOR + (7).to_bytes(8, "big"), "sha256")[:16]
    salt, content = bytes(range(16)), b"an entry"
    padded = (content + b"\x80").ljust(4_096 - 32, b"\0")
    sealed = salt + crypto_aead_chacha20poly1305_ietf_encrypt(
        padded, label, bytes(12), hkdf(SECRET, b"kunak/1 envelope", salt)
    )
    pair = hkdf(crypto_scalarmult(OWN, crypto_scalarmult_base(PEER)), b"kunak/1 pair " + AUTHOR + ORGANISATION)
    return {
        "secret": SECRET.hex(), "label key": label_key.hex(), "author": AUTHOR.hex(), "number": 7, "label": label.hex(),
        "recipient seed": hkdf(SECRET, b"kunak/1 compartment recipient").hex(),
        "reply key seed": hkdf(SECRET, b"kunak/1 reply key").hex(),
        "content": content.hex(), "sealed": sealed.hex(),
        "own agreement seed": OWN.hex(), "peer agreement seed": PEER.hex(), "sender": AUTHOR.hex(), "receiver": ORGANISATION.hex(),
        "pair label key": pair.hex(),
    }  # fmt: skip


def letter() -> dict[str, Any]:
    def tag(info: bytes) -> str:
        return hmac.digest(LETTER_KEY, info, "sha256")[:16].hex()

    return {
        "letter key": LETTER_KEY.hex(), "body": "00ff", "proof": tag(b"kunak/1 letter\x00\xff"),
        "number": 3, "label": tag(b"kunak/1 letter label" + (3).to_bytes(8, "big")),
        "chunk": 5, "chunk id": tag(b"kunak/1 chunk" + (5).to_bytes(8, "big")),
    }  # fmt: skip


def main() -> None:
    key = SigningKey(SECRET)
    vectors = {
        "source": "tools/derivation_vectors.py, from docs/formats with hashlib, hmac, argon2-cffi and PyNaCl, without kunak",
        "organisation": ORGANISATION.hex(),
        "codes": [code("ru", [0, 7775, 100, 2000, 3000, 4000, 5000]), code("en", [0, 7775, 1, 2, 3, 4, 5]), code("ru", [42] * 7)],
        "fingerprint": fingerprint(bytes(range(32))),
        "compartment": compartment(),
        "signature": {
            "seed": SECRET.hex(), "public": bytes(key.verify_key).hex(), "purpose": "entry", "message": b"hi".hex(),
            "signature": key.sign(b"kunak/1 entry\0hi").signature.hex(),
        },
        "letter": letter(),
    }  # fmt: skip
    target = ROOT / "tests" / "vectors" / "sealing" / "derivations.json"
    target.write_text(json.dumps(vectors, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
