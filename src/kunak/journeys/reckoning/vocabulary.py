"""Words for what scenarios name by short marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kunak.frame.words import mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ZONES = (
    ("danger", mark("in the danger zone")),
    ("inside", mark("inside the country")),
    ("near_abroad", mark("near abroad")),
    ("abroad", mark("abroad")),
)
KINDS = (
    ("home", mark("home")),
    ("transit", mark("way station")),
    ("shelter", mark("flat")),
    ("haven", mark("haven")),
)
MAKEUPS = (("women", mark("women")), ("men", mark("men")), ("mixed", mark("women and men")))
SERVICES = (
    ("child", mark("children can stay")),
    ("medical", mark("a doctor")),
    ("psychologist", mark("a psychologist")),
    ("step_free", mark("no steps")),
)
DOCUMENTS = (
    ("internal_passport", mark("internal passport")),
    ("foreign_passport", mark("foreign passport")),
)
MODES = (
    ("car", mark("car")),
    ("taxi", mark("taxi")),
    ("bus", mark("bus")),
    ("train", mark("train")),
    ("plane", mark("plane")),
    ("ferry", mark("ferry")),
    ("foot", mark("on foot")),
)
# Every short mark that has words of its own; what has none is shown as it is.
WORDS = dict((*ZONES, *KINDS, *MAKEUPS, *SERVICES, *DOCUMENTS, *MODES))

VISA = mark("visa {country}")
_VISA = "visa_"


def spoken(name: str, gettext: Callable[[str], str]) -> str:
    """A short mark in words; `visa_DE` is a visa of a country; what is neither is what helpers called it."""
    if name in WORDS:
        return gettext(WORDS[name])
    return gettext(VISA).format(country=name.removeprefix(_VISA)) if name.startswith(_VISA) else name


def marks_of(languages: Iterable[Callable[[str], str]]) -> Callable[[str], str]:
    """The other way round, for documents: the mark of what somebody typed in any of these languages; else what was typed."""
    known: dict[str, str] = {}
    visas = []
    for gettext in languages:
        known |= {gettext(text).casefold(): name for name, text in DOCUMENTS}
        before, _, after = gettext(VISA).partition("{country}")
        visas.append(re.compile(f"{re.escape(before)}(.+){re.escape(after)}", re.IGNORECASE))

    def mark_of(text: str) -> str:
        words = " ".join(text.split())
        if (name := known.get(words.casefold())) is not None:
            return name
        country = next((found[1] for each in visas if (found := each.fullmatch(words))), None)
        return text if country is None else f"{_VISA}{country}"

    return mark_of
