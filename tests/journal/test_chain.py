"""Each numbered step of `chain.accept` has a test that breaks only that step."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from kunak.journal.chain import Chain, Expected, Refused, Standing, Writer, accept
from kunak.journal.entry import NO_PREVIOUS, Linked, chain_up, encode_batch, encode_body, entry_hash
from kunak.sealing.signature import Purpose, SigningKey

CASE = "case:00"
AUTHOR = "aa" * 16
KEY = SigningKey.from_seed(bytes(range(32)))
NOBODY = (0, bytes(32))


class Said(msgspec.Struct, frozen=True, tag="notes.said"):
    text: str


class Held:
    """An author's chain as a desk holds it."""

    def __init__(self) -> None:
        self.by_sequence: dict[int, list[bytes]] = {}
        self.chain = Chain(0, NO_PREVIOUS, lambda sequence: self.by_sequence.get(sequence, []))

    def take(self, content: bytes, writer: Writer | None = None, expected: Expected | None = None) -> list[Standing]:
        known = writer or Writer(KEY.public, member=True)
        _, judged, self.chain = accept(self.chain, content, expected or Expected(CASE, 0, AUTHOR), known, position=7)
        for each in judged:
            if each.standing is not Standing.KNOWN:
                self.by_sequence.setdefault(each.linked.entry.sequence, []).append(each.linked.hash)
        return [each.standing for each in judged]


def said(*texts: str, sequence: int = 1, previous: bytes = NO_PREVIOUS, author: str = AUTHOR) -> list[Linked]:
    return chain_up(CASE, author, sequence, previous, [(1_491_120_000, encode_body(Said(text))) for text in texts])


def content(entries: Sequence[Linked], *, compartment: str = CASE, epoch: int = 0, author: str = AUTHOR) -> bytes:
    batch = encode_batch(compartment, epoch, author, NOBODY, entries)
    return KEY.sign(Purpose.ENTRY, batch) + batch


def signed(batch: bytes) -> bytes:
    return KEY.sign(Purpose.ENTRY, batch) + batch


def test_what_is_in_order_is_accepted() -> None:
    held = Held()
    first = said("one", "two")
    assert held.take(content(first)) == [Standing.FOLLOWS, Standing.FOLLOWS]
    assert held.take(content(said("three", sequence=3, previous=first[-1].hash))) == [Standing.FOLLOWS]
    assert held.chain.top == 3


@pytest.mark.parametrize(
    "respell",
    [
        pytest.param(lambda b: b.replace(b'"v":1,', b'"v": 1,'), id="a space"),
        pytest.param(lambda b: b.replace(b'{"v":1,"compartment":"case:00"', b'{"compartment":"case:00","v":1'), id="order of keys"),
        pytest.param(lambda b: b.replace(b'"case:00"', b'"case:\\u00300"'), id="an escaped letter"),
        pytest.param(lambda b: b.replace(b'"epoch":0', b'"epoch":0,"extra":1'), id="a key more"),
        pytest.param(lambda b: b.replace(b'"sequence":1,', b'"sequence":1, '), id="a space inside an entry"),
        pytest.param(lambda b: b.replace(b'"author":"aa', b'"author":"AA'), id="an id in capitals"),
        pytest.param(lambda b: b.replace(b'"v":1', b'"v":2'), id="another version"),
        pytest.param(lambda b: b[:-1], id="cut short"),
        pytest.param(lambda b: b + b" ", id="something after it"),
        pytest.param(lambda b: b.replace(b'"type":"notes.said",', b""), id="a body that does not say what it is"),
        pytest.param(lambda b: b[: b.index(b'"entries":')] + b'"entries":[]}', id="no entries"),
    ],
)  # fmt: skip
def test_step_1_bytes_in_another_spelling_are_refused(respell: object) -> None:
    assert callable(respell)
    batch = content(said("one"))[64:]
    respelled = respell(batch)
    assert respelled != batch
    with pytest.raises(Refused) as refused:
        Held().take(signed(respelled))
    assert refused.value.step == 1


