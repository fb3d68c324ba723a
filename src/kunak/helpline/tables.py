"""The helpline's tables in the vault, all of them folded from entries and letters; dropped and rebuilt at will.

Rows are keyed by the entry or letter that they come from and never change, but for what is computed from other rows (`shown`,
`attended`, everything in `helpline_people`): so the order of arrival leaves no trace. Letters that are forgotten are as if they had
never come.
"""

from __future__ import annotations

from kunak.vault import multivalue

PREFIX = "helpline"

SCHEMA = """
-- What a mailbox can be answered with, by the fact that told us. Different keys for one mailbox: somebody lies; the earliest is used.
CREATE TABLE helpline_keys (
  mailbox TEXT NOT NULL, source TEXT NOT NULL, recipient BLOB NOT NULL, letter_key BLOB NOT NULL, language TEXT NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY (mailbox, source)) WITHOUT ROWID;
CREATE INDEX helpline_keys_source ON helpline_keys (source);
-- A letter as it came (`source` empty), and as helpers brought it into a case (`source`: their entry). `chosen`: the person's id for it.
CREATE TABLE helpline_letters (
  letter TEXT NOT NULL, source TEXT NOT NULL, chosen TEXT NOT NULL, mailbox TEXT NOT NULL, number INTEGER NOT NULL,
  kind TEXT NOT NULL, language TEXT NOT NULL, day INTEGER NOT NULL, text TEXT NOT NULL, files TEXT NOT NULL, contact TEXT NOT NULL,
  place TEXT NOT NULL, shown INTEGER NOT NULL, attended INTEGER NOT NULL, PRIMARY KEY (letter, source));
CREATE INDEX helpline_letters_mailbox ON helpline_letters (mailbox, shown, attended);
CREATE TABLE helpline_attended (letter TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE helpline_forgotten (letter TEXT PRIMARY KEY) WITHOUT ROWID;
-- What helpers wrote: `kind` answer, remark. `entry`: where it was said first; `source`: the entry that this row is from.
CREATE TABLE helpline_talk (
  entry TEXT NOT NULL, source TEXT NOT NULL, mailbox TEXT NOT NULL, kind TEXT NOT NULL, author TEXT NOT NULL,
  time INTEGER NOT NULL, text TEXT NOT NULL, sealed TEXT NOT NULL, message TEXT NOT NULL, shown INTEGER NOT NULL,
  PRIMARY KEY (entry, source));
CREATE INDEX helpline_talk_mailbox ON helpline_talk (mailbox, shown, kind);
CREATE TABLE helpline_withdrawn (message TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE helpline_moved (
  mailbox TEXT NOT NULL, case_id TEXT NOT NULL, PRIMARY KEY (mailbox, case_id)) WITHOUT ROWID;
CREATE INDEX helpline_moved_case ON helpline_moved (case_id);
CREATE TABLE helpline_called (mailbox TEXT NOT NULL, entry TEXT NOT NULL, author TEXT NOT NULL, PRIMARY KEY (mailbox, entry)) WITHOUT ROWID;
-- Which mailboxes are one person: `person` is the smallest mailbox id of the group; `name`: naming.py.
CREATE TABLE helpline_mailboxes (mailbox TEXT PRIMARY KEY, person TEXT NOT NULL, name TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX helpline_mailboxes_person ON helpline_mailboxes (person);
CREATE INDEX helpline_mailboxes_name ON helpline_mailboxes (name);
CREATE TABLE helpline_pairs (mailbox TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (mailbox, other)) WITHOUT ROWID;
-- Whose line must be computed again; empty after every batch of facts.
CREATE TABLE helpline_changed (mailbox TEXT PRIMARY KEY) WITHOUT ROWID;
-- One line of the inbox, computed from all of the above. `snippet` begins with the letter's first word.
CREATE TABLE helpline_people (
  person TEXT PRIMARY KEY, state TEXT NOT NULL, since INTEGER NOT NULL, activity INTEGER NOT NULL, unattended INTEGER NOT NULL,
  letters INTEGER NOT NULL, language TEXT NOT NULL, snippet TEXT NOT NULL, case_id TEXT NOT NULL, taken TEXT NOT NULL,
  files INTEGER NOT NULL, forget INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX helpline_people_state ON helpline_people (state, since, person);
CREATE INDEX helpline_people_active ON helpline_people (state, activity DESC, person);
CREATE INDEX helpline_people_case ON helpline_people (case_id);
""" + multivalue.schema(PREFIX)
