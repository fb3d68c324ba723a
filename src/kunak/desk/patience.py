"""Whose turn it is: of several desks that could do the same, the one with the least id does it at once, the others after a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kunak.desk.workbench import Workbench

# A colleague's laptop may be closed for a night; nobody's work should wait for longer than that.
PATIENCE_SECONDS: Final = 12 * 3_600
# Awake desks sync every half minute: what should not wait is done by another one that is awake.
AWAKE_SECONDS: Final = 120


def is_our_turn(bench: Workbench, what: str, desks: Iterable[str], patience: float = PATIENCE_SECONDS) -> bool:
    """Whether this desk does it now; the first call begins the wait. `what` names the occasion: the same words, the same wait.
    Two desks may still do it both: whoever asks must bear that."""
    own = bench.keyring.own.id
    return own == min(desks, default=own) or has_waited(bench, what, patience)


def has_waited(bench: Workbench, what: str, seconds: float) -> bool:
    """Whether so much time has passed, by this desk's clock, since this was asked first."""
    now, name = int(bench.clock()), f"waiting {what}"
    row = bench.vault.db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    since = int(row[0]) if row else now
    if row is None or now < since:  # a clock that was set back begins the wait anew
        with bench.vault.transaction() as db:
            db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, str(now)))
    return now - since >= seconds
