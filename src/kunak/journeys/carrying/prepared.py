"""Words prepared for whoever has a part in a step: its facts, in the reader's language. No name, no case, nothing of another step.

The agreed phrases never stand in them: whoever seizes a code must not learn what to write.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kunak.frame.dates import long_day
from kunak.journeys.reckoning.vocabulary import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from gettext import NullTranslations

    from kunak.journeys.known.carried_events import Part, StepDetailed


@dataclass(frozen=True)
class Facts:
    """`name`: the party's pseudonym; `day` of departure and of `arrival`; `documents`: alternatives, each a list."""

    name: str
    size: int
    day: int
    arrival: int
    mode: str
    documents: Sequence[Sequence[str]] = ()
    detail: StepDetailed | None = None


def words_for(part: Part, facts: Facts, words: NullTranslations) -> str:
    """What this part of the step is told, a fact a line; lines whose fact nobody has written yet are left out."""
    lines = [_first(part, facts, words), *_where(part, facts, words), _last(part, words)]
    return "\n".join(line for line in lines if line)


def _first(part: Part, facts: Facts, words: NullTranslations) -> str:
    gettext = words.gettext
    people = words.ngettext("{n} person", "{n} people", facts.size).format(n=facts.size)
    sentence = {
        "to": gettext("On {arrival} guests come to you, {people}; we call them {name}."),
        "from": gettext("On {day} your guests travel on, {people}; we call them {name}."),
        "drive": gettext("On {day} there is somebody to drive, {people}; we call them {name}."),
        "escort": gettext("On {day} somebody travels with you, {people}; we call them {name}. The way: {mode}."),
        "person": gettext("On {day} you travel on. The way: {mode}."),
    }[part]
    return sentence.format(
        day=long_day(facts.day, words),
        arrival=long_day(facts.arrival, words),
        people=people,
        name=facts.name,
        mode=_word(facts.mode, words),
    )


def _where(part: Part, facts: Facts, words: NullTranslations) -> list[str]:
    gettext, detail = words.gettext, facts.detail
    lines = []
    if detail is not None:
        hours = {"begin": detail.begin, "end": detail.end}
        if detail.begin and detail.end and part != "to":
            lines.append(gettext("Between {begin} and {end}.").format(**hours))
        elif detail.begin and part != "to":
            lines.append(gettext("At {begin}.").format(**hours))
        if detail.meet and part != "to":
            lines.append(gettext("Where you meet: {meet}").format(meet=detail.meet))
        if detail.bring and part in ("drive", "escort", "to"):
            lines.append(gettext("Where the way ends: {bring}").format(bring=detail.bring))
        if detail.sign:
            lines.append(gettext("By this you know each other: {sign}").format(sign=detail.sign))
    if facts.documents and part == "person":
        either = gettext(" or ").join(", ".join(_word(doc, words) for doc in each) for each in facts.documents)
        lines.append(gettext("Take along: {documents}.").format(documents=either))
    return lines


def _last(part: Part, words: NullTranslations) -> str:
    gettext = words.gettext
    return {
        "to": gettext(
            "When they are with you, write here what we agreed for it. Write at once if anything is otherwise."
        ),
        "from": gettext(
            "When they have left, write here what we agreed for it. Write at once if anything is otherwise."
        ),
        "drive": gettext("When the way is done, write here what we agreed for it. Do not keep this address."),
        "escort": gettext("When you have arrived, write here what we agreed for it. Do not keep this address."),
        "person": gettext("Tell nobody. When you have arrived, write here what we agreed for it."),
    }[part]


def _word(name: str, words: NullTranslations) -> str:
    return spoken(name, words.gettext)
