"""Envelopes inside a compartment: for members only, under their own label only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunak.sealing.age import Damaged
from kunak.sealing.compartment import (
    AgreementKey,
    identity_of,
    label,
    label_key,
    new_secret,
    open_envelope,
    pair_label_key,
    reply_key_of,
    seal_envelope,
)
from kunak.sealing.padding import bucket
from kunak.sealing.signature import BadSignature, Purpose, SigningKey, verify

SECRET, LABEL = bytes(range(32)), bytes(range(16))


@given(content=st.binary(max_size=20_000))
def test_an_envelope_opens_for_members_and_has_the_size_of_a_bucket(content: bytes) -> None:
    sealed = seal_envelope(SECRET, LABEL, content)
    assert open_envelope(SECRET, LABEL, sealed) == content
    assert len(sealed) == bucket(len(content) + 33)


def test_the_same_content_is_never_sealed_to_the_same_bytes() -> None:
    assert len({seal_envelope(SECRET, LABEL, b"a") for _ in range(20)}) == 20


def test_another_secret_or_another_label_opens_nothing() -> None:
    sealed = seal_envelope(SECRET, LABEL, b"a")
    for secret, other in ((new_secret(), LABEL), (SECRET, bytes(16))):
        with pytest.raises(Damaged):
            open_envelope(secret, other, sealed)


def test_an_envelope_changed_or_cut_anywhere_is_damage() -> None:
    sealed = seal_envelope(SECRET, LABEL, b"a")
    for at in range(len(sealed)):
        with pytest.raises(Damaged):
            open_envelope(SECRET, LABEL, sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])
    for end in range(0, len(sealed), 7):
        with pytest.raises(Damaged):
            open_envelope(SECRET, LABEL, sealed[:end])


@given(numbers=st.sets(st.integers(0, 2**64 - 1), min_size=2, max_size=5))
def test_labels_differ_by_author_number_and_compartment(numbers: set[int]) -> None:
    keys = [label_key(SECRET), label_key(bytes(32))]
    labels = {label(key, author, number) for key in keys for author in (bytes(16), LABEL) for number in numbers}
    assert len(labels) == 4 * len(numbers)
    assert {len(one) for one in labels} == {16}


def test_no_key_of_a_compartment_is_another() -> None:
    found = {SECRET, label_key(SECRET), identity_of(SECRET).seed, reply_key_of(SECRET).seed}
    assert len(found) == 4


def test_a_pair_has_one_label_key_for_each_direction() -> None:
    one, two = AgreementKey.generate(), AgreementKey.generate()
    there = pair_label_key(one, two.public, b"1" * 16, b"2" * 16)
    assert there == pair_label_key(two, one.public, b"1" * 16, b"2" * 16)
    assert there != pair_label_key(one, two.public, b"2" * 16, b"1" * 16)


def test_an_agreement_key_that_everybody_could_guess_is_refused() -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the library words it
        pair_label_key(AgreementKey.generate(), bytes(32), bytes(16), bytes(16))


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_signature_for_one_purpose_is_worth_nothing_for_another(purpose: Purpose) -> None:
    key = SigningKey.generate()
    signature = key.sign(purpose, b"message")
    verify(key.public, purpose, b"message", signature)
    for other in set(Purpose) - {purpose}:
        with pytest.raises(BadSignature):
            verify(key.public, other, b"message", signature)


def test_a_signature_holds_for_these_bytes_and_this_key_only() -> None:
    key = SigningKey.from_seed(SECRET)
    signature = key.sign(Purpose.ENTRY, b"message")
    wrong = [
        (key.public, b"messagf", signature),
        (SigningKey.generate().public, b"message", signature),
        (key.public, b"message", signature[:-1]),
        (key.public, b"message", b""),
        (b"", b"message", signature),
        *(
            (key.public, b"message", signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :])
            for at in range(64)
        ),
    ]
    for public, message, broken in wrong:
        with pytest.raises(BadSignature):
            verify(public, Purpose.ENTRY, message, broken)


def test_no_secret_shows_itself_when_it_is_printed() -> None:
    key, agreement, identity = SigningKey.from_seed(SECRET), AgreementKey.from_seed(SECRET), identity_of(SECRET)
    assert [repr(one) for one in (key, agreement, identity)] == ["SigningKey(…)", "AgreementKey(…)", "Identity(…)"]
