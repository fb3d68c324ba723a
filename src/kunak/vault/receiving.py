"""Envelopes come in: found by label, opened, judged, kept, folded. What is wrong with them is named, by whose fault.

`Receiving.take` is given each envelope of the relay's log once and in order; again when the log is read again for a late grant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kunak.journal import chain as judge
from kunak.journal.chain import Expected, Judged, Refused, Standing, Writer
from kunak.journal.grants import (
    NO_EPOCH,
    ROSTER,
    Grant,
    Member,
    is_admin,
    is_pairwise,
    of_letters,
    opens_letters,
    pairwise,
)
from kunak.sealing.compartment import open_envelope
from kunak.sealing.failure import Damaged, NotForYou
from kunak.sealing.padded import open_padded
from kunak.vault import faults, labels, outbox
from kunak.vault.arrived import Arrived
from kunak.vault.bulk import Bulk
from kunak.vault.chains import chain_row, keep_entries, keep_envelope, move_chain
from kunak.vault.folding import fact_of
from kunak.vault.labels import Meant
from kunak.vault.letter_intake import LetterIntake, note_emptied
from kunak.vault.roster import Roster

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kunak.sealing.hybrid import Identity
    from kunak.vault.folding import Folding
    from kunak.vault.keyring import Keyring
    from kunak.vault.logbook import Logbook
    from kunak.vault.store import Database

_GRANTS = msgspec.json.Decoder(Grant)
_MEMBERS = msgspec.json.Decoder(Member)


class Receiving:
    """One for each desk."""

    def __init__(self, keyring: Keyring, folding: Folding, clock: Callable[[], float]) -> None:
        self._keyring = keyring
        self._folding = folding
        self._clock = clock
        self._letters = LetterIntake(keyring, folding, clock)
        self._roster: Roster | None = None
        self._changed = False
        self._identities: list[Identity] | None = None

    def roster(self, db: Database) -> Roster:
        if self._roster is None:
            self._roster = Roster.read(db, self._keyring.own.organisation.founder.id)
        return self._roster

    def after_commit(self) -> None:
        """Another thread may have read the roster again between a change and its commit, and remembered the old one."""
        if self._changed:
            self._changed = False
            self._roster = None

    def forget_cached(self) -> None:
        """The roster or this device's recipients may have changed, or a transaction was rolled back."""
        self._roster = None
        self._identities = None

    # --- reading again

    def reread_since(self, db: Database) -> int | None:
        """The position after which the log is to be read again, because something was learnt that opens earlier envelopes."""
        row = db.execute("SELECT value FROM setting WHERE name = 'reread'").fetchone()
        return int(row[0]) if row else None

    def reread_done(self, db: Database, since: int, until: int) -> None:
        """Read again up to `since` of `until`; unless something still earlier was learnt meanwhile."""
        asked = db.execute("SELECT value FROM setting WHERE name = 'reread asked'").fetchone()
        db.execute("DELETE FROM setting WHERE name IN ('reread', 'reread asked')")
        if asked is not None or since < until:
            now = since if asked is None else min(since, int(asked[0]))
            db.execute("INSERT INTO setting VALUES ('reread', ?)", (str(now),))

    def _reread(self, db: Database, since: int) -> None:
        """Noted in the same transaction as what was learnt: a power cut between the two forgets neither."""
        for name in ("reread", "reread asked"):
            row = db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
            now = since if row is None else min(since, int(row[0]))
            db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, str(now)))

    def take_all(self, db: Database, arrivals: Sequence[Arrived], logbook: Logbook) -> None:
        """Within the caller's transaction."""
        bulk = Bulk(db, self._keyring, logbook, lambda expected: self._writer(db, expected))
        bulk.expect({arrived.label for arrived in arrivals})
        logbook.expect(max(arrived.position for arrived in arrivals))
        for arrived in arrivals:
            logbook.write_down(arrived)
            facts = bulk.take(arrived)
            if facts is None:
                bulk.flush()
                self._take(db, arrived)
            else:
                self._folding.apply(db, facts)
        bulk.flush()

    def _take(self, db: Database, arrived: Arrived) -> None:
        match labels.meaning(db, arrived.label):
            case Meant("entry" | "grant", compartment, epoch, author, number):
                self._take_entries(db, arrived, Expected(compartment, epoch, author), number)
            case Meant("letter" | "later", compartment):
                self._letters.take(db, arrived, compartment)
            case Meant("join", compartment):
                row = (compartment.partition(":")[2], arrived.position, arrived.sealed or b"")
                db.execute("INSERT OR IGNORE INTO join_request (invitation, position, sealed) VALUES (?, ?, ?)", row)

    # --- entries

    def _take_entries(self, db: Database, arrived: Arrived, expected: Expected, number: int) -> None:
        if self._is_known(db, arrived, expected, number):
            return
        if arrived.sealed is None:
            self._pass_by(db, arrived, expected, number)
            if not is_pairwise(expected.compartment):
                note_emptied(db, arrived.position, expected.compartment)
            return
        try:
            content = self._open(db, arrived, expected)
        except NotForYou:
            # Its key is destroyed: it will never open, and must not be noticed again when the log is read again.
            self._pass_by(db, arrived, expected, number)
            faults.grant_unopened(db, expected, self._clock())
            return
        if content is None:
            return
        chain, held, last = chain_row(db, expected.compartment, expected.author)
        writer = self._writer(db, expected)
        try:
            batch, judged, moved = judge.accept(held, content, expected, writer, arrived.position)
        except Refused as refused:
            faults.not_believed(db, expected, arrived, refused, self._clock())
            return
        secret = is_pairwise(expected.compartment)
        known = all(each.standing is Standing.KNOWN for each in judged)
        envelope = keep_envelope(
            db,
            chain,
            position=arrived.position,
            label=arrived.label,
            digest=arrived.digest,
            epoch=expected.epoch,
            number=number,
            # What we know already, sealed anew after the relay had lost it, is kept once.
            content=None if secret or known else content,
        )
        keep_entries(db, chain, envelope, judged)
        move_chain(db, chain, moved, max(number, last))
        self._move_window(db, expected, last, number)
        if any(j.standing is not Standing.FOLLOWS for j in judged) or moved.top != held.top + len(judged):
            faults.name_gaps(db, chain, expected, judged, self._clock())
        if not known:
            faults.compare(db, batch, arrived, self._clock())
        self._learn(db, expected, judged)

    def _is_known(self, db: Database, arrived: Arrived, expected: Expected, number: int) -> bool:
        """Whether these very bytes are ours already; the relay's position of what we sent ourselves is learnt here."""
        row = db.execute(
            "SELECT e.id, e.position FROM chain c JOIN envelope e ON e.chain = c.id"
            " WHERE c.compartment = ? AND c.author = ? AND e.number = ? AND e.digest = ?",
            (expected.compartment, expected.author, number, arrived.digest),
        ).fetchone()
        if row is None:
            return False
        envelope, position = row
        if position is None:
            db.execute("UPDATE envelope SET position = ? WHERE id = ?", (arrived.position, envelope))
            outbox.seen_in_log(db, arrived.label)
            self._roster, self._changed = None, True
        elif position != arrived.position:
            faults.shown_again(db, position, arrived, self._clock())
        return True

    def _open(self, db: Database, arrived: Arrived, expected: Expected) -> bytes | None:
        """None, and named, if the bytes are not what was sealed. Raises NotForYou for a grant to a key that this desk has not."""
        assert arrived.sealed is not None
        try:
            if is_pairwise(expected.compartment):
                return open_padded(arrived.sealed, self._own_identities())
            for secret in self._keyring.secrets_of(expected.compartment, expected.epoch):
                try:
                    return open_envelope(secret, arrived.label, arrived.sealed)
                except Damaged:
                    continue
        except Damaged:
            pass
        faults.changed(db, expected, arrived, self._clock())
        return None

    def _own_identities(self) -> list[Identity]:
        if self._identities is None:
            self._identities = self._keyring.identities()
        return self._identities

    def _writer(self, db: Database, expected: Expected) -> Writer:
        own = self._keyring.own
        if expected.author == own.id:
            return Writer(self._keyring.signing.public, member=True)
        device = self.roster(db).get(expected.author)
        if device is None:
            return Writer(self._keyring.introduced(expected.author), member=True)
        member = is_pairwise(expected.compartment) or self._keyring.is_member(
            expected.compartment, expected.epoch, expected.author
        )
        return Writer(device.key, member, device.revoked_at)

    def _move_window(self, db: Database, expected: Expected, last: int, number: int) -> None:
        if is_pairwise(expected.compartment):
            device = self.roster(db).get(expected.author)
            if device is not None:
                self._keyring.expect_pairwise(db, expected.author, device.agreement)
        elif number > last:
            self._keyring.expect_after(db, expected.compartment, expected.author, expected.epoch, last, number)

    def _pass_by(self, db: Database, arrived: Arrived, expected: Expected, number: int) -> None:
        """It can no longer be opened: shredded before we read it, or sealed to a key that is gone. That it was there remains, and the
        next ones are expected."""
        chain, held, last = chain_row(db, expected.compartment, expected.author)
        keep_envelope(
            db,
            chain,
            position=arrived.position,
            label=arrived.label,
            digest=arrived.digest,
            epoch=expected.epoch,
            number=number,
            content=None,
        )
        move_chain(db, chain, held, max(number, last))
        self._move_window(db, expected, last, number)

    # --- what entries teach

    def _learn(self, db: Database, expected: Expected, judged: Sequence[Judged]) -> None:
        facts = [
            fact_of(expected.compartment, expected.epoch, expected.author, j.linked)
            for j in judged
            if j.standing is not Standing.KNOWN
        ]
        for fact in facts:
            try:
                if fact.type == "grant" and is_pairwise(expected.compartment):
                    self._take_grant(db, _GRANTS.decode(fact.body), expected.author)
                elif fact.type == "member":
                    said = _MEMBERS.decode(fact.body)
                    self._keyring.add_member(db, expected.compartment, said.epoch, said.device)
            except msgspec.MsgspecError as wrong:
                row = (fact.id, "keyring", fact.type, str(wrong))
                db.execute("INSERT OR REPLACE INTO unfolded VALUES (?, ?, ?, ?)", row)
        if is_pairwise(expected.compartment):
            return
        self._folding.apply(db, facts)
        if expected.compartment == ROSTER:
            self.learn_roster(db)

    def learn_roster(self, db: Database) -> None:
        """The roster has changed: whoever is new may have granted us something."""
        self._roster, self._changed = None, True
        for device in self.roster(db).devices.values():
            if device.id != self._keyring.own.id:
                self._keyring.expect_pairwise(db, device.id, device.agreement)

    def _take_grant(self, db: Database, grant: Grant, giver: str) -> None:
        keyring = self._keyring
        if keyring.holds(grant.compartment) and not self._may_regrant(db, grant, giver):
            faults.grant_refused(db, grant, giver, self._clock())
            return
        day = int(self._clock() // 86_400)
        if keyring.hold(db, grant.compartment, grant.epoch, grant.secret, grant.members, grant.since, day):
            self._reread(db, grant.since)
        faults.grant_came(db, Expected(pairwise(keyring.own.id), NO_EPOCH, giver), self._clock())

    def _may_regrant(self, db: Database, grant: Grant, giver: str) -> bool:
        device = self.roster(db).get(giver)
        if device is not None and _may_begin(grant.compartment, device.role):
            return True
        return any(self._keyring.is_member(grant.compartment, epoch, giver) for epoch in range(grant.epoch + 1))


def _may_begin(compartment: str, role: str) -> bool:
    """Whether a role may begin an epoch of what it is no member of: who opens letters, of their keys; an admin, of all others."""
    if role == "recovery" or not of_letters(compartment):
        return is_admin(role)
    return opens_letters(role)
