"""What can be wrong with a vault, each by its name."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sqlcipher3 import dbapi2

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)


class WrongPassphrase(Exception):
    """The passphrase is not this vault's. Another may be."""


class DamagedVault(Exception):
    """The vault's bytes are not those that were written: the disk is failing, or somebody changed them."""


class VaultInUse(Exception):
    """Another desk on this machine has this vault open."""


class NoVault(Exception):
    """There is no vault in this folder."""


class FullDisk(Exception):
    """There is no room on this machine's disk. Nothing of what was to be written was written; all else is as it was."""


@contextmanager
def damage_named() -> Iterator[None]:
    """What SQLCipher and the disk say, as what it means for whoever works here. Raises DamagedVault, FullDisk."""
    try:
        yield
    except OSError as wrong:
        if wrong.errno in _NO_ROOM:
            raise FullDisk from wrong
        raise
    except dbapi2.DatabaseError as wrong:
        if "disk is full" in str(wrong):
            raise FullDisk from wrong
        if is_damage(wrong):
            raise DamagedVault(
                "This desk's vault is damaged on its disk. Its keys and what was not sent are kept once more beside it: kunak org mend. "
                "If this happens twice, replace the disk."
            ) from wrong
        raise


def is_damage(wrong: BaseException) -> bool:
    """Whether this is what SQLCipher says of pages that fail their check."""
    words = ("not a database", "malformed", "disk I/O error", "file is encrypted")
    return (
        isinstance(wrong, dbapi2.DatabaseError)
        and not isinstance(wrong, dbapi2.IntegrityError)
        and any(word in str(wrong) for word in words)
    )
