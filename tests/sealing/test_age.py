"""Sealing to a person: what goes in comes out, for the right key only, and whole only."""

from __future__ import annotations

import io
import secrets

import pytest

from kunak.sealing.age import Identity, NotForYou, Opener, open_sealed, open_stream, seal, seal_stream, sealed_size

SIZES = (0, 1, 1_000, 65_535, 65_536, 65_537, 131_072, 200_000)


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_opens_and_has_the_size_that_was_foretold(size: int) -> None:
    identity, plain = Identity.generate(), secrets.token_bytes(size)
    sealed = seal(plain, [identity.recipient])
    assert len(sealed) == sealed_size(size)
    assert open_sealed(sealed, [identity]) == plain


@pytest.mark.parametrize("size", SIZES)
def test_streams_and_pieces_give_the_same_as_whole_files(size: int) -> None:
    identity, plain = Identity.generate(), secrets.token_bytes(size)
    sealed, opened = io.BytesIO(), io.BytesIO()
    seal_stream(io.BytesIO(plain), sealed, [identity.recipient])
    assert open_sealed(sealed.getvalue(), [identity]) == plain
    open_stream(io.BytesIO(sealed.getvalue()), opened, [identity])
    assert opened.getvalue() == plain
    opener = Opener([identity])
    pieces = [opener.update(sealed.getvalue()[at : at + 777]) for at in range(0, len(sealed.getvalue()), 777)]
    assert b"".join(pieces) + opener.finish() == plain


def test_a_stranger_is_told_that_it_is_not_for_them() -> None:
    with pytest.raises(NotForYou):
        open_sealed(seal(b"a", [Identity.generate().recipient]), [Identity.generate()])
