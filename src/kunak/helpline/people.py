"""Who writes to us: mailboxes, joined where one person came back without the code, and the one line that the inbox shows of each.

Everything here is computed from the other tables of the room, so that it may be computed again at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.helpline.naming import short_name

if TYPE_CHECKING:
    from kunak.vault.store import Database

SNIPPET = 160  # letters of a letter that a line of the inbox shows

# Without keys there is nobody to answer: the letters were moved into a case that this desk does not hold, or dropped.
_LINE = """
INSERT OR REPLACE INTO helpline_people
WITH
  boxes AS (SELECT mailbox FROM helpline_mailboxes WHERE person = :person),
  keys AS (SELECT language, at, source FROM helpline_keys WHERE mailbox IN (SELECT mailbox FROM boxes)),
  mail AS (SELECT * FROM helpline_letters WHERE mailbox IN (SELECT mailbox FROM boxes) AND shown = 1),
  sums AS (SELECT count(*) AS letters, total(NOT attended) AS open, min(CASE WHEN attended = 0 THEN day END) AS since,
                  max(day) AS day, total(kind = 'forget') AS forget, total(files <> '[]') AS files FROM mail),
  ours AS (SELECT count(*) AS answers, max(time) AS time FROM helpline_talk
           WHERE mailbox IN (SELECT mailbox FROM boxes) AND shown = 1 AND kind = 'answer'),
  flags AS (SELECT min(value) AS spam FROM helpline_values
            WHERE subject IN (SELECT mailbox FROM boxes) AND field = 'spam' AND head = 1)
SELECT :person,
  CASE WHEN NOT EXISTS (SELECT 1 FROM keys) THEN 'none'
       WHEN flags.spam = '1' THEN 'spam'
       WHEN sums.open > 0 AND ours.answers = 0 AND c.case_id IS NULL THEN 'new'
       WHEN sums.open > 0 THEN 'us'
       ELSE 'them' END,
  coalesce(sums.since, 0), max(coalesce(sums.day * 86400, 0), coalesce(ours.time, 0)), cast(sums.open AS INTEGER), sums.letters,
  coalesce((SELECT language FROM mail ORDER BY day DESC, number DESC, letter, mailbox LIMIT 1),
           (SELECT language FROM keys ORDER BY at, source LIMIT 1), ''),
  substr(ltrim(coalesce((SELECT text FROM mail WHERE kind = 'text' ORDER BY attended, day DESC, number DESC, letter, mailbox LIMIT 1), ''),
               char(9, 10, 11, 12, 13, 32, 160)), 1, :snippet),
  coalesce(c.case_id, ''),
  coalesce((SELECT group_concat(value, ' ') FROM (SELECT DISTINCT value FROM helpline_values
     WHERE subject IN (SELECT mailbox FROM boxes) AND field = 'taken' AND head = 1 AND value <> '' ORDER BY value)), ''),
  cast(sums.files AS INTEGER), cast(sums.forget AS INTEGER)
FROM sums, ours, flags, (SELECT min(case_id) AS case_id FROM helpline_moved WHERE mailbox IN (SELECT mailbox FROM boxes)) c
"""


_LEFT = """
SELECT EXISTS (SELECT 1 FROM helpline_keys WHERE mailbox = :mailbox)
    OR EXISTS (SELECT 1 FROM helpline_letters WHERE mailbox = :mailbox)
    OR EXISTS (SELECT 1 FROM helpline_talk WHERE mailbox = :mailbox)
    OR EXISTS (SELECT 1 FROM helpline_moved WHERE mailbox = :mailbox)
    OR EXISTS (SELECT 1 FROM helpline_called WHERE mailbox = :mailbox)
    OR EXISTS (SELECT 1 FROM helpline_values WHERE subject = :mailbox)
    OR EXISTS (SELECT 1 FROM helpline_pairs WHERE mailbox = :mailbox)
