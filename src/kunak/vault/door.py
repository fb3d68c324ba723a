"""A vault's door: vault.json, the key that a passphrase makes of it, and the lock that keeps a second desk out. docs/formats/vault.md"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import unicodedata
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from nacl import bindings

from kunak.vault.damage import DamagedVault, NoVault, VaultInUse, WrongPassphrase

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT: Final = "kunak-vault/1"
# 256 MiB three times: half a second on a helper's laptop, and dear for whoever guesses passphrases of a seized disk.
MEMORY_KIB: Final = 262_144
PASSES: Final = 3


class Parameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """vault.json; nothing in it is secret. `check` tells a wrong passphrase from a damaged vault, `sum` a damaged vault.json."""

    format: str
    salt: str
    memory_kib: int
    passes: int
    check: str
    sum: str = ""

    def summed(self) -> Parameters:
        bare = msgspec.json.encode(msgspec.structs.replace(self, sum=""))
        return msgspec.structs.replace(self, sum=hashlib.sha256(b"kunak/1 vault sum" + bare).hexdigest()[:32])


def has_vault(folder: Path) -> bool:
    return any((folder / name).exists() for name in ("vault.json", "vault.copy.json"))


@contextmanager
def unlocked(folder: Path, passphrase: str) -> Iterator[tuple[bytes, int]]:
    """The key and the lock of a vault that is there; the lock is given back if what follows fails. Raises NoVault, VaultInUse,
    WrongPassphrase, DamagedVault."""
    if not has_vault(folder):
        raise NoVault("There is no vault in this folder. Join with an invitation first.")
    lock = take_lock(folder)
    try:
        parameters = _read_parameters(folder)
        key = derive(passphrase, bytes.fromhex(parameters.salt), parameters.memory_kib, parameters.passes)
        _require(key, parameters.check)
        yield key, lock
    except BaseException:
        os.close(lock)
        raise


def take_lock(folder: Path) -> int:
    # The lock goes with the process, however it dies; a file that merely exists would outlive a power cut.
    lock = os.open(folder / "vault.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise VaultInUse(
            "This vault is open in another desk on this machine. Use that one, or close it first."
        ) from None
    return lock


def _read_parameters(folder: Path) -> Parameters:
    # Two copies: one flipped bit in the salt would otherwise lose the whole vault.
    for name in ("vault.json", "vault.copy.json"):
        try:
            parameters = msgspec.json.decode((folder / name).read_bytes(), type=Parameters)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            continue
        if parameters.format == FORMAT and parameters == parameters.summed():
            return parameters
    raise DamagedVault(
        "Both copies of vault.json are damaged, and without them no passphrase opens this vault. Nothing is lost that the relay "
        "has acknowledged: ask an admin for a new invitation and join again."
    )


def derive(passphrase: str, salt: bytes, memory_kib: int, passes: int) -> bytes:
    return bytes(
        bindings.crypto_pwhash_alg(
            32,
            unicodedata.normalize("NFC", passphrase).encode(),
            salt,
            passes,
            memory_kib * 1024,
            bindings.crypto_pwhash_ALG_ARGON2ID13,
        )
    )


def _require(key: bytes, check: str) -> None:
    if not hmac.compare_digest(check_of(key), check):
        raise WrongPassphrase(
            "This is not the passphrase of this vault. Look at the keyboard's language and Caps Lock."
        )


def check_of(key: bytes) -> str:
    # Says no more to a guesser than the first page of vault.db does.
    return hmac.digest(key, b"kunak/1 vault check", "sha256")[:16].hex()


def write_durably(path: Path, content: bytes) -> None:
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
