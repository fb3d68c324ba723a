"""Entries and batches: one spelling, kept as they came."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunak.journal.entry import MOST_ENTRIES, NO_PREVIOUS, NotOneSpelling, chain_up, decode_batch, encode_batch, type_of

AUTHOR = "aa" * 16
SEEN = (3, b"s" * 32)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(bodies=st.lists(st.dictionaries(st.text(max_size=8), json_values, max_size=4), min_size=1, max_size=8))
def test_a_batch_comes_back_as_it_was_written_also_with_events_newer_than_this_desk(
    bodies: list[dict[str, object]],
) -> None:
    written = [
        (1, json.dumps({**body, "type": "tomorrow.happened"}, ensure_ascii=False).encode(errors="replace"))
        for body in bodies
    ]
    entries = chain_up("case:00", AUTHOR, 1, NO_PREVIOUS, written)
    encoded = encode_batch("case:00", 0, AUTHOR, SEEN, entries)
    batch, decoded = decode_batch(encoded)
    assert decoded == entries
    assert [bytes(linked.entry.body) for linked in decoded] == [body for _, body in written]
    assert batch.seen == (3, SEEN[1].hex())
    assert {type_of(bytes(linked.entry.body)) for linked in decoded} == {"tomorrow.happened"}


@given(noise=st.binary(max_size=200))
def test_noise_is_refused_and_never_crashes(noise: bytes) -> None:
    with pytest.raises(NotOneSpelling):
        decode_batch(noise)


def test_a_batch_has_a_largest_size() -> None:
    bodies = [(1, b'{"type":"a.b"}')] * (MOST_ENTRIES + 1)
    entries = chain_up("case:00", AUTHOR, 1, NO_PREVIOUS, bodies)
    with pytest.raises(NotOneSpelling):
        decode_batch(encode_batch("case:00", 0, AUTHOR, SEEN, entries))


def test_the_format_page_shows_what_is_written() -> None:
    entries = chain_up("case:00", AUTHOR, 1, NO_PREVIOUS, [(1_491_120_000, b'{"type":"cases.noted"}')])
    encoded = encode_batch("case:00", 0, AUTHOR, (1234, bytes(32)), entries)
    keys = list(msgspec.json.decode(encoded))
    assert keys == ["v", "compartment", "epoch", "author", "seen", "entries"]
    assert list(msgspec.json.decode(entries[0].raw)) == ["sequence", "previous", "time", "body"]
