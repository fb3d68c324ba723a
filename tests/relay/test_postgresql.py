"""What only PostgreSQL can do to us."""

from __future__ import annotations

import asyncio
import contextlib
import os

import psycopg
import pytest

from kunak.relay.log import Log
from kunak.relay.refusals import Unavailable
from tests.relay.organisation import label, sealed

pytestmark = pytest.mark.parametrize("place", ["postgresql"], indirect=True)


def cut_all_connections(place: str) -> None:
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()"""
        )


def test_a_database_that_was_away_is_used_again_when_it_is_back(log: Log, place: str) -> None:
    asyncio.run(log.append([(label(), sealed())]))
    cut_all_connections(place)
    with pytest.raises(Unavailable):
        asyncio.run(log.append([(label(), sealed())]))
    with pytest.raises(Unavailable):
        log.read(0)
    asyncio.run(log.append([(label(), sealed())]))
    assert len(log.read(0)) == 2


def test_tidying_up_after_removals_troubles_nobody(log: Log, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kunak.relay.postgresql._VACUUM_SECONDS", -1)
    mailbox = os.urandom(16)
    for _ in range(3):
        asyncio.run(log.create_mailbox(mailbox, None, b""))
        asyncio.run(log.post_message(mailbox, os.urandom(16), sealed()))
        asyncio.run(log.delete_mailbox(mailbox))
    cut_all_connections(place)
    with contextlib.suppress(Unavailable):  # unless tidying has met the cut, and mended it, before
        asyncio.run(log.create_mailbox(mailbox, None, b""))
    asyncio.run(log.create_mailbox(mailbox, None, b""))
    with pytest.raises(Unavailable):
        log.mailbox(mailbox)  # the reading connection was cut too
    assert log.mailbox(mailbox) is not None
