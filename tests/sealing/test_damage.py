"""Whoever changes or cuts a sealed file is noticed, at every byte."""

from __future__ import annotations

import io
import secrets
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunak.sealing.age import Damaged, Identity, NotForYou, Opener, Sealer, open_sealed, open_stream, seal, seal_stream
from kunak.sealing.armor import Armored, Unarmored
from kunak.sealing.classic import ClassicIdentity, Passphrase
from kunak.sealing.failure import DamagedHeader, DamagedPayload

IDENTITY = Identity.from_seed(bytes(range(32)))


@pytest.mark.parametrize("size", [0, 1, 40])
def test_a_file_cut_anywhere_is_damaged(size: int) -> None:
    sealed = seal(secrets.token_bytes(size), [IDENTITY.recipient])
    for end in range(len(sealed)):
        with pytest.raises(Damaged):
            open_sealed(sealed[:end], [IDENTITY])


@pytest.mark.parametrize("bit", range(8))
def test_a_bit_flipped_anywhere_is_noticed(bit: int) -> None:
    sealed = seal(b"a letter", [IDENTITY.recipient])
    for at in range(len(sealed)):
        flipped = bytearray(sealed)
        flipped[at] ^= 1 << bit
        # A stanza's key or kind made another: then it is simply for nobody here. Never does it open.
        with pytest.raises((Damaged, NotForYou)):
            open_sealed(bytes(flipped), [IDENTITY])


def test_a_byte_more_at_the_end_is_noticed() -> None:
    for size in (0, 10, 65_536):
        with pytest.raises(DamagedPayload):
            open_sealed(seal(bytes(size), [IDENTITY.recipient]) + b"\0", [IDENTITY])


def test_a_file_cut_after_a_whole_chunk_is_damaged_although_every_chunk_is_genuine() -> None:
    sealed = seal(bytes(3 * 65_536), [IDENTITY.recipient])
    opened = io.BytesIO()
    with pytest.raises(DamagedPayload):
        open_stream(io.BytesIO(sealed[: -(65_536 + 16)]), opened, [IDENTITY])
    assert opened.getvalue() == bytes(2 * 65_536)


def test_two_chunks_that_changed_places_are_noticed() -> None:
    sealed = seal(secrets.token_bytes(3 * 65_536), [IDENTITY.recipient])
    start = len(sealed) - 3 * 65_552
    one, two, three = (sealed[a:b] for a, b in pairwise(range(start, len(sealed) + 1, 65_552)))
    with pytest.raises(DamagedPayload):
        open_sealed(sealed[:start] + two + one + three, [IDENTITY])


def test_the_payload_of_one_file_does_not_pass_under_the_header_of_another() -> None:
    one, two = seal(b"one", [IDENTITY.recipient]), seal(b"two", [IDENTITY.recipient])
    with pytest.raises(DamagedPayload):
        open_sealed(one[:-35] + two[-35:], [IDENTITY])


def test_a_recipient_added_to_a_sealed_file_is_noticed() -> None:
    sealed = seal(b"a", [IDENTITY.recipient])
    stranger = Identity.generate()
    at = sealed.index(b"\n---")
    stanza = seal(b"b", [stranger.recipient])
    added = stanza[stanza.index(b"\n->") : stanza.index(b"\n---")]
    with pytest.raises(Damaged):
        open_sealed(sealed[:at] + added + sealed[at:], [IDENTITY])


def test_a_header_without_end_is_refused_before_it_fills_the_memory() -> None:
    opener = Opener([IDENTITY])
    opener.update(b"age-encryption.org/v1\n-> ")
    for _ in range(31):
        assert opener.update(b"x" * 65_536) == b""
    with pytest.raises(DamagedHeader, match="does not end"):
        opener.update(b"x" * 65_536)


def test_what_is_no_age_file_is_refused_at_its_first_bytes() -> None:
    with pytest.raises(DamagedHeader):
        Opener([IDENTITY]).update(b"%PDF")


def test_a_passphrase_that_asks_for_gigabytes_is_refused() -> None:
    sealed = seal(b"a", [Passphrase("words", work=4)]).replace(b" 4\n", b" 23\n")
    with pytest.raises(DamagedHeader, match="more memory"):
        open_sealed(sealed, [Passphrase("words")])


def test_a_passphrase_stands_alone_when_sealing() -> None:
    with pytest.raises(DamagedHeader):
        Sealer([Passphrase("words", work=4), IDENTITY.recipient])


def test_a_wrong_passphrase_is_not_for_you() -> None:
    with pytest.raises(NotForYou):
        open_sealed(
            seal(b"a", [Passphrase("words", work=4)]), [Passphrase("other"), IDENTITY, ClassicIdentity.generate()]
        )


def test_armour_cut_or_changed_anywhere_is_noticed() -> None:
    armoured = io.BytesIO()
    writer = Armored(armoured)
    seal_stream(io.BytesIO(b"a letter"), writer, [IDENTITY.recipient])
    writer.close()
    text = armoured.getvalue()
    # The very last byte is the line feed after the last line: blank space there is forgiven.
    for end in range(len(text) - 1):
        with pytest.raises((Damaged, NotForYou)):
            open_stream(Unarmored(io.BytesIO(text[:end])), io.BytesIO(), [IDENTITY])
    for at in range(len(text) - 1):
        with pytest.raises((Damaged, NotForYou)):
            open_stream(Unarmored(io.BytesIO(text[:at] + b"!" + text[at + 1 :])), io.BytesIO(), [IDENTITY])


@given(
    plain=st.binary(max_size=300) | st.integers(0, 200_000).map(bytes),
    pieces=st.lists(st.integers(0, 70_000), max_size=12),
    others=st.integers(0, 3),
)
def test_any_content_in_any_pieces_for_any_number_of_people_comes_back(
    plain: bytes, pieces: list[int], others: int
) -> None:
    sealer = Sealer([*(Identity.generate().recipient for _ in range(others)), IDENTITY.recipient])
    out, at = [sealer.header()], 0
    for size in pieces:
        out.append(sealer.update(plain[at : at + size]))
        at += size
    sealed = b"".join([*out, sealer.update(plain[at:]), sealer.finish()])
    opener, opened, at = Opener([IDENTITY]), [], 0
    for size in reversed(pieces):
        opened.append(opener.update(sealed[at : at + size]))
        at += size
    assert b"".join([*opened, opener.update(sealed[at:]), opener.finish()]) == plain


@given(junk=st.binary(max_size=400))
def test_junk_is_never_more_than_damaged(junk: bytes) -> None:
    for start in (b"", b"age-encryption.org/v1\n", b"age-encryption.org/v1\n-> mlkem768x25519 "):
        with pytest.raises(Damaged):
            open_sealed(start + junk, [IDENTITY])