"""


def person_of(db: Database, mailbox: str) -> str:
    """The person behind a mailbox: the smallest mailbox id of those that are joined with it."""
    row = db.execute("select person from helpline_mailboxes where mailbox = ?", (mailbox,)).fetchone()
    return str(row[0]) if row else mailbox


def mailboxes_of(db: Database, person: str) -> list[str]:
    """The mailboxes of one person."""
    rows = db.execute("select mailbox from helpline_mailboxes where person = ? order by mailbox", (person,))
    return [row[0] for row in rows] or [person]


def changed(db: Database, mailbox: str) -> None:
    """The inbox line of the person behind this mailbox is no longer true: `settle` computes it again."""
    _remember(db, mailbox)
    db.execute("INSERT OR IGNORE INTO helpline_changed (mailbox) VALUES (?)", (mailbox,))


def settle(db: Database) -> None:
    """After a batch of facts: compute the lines again that they changed, each once; forget of whom nothing is left."""
    rows = db.execute("SELECT mailbox FROM helpline_changed").fetchall()
    persons = set()
    for (mailbox,) in rows:
        if db.execute(_LEFT, {"mailbox": mailbox}).fetchone()[0]:
            persons.add(person_of(db, mailbox))
        else:
            db.execute("DELETE FROM helpline_mailboxes WHERE mailbox = ?", (mailbox,))
            db.execute("DELETE FROM helpline_people WHERE person = ?", (mailbox,))
    for person in persons:
        db.execute(_LINE, {"person": person, "snippet": SNIPPET})
    if rows:
        db.execute("DELETE FROM helpline_changed")


def _remember(db: Database, mailbox: str) -> None:
    row = (mailbox, mailbox, short_name(mailbox))
    db.execute("INSERT OR IGNORE INTO helpline_mailboxes (mailbox, person, name) VALUES (?, ?, ?)", row)


def named(db: Database, name: str) -> str | None:
    """The mailbox that helpers call by this short name, however it was typed; None if none or several."""
    signs = "".join(sign for sign in name.upper() if sign.isalnum())
    rows = db.execute("SELECT mailbox FROM helpline_mailboxes WHERE name = ?", (f"{signs[:3]}-{signs[3:]}",)).fetchall()
    return str(rows[0][0]) if len(rows) == 1 else None


def pair(db: Database, first: str, second: str) -> None:
    """The two were said to be one person, or said not to be: group everybody again whom a chain of such sayings connects."""
    db.execute("insert or ignore into helpline_pairs (mailbox, other) values (?1, ?2), (?2, ?1)", (first, second))
    touched = _reached(db, first, joined_only=False)
    for mailbox in touched:
        _remember(db, mailbox)
    left = set(touched)
    while left:
        group = _reached(db, min(left), joined_only=True)
        for mailbox in group:
            db.execute("update helpline_mailboxes set person = ? where mailbox = ?", (min(group), mailbox))
        left -= group
    for mailbox in touched:
        db.execute("delete from helpline_people where person = ?", (mailbox,))
    for mailbox in touched:
        changed(db, mailbox)


def _reached(db: Database, start: str, *, joined_only: bool) -> set[str]:
    """All mailboxes that a chain of pairs connects with this one; `joined_only`: pairs on which nobody disagrees."""
    seen, ahead = {start}, [start]
    while ahead:
        here = ahead.pop()
        for (other,) in db.execute("select other from helpline_pairs where mailbox = ?", (here,)).fetchall():
            if other not in seen and (not joined_only or _same(db, here, other)):
                seen.add(other)
                ahead.append(other)
    return seen


def _same(db: Database, one: str, other: str) -> bool:
    """Both are one person, as far as everybody agrees."""
    first, second = sorted((one, other))
    row = db.execute(
        "select min(value) from helpline_values where subject = ? and field = 'same' and head = 1",
        (f"{first}+{second}",),
    ).fetchone()
    return bool(row and row[0] == "1")
