"""An open vault with everything that works on it: what the pages, the sync and the commands are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kunak.vault.damage import damage_named
from kunak.vault.folding import Folding
from kunak.vault.keyring import Keyring
from kunak.vault.receiving import Receiving
from kunak.vault.roster import Roster
from kunak.vault.roster_room import RosterRoom
from kunak.vault.sparing import Sparing
from kunak.vault.writing import Pen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kunak.vault.folding import Room
    from kunak.vault.store import Vault


@dataclass(frozen=True)
class Workbench:
    """`clock`: Unix seconds. Make it with `Workbench.over`."""

    vault: Vault
    keyring: Keyring
    folding: Folding
    receiving: Receiving
    pen: Pen
    clock: Callable[[], float]

    @classmethod
    def over(cls, vault: Vault, rooms: Sequence[Room] | None, clock: Callable[[], float]) -> Workbench:
        """`rooms`: the registers of the desk's rooms, that of the roster is always among them; None for commands, which know only
        the roster and do not read the relay's log. Raises DamagedVault."""
        keyring = Keyring(vault)
        with damage_named():
            Sparing.attach(vault)
            folding = Folding(vault, [RosterRoom(), *(rooms or ())], partial=rooms is None)
        receiving = Receiving(keyring, folding, clock)
        vault.after_commit = receiving.after_commit
        pen = Pen(vault, keyring, folding, receiving, clock)
        return cls(vault, keyring, folding, receiving, pen, clock)

    @property
    def roster(self) -> Roster:
        """Who is in the organisation, as this desk knows now."""
        return self.receiving.roster(self.vault.db)

    @property
    def today(self) -> int:
        return int(self.clock() // 86_400)
