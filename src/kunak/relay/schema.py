"""The tables of the relay. The whole of what it keeps: read it to see what a seizure of its disk yields.

No address, no agent, no device, no hour: a day is the only time.
"""

from __future__ import annotations

from typing import Final

_TABLES: Final = (
    # `sealed` is NULL once shredded; `digest` (SHA-256 of what was there) stays, so that desks see that something was.
    """CREATE TABLE IF NOT EXISTS envelope (
        position {place} PRIMARY KEY, day {number} NOT NULL, label {octets} NOT NULL, digest {octets} NOT NULL,
        sealed {octets}, UNIQUE (label, digest))""",
    """CREATE TABLE IF NOT EXISTS mailbox (
        id {octets} PRIMARY KEY, day {number} NOT NULL, access {octets}, state {octets} NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS message (
        number {counter}, mailbox {octets} NOT NULL, day {number} NOT NULL, sealed {octets} NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS message_of_mailbox ON message (mailbox, number)",
    # Which messages were posted, so that a desk's second try is no second message: a hash that names no mailbox.
    """CREATE TABLE IF NOT EXISTS posted (
        token {octets} PRIMARY KEY, day {number} NOT NULL, number {number} NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS document (
        name TEXT PRIMARY KEY, version {number} NOT NULL, content {octets} NOT NULL)""",
    # Chunks of files that persons sent and that no letter names yet: what a restart finds here has no owner.
    "CREATE TABLE IF NOT EXISTS loose (chunk {octets} PRIMARY KEY)",
    # What persons have filled today; one row a kind, overwritten tomorrow.
    """CREATE TABLE IF NOT EXISTS filled (
        kind TEXT PRIMARY KEY, day {number} NOT NULL, bytes {number} NOT NULL)""",
)


def statements(*, number: str, place: str, counter: str, octets: str) -> list[str]:
    """The tables in one database's own names for its types."""
    return [table.format(number=number, place=place, counter=counter, octets=octets) for table in _TABLES]
