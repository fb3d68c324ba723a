"""Between the vault and the relay: what was recorded is sent, what others wrote is fetched, believed and folded.

One `step` does, in this order:

1. sends the outbox, in few requests (sending.py); a parcel leaves it when the relay has acknowledged it, and sending twice does no harm;
2. reads the log from where this desk stands, writes down what was shown (vault/logbook.py), and hands each envelope to
   `vault.receiving`; looks whether our own stand where the relay acknowledged them;
3. reads again from earlier on if something was learnt that makes earlier envelopes readable (a grant);
4. looks which replies were read;
5. does the housekeeping (housekeeping.py), and sends what came of it;
6. looks whether the page for persons gives out our keys (watching.py).

A step that is cut off anywhere, by the network or by the power, is done again from what the vault holds: each change of the vault
is one transaction.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

import msgspec

from kunak.desk import hindrance
from kunak.desk.housekeeping import Publisher, keep_house
from kunak.desk.log_reading import LogReader
from kunak.desk.relay_client import RelayLied, RelayRefused, Unreachable
from kunak.desk.sending import requests_of
from kunak.desk.watching import Watcher
from kunak.frame.calm import place_of
from kunak.journal.grants import ROSTER
from kunak.vault import mending, outbox, troubles
from kunak.vault.damage import DamagedVault, FullDisk, damage_named
from kunak.vault.troubles import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kunak.desk.relay_client import Relay
    from kunak.desk.workbench import Workbench
    from kunak.vault.outbox import Parcel

log = logging.getLogger("kunak")

PAUSE_SECONDS: Final = 30.0


class SyncState(msgspec.Struct, frozen=True):
    """What the desk shows. `pending`: parcels that the relay has not acknowledged; `missing` and `troubles`: what is wrong and
    since when; `last_success`: Unix seconds of the last complete step, None before the first; `now`: what hinders at the moment,
    a sentence of hindrance.py, or empty; `position` of `head`: how far this desk has read."""

    pending: int = 0
    missing: list[Trouble] = []
    troubles: list[Trouble] = []
    last_success: int | None = None
    now: str = ""
    position: int = 0
    head: int = 0


class Sync:
    """One for each open desk. `step` may be called from any thread, by one at a time; `start` runs it in the background."""

    def __init__(self, bench: Workbench, relay: Relay, ask: Callable[[], None] = lambda: None) -> None:
        """`ask` sends a request to join that still waits, if there is one. Raises Unreachable, RelayRefused."""
        self._bench = bench
        self._relay = relay
        self._ask = ask
        self._publisher = Publisher(bench, relay)
        self._watcher = Watcher(bench, relay)
        self._awake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._one = threading.Lock()
        self._log = LogReader(bench, relay, self._send)
        self._last_success: int | None = None
        self._now = ""
        bench.pen.wake = self.wake

    # --- in the background

    def start(self, pause: float = PAUSE_SECONDS) -> None:
        """Step whenever something was written, and every `pause` seconds."""

        def run() -> None:
            while not self._stopping.is_set():
                self._awake.clear()
                try:
                    self.step()
                except DamagedVault:
                    return  # the next page that reads it says so, and what to do
                except Exception as wrong:  # noqa: BLE001 - whatever it is, the desk must go on asking, and say that it could not
                    self._now = hindrance.FAILED
                    log.error("failed: %s", place_of(wrong))  # noqa: TRY400 - a traceback shows values
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
        """Raises DamagedVault."""
        with self._one, damage_named():
            try:
                self._ask()
                # First, so that the relay listens to the founder; and again, so that it stops listening to who was revoked.
                self._publisher.publish()
                self._send()
                self._log.pull()
                self._end_mending()
                self._read_marks()
                keep_house(self._bench)
                self._publisher.publish()
                self._send()
                self._watcher.watch()
            except Unreachable as away:
                self._now = str(away)
            except FullDisk:
                self._now = hindrance.DISK_FULL
            except RelayRefused as refused:
                self._now = hindrance.sentence_of(refused, admitted=self._bench.keyring.holds(ROSTER))
            except RelayLied as lie:
                self._now = hindrance.LIED
                self._trouble("relay-lied", "answer", str(lie))
            else:
                self._now = ""
                self._last_success = int(self._bench.clock())
                self._clock_is_right()
            return self.state()

    def _clock_is_right(self) -> None:
        """The relay refuses requests of a clock that is minutes off, and it has answered."""
        if any(trouble.kind == "clock-back" for trouble in troubles.standing(self._bench.vault.db)):
            with self._bench.vault.transaction() as db:
                troubles.end(db, "clock-back", "clock", self._bench.clock())

    def _end_mending(self) -> None:
        """A desk that was mended knows again what it wrote last, once all that it had not sent was seen in the log."""
        if not mending.is_mending(self._bench.vault.db):
            return
        with self._bench.vault.transaction() as db:
            ended = mending.has_read_everything(db)
        if not ended:
            raise Unreachable(hindrance.MENDING)
        self._bench.vault.forget_aside()

    def push(self) -> SyncState:
        """Only publish and send: what a command may do that does not know all rooms."""
        with self._one:
            try:
                self._publisher.publish()
                self._send()
                self._publisher.publish()
            except RelayRefused as refused:
                self._now = hindrance.sentence_of(refused, admitted=self._bench.keyring.holds(ROSTER))
            except RelayLied:
                self._now = hindrance.LIED
            except Unreachable as away:
                self._now = str(away)
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
            self._log.head,
        )

    # --- 1: send

    def _send(self) -> None:
        after = 0
        while parcels := outbox.waiting(self._bench.vault.db, after):
            for group in requests_of(parcels):
                self._send_group(group)
            after = parcels[-1].id

    def _send_group(self, group: Sequence[Parcel]) -> None:
        first = group[0]
        answer: list[int] = []
        try:
            if first.kind == "envelope":
                answer = self._relay.append([(parcel.place, parcel.sealed) for parcel in group])
                if len(answer) != len(group):
                    raise RelayLied("The relay acknowledged another number of envelopes than it was sent.")
            elif first.kind == "shred":
                self._relay.shred([int.from_bytes(parcel.place) for parcel in group])
            else:
                answer = self._send_one(first)
        except RelayRefused as refused:
            self._bear(first, refused)
        self._acknowledge(group, answer)

    def _send_one(self, parcel: Parcel) -> list[int]:
        match parcel.kind:
            case "message":
                return [self._relay.post_message(parcel.place, parcel.token, parcel.sealed)]
            case "withdrawal":
                self._relay.withdraw_message(parcel.place, parcel.token)
            case "mailbox":
                self._relay.put_mailbox(parcel.place, parcel.sealed)
            case "blob":
                self._relay.put_blob(parcel.place, parcel.sealed)
            case "unblob":
                self._relay.delete_blob(parcel.place)
        return []

    def _bear(self, parcel: Parcel, refused: RelayRefused) -> None:
        """A parcel that will never be taken: what comes after must not wait. Raises the refusal again if waiting helps."""
        if refused.again or parcel.kind in ("envelope", "shred") or refused.word in ("clock", "not-allowed"):
            raise refused
        if parcel.kind == "unblob" and refused.word == "unknown":
            return  # another desk has asked before
        # A person deleted the mailbox, or a blob is gone.
        self._trouble(f"{parcel.kind}-refused", parcel.token.hex() or parcel.place.hex(), str(refused))

    def _acknowledge(self, group: Sequence[Parcel], answer: Sequence[int]) -> None:
        with self._bench.vault.transaction() as db:
            if group[0].kind == "envelope":
                mends = mending.is_mending(db)  # nothing here would recognise them in the log
                for parcel, position in zip(group, answer, strict=True):
                    outbox.done(db, parcel.id) if mends else outbox.acknowledged(db, parcel.id, position)
                return
            if group[0].kind == "message" and answer:
                row = (answer[0], self._bench.today, group[0].token.hex())
                db.execute("UPDATE message SET number = ?, sent = ? WHERE id = ?", row)
            for parcel in group:
                outbox.done(db, parcel.id)

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
