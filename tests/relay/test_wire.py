"""Frames: what was written is read; what was cut is named, never half read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunak.relay import wire
from kunak.relay.wire import StoredEnvelope

labels = st.binary(min_size=16, max_size=16)
pairs = st.lists(st.tuples(labels, st.binary(max_size=40)), max_size=5)
stored = st.one_of(
    st.builds(StoredEnvelope, st.integers(1, 2**63), st.integers(0, 2**31), labels, st.binary(max_size=40), st.none()),
    st.builds(
        StoredEnvelope,
        st.integers(1, 2**63),
        st.integers(0, 2**31),
        labels,
        st.none(),
        st.binary(min_size=32, max_size=32),
    ),
)


@given(pairs)
def test_appended_frames_come_back(envelopes: list[tuple[bytes, bytes]]) -> None:
    assert wire.decode_appends(wire.encode_appends(envelopes)) == envelopes


@given(st.lists(stored, max_size=5))
def test_stored_frames_come_back_shredded_ones_too(envelopes: list[StoredEnvelope]) -> None:
    assert wire.decode_stored(wire.encode_stored(envelopes)) == envelopes


@given(st.lists(st.integers(0, 2**64 - 1)))
def test_numbers_come_back(numbers: list[int]) -> None:
    assert wire.decode_numbers(wire.encode_numbers(numbers)) == numbers


@given(st.lists(st.tuples(labels, st.binary(min_size=1, max_size=40)), min_size=1, max_size=3), st.data())
def test_frames_that_were_cut_are_refused_or_end_between_two(
    envelopes: list[tuple[bytes, bytes]], data: st.DataObject
) -> None:
    body = wire.encode_appends(envelopes)
    cut = body[: data.draw(st.integers(0, len(body) - 1))]
    try:
        assert wire.decode_appends(cut) == envelopes[: len(wire.decode_appends(cut))]
    except wire.BrokenFrames:
        return
    assert cut == wire.encode_appends(wire.decode_appends(cut))


def test_a_size_that_lies_reads_nothing_beyond_the_body() -> None:
    with pytest.raises(wire.BrokenFrames):
        wire.decode_appends(b"l" * 16 + b"\xff\xff\xff\xfe" + b"short")
    with pytest.raises(wire.BrokenFrames):
        wire.decode_stored(b"\0" * 12 + b"l" * 16 + b"\xff\xff\xff\xff" + b"short")
    with pytest.raises(wire.BrokenFrames):
        wire.decode_numbers(b"1234567")
