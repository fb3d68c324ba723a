"""The vault's own tables. Those of the rooms are made by folding.py and can be dropped at any time; these cannot."""

from __future__ import annotations

LABELS = """
-- Every label that means something to this desk (labels.py). `place`: whose it is, said once for all its labels.
CREATE TABLE label (
    label BLOB PRIMARY KEY, purpose TEXT NOT NULL, place INTEGER NOT NULL, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX label_of_mailbox ON label (place) WHERE purpose = 'later';
CREATE TABLE place (
    id INTEGER PRIMARY KEY, compartment TEXT NOT NULL, epoch INTEGER NOT NULL, author TEXT NOT NULL,
    UNIQUE (compartment, epoch, author));
"""

SCHEMA = (
    LABELS
    + """
-- One value a name: this device's keys, the organisation, positions.
CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
-- Seeds of this device's hybrid recipients, newest last; `made` in days since 1970.
CREATE TABLE recipient (seed BLOB PRIMARY KEY, made INTEGER NOT NULL);
-- Secrets of compartments. `since`: the relay's position before the first envelope; `given` in days since 1970.
CREATE TABLE secret (
    compartment TEXT NOT NULL, epoch INTEGER NOT NULL, secret BLOB NOT NULL, since INTEGER NOT NULL, given INTEGER NOT NULL,
    PRIMARY KEY (compartment, epoch, secret)) WITHOUT ROWID;
CREATE TABLE member (
    compartment TEXT NOT NULL, epoch INTEGER NOT NULL, device TEXT NOT NULL,
    PRIMARY KEY (compartment, epoch, device)) WITHOUT ROWID;
-- An author's chain in a compartment: highest sequence, hash of its entry, number of the last envelope.
CREATE TABLE chain (
    id INTEGER PRIMARY KEY, compartment TEXT NOT NULL, author TEXT NOT NULL,
    top INTEGER NOT NULL DEFAULT 0, head BLOB NOT NULL, number INTEGER NOT NULL DEFAULT 0,
    UNIQUE (compartment, author));
-- Envelopes that were opened and believed. `content` is signature ‖ batch as they stood, NULL where it held secrets.
CREATE TABLE envelope (
    id INTEGER PRIMARY KEY, position INTEGER, label BLOB NOT NULL, digest BLOB NOT NULL,
    chain INTEGER NOT NULL, epoch INTEGER NOT NULL, number INTEGER NOT NULL, content BLOB);
CREATE INDEX envelope_number ON envelope (chain, number);
CREATE TABLE entry (
    chain INTEGER NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, envelope INTEGER NOT NULL, standing INTEGER NOT NULL,
    PRIMARY KEY (chain, sequence, hash)) WITHOUT ROWID;
-- Record, then send. `acknowledged`: the position that the relay named; an envelope stays until it is seen there in the log.
-- `kind`: envelope, message, blob, roster, helpline, shred. `place`: label, mailbox or blob id; `token` makes a message once.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, place BLOB NOT NULL, token BLOB NOT NULL, sealed BLOB NOT NULL,
    day INTEGER NOT NULL, acknowledged INTEGER);
CREATE INDEX outbox_place ON outbox (place);
-- Replies on their way: `number` as the relay counts, NULL until acknowledged; `read` the day on which it was found gone.
CREATE TABLE message (
    id TEXT PRIMARY KEY, mailbox TEXT NOT NULL, number INTEGER, sent INTEGER, read INTEGER) WITHOUT ROWID;
-- Letters. `content` (plain) is kept until triage, then NULL; what follows from it (label rows, letter keys) goes with it.
CREATE TABLE letter (
    id TEXT PRIMARY KEY, position INTEGER NOT NULL, label BLOB NOT NULL, day INTEGER NOT NULL,
    compartment TEXT NOT NULL, mailbox TEXT, number INTEGER, content BLOB) WITHOUT ROWID;
-- The relay's log as it was shown to us: the rolling hash at every position.
CREATE TABLE log (position INTEGER PRIMARY KEY, hash BLOB NOT NULL);
-- Requests to join under an invitation of this desk, as they came; `done` when looked at.
CREATE TABLE join_request (
    invitation TEXT NOT NULL, position INTEGER NOT NULL, sealed BLOB NOT NULL, done INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (invitation, position)) WITHOUT ROWID;
-- Invitations that this desk gave: seed of the one-use key.
CREATE TABLE invitation (id TEXT PRIMARY KEY, seed BLOB NOT NULL) WITHOUT ROWID;
-- What went wrong and by whose fault; `since` Unix seconds, `ended` when it was made good.
CREATE TABLE trouble (
    kind TEXT NOT NULL, about TEXT NOT NULL, sentence TEXT NOT NULL, since INTEGER NOT NULL, ended INTEGER,
    PRIMARY KEY (kind, about)) WITHOUT ROWID;
"""
)

# A vault of an older desk, whose labels said their compartment each by itself.
BEFORE_PLACES = (
    """
ALTER TABLE entry DROP COLUMN previous;
ALTER TABLE entry DROP COLUMN time;
DROP INDEX label_of;
ALTER TABLE label RENAME TO label_before;
""",
    LABELS,
    """
INSERT INTO place (compartment, epoch, author) SELECT DISTINCT compartment, epoch, author FROM label_before;
INSERT INTO label SELECT b.label, b.purpose, p.id, b.number FROM label_before b
    JOIN place p ON p.compartment = b.compartment AND p.epoch = b.epoch AND p.author = b.author;
DROP TABLE label_before;
""",
)

# Came later: made when a vault is opened that has them not yet.
ADDED = """
-- Envelopes and letters that the relay showed as shredded before this desk had read them. `letter`: the id of the letter's fact.
CREATE TABLE IF NOT EXISTS emptied (
    position INTEGER PRIMARY KEY, compartment TEXT NOT NULL, letter TEXT NOT NULL);
-- Labels of the envelopes in which this desk granted a compartment, and nothing else, to the recovery device: shredded with it.
CREATE TABLE IF NOT EXISTS spare (compartment TEXT NOT NULL, label BLOB NOT NULL, PRIMARY KEY (compartment, label)) WITHOUT ROWID;
"""

# Folded from entries like a room's, and dropped and rebuilt with them (folding.py).
FOLDED = """
-- Facts that a room could not fold: newer than this desk, or damaged by their author. Shown, never skipped in silence.
CREATE TABLE unfolded (fact TEXT NOT NULL, room TEXT NOT NULL, type TEXT NOT NULL, why TEXT NOT NULL, PRIMARY KEY (fact, room)) WITHOUT ROWID;
-- Letters whose content no longer belongs on this desk (triaged), by the id of the letter's fact.
CREATE TABLE forgotten (letter TEXT PRIMARY KEY) WITHOUT ROWID;
-- Letter keys of persons who are still written with, by the fact that told us (`origin`) and where it stood.
CREATE TABLE correspondent (
    mailbox TEXT NOT NULL, origin TEXT NOT NULL, letter_key BLOB NOT NULL,
    compartment TEXT NOT NULL, PRIMARY KEY (mailbox, origin)) WITHOUT ROWID;
"""
FOLDED_TABLES = ("unfolded", "forgotten", "correspondent")
