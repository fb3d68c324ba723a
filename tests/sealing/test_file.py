"""Files beside a letter: whole chunks for the relay, the same bytes for the desk, little memory on the way."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kunak.sealing.age import Damaged, NotForYou, sealed_size
from kunak.sealing.file import STORED_CHUNK, FileOpener, FileSealer, TooLarge, chunks_of, padded_size


def sealed_file(plain: bytes, piece: int = 65_536) -> tuple[bytes, list[bytes]]:
    sealer, chunks = FileSealer(), list[bytes]()
    for at in range(0, len(plain), piece):
        chunks += sealer.update(plain[at : at + piece])
    chunks += sealer.finish()
    assert sealer.size == len(plain)
    return sealer.seed, chunks


def opened_file(seed: bytes, size: int, chunks: list[bytes]) -> bytes:
    opener = FileOpener(seed, size)
    return b"".join(opener.update(chunk) for chunk in chunks) + opener.finish()


@settings(max_examples=30, deadline=None)
@given(size=st.integers(0, 600_000), piece=st.integers(1_000, 300_000))
def test_a_file_comes_back_and_the_relay_sees_only_whole_chunks(size: int, piece: int) -> None:
    plain = secrets.token_bytes(size)
    seed, chunks = sealed_file(plain, piece)
    assert {len(chunk) for chunk in chunks} == {STORED_CHUNK}
    assert len(chunks) == chunks_of(size)
    assert opened_file(seed, size, chunks) == plain


@given(size=st.integers(0, 500_000_000))
def test_padding_a_file_to_whole_chunks_wastes_less_than_one(size: int) -> None:
    padded = padded_size(size)
    assert sealed_size(padded) % STORED_CHUNK == 0
    # Seventeen sizes in a chunk's 65,552 cannot be made exactly; then one more chunk is used.
    assert 0 <= padded - size < STORED_CHUNK + 65_552


def test_a_missing_swapped_or_foreign_chunk_is_noticed() -> None:
    seed, chunks = sealed_file(secrets.token_bytes(700_000))
    assert len(chunks) == 3
    for broken in (chunks[:2], [chunks[0], chunks[2], chunks[1]], [*chunks, chunks[2]], []):
        with pytest.raises(Damaged):
            opened_file(seed, 700_000, broken)
    with pytest.raises(NotForYou):
        opened_file(bytes(32), 700_000, chunks)


def test_a_size_that_is_not_the_files_is_noticed() -> None:
    seed, chunks = sealed_file(b"\1" * 1_000)
    for size in (999, 400_000):
        with pytest.raises(Damaged):
            opened_file(seed, size, chunks)


def test_a_file_above_the_limit_is_refused_before_it_is_read_whole() -> None:
    sealer = FileSealer(limit=100_000)
    list(sealer.update(bytes(100_000)))
    with pytest.raises(TooLarge):
        sealer.update(b"x")
