"""Reading the relay's log: from where this desk stands, and again from earlier on when something was learnt that opens it.

What cannot be believed of the relay is named here or in vault/logbook.py; what cannot be believed of an author, in the journal.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from kunak.desk.relay_client import RelayLied
from kunak.vault import outbox, troubles
from kunak.vault.arrived import Arrived
from kunak.vault.logbook import Logbook, stands

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kunak.desk.relay_client import Relay
    from kunak.desk.workbench import Workbench
    from kunak.relay.wire import StoredEnvelope

# Who writes waits for a transaction no longer than this takes: about 100 ms. Who reads does not wait. A desk that is far behind
# takes longer ones: fewer pages are sealed and written twice.
ENVELOPES_A_TRANSACTION: Final = 500
ENVELOPES_FAR_BEHIND: Final = 2_000


class LogReader:
    """One for each sync. `head`: the relay's last position, as it says; `send`: sends the outbox."""

    def __init__(self, bench: Workbench, relay: Relay, send: Callable[[], None]) -> None:
        self._bench = bench
        self._relay = relay
        self._send = send
        self.head = 0
        self._went_back = False  # while pulling: more than once is no restored backup

    def pull(self) -> None:
        self._went_back = False
        while True:
            while self._read_on():
                pass
            since = self._bench.receiving.reread_since(self._bench.vault.db)
            if since is None:
                break
            while since < self._position:
                since = self._read_again(since)
                with self._bench.vault.transaction() as db:
                    self._bench.receiving.reread_done(db, since, self._position)
        self._look_for_ours()

    @property
    def _position(self) -> int:
        return self._bench.pen.position(self._bench.vault.db)

    def _read_on(self) -> bool:
        """One answer of the relay; whether there may be more. The last envelope that we know is read once more: if something else
        stands in its place, the relay's log is no longer the one that we have read."""
        position = self._position
        reading = self._relay.read(max(position - 1, 0))
        self.head = reading.head
        envelopes = reading.envelopes
        if position and not (envelopes and envelopes[0].position == position and self._stands(envelopes[0])):
            if reading.head >= position and not envelopes:
                raise RelayLied(_SHOWS_NOTHING.format(position))
            self._go_back(min(position, reading.head))
            return True
        if reading.head <= position:
            return False
        # The one that we know may have filled the answer by itself.
        envelopes = (envelopes[1:] if position else envelopes) or self._relay.read(position).envelopes
        if not envelopes:
            raise RelayLied(_SHOWS_NOTHING.format(position))
        self._take_all(envelopes, position, again=False)
        return True

    def _read_again(self, after: int) -> int:
        """One answer of the relay that we have had before; the last position in it. What has come since then is not to be compared with
        anything: it is read in its turn."""
        position = self._position
        envelopes = [each for each in self._relay.read(after).envelopes if each.position <= position]
        if not envelopes:
            raise RelayLied(_SHOWS_NOTHING.format(after))
        return self._take_all(envelopes, after, again=True)

    def _take_all(self, envelopes: Sequence[StoredEnvelope], after: int, *, again: bool) -> int:
        last = max(envelope.position for envelope in envelopes)
        if last <= after:
            # Positions that do not grow would be read for ever.
            raise RelayLied(f"Asked for what follows position {after}, the relay shows what stands before it.")
        size = ENVELOPES_FAR_BEHIND if self.head - after > ENVELOPES_FAR_BEHIND else ENVELOPES_A_TRANSACTION
        for start in range(0, len(envelopes), size):
            part = envelopes[start : start + size]
            self._take(part, after, again=again)
            after = part[-1].position
        return last

    def _stands(self, envelope: StoredEnvelope) -> bool:
        return stands(self._bench.vault.db, _arrived(envelope))

    def _take(self, envelopes: Sequence[StoredEnvelope], after: int, *, again: bool) -> None:
        receiving = self._bench.receiving
        try:
            with self._bench.vault.transaction() as db:
                logbook = Logbook(db, self._bench.clock(), after if again else None)
                receiving.take_all(db, [_arrived(envelope) for envelope in envelopes], logbook)
        except BaseException:
            # The vault went back to before this transaction; what is remembered in memory must too.
            receiving.forget_cached()
            raise

    def _go_back(self, known: int) -> None:
        """The relay's log is no longer the one that we have read: restored from a backup, or a lie. We say so, keep what we have, and
        send again what we had written into the part that is gone."""
        if self._went_back:
            raise RelayLied("The relay shows another log with every answer. It is broken or hostile; tell an admin.")
        self._went_back = True
        common = self._common(known)
        sentence = (
            f"After position {common} the relay's log is no longer the one that this desk has read, up to position {self._position}: the "
            "relay was restored from a backup, or it lies. This desk keeps what it has, and sends its own part again. Tell an admin."
        )
        with self._bench.vault.transaction() as db:
            troubles.note(db, "relay-went-back", f"position {common}", sentence, self._bench.clock())
            db.execute("DELETE FROM log WHERE position > ?", (common,))
            self._bench.pen.offer_again(db, common)
        self._send()

    def _common(self, known: int) -> int:
        """The last position up to which the relay shows what it showed before; sought backwards in growing steps, then forwards."""
        step, behind = 1, known
        while behind:
            envelopes = self._relay.read(behind - 1).envelopes
            if envelopes and envelopes[0].position == behind and self._stands(envelopes[0]):
                break
            behind, step = max(behind - step, 0), step * 2
        while envelopes := self._relay.read(behind).envelopes:
            for envelope in envelopes:
                if envelope.position <= behind or not self._stands(envelope):
                    return behind
                behind = envelope.position
        return behind

    def _look_for_ours(self) -> None:
        """What the relay acknowledged stands in its log at that position, or it lied."""
        db = self._bench.vault.db
        lost = outbox.not_in_log(db, self._position)
        if not lost:
            return
        with self._bench.vault.transaction() as db:
            for parcel, position in lost:
                sentence = (
                    f"The relay acknowledged an envelope of this desk at position {position}, and shows something else there. It is sent "
                    "again; tell an admin."
                )
                troubles.note(db, "relay-lost-ours", f"position {position}", sentence, self._bench.clock())
                outbox.offer_again(db, parcel)


_SHOWS_NOTHING: Final = "The relay says that its log goes on after position {}, and shows nothing there."


def _arrived(envelope: StoredEnvelope) -> Arrived:
    digest = envelope.digest if envelope.sealed is None else hashlib.sha256(envelope.sealed).digest()
    return Arrived(envelope.position, envelope.day, envelope.label, envelope.sealed, digest or bytes(32))
