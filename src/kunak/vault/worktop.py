"""What a room's pages have in hand: the open vault, what it may open, the pen, who else is in the organisation, a clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from kunak.vault.keyring import Keyring
    from kunak.vault.roster import Roster
    from kunak.vault.store import Vault
    from kunak.vault.writing import Pen


class Worktop(Protocol):
    """The desk's workbench as rooms see it. `clock`: Unix seconds; `today`: days since 1970-01-01."""

    @property
    def vault(self) -> Vault: ...
    @property
    def keyring(self) -> Keyring: ...
    @property
    def pen(self) -> Pen: ...
    @property
    def roster(self) -> Roster: ...
    @property
    def clock(self) -> Callable[[], float]: ...
    @property
    def today(self) -> int: ...


def callsign(top: Worktop, device: str) -> str:
    """How helpers call the owner of a device; its first letters, if the roster does not know it."""
    known = top.roster.get(device)
    return known.callsign if known is not None and known.callsign else device[:6]
