"""The helpline's fold: whatever the order of arrival, the same tables."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kunak.helpline import events, register, whisper
from tests.helpline.folded import Folded, fact

BOXES = ["a1", "b2", "c3"]
KEYS = {box: box.encode() * 16 for box in BOXES}
LETTERS = [f"{box}-letter-{number}" for box in BOXES for number in (1, 2)]
ENTRIES = [f"{number:02x}" for number in range(24)]


def letter(
    mailbox: str, number: int, text: str = "Помогите", day: int = 17260, kind: str = "text", place: str = "week:2017-14"
) -> Any:
    keys = (b"recipient of " + mailbox.encode(), KEYS[mailbox]) if number == 1 else (None, None)
    body = events.LetterReceived(f"chosen {number}", mailbox, number, kind, "ru", text, [], None, day, *keys)
    return fact(f"{mailbox}-letter-{number}", body, compartment=place, author="", time=day * 86_400)


def entry(identifier: str, body: Any, where: str = "intake", author: str = "d1", time: int = 1_491_300_000) -> Any:
    return fact(identifier, body, compartment=where, author=author, time=time)


def brought(mailbox: str) -> events.MailboxBrought:
    return events.MailboxBrought(mailbox, b"recipient", b"key", "ru")


boxes = st.sampled_from(BOXES)
some_entries = st.lists(st.sampled_from(ENTRIES), max_size=3, unique=True)
some_letters = st.lists(st.sampled_from(LETTERS), max_size=3, unique=True)
bodies = st.one_of(
    st.builds(events.Answered, boxes, st.sampled_from(["m1", "m2"]), st.just("мы рядом"), st.just(""), some_letters),
    st.builds(events.Attended, boxes, some_letters),
    st.builds(events.SpamMarked, boxes, st.booleans(), some_entries),
    st.builds(events.Merged, boxes, boxes, st.booleans(), some_entries),
    st.builds(events.Taken, boxes, st.sampled_from(["d1", "d2", ""]), some_entries),
    st.builds(events.Remarked, boxes, st.just("кто берёт?")),
    st.builds(events.Called, boxes),
    st.builds(events.Dropped, boxes, some_letters),
    st.builds(events.Moved, boxes, st.sampled_from(["case1", "case2"]), some_letters),
    st.builds(brought, boxes),
    st.builds(
        events.LetterBrought,
        st.sampled_from(LETTERS),
        st.just("chosen 1"),
        boxes,
        st.just(1),
        st.just("text"),
        st.just("ru"),
        st.integers(17260, 17263),
        st.sampled_from(["я боюсь", "они приехали"]),
    ),
    st.builds(
        events.TalkBrought,
        st.sampled_from(ENTRIES),
        boxes,
        st.just("answer"),
        st.just("d1"),
        st.integers(1_491_000_000, 1_491_000_009),
        st.sampled_from(["ответ", "другой ответ"]),
        st.just("m1"),
    ),
    st.builds(events.WordingWritten, st.just("w1"), st.just("ru"), st.just("Мы получили"), st.just("…"), some_entries),
)
places = st.sampled_from(["intake", "case:case1", "case:case2"])


@st.composite
def histories(draw: st.DrawFn) -> list[Any]:
    written = draw(st.lists(st.tuples(places, bodies), max_size=12))
    facts = [
        entry(ENTRIES[at], body, where, f"d{at % 2}", 1_491_000_000 + at) for at, (where, body) in enumerate(written)
    ]
    facts += [letter(name[:2], int(name[-1]), day=17260 + at) for at, name in enumerate(LETTERS) if draw(st.booleans())]
    return facts


@settings(max_examples=200, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_and_any_repetition_fold_to_the_same_tables(
    facts: list[Any], chance: random.Random
) -> None:
    shuffled = facts + facts[: len(facts) // 2]
    chance.shuffle(shuffled)
    assert Folded(register, facts).dump() == Folded(register, shuffled).dump()


@dataclass
class Desk:
    """One desk's helpline."""

    folded: Folded

    def take(self, *facts: Any) -> None:
        self.folded.take(facts)

    @property
    def db(self) -> Any:
        return self.folded.db

    def state(self, mailbox: str) -> str:
        line = register.person_line(self.db, register.person_of(self.db, mailbox))
        return line.state if line else "none"

    def texts(self, mailbox: str) -> list[str | None]:
        return [each.text for each in register.read(self.db, mailbox).said]


@pytest.fixture
def desk() -> Desk:
    return Desk(Folded(register))


def test_a_person_is_new_then_waits_for_us_then_we_for_them(desk: Desk) -> None:
    desk.take(letter("a1", 1))
    assert desk.state("a1") == "new"
    desk.take(entry("e1", events.Answered("a1", "m1", "Мы рядом", seen=["a1-letter-1"])))
    assert desk.state("a1") == "them"
    desk.take(letter("a1", 2))
    assert desk.state("a1") == "us"
    desk.take(entry("e2", events.Attended("a1", ["a1-letter-2"])))
    assert desk.state("a1") == "them"


def test_an_answer_that_arrives_before_its_letter_still_answers_it(desk: Desk) -> None:
    desk.take(entry("e1", events.Answered("a1", "m1", "Мы рядом", seen=["a1-letter-1"])), letter("a1", 1))
    assert desk.state("a1") == "them"


def test_the_longest_wait_comes_first(desk: Desk) -> None:
    desk.take(letter("a1", 1, day=17263), letter("b2", 1, day=17261), letter("c3", 1, day=17262))
    assert [line.person for line in register.page(desk.db, register.Waiting.NEW)] == ["b2", "c3", "a1"]


