"""Days as people write them. Nothing here knows an hour: the relay keeps days only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECONDS_A_DAY = 86_400
# One look into the catalogue for each date, not twelve: a page may show a thousand of them.
_MONTHS: tuple[Callable[[NullTranslations], str], ...] = (
    lambda words: words.pgettext("month inside a date", "January"),
    lambda words: words.pgettext("month inside a date", "February"),
    lambda words: words.pgettext("month inside a date", "March"),
    lambda words: words.pgettext("month inside a date", "April"),
    lambda words: words.pgettext("month inside a date", "May"),
    lambda words: words.pgettext("month inside a date", "June"),
    lambda words: words.pgettext("month inside a date", "July"),
    lambda words: words.pgettext("month inside a date", "August"),
    lambda words: words.pgettext("month inside a date", "September"),
    lambda words: words.pgettext("month inside a date", "October"),
    lambda words: words.pgettext("month inside a date", "November"),
    lambda words: words.pgettext("month inside a date", "December"),
)


def day_of(seconds: float) -> int:
    """Days since 1970-01-01 UTC, of seconds since then."""
    return int(seconds // SECONDS_A_DAY)


def long_day(day: int, words: NullTranslations) -> str:
    """`23 November 2026`, in the language of the words; the month as it is written inside a date (ru: genitive)."""
    date = EPOCH + timedelta(days=day)
    return words.pgettext("a date", "{day} {month} {year}").format(
        day=date.day, month=_MONTHS[date.month - 1](words), year=date.year
    )
