"""Between the vault and the relay: what was recorded is sent, what others wrote is fetched, believed and folded.

One `step` does, in this order:

1. sends the outbox, in order; a parcel leaves it when the relay has acknowledged it, and sending twice does no harm;
2. reads the log from where this desk stands, writes down what was shown (vault/logbook.py), and hands each envelope to
   `vault.receiving`; looks whether our own stand where the relay acknowledged them;
3. reads again from earlier on if something was learnt that makes earlier envelopes readable (a grant);
4. looks which replies were read;
5. does the housekeeping (housekeeping.py), and sends what came of it.

A step that is cut off anywhere, by the network or by the power, is done again from what the vault holds: each change of the vault
is one transaction.
"""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING, Final

import msgspec

from kunak.desk.housekeeping import Publisher, keep_house
from kunak.desk.relay_client import RelayLied, RelayRefused, Unreachable
from kunak.journal.grants import ROSTER
from kunak.vault import outbox, troubles
from kunak.vault.arrived import Arrived
from kunak.vault.logbook import Logbook, stands
from kunak.vault.troubles import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kunak.desk.relay_client import Relay
    from kunak.desk.workbench import Workbench
    from kunak.relay.wire import StoredEnvelope
    from kunak.vault.outbox import Parcel

# Who writes waits for a transaction no longer than this takes: about 100 ms. Who reads does not wait. A desk that is far behind
# takes longer ones: fewer pages are sealed and written twice.
ENVELOPES_A_TRANSACTION: Final = 500
ENVELOPES_FAR_BEHIND: Final = 2_000
SEND_BYTES: Final = 2 * 1024 * 1024
PAUSE_SECONDS: Final = 30.0


class SyncState(msgspec.Struct, frozen=True):
    """What the desk shows. `pending`: parcels that the relay has not acknowledged; `missing` and `troubles`: what is wrong and
    since when; `last_success`: Unix seconds of the last complete step, None before the first; `now`: what hinders at the moment,
    a sentence, or empty; `position` of `head`: how far this desk has read."""

    pending: int = 0
    missing: list[Trouble] = []
    troubles: list[Trouble] = []
    last_success: int | None = None
    now: str = ""
    position: int = 0
    head: int = 0