@pytest.mark.parametrize(
    "writer",
    [
        pytest.param(Writer(None, member=True), id="nobody whom the roster knows"),
        pytest.param(Writer(KEY.public, member=False), id="no member of this compartment"),
        pytest.param(Writer(KEY.public, member=True, revoked_at=7), id="revoked at this position"),
        pytest.param(Writer(KEY.public, member=True, revoked_at=3), id="revoked before"),
    ],
)
def test_step_2_who_may_not_write_is_refused(writer: Writer) -> None:
    with pytest.raises(Refused) as refused:
        Held().take(content(said("one")), writer)
    assert refused.value.step == 2


def test_step_2_what_was_written_before_a_revocation_remains_true() -> None:
    assert Held().take(content(said("one")), Writer(KEY.public, member=True, revoked_at=8)) == [Standing.FOLLOWS]


@pytest.mark.parametrize("place", [0, 31, 32, 63])
def test_step_3_a_signature_with_one_flipped_bit_is_refused(place: int) -> None:
    broken = bytearray(content(said("one")))
    broken[place] ^= 1
    with pytest.raises(Refused) as refused:
        Held().take(bytes(broken))
    assert refused.value.step == 3


def test_step_3_a_signature_for_another_purpose_is_refused() -> None:
    batch = content(said("one"))[64:]
    with pytest.raises(Refused) as refused:
        Held().take(KEY.sign(Purpose.REPLY, batch) + batch)
    assert refused.value.step == 3


def test_step_3_another_members_signature_is_refused() -> None:
    batch = content(said("one"))[64:]
    with pytest.raises(Refused) as refused:
        Held().take(SigningKey.generate().sign(Purpose.ENTRY, batch) + batch)
    assert refused.value.step == 3


@pytest.mark.parametrize(
    "elsewhere", [Expected("case:01", 0, AUTHOR), Expected(CASE, 1, AUTHOR), Expected(CASE, 0, "bb" * 16)]
)
def test_step_4_entries_signed_for_another_place_are_refused(elsewhere: Expected) -> None:
    with pytest.raises(Refused) as refused:
        Held().take(content(said("one")), expected=elsewhere)
    assert refused.value.step == 4


def test_step_5_a_gap_is_noticed_and_what_comes_after_it_is_shown() -> None:
    held = Held()
    entries = said("one", "two", "three", "four")
    assert held.take(content(entries[:1])) == [Standing.FOLLOWS]
    assert held.take(content(entries[3:])) == [Standing.AFTER_GAP]
    assert held.take(content(entries[1:3])) == [Standing.FOLLOWS, Standing.FOLLOWS]
    assert held.chain.top == 4


def test_step_6_a_second_entry_in_the_place_of_a_known_one_is_a_fork() -> None:
    held = Held()
    held.take(content(said("one", "two")))
    other = said("one", "otherwise")
    assert held.take(content(other)) == [Standing.KNOWN, Standing.FORK]
    assert held.chain.top == 2


def test_step_6_a_first_entry_that_names_a_previous_one_is_a_fork() -> None:
    assert Held().take(content(said("one", previous=b"x" * 32))) == [Standing.FORK]


def test_step_6_an_entry_that_follows_something_else_than_ours_is_a_fork() -> None:
    held = Held()
    held.take(content(said("one")))
    assert held.take(content(said("two", sequence=2, previous=b"x" * 32))) == [Standing.FORK]


def test_the_same_entries_again_are_known() -> None:
    held = Held()
    entries = said("one", "two")
    held.take(content(entries))
    assert held.take(content(entries)) == [Standing.KNOWN, Standing.KNOWN]


def test_an_entrys_hash_depends_on_compartment_author_and_every_byte() -> None:
    raw = said("one")[0].raw
    hashes = {
        entry_hash(CASE, AUTHOR, raw),
        entry_hash("case:01", AUTHOR, raw),
        entry_hash(CASE, "bb" * 16, raw),
        entry_hash(CASE, AUTHOR, raw + b" "),
    }
    assert len(hashes) == 4
