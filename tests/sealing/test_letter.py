"""Letters, replies and a mailbox's state: fitting their envelopes, proving themselves, one spelling."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunak.sealing.age import Damaged, Identity, NotForYou
from kunak.sealing.code import MailboxKeys
from kunak.sealing.letter import (
    STATE_SIZE,
    Contact,
    FileReference,
    First,
    Letter,
    MailboxState,
    Reply,
    SentLetter,
    Visit,
    decode_letter,
    encode_letter,
    first_letter_label,
    letter_label,
    open_letter,
    open_reply,
    open_state,
    proof,
    seal_letter,
    seal_reply,
    seal_state,
)
from kunak.sealing.padded import seal_padded
from kunak.sealing.signature import BadSignature, Purpose, SigningKey

KEYS = MailboxKeys.from_root(bytes(32))
WEEK = Identity.from_seed(b"w" * 32)
HELPLINE = SigningKey.from_seed(b"h" * 32)
FIRST = First(bytes(KEYS.identity.recipient), KEYS.letter_key)
KEY = st.binary(min_size=32, max_size=32)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
FILES = st.builds(FileReference, TEXT, st.integers(0, 2**40), KEY, TEXT, st.booleans())
LETTERS = st.builds(
    Letter,
    format=st.just(1),
    id=st.binary(min_size=16, max_size=16),
    mailbox=st.just(KEYS.mailbox),
    number=st.integers(1, 2**50),
    kind=st.sampled_from(["text", "contact", "forget"]),
    language=st.sampled_from(["ru", "en"]),
    text=TEXT,
    files=st.lists(FILES, max_size=3).map(tuple),
    contact=st.none() | st.builds(Contact, TEXT, TEXT, TEXT, TEXT, TEXT),
    first=st.none() | st.just(FIRST),
)


def first_letter(text: str) -> Letter:
    return Letter(1, bytes(16), KEYS.mailbox, 1, "text", "ru", text, (), None, FIRST)


def reply(text: str = "Мы с вами.") -> Reply:
    return Reply(1, bytes(16), KEYS.mailbox, 17_250, "text", text, None, (bytes(16),))


@pytest.mark.parametrize("text", ["a" * 1_024, "ж" * 512, "💚" * 256])
def test_a_first_letter_of_one_kibibyte_fits_into_the_smallest_envelope(text: str) -> None:
    assert len(text.encode()) == 1_024
    sealed = seal_letter(first_letter(text), KEYS.letter_key, WEEK.recipient)
    assert len(sealed) == 4_096
    assert open_letter(sealed, [WEEK]).letter.text == text


@given(letter=LETTERS)
def test_any_letter_comes_back_and_proves_that_the_holder_of_the_code_wrote_it(letter: Letter) -> None:
    received = open_letter(seal_letter(letter, KEYS.letter_key, WEEK.recipient), [WEEK])
    assert received.letter == letter
    assert received.proven(KEYS.letter_key)
    assert not received.proven(bytes(32))


def test_a_letter_is_for_the_key_of_its_week_only() -> None:
    sealed = seal_letter(first_letter("a"), KEYS.letter_key, WEEK.recipient)
    with pytest.raises(NotForYou):
        open_letter(sealed, [Identity.generate(), KEYS.identity])


def test_a_first_letter_whose_proof_is_by_another_key_is_damage() -> None:
    with pytest.raises(Damaged, match="proof"):
        decode_letter(encode_letter(first_letter("a"), bytes(32)))


def test_a_letter_spelled_in_another_way_is_refused() -> None:
    body = msgspec.msgpack.encode(msgspec.structs.replace(first_letter("a"), first=None))
    before_number = 1 + 1 + 18 + 18  # the array's head, the format, two ids with their heads
    assert body[before_number] == 1
    long_way = body[:before_number] + b"\xcd\x00\x01" + body[before_number + 1 :]  # the number 1 in three bytes
    assert msgspec.msgpack.decode(long_way, type=Letter) == msgspec.msgpack.decode(body, type=Letter)
    decode_letter(msgspec.msgpack.encode([body, proof(KEYS.letter_key, body)]))
    with pytest.raises(Damaged, match="one spelling"):
        decode_letter(msgspec.msgpack.encode([long_way, proof(KEYS.letter_key, long_way)]))


def test_what_is_no_letter_is_damage() -> None:
    whole = encode_letter(first_letter("a"), KEYS.letter_key)
    for broken in (b"", b"\x90", msgspec.msgpack.encode([b"", bytes(16)]), whole + b"\0", whole[:-1]):
        with pytest.raises(Damaged):
            decode_letter(broken)


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"number": 0},
        {"kind": "order"},
        {"id": b"short"},
        {"mailbox": bytes(17)},
        {"text": "x" * (1024 * 1024 + 1)},
    ],
)
def test_a_letter_outside_the_format_is_damage(change: dict[str, object]) -> None:
    letter = msgspec.structs.replace(Letter(1, bytes(16), KEYS.mailbox, 1, "text", "ru", "a"), **change)
    with pytest.raises(Damaged):
        decode_letter(encode_letter(letter, KEYS.letter_key))


def test_letters_stand_under_labels_that_nobody_else_can_connect() -> None:
    labels = {letter_label(key, number) for key in (KEYS.letter_key, bytes(32)) for number in range(1, 50)}
    assert len(labels) == 98
    assert first_letter_label(WEEK.recipient) not in labels
    assert first_letter_label(WEEK.recipient) != first_letter_label(KEYS.identity.recipient)


def test_a_reply_is_read_with_the_code_and_known_to_be_the_helplines() -> None:
    sealed = seal_reply(reply(), KEYS.identity.recipient, HELPLINE)
    assert open_reply(sealed, [KEYS.identity], [bytes(32), HELPLINE.public], KEYS.mailbox) == reply()


def test_a_reply_by_anybody_else_is_refused() -> None:
    officer = SigningKey.generate()
    with pytest.raises(BadSignature):
        open_reply(
            seal_reply(reply(), KEYS.identity.recipient, officer), [KEYS.identity], [HELPLINE.public], KEYS.mailbox
        )
    entry = HELPLINE.sign(Purpose.ENTRY, b"x") + b"x"
    with pytest.raises(BadSignature):
        open_reply(seal_padded(entry, KEYS.identity.recipient), [KEYS.identity], [HELPLINE.public], KEYS.mailbox)


def test_a_reply_to_somebody_else_does_not_pass_for_ones_own() -> None:
    sealed = seal_reply(msgspec.structs.replace(reply(), mailbox=bytes(16)), KEYS.identity.recipient, HELPLINE)
    with pytest.raises(BadSignature):
        open_reply(sealed, [KEYS.identity], [HELPLINE.public], KEYS.mailbox)


STATES = st.builds(
    MailboxState,
    letters_sent=st.integers(0, 2**50),
    write_to=st.none() | st.just(bytes(WEEK.recipient)),
    letters=st.lists(
        st.builds(SentLetter, st.binary(min_size=16, max_size=16), st.integers(0, 65_535), st.booleans()), max_size=20
    ).map(tuple),
    visits=st.lists(st.builds(Visit, st.integers(0, 65_535), st.integers(0, 65_535)), max_size=30).map(tuple),
    language=st.sampled_from(["ru", "en", "uk-UA"]),
)


@given(state=STATES)
def test_any_state_has_one_size_and_comes_back(state: MailboxState) -> None:
    sealed = seal_state(state, KEYS.state_key, KEYS.mailbox)
    assert len(sealed) == STATE_SIZE == 2_048
    assert open_state(sealed, KEYS.state_key, KEYS.mailbox) == state


def test_the_fullest_state_fits_and_only_the_last_letters_and_days_are_kept() -> None:
    state = MailboxState(
        letters_sent=2**50,
        write_to=bytes(WEEK.recipient),
        letters=tuple(SentLetter(bytes([number]) * 16, 65_535, seen=True) for number in range(40)),
        visits=tuple(Visit(65_535, number) for number in range(60_000, 60_050)),
        language="x" * 35,
    )
    kept = open_state(seal_state(state, KEYS.state_key, KEYS.mailbox), KEYS.state_key, KEYS.mailbox)
    assert (kept.letters, kept.visits) == (state.letters[-20:], state.visits[-30:])


def test_a_state_changed_anywhere_or_under_another_mailbox_is_damage() -> None:
    sealed = seal_state(MailboxState(), KEYS.state_key, KEYS.mailbox)
    for at in range(STATE_SIZE):
        with pytest.raises(Damaged):
            open_state(sealed[:at] + bytes([sealed[at] ^ 4]) + sealed[at + 1 :], KEYS.state_key, KEYS.mailbox)
    for key, mailbox, cut in (
        (bytes(32), KEYS.mailbox, 0),
        (KEYS.state_key, bytes(16), 0),
        (KEYS.state_key, KEYS.mailbox, 1),
    ):
        with pytest.raises(Damaged):
            open_state(sealed[cut:], key, mailbox)
