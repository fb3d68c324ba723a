"""Days in forms: `2017-04-02`, as every browser sends them; and on pages: `2 April`, as people say them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kunak.frame.dates import long_day

if TYPE_CHECKING:
    from gettext import NullTranslations

EPOCH = date(1970, 1, 1)


def day_of(text: str) -> int | None:
    """Days since 1970-01-01; None if there is no date in the text."""
    try:
        return (date.fromisoformat(text.strip()) - EPOCH).days
    except ValueError:
        return None


def text_of(day: int | None) -> str:
    """The day as a form field wants it."""
    if day is None or not date.min.toordinal() <= EPOCH.toordinal() + day <= date.max.toordinal():
        return ""
    return date.fromordinal(EPOCH.toordinal() + day).isoformat()


def spoken_day(day: int, today: int, words: NullTranslations) -> str:
    """`2 April`; with its year only if that is another than today's."""
    said = text_of(day)
    if not said:
        return ""
    long = long_day(day, words)
    return long.replace(said[:4], "").strip(" ,.") if said[:4] == text_of(today)[:4] else long
