"""What a desk does by itself after each sync: renew, admit, make the weeks ahead, publish, begin epochs, forget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from kunak.desk.documents import (
    HelplineDocument,
    RosterDocument,
    helpline_document,
    read_helpline,
    read_roster,
    roster_document,
    signed,
)
from kunak.desk.epochs import begin_epochs
from kunak.desk.joining import admit_who_asked
from kunak.desk.letter_keys import WEEK_GRACE_DAYS, keep_letter_keys, let_in_who_asks
from kunak.desk.shredding import ask_to_shred, explain_gaps, shred_cases
from kunak.journal.grants import RECOVERY, ROOT, ROSTER, GrantAsked, RecipientRenewed, first_day, is_week
from kunak.sealing.hybrid import Identity
from kunak.vault import mending, troubles

if TYPE_CHECKING:
    from kunak.desk.relay_client import Relay
    from kunak.desk.workbench import Workbench

RENEW_DAYS: Final = 7
KEEP_RECIPIENTS_DAYS: Final = 35
LOOK_AGAIN_SECONDS: Final = 600


def keep_house(bench: Workbench) -> None:
    """Each part is complete in itself; the next step does again what was cut off."""
    if not bench.keyring.holds(ROSTER):
        return
    renew_recipient(bench)
    answer_askers(bench)
    begin_epochs(bench)
    if bench.keyring.holds(ROOT):
        admit_who_asked(bench)
    keep_letter_keys(bench)
    shred_cases(bench)
    explain_gaps(bench)
    forget_weeks(bench)


def renew_recipient(bench: Workbench) -> None:
    """A new recipient every week; what was sealed to one older than five weeks opens with nothing from then on."""
    db, today = bench.vault.db, bench.today
    (newest,) = db.execute("SELECT max(made) FROM recipient").fetchone()
    if bench.keyring.own.id == RECOVERY:
        return
    with bench.vault.transaction() as db:
        if today >= newest + RENEW_DAYS:
            fresh = Identity.generate()
            bench.keyring.add_recipient(db, fresh.seed, today)
            bench.pen.write(ROSTER, [RecipientRenewed(str(fresh.recipient))])
            bench.receiving.forget_cached()
        destroyed = db.execute(
            "DELETE FROM recipient WHERE made < ? AND made < (SELECT max(made) FROM recipient)",
            (today - KEEP_RECIPIENTS_DAYS,),
        ).rowcount
        due = db.execute("SELECT 1 FROM setting WHERE name = 'ask due'").fetchone()
        asked = db.execute("SELECT value FROM setting WHERE name = 'asked'").fetchone()
        if due and (asked is None or int(asked[0]) < today):
            bench.pen.write(ROSTER, [GrantAsked()])
            db.execute("INSERT OR REPLACE INTO setting VALUES ('asked', ?)", (str(today),))
            db.execute("DELETE FROM setting WHERE name = 'ask due'")
    if destroyed:
        bench.receiving.forget_cached()
        bench.vault.scrub()


def answer_askers(bench: Workbench) -> None:
    """Who could not open a grant is granted again everything that this desk may give."""
    with bench.vault.transaction() as db:
        rows = db.execute(
            "SELECT fact, device FROM roster_asked WHERE fact NOT IN (SELECT value FROM setting WHERE name GLOB 'answered *')"
        ).fetchall()
        for fact, device in rows:
            if device != bench.keyring.own.id:
                let_in_who_asks(bench, device)
                bench.pen.grant_again(db, device)
            db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (f"answered {fact}", fact))


class Publisher:
    """The relay's roster and helpline documents say what an admin's desk knows; with several admins, whoever is first."""

    def __init__(self, bench: Workbench, relay: Relay) -> None:
        self._bench = bench
        self._relay = relay
        self._said: tuple[RosterDocument, HelplineDocument] | None = None
        self._looked = 0.0

    def publish(self) -> None:
        """Asks the relay only if something has changed here, or a while ago. Does nothing on a desk that is no admin's."""
        bench = self._bench
        if not bench.keyring.holds(ROOT) or mending.is_mending(bench.vault.db):
            return  # a desk that was mended does not know yet who is in the roster
        roster, helpline = roster_document(bench, 0), helpline_document(bench, 0)
        now = bench.clock()
        if self._said == (roster, helpline) and 0 <= now - self._looked < LOOK_AGAIN_SECONDS:
            return
        organisation = bench.keyring.own.organisation
        there = read_roster(self._relay.roster() or b"", organisation)
        if there is None or replace(there, version=0) != roster:
            self._relay.put_roster(signed(bench, replace(roster, version=there.version + 1 if there else 1)))
        known = read_helpline(self._relay.helpline() or b"", organisation)
        if known is None or replace(known, version=0) != helpline:
            self._relay.put_helpline(signed(bench, replace(helpline, version=known.version + 1 if known else 1)))
        self._said, self._looked = (roster, helpline), now


def forget_weeks(bench: Workbench) -> None:
    """Destroy the key of a week that is over, once every letter under it that this desk has is triaged; then ask the relay to shred
    what nobody can open any more: a case has its own copy."""
    over = []
    with bench.vault.transaction() as db:
        for compartment in filter(is_week, bench.keyring.compartments()):
            if bench.today < first_day(compartment) + 7 + WEEK_GRACE_DAYS:
                continue
            waiting = db.execute(
                "SELECT 1 FROM letter WHERE compartment = ? AND content IS NOT NULL LIMIT 1", (compartment,)
            ).fetchone()
            if waiting is None:
                rows = db.execute("SELECT position FROM letter WHERE compartment = ?", (compartment,)).fetchall()
                ask_to_shred(db, [position for (position,) in rows], bench.today)
                bench.keyring.destroy(db, compartment)
                over.append(compartment)
                troubles.end(db, "letter-unopened", "week", bench.clock())
    if over:
        bench.vault.scrub()
