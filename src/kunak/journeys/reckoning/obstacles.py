"""What stands in somebody's way, in words that fit into a sentence: by pseudonym, by the calendar, by the names of places and ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kunak.frame.dates import long_day

from .days import text_of
from .vocabulary import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from gettext import NullTranslations

    from .plan import Blocker
    from .reviewing import Review


class Obstacles:
    """`names`: pseudonyms by party id; `first`: the calendar day of the scenario's day 0."""

    def __init__(self, review: Review, first: int, names: Mapping[str, str], words: NullTranslations) -> None:
        self._review, self._first, self._names, self._words = review, first, names, words

    def name(self, party: str) -> str:
        return self._names.get(party, party)

    def day(self, day: int) -> str:
        """`2 April`; with its year only if that is another than the plan's."""
        year = text_of(self._first)[:4]
        return long_day(self._first + day, self._words).replace(year, "").strip(" ,.")

    def word(self, mark: str) -> str:
        return spoken(mark, self._words.gettext)

    def leg(self, name: str) -> str:
        """A way by its short name and what goes there."""
        leg = self._review.referee.legs.get(name)
        return name if leg is None else f"{name} ({self.word(leg.mode)})"

    def obstacles(self, blockers: Iterable[Blocker]) -> str:
        them = sorted(blockers, key=str)
        weeks = [each for each in them if each.code == "budget" and each.week is not None]
        both = [] if len(weeks) == sum(each.code == "budget" for each in them) else weeks[:1]
        if both:
            # The money of a week and of the whole plan are one thing to whoever has to find some.
            them = [each for each in them if each.code != "budget" or each in weeks[1:]]
        told = [self._money(each) for each in both] + [self.obstacle(each) for each in them]
        said = list(dict.fromkeys(told))
        joint = self._words.pgettext("between the last two things of a list", " and ")
        return joint.join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else "".join(said)

    def _money(self, week: Blocker) -> str:
        sentence = self._words.gettext("the money of the week from {week} and of the whole plan is used up")
        return sentence.format(week=self.day(7 * (week.week or 0)))

    def obstacle(self, blocker: Blocker) -> str:
        """One thing that would have to give way; it stands inside a sentence."""
        sentence = self._sentences().get(blocker.code, "{code}")
        if blocker.code == "budget" and blocker.week is not None:
            sentence = self._words.gettext("the money of the week from {week} is used up")
        if blocker.code == "need" and blocker.leg is not None:
            sentence = self._words.gettext("{leg} cannot be taken without steps")
        return sentence.format(
            code=blocker.code,
            place=blocker.place,
            leg=self.leg(blocker.leg) if blocker.leg else "",
            pool=blocker.pool,
            party=self.name(blocker.party or ""),
            day=self.day(blocker.day) if blocker.day is not None else "",
            week=self.day(7 * blocker.week) if blocker.week is not None else "",
        )

    def _sentences(self) -> dict[str, str]:
        gettext = self._words.gettext
        return {
            "beds": gettext("{place} has no bed free"),
            "max_parties": gettext("the host of {place} may meet nobody new"),
            "closed": gettext("{place} is closed then"),
            "compromised": gettext("{place} is compromised"),
            "admits": gettext("{place} does not take them in"),
            "max_stay": gettext("they may not stay so long at {place}"),
            "forbidden": gettext("they must not come to {place}"),
            "seats": gettext("{leg} has no seat left on {day}"),
            "escort": gettext("no escort is free in {pool}"),
            "intake": gettext("{place} takes nobody more in the week from {week}"),
            "budget": gettext("the money is used up"),
            "apart": gettext("they would meet {party}"),
            "documents": gettext("they do not hold the documents for {leg}"),
            "wanted": gettext("identity is checked on {leg}"),
            "need": gettext("{place} does not offer what they need"),
            "earliest": gettext("they cannot leave so early"),
        }
