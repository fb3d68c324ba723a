"""Locked or open: the one place that knows whether this desk's vault is open, and that closes it when nobody is there.

While the desk is locked, the process holds no key, no text, and no connection to the vault's file.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kunak.desk.relay_client import RelayClient
from kunak.vault.store import Vault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.types import ASGIApp

    from kunak.desk.relay_client import Relay
    from kunak.desk.sync import Sync
    from kunak.desk.workbench import Workbench
    from kunak.frame.hand import Hand
    from kunak.journeys.register import Watching

LOCK_AFTER_SECONDS: Final = 600
# A step of the sync may hang on a dead network for a minute; locking does not wait for it.
PATIENCE_SECONDS: Final = 2


@dataclass(frozen=True)
class Opened:
    """Everything that works on an open vault."""

    bench: Workbench
    sync: Sync
    relay: Relay
    hand: Hand
    app: ASGIApp
    watching: Watching


class Lock:
    """`furnish` makes what works on an open vault. `idle_clock`: seconds that also count while the machine sleeps."""

    def __init__(
        self,
        folder: Path,
        furnish: Callable[[Vault], Opened],
        idle_clock: Callable[[], float],
        lock_after: float = LOCK_AFTER_SECONDS,
    ) -> None:
        self._folder = folder
        self._furnish = furnish
        self._idle_clock = idle_clock
        self._one = threading.RLock()
        self._touched = idle_clock()
        self.lock_after = lock_after
        self.opened: Opened | None = None

    def unlock(self, passphrase: str) -> Opened:
        """Open the vault. Raises NoVault, VaultInUse, WrongPassphrase, DamagedVault; RuntimeError in a vault of no organisation."""
        with self._one:
            if self.opened is None:
                vault = Vault.open(self._folder, passphrase)
                try:
                    furnished = self._furnish(vault)
                    # Before it counts as open: whoever watches must not see an open desk that nobody has touched for an hour.
                    self.touch()
                    self.opened = furnished
                except BaseException:
                    vault.close()
                    raise
            self.touch()
            return self.opened

    def lock(self) -> None:
        """Close the vault and forget its key. What was written is in the vault, and is sent after the next unlocking."""
        with self._one:
            opened, self.opened = self.opened, None
        if opened is None:
            return
        opened.hand.stop()
        stopping = threading.Thread(target=opened.sync.stop, daemon=True)
        stopping.start()
        stopping.join(PATIENCE_SECONDS)
        if isinstance(opened.relay, RelayClient):
            opened.relay.close()
        opened.bench.vault.close()

    def touch(self) -> None:
        """Somebody is there."""
        self._touched = self._idle_clock()

    def lock_if_idle(self) -> bool:
        """Lock if nobody was there for too long; whether it locked. A clock that went back starts the wait anew."""
        idle = self._idle_clock() - self._touched
        if idle < 0:
            self.touch()
        if self.opened is None or idle < self.lock_after:
            return False
        self.lock()
        return True
