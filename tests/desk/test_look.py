"""Days and hours as helpers read them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from gettext import NullTranslations

import pytest

from kunak.desk.look import moment, size_of
from tests.house import SPRING_2017

WORDS = NullTranslations()
DAY = 86_400


@pytest.fixture(autouse=True)
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (SPRING_2017 + 60, "08:01"),
        (SPRING_2017 - DAY, "1 Apr, 08:00"),
        (SPRING_2017 - 200 * DAY, "14 Sep 2016"),
        (SPRING_2017 // DAY * DAY, "2 Apr"),
        ((SPRING_2017 // DAY - 1) * DAY, "1 Apr"),
        (0, ""),
    ],
)
def test_a_moment_is_said_as_shortly_as_it_is_clear_and_a_letter_has_no_hour(seconds: int, said: str) -> None:
    assert moment(seconds, SPRING_2017 + 3_600, WORDS) == said


def test_a_letters_day_is_the_relays_day_in_every_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    for zone in ("America/Los_Angeles", "Asia/Vladivostok"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert moment((SPRING_2017 // DAY - 1) * DAY, SPRING_2017, WORDS) == "1 Apr"


def test_sizes_are_said_in_the_unit_that_people_use() -> None:
    assert [size_of(size, WORDS) for size in (12, 240_000, 5_000_000)] == ["12 bytes", "234 KB", "4.8 MB"]
