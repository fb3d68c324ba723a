"""The brain of check-ins: phrases, expected times, alarms that grow louder."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunak.journeys.carrying import checkin
from kunak.journeys.carrying.checkin import HOUR, Heard, Level, Watch

GOOD, BAD = "Тётя Валя передаёт привет", "Соседи опять шумели ночью"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD, "ordinary"),
        ("тетя валя, передает привет!!!", "ordinary"),
        ("  ТЁТЯ ВАЛЯ ПЕРЕДАЁТ\nПРИВЕТ  ", "ordinary"),
        ("Здравствуйте. Тетя Вала передает превет. Целую", "ordinary"),
        (BAD, "duress"),
        ("сосди опять шумели ночю", "duress"),
        (f"{GOOD}. {BAD}.", "duress"),
        ("Соседи уехали, тётя Валя заболела", ""),
        ("Привет", ""),
        ("", ""),
        ("😀", ""),
    ],
)
def test_a_letter_is_understood_through_slips(text: str, said: str) -> None:
    assert checkin.understood(text, GOOD, BAD) == said


@given(st.randoms(use_true_random=False), st.sampled_from([(GOOD, "ordinary"), (BAD, "duress")]), st.integers(1, 3))
def test_up_to_three_slips_change_nothing(dice: random.Random, phrase: tuple[str, str], slips: int) -> None:
    text, said = phrase
    letters = list(text)
    for _ in range(slips):
        at = dice.randrange(len(letters))
        match dice.randrange(3):
            case 0:
                letters[at] = dice.choice("абвгдж")
            case 1:
                letters.insert(at, dice.choice("абвгдж"))
            case _:
                del letters[at]
    assert checkin.understood("".join(letters), GOOD, BAD) == said


@given(st.text(alphabet="абвеёй ,.!", min_size=6, max_size=30), st.text(alphabet="абвеёй ,.!", min_size=6, max_size=30))
def test_phrases_that_can_be_agreed_are_never_mistaken_for_each_other(one: str, other: str) -> None:
    if not checkin.clash(one, other):
        assert checkin.understood(one, one, other) == "ordinary"
        assert checkin.understood(other, one, other) == "duress"


def test_phrases_that_are_short_or_alike_cannot_be_agreed() -> None:
    assert checkin.clash("да", "нет") == "short"
    assert checkin.clash("всё в порядке", "все в порядке!") == "alike"
    assert checkin.clash(GOOD, GOOD.replace("привет", "приветы")) == "alike"
    assert checkin.clash(GOOD, BAD) == ""


DUE = 1_000_000
DAILY = Watch("w", DUE, HOUR, 24 * HOUR)
ONCE = Watch("w", DUE, HOUR)


def test_a_check_in_is_missed_only_after_its_grace_and_a_complete_sync() -> None:
    late = DUE + HOUR
    assert not checkin.judge(ONCE, [], late - 1, late - 1).missed
    assert not checkin.judge(ONCE, [], late - 1, late - 1).unknown
    assert checkin.judge(ONCE, [], late, late).missed == [DUE]
    # Offline since before: neither an alarm nor silence.
    for synced in (None, DUE, late - 1):
        judged = checkin.judge(ONCE, [], late + 9 * HOUR, synced)
        assert (judged.missed, judged.unknown) == ([], [DUE])


def test_a_word_counts_once_and_for_the_time_that_it_can_mean() -> None:
    now = DUE + 24 * HOUR + HOUR
    assert checkin.judge(DAILY, [Heard(DUE, DUE + 60)], now, now).missed == [DUE + 24 * HOUR]
    assert not checkin.judge(DAILY, [Heard(DUE, DUE + 60), Heard(now - 90, now - 30)], now, now).missed
    # A whole day's uncertainty is no alarm, and still answers for one time only.
    day = Heard(DUE - 3 * HOUR, DUE + 21 * HOUR)
    assert checkin.judge(DAILY, [day], now, now).missed == [DUE + 24 * HOUR]
    # Too late is late, far too early was something else.
    assert checkin.judge(ONCE, [Heard(DUE + HOUR + 1, DUE + 2 * HOUR)], now, now).missed == [DUE]
    assert checkin.judge(ONCE, [Heard(DUE - 30 * HOUR, DUE - 20 * HOUR)], now, now).missed == [DUE]


def test_clocks_that_jump_raise_and_hide_nothing() -> None:
    # Forward: the relay refuses such a clock, so that no sync is had.
    assert not checkin.judge(ONCE, [], DUE + 400 * 24 * HOUR, DUE - HOUR).missed
    # Back: what a sync has shown once stays shown.
    assert checkin.judge(ONCE, [], DUE - 400 * 24 * HOUR, DUE + 2 * HOUR).missed == [DUE]


def test_nothing_is_expected_before_it_was_agreed_or_after_its_end() -> None:
    agreed = Watch("w", DUE, HOUR, 24 * HOUR, DUE + 50 * HOUR, since=DUE + 1)
    assert checkin.expected(agreed, DUE + 1_000 * HOUR) == [DUE + 24 * HOUR, DUE + 48 * HOUR]
    assert checkin.following(agreed, DUE + 1_000 * HOUR) is None
    assert checkin.following(ONCE, DUE - 5) == DUE
    assert checkin.following(ONCE, DUE + 2 * HOUR) is None
    assert checkin.following(DAILY, DUE + 2 * HOUR) == DUE + 24 * HOUR


@given(
    st.lists(st.tuples(st.integers(-50, 900), st.integers(0, 40)), max_size=8),
    st.integers(0, 900),
    st.one_of(st.none(), st.integers(-10, 900)),
)
def test_every_time_is_kept_missed_unknown_or_still_open(
    came: list[tuple[int, int]], now: int, synced: int | None
) -> None:
    watch = Watch("w", 0, 5, 100, since=0)
    heard = [Heard(after, after + wide) for after, wide in came]
    judged = checkin.judge(watch, heard, now, synced)
    assert not set(judged.missed) & set(judged.unknown)
    seen = max(now, synced or 0)
    for due in judged.missed:
        assert synced is not None
        assert synced >= due + 5
    for due in judged.unknown:
        assert seen >= due + 5
    over = [due for due in checkin.expected(watch, seen) if due + 5 <= seen]
    assert len(over) - len(judged.missed) - len(judged.unknown) <= len(heard)
    # A sync more never turns a kept time into a missed one that no word could have been.
    assert set(judged.missed) <= set(checkin.judge(watch, heard, now, seen).missed)


def test_an_alarm_grows_louder_unless_somebody_sees_to_it() -> None:
    level = checkin.level
    assert level("missed", 0, 60, None) is Level.QUIET
    assert level("missed", 0, HOUR // 2, None) is Level.SHOWN
    assert level("missed", 0, 2 * HOUR, None) is Level.LOUD
    assert level("duress", 0, 0, None) is level("carrier", 0, 0, None) is Level.LOUD
    assert level("duress", 0, 60, 30) is Level.SHOWN
    assert level("missed", 0, 3 * HOUR, 2 * HOUR) is Level.SHOWN
    assert level("missed", 0, 4 * HOUR, 2 * HOUR) is Level.LOUD
    # A clock that went back makes nothing silent.
    assert level("duress", 9 * HOUR, 0, None) is Level.LOUD


def test_two_different_helpers_close_and_two_devices_of_one_do_not() -> None:
    assert checkin.closed_by([("Birch", True), ("Birch", True)]) == ["Birch"]
    assert checkin.closed_by([("Birch", True), ("Elder", False), ("Aspen", True)]) == ["Birch", "Aspen"]


def test_two_desks_name_one_alarm_alike_and_two_apart() -> None:
    assert checkin.alarm_id("places", "missed", "w 1") == checkin.alarm_id("places", "missed", "w 1")
    names = {checkin.alarm_id(*each) for each in [("a", "b", "c"), ("a", "bc", ""), ("ab", "c", ""), ("a", "b", "d")]}
    assert len(names) == 4
