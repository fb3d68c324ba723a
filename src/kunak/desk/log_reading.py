"""Reading the relay's log: from where this desk stands, and again from earlier on when something was learnt that opens it.

What cannot be believed of the relay is named here or in vault/logbook.py; what cannot be believed of an author, in the journal.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Final

from kunak.desk.relay_client import RelayLied, RelayRefused, Unreachable
from kunak.vault import outbox, troubles
from kunak.vault.arrived import Arrived
from kunak.vault.logbook import Logbook, stands

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kunak.desk.relay_client import Relay
    from kunak.desk.workbench import Workbench
    from kunak.relay.wire import StoredEnvelope

# Who writes waits for a transaction no longer than this takes: about 100 ms. Who reads does not wait.
ENVELOPES_A_TRANSACTION: Final = 500
# A desk that is further behind than this gathers several answers into one longer transaction (half a second, 16 MiB): labels and
# ids are random, so each transaction touches pages all over the vault, and seals each of them once (docs/decisions/reading-in-bulk.md).
ENVELOPES_FAR_BEHIND: Final = 8_000
# On a slow line what has come is kept soon: a line that breaks must not cost what it brought.
SECONDS_TO_GATHER: Final = 3.0


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
        return self._take_all(envelopes, position, self.head, again=False) < reading.head

    def _read_again(self, after: int) -> int:
        """One answer of the relay that we have had before; the last position in it. What has come since then is not to be compared with
        anything: it is read in its turn."""
        position = self._position
        envelopes = [each for each in self._relay.read(after).envelopes if each.position <= position]
        if not envelopes:
            raise RelayLied(_SHOWS_NOTHING.format(after))
        return self._take_all(envelopes, after, position, again=True)

    def _take_all(self, first: Sequence[StoredEnvelope], after: int, until: int, *, again: bool) -> int:
        """An answer of the relay, and if much is left until a position, several more up to there; the last position in them."""
        last = _last_after(after, first)
        if until - after > ENVELOPES_FAR_BEHIND:
            envelopes, hindrance = self._gather(first, until if again else None)
            self._take(envelopes, after, again=again)
            if hindrance is not None:
                raise hindrance
            return max(envelope.position for envelope in envelopes)
        for start in range(0, len(first), ENVELOPES_A_TRANSACTION):
            part = first[start : start + ENVELOPES_A_TRANSACTION]
            self._take(part, after, again=again)
            after = part[-1].position
        return last

    def _gather(
        self, first: Sequence[StoredEnvelope], until: int | None
    ) -> tuple[list[StoredEnvelope], Exception | None]:
        """This answer and further ones while they come quickly, nothing after `until`, and what hindered: what came before it is kept
        all the same."""
        envelopes, last = list(first), max(envelope.position for envelope in first)
        end = self.head if until is None else until
        deadline = time.monotonic() + SECONDS_TO_GATHER
        while len(envelopes) < ENVELOPES_FAR_BEHIND and last < end and time.monotonic() < deadline:
            try:
                further = self._relay.read(last).envelopes
                if until is not None:
                    further = [each for each in further if each.position <= until]
                if not further:
                    break
                last = _last_after(last, further)
            except (Unreachable, RelayRefused, RelayLied) as hindrance:
                return envelopes, hindrance
            envelopes += further
        return envelopes, None

    def _stands(self, envelope: StoredEnvelope) -> bool:
        return stands(self._bench.vault.db, _arrived(envelope))

    def _take(self, envelopes: Sequence[StoredEnvelope], after: int, *, again: bool) -> None:
        receiving = self._bench.receiving
        arrivals = [_arrived(envelope) for envelope in envelopes]
        try:
            with self._bench.vault.transaction() as db:
                receiving.take_all(db, arrivals, Logbook(db, self._bench.clock(), after if again else None))
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
        for parcel, position in outbox.not_in_log(self._bench.vault.db, self._position):
            is_there = self._is_there(parcel, position)
            with self._bench.vault.transaction() as db:
                about = f"position {position}"
                if is_there:
                    outbox.done(db, parcel)
                    troubles.end(db, "relay-lost-ours", about, self._bench.clock())
                    continue
                sentence = (
                    f"The relay acknowledged an envelope of this desk at position {position}, and shows something else there. It is sent "
                    "again; tell an admin."
                )
                troubles.note(db, "relay-lost-ours", about, sentence, self._bench.clock())
                outbox.offer_again(db, parcel)

    def _is_there(self, parcel: int, position: int) -> bool:
        """Looked up once more before anybody is accused. Entries are known by their labels when they are read; a caller's first letter
        lies under a label that it shares with all first letters of the week."""
        shown = self._relay.read(position - 1).envelopes
        if not shown or shown[0].position != position:
            return False
        envelope, digest = shown[0], outbox.digest(self._bench.vault.db, parcel)
        return _arrived(envelope).digest == digest and self._stands(envelope)


_SHOWS_NOTHING: Final = "The relay says that its log goes on after position {}, and shows nothing there."


def _arrived(envelope: StoredEnvelope) -> Arrived:
    digest = envelope.digest if envelope.sealed is None else hashlib.sha256(envelope.sealed).digest()
    return Arrived(envelope.position, envelope.day, envelope.label, envelope.sealed, digest or bytes(32))


def _last_after(after: int, envelopes: Sequence[StoredEnvelope]) -> int:
    """The last position of an answer to what follows `after`. Raises RelayLied."""
    last = max(envelope.position for envelope in envelopes)
    if last <= after:
        # Positions that do not grow would be read for ever.
        raise RelayLied(f"Asked for what follows position {after}, the relay shows what stands before it.")
    return last
