"""Whoever sends much, slowly or falsely announced, takes no memory from others."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from starlette.types import Receive

from kunak.relay import wire
from kunak.relay.asking import Fields
from kunak.relay.intake import Intake
from kunak.relay.refusals import Busy, TooLarge
from tests.relay.organisation import label, sealed

Sent = tuple[Receive, Fields]


def request(*parts: bytes, announced: str | None = None, pause: float = 0) -> Sent:
    async def pieces() -> AsyncIterator[dict[str, Any]]:
        for part in parts:
            await asyncio.sleep(pause)
            yield {"type": "http.request", "body": part, "more_body": True}
        yield {"type": "http.request", "body": b"", "more_body": False}

    waiting = pieces()
    return lambda: anext(waiting), {} if announced is None else {b"content-length": announced.encode()}


@contextlib.asynccontextmanager
async def body_of(intake: Intake, asked: Sent, most: int) -> AsyncIterator[bytes]:
    body = await intake.take(*asked, most)
    yield body
    intake.give_back(len(body))


def read(intake: Intake, asked: Sent, most: int = 10) -> bytes:
    async def body() -> bytes:
        async with body_of(intake, asked, most) as found:
            return found

    return asyncio.run(body())


def test_a_body_is_read_whole_and_its_room_given_back() -> None:
    intake = Intake(10)
    for _ in range(5):
        assert read(intake, request(b"12345", b"67890")) == b"1234567890"


@pytest.mark.parametrize("announced", ["11", "-1", "ten", "1e3", "٣"])
def test_what_announces_too_much_or_nonsense_is_not_read_at_all(announced: str) -> None:
    with pytest.raises(TooLarge):
        read(Intake(100), request(announced=announced))


def test_what_brings_more_than_it_announced_is_cut_off() -> None:
    intake = Intake(15)
    with pytest.raises(TooLarge):
        read(intake, request(b"123456", b"7890ab", announced="1"))
    assert read(intake, request(b"1234567890")) == b"1234567890"


def test_all_together_hold_only_so_much_and_the_next_may_come_when_one_is_done() -> None:
    intake = Intake(15)

    async def two() -> None:
        async with body_of(intake, request(b"1234567890"), 10):
            with pytest.raises(Busy):
                async with body_of(intake, request(b"1234567890"), 10):
                    pass
            async with body_of(intake, request(b"12345"), 10) as small:
                assert small == b"12345"
        async with body_of(intake, request(b"1234567890"), 10) as body:
            assert len(body) == 10

    asyncio.run(two())


def test_who_dawdles_is_sent_away() -> None:
    intake = Intake(10, seconds=0.05)
    with pytest.raises(Busy):
        read(intake, request(b"1", b"2", b"3", pause=0.03))
    assert read(intake, request(b"1234567890")) == b"1234567890"


def test_a_line_that_breaks_gives_its_room_back() -> None:
    intake = Intake(10)
    told: Iterator[dict[str, Any]] = iter(
        [{"type": "http.request", "body": b"12345", "more_body": True}, {"type": "http.disconnect"}]
    )

    async def next_message() -> dict[str, Any]:
        return next(told)

    with pytest.raises(Busy):
        read(intake, (next_message, {}))
    assert read(intake, request(b"1234567890")) == b"1234567890"


def test_an_unsigned_body_is_not_even_read(anyone: httpx.Client) -> None:
    consumed = 0

    def endless() -> Any:
        nonlocal consumed
        for _ in range(10_000):
            consumed += 65_536
            yield bytes(65_536)

    with contextlib.suppress(httpx.TransportError):  # it may be hung up on while it still sends
        assert anyone.post(wire.ENVELOPES, content=endless()).status_code == 401
    assert consumed < 64 * 1024 * 1024


def test_an_oversized_request_is_told_so(desk: httpx.Client) -> None:
    body = wire.encode_appends([(label(), sealed()) for _ in range(1_100)])
    answer = desk.post(wire.ENVELOPES, content=body)
    assert (answer.status_code, answer.json()["error"]) == (413, "too-large")
    answer = desk.put(wire.ROSTER, content=bytes(wire.MAX_DOCUMENT + 1))
    assert (answer.status_code, answer.json()["error"]) == (413, "too-large")
