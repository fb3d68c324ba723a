"""How the desk's pages look and speak: the frame with the desk's style, its clock, and what stands on top of every page."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kunak.frame.dates import long_day
from kunak.frame.render import Frame

if TYPE_CHECKING:
    from collections.abc import Callable
    from gettext import NullTranslations

    from jinja2 import Environment
    from starlette.requests import Request

ROOMS = ("desk", "helpline", "cases", "journeys")
STEP = 1_024
DAY = 86_400
EPOCH = date(1970, 1, 1)


class Look(Frame):
    """`clock`: Unix seconds. `status` is asked for each page (desk/status.py); None while the desk is locked."""

    def __init__(self, clock: Callable[[], float], cookie: str) -> None:
        self._clock = clock
        self._cookie = cookie
        self.status: Callable[[Request], object] | None = None
        super().__init__(*ROOMS, look="frame/desk.css")

    def _environment(self, language: str) -> Environment:
        environment = super()._environment(language)
        words = self.words[language]
        environment.filters["day"] = lru_cache(maxsize=4_096)(lambda day: long_day(day, words))
        environment.filters["moment"] = lambda seconds: moment(seconds, self._clock(), words)
        environment.filters["size"] = lambda size: size_of(size, words)
        return environment

    def language(self, request: Request) -> str:
        """The language that this helper chose; else the browser's."""
        chosen = request.cookies.get(self._cookie, "")
        return chosen if chosen in self.words else super().language(request)

    def text(self, template: str, request: Request, **context: Any) -> str:
        if "status" not in context and self.status is not None:
            context["status"] = self.status(request)
        return super().text(template, request, **context)


def moment(seconds: float, now: float, words: NullTranslations) -> str:
    """`14:05` today, `23 Nov, 14:05` this year, `23 Nov 2025` before, by the clock of the helper's machine."""
    if not seconds:
        return ""
    # A letter has a day only, as the relay keeps it: midnight UTC stands for that, in whatever zone the helper is.
    dateless = seconds % DAY == 0
    zone = UTC if dateless else None
    then, present = (datetime.fromtimestamp(each, UTC).astimezone(zone) for each in (seconds, now))
    if then.date() == present.date() and not dateless:
        return f"{then:%H:%M}"
    day, month, year = _parts((then.date() - EPOCH).days, words)
    if then.year == present.year:
        return f"{day} {month}" if dateless else f"{day} {month}, {then:%H:%M}"
    return f"{day} {month} {year}"


@lru_cache(maxsize=4_096)
def _parts(day: int, words: NullTranslations) -> tuple[str, str, str]:
    """Day, the month's first three letters out of the long date, year. Kept: a list shows fifty dates of few days."""
    then = EPOCH + timedelta(days=day)
    month = long_day(day, words).replace(str(then.year), "").replace(str(then.day), "").strip(" ,.")
    return str(then.day), month[:3], str(then.year)


def size_of(size: int, words: NullTranslations) -> str:
    """A file's size as people read it."""
    if size < STEP:
        return words.gettext("{size} bytes").format(size=size)
    if size < STEP * STEP:
        return words.gettext("{size} KB").format(size=round(size / STEP))
    return words.gettext("{size} MB").format(size=round(size / STEP / STEP, 1))
