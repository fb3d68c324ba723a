"""The log keeps what was acknowledged, once, in one order, and tells no more than a day."""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path

import pytest

from kunak.relay import changes
from kunak.relay.log import Log, Source
from kunak.relay.refusals import Changed, Closing, InUse, Unknown
from tests.relay.organisation import Clock, label, sealed


def test_what_was_appended_is_read_in_order(log: Log) -> None:
    pairs = [(label(), sealed()) for _ in range(5)]
    positions = asyncio.run(log.append(pairs))
    assert positions == [1, 2, 3, 4, 5]
    assert [(e.position, e.label, e.sealed) for e in log.read(2)] == [(n + 1, *pairs[n]) for n in (2, 3, 4)]
    assert log.head == 5


def test_the_same_envelope_twice_has_one_position(log: Log) -> None:
    pair = (label(), sealed())
    assert asyncio.run(log.append([pair])) == asyncio.run(log.append([pair])) == [1]
    again, other = asyncio.run(log.append([pair, (label(), pair[1])]))
    assert again == 1 < other
    assert asyncio.run(log.append([pair, pair])) == [1, 1]
    assert len(log.read(0)) == 2


def test_two_letters_under_one_label_are_both_kept(log: Log) -> None:
    shared = label()
    assert asyncio.run(log.append([(shared, sealed()), (shared, sealed())])) == [1, 2]


def test_only_the_day_is_kept(log: Log, clock: Clock) -> None:
    clock.now = 17_300 * 86_400 + 86_399
    asyncio.run(log.append([(label(), sealed())]))
    assert [e.day for e in log.read(0)] == [17_300]


def test_a_shredded_envelope_leaves_its_digest(log: Log) -> None:
    content = sealed()
    positions = asyncio.run(log.append([(label(), content)]))
    asyncio.run(log.shred(positions))
    (left,) = log.read(0)
    assert (left.sealed, left.digest) == (None, hashlib.sha256(content).digest())


def test_an_answer_ends_before_its_limit_but_holds_at_least_one(log: Log) -> None:
    asyncio.run(log.append([(label(), sealed()) for _ in range(600)], by=Source.DEVICE))
    assert [e.position for e in log.read(0, 10_000)] == [1, 2]
    assert [e.position for e in log.read(5, 1)] == [6]
    assert len(log.read(0)) == 600


def test_a_mailbox_holds_state_and_messages_until_they_are_removed(log: Log) -> None:
    mailbox = os.urandom(16)
    asyncio.run(log.create_mailbox(mailbox, None, b"one"))
    number = asyncio.run(log.post_message(mailbox, os.urandom(16), b"hello"))
    asyncio.run(log.replace_state(mailbox, b"two"))
    found = log.mailbox(mailbox)
    assert found is not None
    assert (found.state, [m.sealed for m in found.messages], log.waiting()) == (b"two", [b"hello"], [number])
    asyncio.run(log.remove_messages(mailbox, [number, 99]))
    found = log.mailbox(mailbox)
    assert found is not None
    assert (found.messages, log.waiting()) == ([], [])


def test_a_message_tried_twice_is_one_even_after_it_was_read(log: Log) -> None:
    mailbox, token = os.urandom(16), os.urandom(16)
    asyncio.run(log.create_mailbox(mailbox, None, b""))
    number = asyncio.run(log.post_message(mailbox, token, b"hello"))
    assert asyncio.run(log.post_message(mailbox, token, b"hello")) == number
    asyncio.run(log.remove_messages(mailbox, [number]))
    assert asyncio.run(log.post_message(mailbox, token, b"hello")) == number
    assert log.waiting() == []


def test_the_memory_of_second_tries_ends(log: Log, clock: Clock) -> None:
    mailbox, token = os.urandom(16), os.urandom(16)
    asyncio.run(log.create_mailbox(mailbox, None, b""))
    first = asyncio.run(log.post_message(mailbox, token, b"hello"))
    clock.now += 59 * 86_400
    assert asyncio.run(log.post_message(mailbox, token, b"hello")) == first
    clock.now += 2 * 86_400
    asyncio.run(log.post_message(mailbox, os.urandom(16), b"on another day"))
    # It waits still, and could be taken back: it is remembered as long as that.
    assert asyncio.run(log.post_message(mailbox, token, b"hello")) == first
    asyncio.run(log.remove_messages(mailbox, [first]))
    clock.now += 86_400
    assert asyncio.run(log.post_message(mailbox, token, b"hello")) > first


def test_a_message_is_taken_back_by_its_token_alone(log: Log) -> None:
    mine, other, token = os.urandom(16), os.urandom(16), os.urandom(16)
    for mailbox in (mine, other):
        asyncio.run(log.create_mailbox(mailbox, None, b""))
    number = asyncio.run(log.post_message(mine, token, b"a"))
    kept = asyncio.run(log.post_message(mine, os.urandom(16), b"b"))
    asyncio.run(log.withdraw_message(mine, os.urandom(16)))
    asyncio.run(log.withdraw_message(other, token))
    assert log.waiting() == [number, kept]
    asyncio.run(log.withdraw_message(mine, token))
    assert log.waiting() == [kept]
    # A second try of the post brings nothing back.
    asyncio.run(log.post_message(mine, token, b"a"))
    assert log.waiting() == [kept]


