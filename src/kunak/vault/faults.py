"""What is wrong with envelopes that came, named by whose fault: the relay's, another desk's, or nobody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.journal.chain import Expected, Standing
from kunak.journal.grants import is_pairwise
from kunak.vault import troubles
from kunak.vault.chains import missing_numbers, spelled
from kunak.vault.logbook import hash_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kunak.journal.chain import Judged, Refused
    from kunak.journal.entry import Batch
    from kunak.journal.grants import Grant
    from kunak.vault.arrived import Arrived
    from kunak.vault.store import Database


def not_believed(db: Database, expected: Expected, arrived: Arrived, refused: Refused, now: float) -> None:
    """It failed a step of the chain's check (journal/chain.py)."""
    about = f"{_short(expected)} position {arrived.position}"
    troubles.note(db, "refused", about, f"Not believed (step {refused.step}): {refused}.", now)


def shown_again(db: Database, position: int, arrived: Arrived, now: float) -> None:
    """What stands at `position` already."""
    sentence = f"The relay shows the envelope of position {position} again at position {arrived.position}."
    troubles.note(db, "relay-repeats", f"position {arrived.position}", sentence, now)


def changed(db: Database, expected: Expected, arrived: Arrived, now: float) -> None:
    """It does not open with the keys of its label."""
    sentence = f"What the relay shows at position {arrived.position} is not what was sealed under this label."
    troubles.note(db, "relay-changed", f"{_short(expected)} position {arrived.position}", sentence, now)


def grant_unopened(db: Database, expected: Expected, now: float) -> None:
    """A grant of this sender is lost to us. Housekeeping asks for it."""
    sentence = "A grant could not be opened: it did not come, or was sealed to a key that this desk has destroyed. It is asked for again."
    troubles.note(db, "grant-unopened", _short(expected), sentence, now)
    db.execute("INSERT OR REPLACE INTO setting VALUES ('ask due', '1')")


def grant_came(db: Database, expected: Expected, now: float) -> None:
    """The sender's next one opened."""
    troubles.end(db, "grant-unopened", _short(expected), now)


def grant_refused(db: Database, grant: Grant, giver: str, now: float) -> None:
    """Its giver may not begin an epoch there."""
    about = f"{grant.compartment.partition(':')[0]} epoch {grant.epoch} by {giver[:8]}"
    sentence = "Somebody who is not a member began a new epoch of a compartment. It is not used."
    troubles.note(db, "refused", about, sentence, now)


def name_gaps(db: Database, chain: int, expected: Expected, judged: Sequence[Judged], now: float) -> None:
    """Forks, and numbers that are missing; or that nothing is missing any more."""
    for each in judged:
        if each.standing is Standing.FORK:
            sequence = each.linked.entry.sequence
            sentence = (
                f"Device {expected.author[:8]} wrote number {sequence} twice, differently: it was restored from a backup, or "
                "copied. Both are kept and shown."
            )
            troubles.note(db, "fork", f"{_short(expected)} number {sequence}", sentence, now)
    ranges = missing_numbers(db, chain)
    if ranges and is_pairwise(expected.compartment):
        # What is missing is a grant; whoever sent it gives it again under a new number.
        grant_unopened(db, expected, now)
        return
    if not ranges:
        troubles.end(db, "missing", _short(expected), now)
        return
    sentence = (
        f"Entries {spelled(ranges)} of device {expected.author[:8]} are missing: the relay withholds them, or is late. "
        "What came after them is shown."
    )
    troubles.note(db, "missing", _short(expected), sentence, now)


def compare(db: Database, batch: Batch, arrived: Arrived, now: float) -> None:
    """What the author was shown of the log is what this desk was shown."""
    position, theirs = batch.seen
    if not position:
        return
    if position >= arrived.position:
        sentence = (
            f"Device {batch.author[:8]} had read up to position {position} before it wrote, and the relay shows what it wrote at "
            f"position {arrived.position}: the relay left something out, or changed the order."
        )
        troubles.note(db, "log-differs", batch.author[:8], sentence, now)
    elif hash_at(db, position) != bytes.fromhex(theirs):
        sentence = (
            f"Up to position {position} the relay showed device {batch.author[:8]} another log than this desk: it hides something "
            "from one of the two. Compare by another way, and tell an admin."
        )
        troubles.note(db, "log-differs", batch.author[:8], sentence, now)


def _short(expected: Expected) -> str:
    """For troubles: the kind of compartment, never its id with a case's; the author's id is no name."""
    kind, _, identifier = expected.compartment.partition(":")
    return f"{kind}{':' + identifier[:8] if identifier else ''} {expected.author[:8]}"