def test_spam_leaves_the_inbox_and_comes_back_when_it_was_none(desk: Desk) -> None:
    desk.take(letter("a1", 1), entry("e1", events.SpamMarked("a1", True)))
    assert desk.state("a1") == "spam"
    desk.take(entry("e2", events.SpamMarked("a1", False, ["e1"])))
    assert desk.state("a1") == "new"


def test_when_helpers_disagree_on_spam_the_person_stays_in_the_inbox(desk: Desk) -> None:
    marks = [entry("e1", events.SpamMarked("a1", True)), entry("e2", events.SpamMarked("a1", False), author="d2")]
    desk.take(letter("a1", 1), *marks)
    assert desk.state("a1") == "new"
    assert len(register.read(desk.db, "a1").spam) == 2


def test_a_returning_person_is_one_line_and_one_conversation_and_can_be_parted_again(desk: Desk) -> None:
    desk.take(
        letter("a1", 1, "первое"),
        letter("c3", 1, "потерял код", day=17270),
        entry("e1", events.Merged("c3", "a1", True)),
    )
    assert [line.person for line in register.page(desk.db, register.Waiting.NEW)] == ["a1"]
    merged = register.read(desk.db, "c3")
    assert [each.text for each in merged.said] == ["первое", "потерял код"]
    assert merged.writable is not None
    assert merged.writable.mailbox == "c3"
    desk.take(entry("e2", events.Merged("a1", "c3", False, ["e1"])))
    assert {line.person for line in register.page(desk.db, register.Waiting.NEW)} == {"a1", "c3"}


def test_two_keys_for_one_mailbox_are_named_and_the_earlier_is_used(desk: Desk) -> None:
    body = events.LetterReceived("x", "a1", 1, "text", "ru", "это я", [], None, 17299, b"the relay's own", b"k")
    desk.take(letter("a1", 1), fact("forged", body, compartment="week:2017-14", author="", time=0))
    (mailbox,) = register.read(desk.db, "a1").mailboxes
    assert mailbox.disputed
    assert mailbox.recipient == b"recipient of a1"


def test_a_letter_in_a_case_waits_for_us_even_if_nobody_answered_before(desk: Desk) -> None:
    desk.take(letter("a1", 1), entry("e1", events.Moved("a1", "case1", [])))
    line = register.person_line(desk.db, "a1")
    assert line is not None
    assert (line.state, line.case) == ("us", "case1")


def test_nobody_brings_letters_into_the_inbox_who_does_not_write_in_a_case(desk: Desk) -> None:
    posed = events.LetterBrought("x", "c", "a1", 1, "text", "ru", 17260, "я заказчик")
    desk.take(entry("e1", posed))
    assert desk.texts("a1") == []
    desk.take(entry("e2", posed, "case:case1"))
    assert desk.texts("a1") == ["я заказчик"]


def test_when_a_case_is_opened_the_desks_that_do_not_hold_it_keep_no_word_of_the_person(desk: Desk) -> None:
    whisper_of = whisper.seal(KEYS["a1"], "он назвал улицу Каштановую")
    desk.take(
        letter("a1", 1, "моя улица Каштановая"),
        entry("e1", events.Remarked("a1", sealed=whisper_of)),
        entry("e2", events.Answered("a1", "m1", sealed=whisper.seal(KEYS["a1"], "мы знаем Каштановую"))),
    )
    assert set(desk.texts("a1")) == {"моя улица Каштановая", "он назвал улицу Каштановую", "мы знаем Каштановую"}
    desk.take(entry("e3", events.Moved("a1", "case1", ["a1-letter-1"])))
    assert desk.state("a1") == "none"
    assert desk.texts("a1") == [None, None]
    assert "Каштан" not in str(desk.folded.dump())
    assert desk.folded.vault_forgot == {"a1-letter-1"}


def test_who_holds_the_case_keeps_reading_it(desk: Desk) -> None:
    desk.take(letter("a1", 1, "моя улица Каштановая"), entry("e3", events.Moved("a1", "case1", ["a1-letter-1"])))
    copy = events.LetterBrought("a1-letter-1", "c", "a1", 1, "text", "ru", 17260, "моя улица Каштановая")
    desk.take(
        entry("e4", copy, "case:case1"),
        entry("e5", brought("a1"), "case:case1"),
        entry("e6", events.TalkBrought("e1", "a1", "remark", "d2", 5, "кто берёт?"), "case:case1"),
    )
    assert desk.state("a1") == "us"
    assert set(desk.texts("a1")) == {"моя улица Каштановая", "кто берёт?"}


def test_a_letter_that_was_forgotten_stays_forgotten_when_it_comes_again(desk: Desk) -> None:
    desk.take(entry("e1", events.Dropped("a1", ["a1-letter-1"])), letter("a1", 1, "реклама"))
    assert desk.texts("a1") == []
    assert desk.state("a1") == "none"


def test_a_whisper_opens_with_the_letter_key_only() -> None:
    sealed = whisper.seal(b"k" * 32, "тише")
    assert whisper.open_text(b"k" * 32, sealed) == "тише"
    assert whisper.open_text(b"x" * 32, sealed) is None
    assert whisper.open_text(b"k" * 32, sealed[:-8] + "AAAAAAA=") is None
    assert whisper.open_text(b"k" * 32, "не base64") is None
