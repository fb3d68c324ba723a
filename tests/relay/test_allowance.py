"""A flood fills neither the disk nor the mailboxes, silences nobody who already talks, and pushes nothing out."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kunak.relay import changes
from kunak.relay.blobs import Blobs, ChunkFolder
from kunak.relay.log import Limits, Log, Source
from kunak.relay.refusals import Full
from kunak.relay.sqlite import PAGE_SIZE, SqliteStore
from kunak.relay.wire import BLOB_SIZE, BUCKET
from tests.relay.organisation import Clock, label, sealed

DAY = 86_400
TEN = Limits(
    first_letters_a_day=10 * BUCKET, letters_a_day=10 * BUCKET, files_a_day=2 * BLOB_SIZE, messages_a_mailbox=3
)


@pytest.fixture
def small(place: Path | str, clock: Clock) -> Iterator[Log]:
    log = Log.open(place, clock, TEN)
    yield log
    log.close()


def first_contact(log: Log) -> bytes:
    mailbox = os.urandom(16)
    letter = changes.append([(label(), sealed())], log.today)
    asyncio.run(log.together(changes.create_mailbox(mailbox, None, bytes(2048), log.today), letter))
    return mailbox


def until_full(log: Log) -> int:
    for count in range(100):
        try:
            first_contact(log)
        except Full:
            return count
    raise AssertionError("nothing stopped the flood")


def test_a_flood_of_first_letters_ends_and_leaves_earlier_mail_where_it_was(small: Log) -> None:
    kept = until_full(small)
    assert kept == 6
    assert len(small.read(0)) == kept


def test_a_flood_of_first_letters_silences_nobody_who_already_writes_nor_any_desk(small: Log) -> None:
    until_full(small)
    before, mailbox = small.head, os.urandom(16)
    asyncio.run(small.append([(label(), sealed())]))
    asyncio.run(small.append([(label(), sealed()) for _ in range(50)], by=Source.DEVICE))
    asyncio.run(small.create_mailbox(mailbox, None, bytes(2048), by=Source.DEVICE))
    assert small.head == before + 51
    assert small.mailbox(mailbox) is not None


def test_tomorrow_there_is_room_again_and_a_restart_forgets_nothing(place: Path | str, clock: Clock) -> None:
    log = Log.open(place, clock, TEN)
    until_full(log)
    log.close()
    again = Log.open(place, clock, TEN)
    assert until_full(again) == 0
    clock.now += DAY
    assert until_full(again) == 6
    again.close()


def test_a_clock_that_jumps_back_stops_nobody(small: Log, clock: Clock) -> None:
    until_full(small)
    clock.now -= 30 * DAY
    assert small.mailbox(first_contact(small)) is not None


def test_what_was_refused_is_not_there_and_does_not_count(small: Log) -> None:
    with pytest.raises(Full):
        asyncio.run(small.append([(label(), sealed(11))]))
    assert small.head == 0
    asyncio.run(small.append([(label(), sealed(10))]))


def test_whoever_wants_to_be_forgotten_is_not_told_to_wait(small: Log) -> None:
    mailbox = first_contact(small)
    asyncio.run(small.append([(label(), sealed(10))]))
    goodbye = changes.append([(label(), sealed())], small.today)
    asyncio.run(small.together(goodbye, changes.delete_mailbox(mailbox)))
    assert small.mailbox(mailbox) is None


def test_a_mailbox_takes_only_so_many_unread_messages(small: Log) -> None:
    mailbox = first_contact(small)
    numbers = [asyncio.run(small.post_message(mailbox, os.urandom(16), sealed())) for _ in range(3)]
    with pytest.raises(Full):
        asyncio.run(small.post_message(mailbox, os.urandom(16), sealed()))
    asyncio.run(small.remove_messages(mailbox, numbers[:1]))
    asyncio.run(small.post_message(mailbox, os.urandom(16), sealed()))


def test_files_have_a_limit_of_their_own_and_a_second_try_counts_once(small: Log, tmp_path: Path, clock: Clock) -> None:
    blobs = Blobs(ChunkFolder(tmp_path / "blobs", clock), small)
    first, chunk = os.urandom(16), os.urandom(BLOB_SIZE)
    for blob in (first, first, first, os.urandom(16)):
        asyncio.run(blobs.put(blob, chunk))
    with pytest.raises(Full):
        asyncio.run(blobs.put(os.urandom(16), chunk))
    asyncio.run(blobs.put(os.urandom(16), chunk, by=Source.DEVICE))
    assert until_full(small) == 6


@pytest.mark.parametrize(("reserve", "devices_too"), [("free_for_devices", False), ("free_for_removing", True)])
def test_the_last_of_the_disk_is_kept_for_devices_and_then_for_removing(
    tmp_path: Path, clock: Clock, reserve: str, devices_too: bool
) -> None:
    limits = Limits(**{"free_for_devices": 0, "free_for_removing": 0, reserve: 2**60})
    log = Log.open(tmp_path / "relay.db", clock, limits)
    if devices_too:
        with pytest.raises(Full):
            asyncio.run(log.append([(label(), sealed())], by=Source.DEVICE))
    else:
        asyncio.run(log.append([(label(), sealed())], by=Source.DEVICE))
        with pytest.raises(Full):
            asyncio.run(log.append([(label(), sealed())]))
    asyncio.run(log.shred([1]))
    asyncio.run(log.delete_mailbox(os.urandom(16)))
    log.close()


def test_a_full_disk_loses_nothing_and_takes_again_what_fits(tmp_path: Path, clock: Clock) -> None:
    def open_with(max_pages: int) -> Log:
        return Log(SqliteStore(tmp_path / "relay.db", max_pages), clock, Limits())

    log = open_with(100 * 1024 // PAGE_SIZE)
    kept: list[int] = []

    async def flood() -> None:
        for answer in await asyncio.gather(
            *(log.append([(label(), sealed())], by=Source.DEVICE) for _ in range(40)), return_exceptions=True
        ):
            if isinstance(answer, Full):
                continue
            assert isinstance(answer, list)
            kept.extend(answer)

    asyncio.run(flood())
    assert 10 < len(kept) < 40
    assert [e.position for e in log.read(0)] == sorted(kept)
    asyncio.run(log.shred(kept[:5]))
    asyncio.run(log.append([(label(), sealed())], by=Source.DEVICE))
    log.close()
    log = open_with(10_000)
    assert sum(e.sealed is not None for e in log.read(0)) == len(kept) - 5 + 1
    log.close()
