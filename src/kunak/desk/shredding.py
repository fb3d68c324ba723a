"""Carries out what helpers have decided: keys and words of a case go from this desk, and then its envelopes from the relay.

And the other way round: what the relay shows as shredded although nobody asked for it is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.desk.patience import has_waited
from kunak.helpline import register as helpline
from kunak.vault import outbox, shredding, troubles
from kunak.vault.forgetting import forget_compartments, forget_troubles
from kunak.vault.mentions import Mentions
from kunak.vault.shredding import ALONE_SECONDS, Order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kunak.desk.workbench import Workbench
    from kunak.vault.store import Database


def shred_cases(bench: Workbench) -> None:
    """A desk that was away does it when it comes back: the order stands in the roster, under a key that every desk keeps."""
    for order in shredding.standing(bench.vault.db, bench.keyring, bench.roster):
        held = [name for name in order.compartments if bench.keyring.holds(name)]
        if held and _is_due(bench, order):
            _shred(bench, held)


def _is_due(bench: Workbench, order: Order) -> bool:
    # This desk's own clock: whoever asks cannot say that it was long ago.
    waited = has_waited(bench, f"shred {order.shred}", ALONE_SECONDS)
    return order.agreed or (order.alone and waited)


def _shred(bench: Workbench, held: list[str]) -> None:
    mentions = Mentions().read(bench.vault.db)
    with bench.vault.transaction() as db:
        cases = [name.partition(":")[2] for name in held if name.startswith("case:")]
        letters, chunks = helpline.kept_at_relay(db, cases)
        positions = forget_compartments(db, bench.keyring, bench.folding, held, mentions)
        ask_to_shred(db, sorted({*positions, *letters}), bench.today)
        for chunk in chunks:
            outbox.put(db, "unblob", chunk, b"", bench.today)
    bench.vault.scrub()
    bench.pen.wake()


def ask_to_shred(db: Database, positions: Iterable[int], today: int) -> None:
    """Within the caller's transaction. Several desks may ask for the same."""
    for position in positions:
        outbox.put(db, "shred", position.to_bytes(8, "big"), b"", today)


def explain_gaps(bench: Workbench) -> None:
    """Called once the log was read to its end: for each envelope that the relay says was shredded, somebody must have asked."""
    rows = bench.vault.db.execute("SELECT position, compartment, letter FROM emptied ORDER BY position").fetchall()
    if not rows:
        return
    orders = shredding.standing(bench.vault.db, bench.keyring, bench.roster)
    doomed = {name for order in orders for name in order.compartments}
    with bench.vault.transaction() as db:
        unexplained = []
        for position, compartment, letter in rows:
            if letter:
                known = db.execute("SELECT 1 FROM forgotten WHERE letter = ?", (letter,)).fetchone() is not None
            else:
                known = not bench.keyring.holds(compartment)
            if known:
                db.execute("DELETE FROM emptied WHERE position = ?", (position,))
            elif compartment not in doomed:
                unexplained.append(position)
        for name in doomed:
            forget_troubles(db, name)
        if not unexplained:
            troubles.end(db, "relay-shredded", "log", bench.clock())
            return
        sentence = (
            f"The relay says that what stood at position {unexplained[0]} was shredded ({len(unexplained)} in all), and no helper has asked "
            "for it: it withholds, or somebody with a stolen device destroys. Tell an admin."
        )
        troubles.note(db, "relay-shredded", "log", sentence, bench.clock())
