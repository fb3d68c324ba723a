"""Days as people write them. Nothing here knows an hour: the relay keeps days only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from gettext import NullTranslations

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECONDS_A_DAY = 86_400


def day_of(seconds: float) -> int:
    """Days since 1970-01-01 UTC, of seconds since then."""
    return int(seconds // SECONDS_A_DAY)


def long_day(day: int, words: NullTranslations) -> str:
    """`23 November 2026`, in the language of the words; the month as it is written inside a date (ru: genitive)."""
    months = (
        words.pgettext("month inside a date", "January"),
        words.pgettext("month inside a date", "February"),
        words.pgettext("month inside a date", "March"),
        words.pgettext("month inside a date", "April"),
        words.pgettext("month inside a date", "May"),
        words.pgettext("month inside a date", "June"),
        words.pgettext("month inside a date", "July"),
        words.pgettext("month inside a date", "August"),
        words.pgettext("month inside a date", "September"),
        words.pgettext("month inside a date", "October"),
        words.pgettext("month inside a date", "November"),
        words.pgettext("month inside a date", "December"),
    )
    date = EPOCH + timedelta(days=day)
    return words.pgettext("a date", "{day} {month} {year}").format(
        day=date.day, month=months[date.month - 1], year=date.year
    )