def test_a_message_that_was_taken_back_before_it_came_never_comes(log: Log) -> None:
    mailbox, token = os.urandom(16), os.urandom(16)
    asyncio.run(log.create_mailbox(mailbox, None, b""))
    asyncio.run(log.withdraw_message(mailbox, token))
    asyncio.run(log.withdraw_message(mailbox, token))
    asyncio.run(log.post_message(mailbox, token, b"late"))
    assert log.waiting() == []


def test_a_removed_message_is_not_mistaken_for_a_later_one(log: Log) -> None:
    mailbox = os.urandom(16)
    asyncio.run(log.create_mailbox(mailbox, None, b""))
    first = asyncio.run(log.post_message(mailbox, os.urandom(16), b"a"))
    asyncio.run(log.remove_messages(mailbox, [first]))
    assert asyncio.run(log.post_message(mailbox, os.urandom(16), b"b")) > first


def test_nobody_can_remove_messages_of_another_mailbox(log: Log) -> None:
    mine, other = os.urandom(16), os.urandom(16)
    for mailbox in (mine, other):
        asyncio.run(log.create_mailbox(mailbox, None, b""))
    number = asyncio.run(log.post_message(other, os.urandom(16), b"a"))
    asyncio.run(log.remove_messages(mine, [number]))
    assert log.waiting() == [number]


def test_a_mailbox_created_twice_keeps_its_state(log: Log) -> None:
    mailbox = os.urandom(16)
    asyncio.run(log.create_mailbox(mailbox, b"a" * 32, b"first"))
    asyncio.run(log.create_mailbox(mailbox, b"a" * 32, b"second"))
    found = log.mailbox(mailbox)
    assert found is not None
    assert found.state == b"first"
    with pytest.raises(Changed):
        asyncio.run(log.create_mailbox(mailbox, None, b"third"))


def test_two_pages_that_change_a_mailbox_at_once_do_not_overwrite_each_other(log: Log) -> None:
    mailbox = os.urandom(16)
    asyncio.run(log.create_mailbox(mailbox, None, b"old"))
    asyncio.run(log.replace_state(mailbox, b"new", before=b"old"))
    with pytest.raises(Changed):
        asyncio.run(log.replace_state(mailbox, b"mine", before=b"old"))
    with pytest.raises(Unknown):
        asyncio.run(log.replace_state(os.urandom(16), b"x"))


def test_a_deleted_mailbox_is_gone_with_its_messages(log: Log) -> None:
    mailbox = os.urandom(16)
    asyncio.run(log.create_mailbox(mailbox, None, b""))
    asyncio.run(log.post_message(mailbox, os.urandom(16), b"a"))
    asyncio.run(log.delete_mailbox(mailbox))
    assert (log.mailbox(mailbox), log.waiting()) == (None, [])
    with pytest.raises(Unknown):
        asyncio.run(log.post_message(mailbox, os.urandom(16), b"b"))


def test_changes_made_together_fail_together(log: Log) -> None:
    with pytest.raises(Unknown):
        asyncio.run(
            log.together(
                changes.append([(label(), sealed())], log.today), changes.replace_state(os.urandom(16), b"x", None)
            )
        )
    assert log.head == 0


def test_one_failing_change_leaves_its_neighbours_alone(log: Log) -> None:
    async def many() -> list[object]:
        works = [log.append([(label(), sealed())]) if n % 3 else log.replace_state(b"none", b"") for n in range(60)]
        return await asyncio.gather(*works, return_exceptions=True)

    answers = asyncio.run(many())
    assert sorted(a[0] for a in answers if isinstance(a, list)) == list(range(1, 41))
    assert sum(isinstance(a, Unknown) for a in answers) == 20


def test_what_was_asked_before_closing_is_done_and_nothing_after(place: Path | str, clock: Clock) -> None:
    async def close_in_the_middle() -> list[object]:
        log = Log.open(place, clock)
        waiting = [asyncio.create_task(log.append([(label(), sealed())])) for _ in range(50)]
        await asyncio.sleep(0)
        await asyncio.to_thread(log.close)
        with pytest.raises(Closing):
            await log.append([(label(), sealed())])
        return list(await asyncio.gather(*waiting))

    answers = asyncio.run(close_in_the_middle())
    log = Log.open(place, clock)
    assert [[e.position] for e in log.read(0)] == answers
    log.close()


def test_two_relays_cannot_work_on_one_database(log: Log, place: Path | str, clock: Clock) -> None:
    with pytest.raises(InUse):
        Log.open(place, clock)


def test_a_caller_who_goes_away_takes_nothing_back_and_stops_nobody_else(log: Log) -> None:
    async def go_away() -> None:
        tasks = [asyncio.create_task(log.append([(label(), sealed())])) for _ in range(20)]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(go_away())
    assert asyncio.run(log.append([(label(), sealed())])) == [21]
