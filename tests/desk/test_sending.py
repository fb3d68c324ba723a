"""Few requests, and nothing before what it speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from kunak.desk.sending import SEND_BYTES, requests_of
from kunak.vault.outbox import Kind, Parcel

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS: tuple[Kind, ...] = ("envelope", "message", "mailbox", "blob", "unblob", "withdrawal", "shred")


def outbox(kinds: Sequence[Kind], size: int = 10) -> list[Parcel]:
    return [Parcel(number, kind, b"", b"", bytes(size), 0) for number, kind in enumerate(kinds)]


def test_a_morning_of_answers_costs_a_request_for_all_entries_and_one_for_all_that_is_shredded() -> None:
    morning = outbox(["envelope", "message", "shred"] * 20)
    requests = list(requests_of(morning))
    assert [len(each) for each in requests] == [20, *[1] * 20, 20]
    assert [each[0].kind for each in requests] == ["envelope", *["message"] * 20, "shred"]


def test_an_entry_does_not_come_before_the_file_or_the_mailbox_that_it_names() -> None:
    for named in ("blob", "mailbox"):
        requests = list(requests_of(outbox(["message", named, "envelope"])))
        assert [each[0].kind for each in requests] == ["message", named, "envelope"]


def test_a_request_stays_small() -> None:
    requests = list(requests_of(outbox(["envelope"] * 5, SEND_BYTES // 2)))
    assert [len(each) for each in requests] == [2, 2, 1]


@given(st.lists(st.sampled_from(KINDS)))
def test_nothing_is_lost_and_what_must_keep_its_order_does(kinds: list[Kind]) -> None:
    waiting = outbox(kinds)
    sent = [parcel for request in requests_of(waiting) for parcel in request]
    assert sorted(parcel.id for parcel in sent) == [parcel.id for parcel in waiting]
    for together in (("envelope",), ("shred",), ("message", "withdrawal", "unblob")):
        ids = [parcel.id for parcel in sent if parcel.kind in together]
        assert ids == sorted(ids)
    for place, parcel in enumerate(sent):
        earlier = {before.id for before in sent[:place]}
        if parcel.kind in ("blob", "mailbox"):
            assert earlier == set(range(parcel.id))
        if parcel.kind == "shred":  # the case's own copy is durable before a letter is destroyed
            assert earlier >= set(range(parcel.id))
    for request in requests_of(waiting):
        assert len({parcel.kind for parcel in request}) == 1
        assert len(request) == 1 or request[0].kind in ("envelope", "shred")
