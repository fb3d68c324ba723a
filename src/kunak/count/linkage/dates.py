"""Dates and ages as lists write them: partly, in words of any language, with day and month in doubt."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

Months = Mapping[str, Sequence[str]]

_NUMBERS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_AGE = re.compile(r"(?<!\d)(\d{1,3})(?!\d)")
_SPAN = re.compile(r"(?<!\d)(\d{1,2})\s*[-–—]\s*(\d{1,2})(?!\d)")
_ROMAN_MONTH = re.compile(r"(?<=\d)[\s./-]*\b(I{1,3}|IV|VI{0,3}|I?X|XI{1,2})\b[\s./-]*(?=\d)", re.IGNORECASE)
_ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}
_SHORT_YEAR = re.compile(r"^\D*(\d{1,2})[./-](\d{1,2})[./-](\d{2})(?!\d)")
# 20170305 and 05032017: the year first only where a month follows, so that 20032017 is the 20th of March
_YEAR_FIRST = re.compile(r"^\D*((?:1[89]|20)\d\d)(0[1-9]|1[0-2])(\d\d)\D*$")
_YEAR_LAST = re.compile(r"^\D*(\d\d)(\d\d)((?:1[89]|20)\d\d)\D*$")
_THIS_CENTURY = 40  # 39 is 2039, 40 is 1940: these lists are of our time
_OLDEST, _EARLIEST, _LATEST = 115, 1850, 2100


class ImpossibleDate(ValueError):
    """No calendar has this date."""


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is known; 0 stands for what is not."""

    year: int = 0
    month: int = 0
    day: int = 0

    def ordinal(self) -> int:
        """Days since the beginning, 0 if the date is not complete."""
        return dt.date(self.year, self.month, self.day).toordinal() if self.day else 0


UNKNOWN = Day()


def read_day(text: str, months: Months) -> Day:
    """The day that a text means. Raises ImpossibleDate for a date that no calendar has."""
    return _read_day(text.strip(), _Key(months)) if text.strip() else UNKNOWN


class _Key:
    """Lets the cache hold the table of months, which is always the same one."""

    def __init__(self, months: Months) -> None:
        self.months = months

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key)


@lru_cache(maxsize=500_000)
def _read_day(text: str, key: _Key) -> Day:
    text = _in_full(text)
    numbers = _NUMBERS.findall(text)
    years = [n for n in numbers if len(n) == 4]  # noqa: PLR2004 - a year
    small = [int(n) for n in numbers if len(n) <= 2]  # noqa: PLR2004 - a day or a month
    month = _month(text, key.months)
    if not years:
        return UNKNOWN
    year = int(years[0])
    if not _EARLIEST <= year <= _LATEST:
        raise ImpossibleDate(text)
    if month:
        return _checked(text, year, month, small[0] if small else 0)
    if not small:
        return Day(year)
    if len(small) == 1:
        return _checked(text, year, small[0], 0)
    first, second = small[:2]
    day, month = (second, first) if numbers[0] == years[0] else (first, second)
    if month > 12 >= day:  # noqa: PLR2004 - the writer put the month where we expect the day
        day, month = month, day
    return _checked(text, year, month, day)


def _in_full(text: str) -> str:
    """The same date with its month as a number and its year in four digits: 5.III.17 is 5.3.2017."""
    text = _YEAR_LAST.sub(r"\1.\2.\3", _YEAR_FIRST.sub(r"\1-\2-\3", text))
    text = _ROMAN_MONTH.sub(lambda found: f".{_ROMAN[found.group(1).lower()]}.", text)
    short = _SHORT_YEAR.match(text)
    if not short:
        return text
    day, month, year = (int(part) for part in short.groups())
    return f"{day}.{month}.{year + (2000 if year < _THIS_CENTURY else 1900)}"


def _checked(text: str, year: int, month: int, day: int) -> Day:
    try:
        dt.date(year, month, day or 1)
    except ValueError as error:
        raise ImpossibleDate(text) from error
    return Day(year, month, day)


def _month(text: str, months: Months) -> int:
    for word in _WORD.findall(text.lower()):
        for number, beginnings in months.items():
            for start in beginnings:
                if word == start[:-1] if start.endswith("$") else word.startswith(start):
                    return int(number)
    return 0


def read_birth_year(text: str) -> int:
    """The year of birth, 0 if there is none to be read."""
    found = _YEAR.search(text)
    return int(found.group(1)) if found else 0


def read_age(text: str) -> int:
    """The age in years, the middle of a span, -1 if there is none to be read."""
    if span := _SPAN.search(text):
        return (int(span.group(1)) + int(span.group(2))) // 2
    found = _AGE.search(text)
    return int(found.group(1)) if found and int(found.group(1)) <= _OLDEST else -1