class Sync:
    """One for each open desk. `step` may be called from any thread, by one at a time; `start` runs it in the background."""

    def __init__(self, bench: Workbench, relay: Relay) -> None:
        self._bench = bench
        self._relay = relay
        self._publisher = Publisher(bench, relay)
        self._awake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._one = threading.Lock()
        self._head = 0
        self._last_success: int | None = None
        self._went_back = False  # in this step: more than once is no restored backup
        self._now = ""
        bench.pen.wake = self.wake

    # --- in the background

    def start(self, pause: float = PAUSE_SECONDS) -> None:
        """Step whenever something was written, and every `pause` seconds."""

        def run() -> None:
            while not self._stopping.is_set():
                self._awake.clear()
                self.step()
                self._awake.wait(pause)

        self._thread = threading.Thread(target=run, name="sync", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        self._awake.set()

    def stop(self) -> None:
        """Waits for the step that is under way; nothing is lost if it is cut off instead."""
        self._stopping.set()
        self._awake.set()
        if self._thread is not None:
            self._thread.join()

    # --- one step

    def step(self) -> SyncState:
        with self._one:
            self._went_back = False
            try:
                # First, so that the relay listens to the founder; and again, so that it stops listening to who was revoked.
                self._publisher.publish()
                self._send()
                self._pull()
                self._read_marks()
                keep_house(self._bench)
                self._publisher.publish()
                self._send()
            except Unreachable as away:
                self._now = str(away)
            except RelayRefused as refused:
                admitted = self._bench.keyring.holds(ROSTER)
                self._now = str(refused) if admitted or refused.word != "not-allowed" else _NOT_ADMITTED
            except RelayLied as lie:
                self._now = str(lie)
                self._trouble("relay-lied", "answer", str(lie))
            else:
                self._now = ""
                self._last_success = int(self._bench.clock())
            return self.state()

    def push(self) -> SyncState:
        """Only publish and send: what a command may do that does not know all rooms."""
        with self._one:
            try:
                self._publisher.publish()
                self._send()
                self._publisher.publish()
            except (Unreachable, RelayRefused, RelayLied) as hindrance:
                self._now = str(hindrance)
            else:
                self._now = ""
            return self.state()

    def state(self) -> SyncState:
        db = self._bench.vault.db
        wrong = troubles.standing(db)
        return SyncState(
            outbox.count(db),
            [trouble for trouble in wrong if trouble.kind == "missing"],
            [trouble for trouble in wrong if trouble.kind != "missing"],
            self._last_success,
            self._now,
            self._bench.pen.position(db),
            self._head,
        )

    # --- 1: send

    def _send(self) -> None:
        after = 0
        while parcels := outbox.waiting(self._bench.vault.db, after):
            for group in _grouped(parcels):
                self._send_group(group)
            after = parcels[-1].id

    def _send_group(self, group: Sequence[Parcel]) -> None:
        first = group[0]
        answer: list[int] = []
        try:
            match first.kind:
                case "envelope":
                    answer = self._relay.append([(parcel.place, parcel.sealed) for parcel in group])
                    if len(answer) != len(group):
                        raise RelayLied("The relay acknowledged another number of envelopes than it was sent.")
                case "message":
                    answer = [self._relay.post_message(first.place, first.token, first.sealed)]
                case "mailbox":
                    self._relay.put_mailbox(first.place, first.sealed)
                case "blob":
                    self._relay.put_blob(first.place, first.sealed)
                case "unblob":
                    self._relay.delete_blob(first.place)
                case "shred":
                    self._relay.shred([int.from_bytes(parcel.place) for parcel in group])
        except RelayRefused as refused:
            if refused.again or first.kind in ("envelope", "shred") or refused.word in ("clock", "not-allowed"):
                raise
            # A person deleted the mailbox, or a blob is gone: waiting does not help, and what comes after must not wait.
            self._trouble(f"{first.kind}-refused", first.token.hex() or first.place.hex(), str(refused))
        self._acknowledge(group, answer)

    def _acknowledge(self, group: Sequence[Parcel], answer: Sequence[int]) -> None:
        with self._bench.vault.transaction() as db:
            if group[0].kind == "envelope":
                for parcel, position in zip(group, answer, strict=True):
                    outbox.acknowledged(db, parcel.id, position)
                return
            if group[0].kind == "message" and answer:
                row = (answer[0], self._bench.today, group[0].token.hex())
                db.execute("UPDATE message SET number = ?, sent = ? WHERE id = ?", row)
            for parcel in group:
                outbox.done(db, parcel.id)

    # --- 2 and 3: read

    def _pull(self) -> None:
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
        self._head = reading.head
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
        """One answer of the relay that we have had before; the last position in it."""
        envelopes = self._relay.read(after).envelopes
        if not envelopes:
            raise RelayLied(_SHOWS_NOTHING.format(after))
        return self._take_all(envelopes, after, again=True)

    def _take_all(self, envelopes: Sequence[StoredEnvelope], after: int, *, again: bool) -> int:
        last = max(envelope.position for envelope in envelopes)
        if last <= after:
            # Positions that do not grow would be read for ever.
            raise RelayLied(f"Asked for what follows position {after}, the relay shows what stands before it.")
        size = ENVELOPES_FAR_BEHIND if self._head - after > ENVELOPES_FAR_BEHIND else ENVELOPES_A_TRANSACTION
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

    # --- 4: what was read

    def _read_marks(self) -> None:
        db = self._bench.vault.db
        unread = db.execute("SELECT id, number FROM message WHERE number IS NOT NULL AND read IS NULL").fetchall()
        if not unread:
            return
        waiting = set(self._relay.waiting())
        gone = [(self._bench.today, message) for message, number in unread if number not in waiting]
        with self._bench.vault.transaction() as db:
            db.executemany("UPDATE message SET read = ? WHERE id = ?", gone)

    def _trouble(self, kind: str, about: str, sentence: str) -> None:
        with self._bench.vault.transaction() as db:
            troubles.note(db, kind, about, sentence, self._bench.clock())


_NOT_ADMITTED: Final = "The relay does not know this device yet: it is admitted when the admin who invited it starts their desk. Nothing to do but wait."
_SHOWS_NOTHING: Final = "The relay says that its log goes on after position {}, and shows nothing there."


def _arrived(envelope: StoredEnvelope) -> Arrived:
    digest = envelope.digest if envelope.sealed is None else hashlib.sha256(envelope.sealed).digest()
    return Arrived(envelope.position, envelope.day, envelope.label, envelope.sealed, digest or bytes(32))


def _grouped(parcels: Iterable[Parcel]) -> Iterator[list[Parcel]]:
    """Neighbours of a kind that can be sent in one request."""
    group: list[Parcel] = []
    size = 0
    for parcel in parcels:
        together = group and parcel.kind == group[0].kind and parcel.kind in ("envelope", "shred")
        if group and not (together and size + len(parcel.sealed) <= SEND_BYTES):
            yield group
            group, size = [], 0
        group.append(parcel)
        size += len(parcel.sealed)
    if group:
        yield group
