"""The sizes that anybody may see: few, and the same for everything that is about as large."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunak.sealing.age import Damaged, Identity, open_sealed, plain_size, seal, sealed_size
from kunak.sealing.padded import open_padded, seal_padded
from kunak.sealing.padding import bucket, pad, unpad

IDENTITY = Identity.from_seed(bytes(32))


def test_buckets_are_those_of_the_page() -> None:
    assert [bucket(size) for size in (0, 1, 4_096, 4_097, 8_192, 8_193, 32_769, 65_536)] == [
        4_096, 4_096, 4_096, 8_192, 8_192, 16_384, 65_536, 65_536,
    ]  # fmt: skip
    # Padmé by hand: 100,000 has 17 bits; 17 needs 5 bits, so the last 16 - 5 = 11 bits become zero: 100,352 = 49 · 2,048.
    assert bucket(100_000) == 102_400  # the next multiple of 4,096 after 100,352


@given(size=st.integers(0, 2**40))
def test_a_bucket_holds_its_size_is_a_bucket_itself_and_wastes_little(size: int) -> None:
    stored = bucket(size)
    assert stored >= size
    assert bucket(stored) == stored
    assert stored % 4_096 == 0
    if size > 65_536:
        assert stored <= size * 1.12 + 4_096


@given(sizes=st.tuples(st.integers(0, 2**30), st.integers(0, 2**30)))
def test_more_content_never_takes_less_room(sizes: tuple[int, int]) -> None:
    assert bucket(min(sizes)) <= bucket(max(sizes))


@given(
    content=st.binary(max_size=200) | st.binary(max_size=20).map(lambda end: end + b"\x80\0\0"), room=st.integers(1, 50)
)
def test_padding_comes_off_again_whatever_the_content_ends_with(content: bytes, room: int) -> None:
    padded = pad(content, len(content) + room)
    assert len(padded) == len(content) + room
    assert unpad(padded) == content


@pytest.mark.parametrize("padded", [b"", b"\0", b"\0\0\0", b"content", b"content\0", b"\x81\0"])
def test_padding_that_is_not_as_written_is_damage(padded: bytes) -> None:
    with pytest.raises(Damaged):
        unpad(padded)


def test_content_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="fit"):
        pad(bytes(10), 10)


@given(
    size=st.integers(0, 5_000) | st.integers(60_000, 70_000) | st.integers(125_000, 140_000) | st.integers(0, 400_000)
)
def test_a_padded_envelope_has_the_size_of_a_bucket_and_the_smallest_that_holds_it(size: int) -> None:
    content = bytes(size)
    sealed = seal_padded(content, IDENTITY.recipient)
    assert open_padded(sealed, [IDENTITY]) == content
    assert bucket(len(sealed)) == len(sealed)
    smallest = bucket(sealed_size(size + 1))
    # A stored size that would leave a chunk of only a tag cannot be made; then the next bucket is taken.
    assert len(sealed) == smallest or plain_size(smallest) is None


def test_a_plain_size_is_the_inverse_of_the_sealed_size() -> None:
    for size in (1, 100, 65_535, 65_536, 65_537, 131_072, 131_073, 1_000_000):
        assert plain_size(sealed_size(size)) == size
    assert plain_size(sealed_size(65_536) + 16) is None
    assert plain_size(sealed_size(0)) is None
    assert plain_size(10) is None


@pytest.mark.parametrize("recipients", [1, 2, 40])
def test_the_sealed_size_holds_for_any_number_of_recipients(recipients: int) -> None:
    sealed = seal(b"abc", [Identity.generate().recipient for _ in range(recipients)])
    assert len(sealed) == sealed_size(3, recipients)


def test_unpadded_content_from_a_stranger_is_damage() -> None:
    with pytest.raises(Damaged):
        open_padded(seal(b"no padding", [IDENTITY.recipient]), [IDENTITY])
    assert open_sealed(seal_padded(b"x", IDENTITY.recipient), [IDENTITY]).startswith(b"x\x80\0")
