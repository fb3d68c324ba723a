"""This desk writes: entries are in the vault, folded and waiting in the outbox, before the relay hears of them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from kunak.journal.chain import Judged, Standing
from kunak.journal.entry import MOST_ENTRIES, EntryId, Linked, chain_up, encode_batch, encode_body
from kunak.journal.grants import (
    INTAKE,
    NO_EPOCH,
    RECOVERY,
    ROOT,
    ROSTER,
    Grant,
    KeyOffered,
    Member,
    is_offered,
    is_pairwise,
    is_week,
    pairwise,
)
from kunak.sealing.compartment import label, new_secret, reply_key_of, seal_envelope
from kunak.sealing.hybrid import Recipient
from kunak.sealing.letter import Reply, seal_reply
from kunak.sealing.padded import seal_padded
from kunak.sealing.signature import Purpose
from kunak.vault import labels, outbox, troubles
from kunak.vault.chains import chain_row, keep_entries, keep_envelope, move_chain
from kunak.vault.folding import fact_of
from kunak.vault.mending import StillMending, is_mending
from kunak.vault.sparing import Given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import msgspec

    from kunak.vault.folding import Folding
    from kunak.vault.keyring import Keyring
    from kunak.vault.receiving import Receiving
    from kunak.vault.roster import Device
    from kunak.vault.store import Database, Vault

# Within this, a clock that was set back is taken to be a correction, and entries keep the later time: their order stays.
CORRECTION_SECONDS: Final = 3_600
MOST_BYTES: Final = 1_000_000


class Pen:
    """`wake` is called after every change: the sync has something to send."""

    def __init__(
        self,
        vault: Vault,
        keyring: Keyring,
        folding: Folding,
        receiving: Receiving,
        clock: Callable[[], float],
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._vault = vault
        self._keyring = keyring
        self._folding = folding
        self._receiving = receiving
        self._clock = clock
        self.wake = wake

    def write(self, compartment: str, bodies: Sequence[msgspec.Struct]) -> list[EntryId]:
        """Ids of the new entries, durable and folded. Raises NotHeld."""
        ids: list[EntryId] = []
        with self._vault.transaction() as db:
            self._leave_behind(db, compartment)
            epoch, secret = self._keyring.newest(compartment)
            for part in _portions([encode_body(body) for body in bodies]):
                written, _, number, content = self._sign(db, compartment, epoch, part)
                place = self._keyring.label_of(secret, bytes.fromhex(self._keyring.own.id), number)
                sealed = seal_envelope(secret, place, content)
                self._keep(db, compartment, epoch, number, place, sealed, content, written)
                own = self._keyring.own.id
                self._folding.apply(db, [fact_of(compartment, epoch, own, e) for e in written])
                ids += [linked.id for linked in written]
            if compartment == ROSTER:
                self._receiving.learn_roster(db)
        self.wake()
        return ids

    def new_compartment(self, name: str, members: Iterable[str] = (), epoch: int = 0) -> None:
        """Begin a compartment with this device, the recovery device and `members` (device ids)."""
        with self._vault.transaction() as db:
            self._begin_epoch(db, name, epoch, {self._keyring.own.id, RECOVERY, *members})
        self.wake()

    def grant(self, compartment: str, device: str) -> None:
        """Let a device read and write here, from the compartment's beginning. Raises NotHeld; LookupError for a stranger."""
        self.grant_all([compartment], device)

    def grant_all(self, compartments: Sequence[str], device: str) -> None:
        """The same for several, in one envelope."""
        receiver = self._receiving.roster(self._vault.db).get(device)
        if receiver is None or not receiver.active:
            raise LookupError("this device is not in the roster")
        with self._vault.transaction() as db:
            newest = {compartment: self._keyring.newest(compartment)[0] for compartment in compartments}
            grants = []
            for compartment in compartments:
                for each, secret, since in _epochs(db, compartment):
                    self._keyring.add_member(db, compartment, each, device)
                    grants.append(Grant(compartment, each, secret, self._members(db, compartment, each), since))
            self._send_grants(db, receiver, grants)
            for compartment, epoch in newest.items():
                if not is_week(compartment) and compartment != ROOT:
                    self.write(compartment, [Member(device, epoch)])
        self.wake()

    def new_epoch(self, compartment: str, without: Iterable[str]) -> None:
        """From now on nobody of `without` can read what is written here; what they had read, they keep."""
        with self._vault.transaction() as db:
            epoch, _ = self._keyring.newest(compartment)
            stay = self._keyring.members(compartment) - set(without) | {self._keyring.own.id, RECOVERY}
            self._begin_epoch(db, compartment, epoch + 1, stay)
        self.wake()

    def reply(self, reply: Reply, recipient: bytes, voice: str = INTAKE) -> None:
        """Answer a person: sealed to the mailbox's recipient (1,216 bytes), signed by the helpline. `voice`: the compartment whose
        reply key signs, `places` for hosts, drivers and escorts. Raises NotHeld (`voice`)."""
        _, secret = self._keyring.newest(voice)
        sealed = seal_reply(reply, Recipient.from_bytes(recipient), reply_key_of(secret))
        day = self._today()
        with self._vault.transaction() as db:
            row = (reply.id.hex(), reply.mailbox.hex())
            db.execute("INSERT OR IGNORE INTO message VALUES (?, ?, NULL, NULL, NULL)", row)
            outbox.put(db, "message", reply.mailbox, sealed, day, token=reply.id)
        self.wake()

    def withdraw(self, mailbox: bytes, message: bytes) -> None:
        """Take a reply back, whoever of us sent it: it leaves the mailbox, read or unread, or never comes there."""
        with self._vault.transaction() as db:
            outbox.take_back(db, message)
            # What is gone from now on was not read.
            db.execute("DELETE FROM message WHERE id = ? AND read IS NULL", (message.hex(),))
            outbox.put(db, "withdrawal", mailbox, b"", self._today(), token=message)
        self.wake()

    def post(self, kind: outbox.Kind, place: bytes, content: bytes, token: bytes = b"") -> None:
        """Anything else that the relay is owed: documents, blobs, positions to shred."""
        with self._vault.transaction() as db:
            outbox.put(db, kind, place, content, self._today(), token)
        self.wake()

    # --- inside a transaction

    def _leave_behind(self, db: Database, compartment: str) -> None:
        """Nothing is sealed to a key that somebody holds of whom this desk knows that they were revoked, whoever's turn it was to begin
        a new one."""
        gone = self._receiving.roster(db).gone
        if gone and (there := gone & self._keyring.members(compartment)):
            self.new_epoch(compartment, there)

    def _begin_epoch(self, db: Database, compartment: str, epoch: int, members: set[str]) -> None:
        secret = new_secret()
        self._keyring.hold(db, compartment, epoch, secret, sorted(members), self.position(db), self._today())
        self.spread(db, compartment, epoch, secret)
        if is_offered(compartment):
            offered = KeyOffered(compartment, epoch, self._keyring.public_half(compartment, secret))
            self.write(ROSTER, [offered])

    def spread(self, db: Database, compartment: str, epoch: int, secret: bytes) -> None:
        """Grant one epoch to all its members that the roster knows."""
        members = self._members(db, compartment, epoch)
        roster = self._receiving.roster(db)
        (since,) = db.execute(
            "SELECT since FROM secret WHERE compartment = ? AND epoch = ? AND secret = ?", (compartment, epoch, secret)
        ).fetchone()
        for member in members:
            receiver = roster.get(member)
            if member != self._keyring.own.id and receiver is not None and receiver.active:
                place = self._send_grants(db, receiver, [Grant(compartment, epoch, secret, members, since)])
                if member == RECOVERY:
                    db.execute("INSERT OR IGNORE INTO spare VALUES (?, ?)", (compartment, place))

    def _members(self, db: Database, compartment: str, epoch: int) -> list[str]:
        rows = db.execute(
            "SELECT device FROM member WHERE compartment = ? AND epoch = ? ORDER BY device", (compartment, epoch)
        )
        return [device for (device,) in rows.fetchall()]

    def _send_grants(self, db: Database, receiver: Device, grants: Sequence[Grant]) -> bytes:
        """The label of the last envelope."""
        own, compartment, place = self._keyring.own.id, pairwise(receiver.id), b""
        for part in _portions([encode_body(grant) for grant in grants]):
            written, _, number, content = self._sign(db, compartment, NO_EPOCH, part)
            place = label(self._keyring.pair_key(receiver.agreement, own, receiver.id), bytes.fromhex(own), number)
            sealed = seal_padded(content, Recipient.from_bytes(receiver.recipient))
            self._keep(db, compartment, NO_EPOCH, number, place, sealed, content, written)
        return place

    def _sign(
        self, db: Database, compartment: str, epoch: int, bodies: Sequence[bytes]
    ) -> tuple[list[Linked], int, int, bytes]:
        if is_mending(db):
            raise StillMending
        own = self._keyring.own.id
        identifier, chain, number = chain_row(db, compartment, own)
        now = self._time(db)
        written = chain_up(compartment, own, chain.top + 1, chain.head, [(now, body) for body in bodies])
        batch = encode_batch(compartment, epoch, own, self._seen(db), written)
        return written, identifier, number + 1, self._keyring.signing.sign(Purpose.ENTRY, batch) + batch

    def _keep(
        self,
        db: Database,
        compartment: str,
        epoch: int,
        number: int,
        place: bytes,
        sealed: bytes,
        content: bytes,
        written: Sequence[Linked],
    ) -> None:
        own = self._keyring.own.id
        identifier, chain, last = chain_row(db, compartment, own)
        labels.expect(db, "entry", [(place, number)], compartment, epoch, own)
        envelope = keep_envelope(
            db,
            identifier,
            position=None,
            label=place,
            digest=hashlib.sha256(sealed).digest(),
            epoch=epoch,
            number=number,
            # A grant's content is a secret that must be destroyable: only the chain's hashes stay.
            content=None if is_pairwise(compartment) else content,
        )
        keep_entries(db, identifier, envelope, [Judged(linked, Standing.FOLLOWS) for linked in written])
        for linked in written:
            chain = chain.extended(linked)
        move_chain(db, identifier, chain, number)
        if is_pairwise(compartment):
            self._keyring.spare(Given(compartment, chain.top, chain.head, number))
        else:
            self._keyring.expect_after(db, compartment, own, epoch, last, number)
        outbox.put(db, "envelope", place, sealed, self._today())

    def offer_again(self, db: Database, head: int) -> None:
        """What this desk had written behind position `head` of the relay's log is gone from there: seal and send it again. Whoever
        has it already knows the entries by their hashes. Grants, whose content is not kept, are made anew."""
        own = self._keyring.own.id
        db.execute("UPDATE outbox SET acknowledged = NULL WHERE acknowledged > ?", (head,))
        rows = db.execute(
            "SELECT e.id, e.label, e.epoch, e.content, c.compartment FROM envelope e JOIN chain c ON c.id = e.chain"
            " WHERE c.author = ? AND e.position > ? ORDER BY e.id",
            (own, head),
        ).fetchall()
        receivers = set()
        for envelope, place, epoch, content, compartment in rows:
            if content is None:
                receivers.add(compartment.removeprefix("to:"))
                continue
            held = self._keyring.secrets_of(compartment, epoch)
            if not held:
                continue
            sealed = seal_envelope(held[0], place, content)
            db.execute(
                "UPDATE envelope SET position = NULL, digest = ? WHERE id = ?",
                (hashlib.sha256(sealed).digest(), envelope),
            )
            outbox.put(db, "envelope", place, sealed, self._today())
        for receiver in sorted(receivers):
            self.grant_again(db, receiver)

    def grant_again(self, db: Database, device: str) -> None:
        """Everything that this desk holds and the device is a member of: it could not open what it was sent."""
        receiver = self._receiving.roster(db).get(device)
        if receiver is None or not receiver.active:
            return
        rows = db.execute(
            "SELECT s.compartment, s.epoch, s.secret, s.since FROM secret s JOIN member m USING (compartment, epoch)"
            " WHERE m.device = ? ORDER BY s.compartment, s.epoch, s.secret",
            (device,),
        ).fetchall()
        self._send_grants(
            db,
            receiver,
            [Grant(name, epoch, secret, self._members(db, name, epoch), since) for name, epoch, secret, since in rows],
        )

    def position(self, db: Database) -> int:
        """The relay's last position that this desk has read."""
        (position,) = db.execute("SELECT coalesce(max(position), 0) FROM log").fetchone()
        return int(position)

    def _seen(self, db: Database) -> tuple[int, bytes]:
        row = db.execute("SELECT position, hash FROM log ORDER BY position DESC LIMIT 1").fetchone()
        return (row[0], row[1]) if row else (0, bytes(32))

    def _today(self) -> int:
        return int(self._clock() // 86_400)

    def _time(self, db: Database) -> int:
        """Now; but an author's entries keep their order when the clock was corrected, and the desk is told when it jumped."""
        now = int(self._clock())
        row = db.execute("SELECT value FROM setting WHERE name = 'last time'").fetchone()
        last = int(row[0]) if row else now
        if now < last - CORRECTION_SECONDS:
            sentence = (
                "This machine's clock went back by more than an hour. Entries keep their order; look at the date before deciding "
                "by it."
            )
            troubles.note(db, "clock-back", "clock", sentence, now)
        elif now < last:
            now = last
        db.execute("INSERT OR REPLACE INTO setting VALUES ('last time', ?)", (str(now),))
        return now


def _epochs(db: Database, compartment: str) -> list[tuple[int, bytes, int]]:
    """Epoch, secret and `since` of all that this desk holds of a compartment."""
    rows = db.execute(
        "SELECT epoch, secret, since FROM secret WHERE compartment = ? ORDER BY epoch, secret", (compartment,)
    ).fetchall()
    return [(epoch, secret, since) for epoch, secret, since in rows]


def _portions(bodies: Sequence[bytes]) -> Iterable[list[bytes]]:
    """Parts that fit into one envelope."""
    part: list[bytes] = []
    size = 0
    for body in bodies:
        if part and (len(part) == MOST_ENTRIES or size + len(body) > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(body)
        size += len(body) + 160
    if part:
        yield part
