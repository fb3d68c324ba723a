"""Days in forms and tables: `2017-04-02`, as every browser sends them."""

from __future__ import annotations

from datetime import date

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
