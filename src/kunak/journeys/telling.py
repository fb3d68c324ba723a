"""A plan in sentences: each journey, why it does not begin sooner, and why somebody cannot go at all.

The figures are the referee's: a sooner journey is put in the place of the party's own while all others keep theirs, and the rules
that break are named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from kunak.frame.dates import long_day

from .days import text_of
from .plan import BetterToWait, Blocked, Journey
from .scenario import Step
from .vocabulary import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from gettext import NullTranslations

    from .plan import Blocker
    from .reviewing import Course, Review

TRIED = 40  # days before the departure on which another is looked for
LOOKED_AT = 6  # of those found, the nearest: what stands in the way of the easiest of them is told


class Teller:
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

    # --- one party

    def way(self, course: Course) -> str:
        """The journey in one line: where, by what, when."""
        gettext = self._words.gettext
        if not course.rides:
            return gettext("stays at {place}").format(place=course.party.start.place)
        parts = [
            gettext("{day} by {mode} to {place}").format(
                day=self.day(ride.day), mode=self.word(ride.mode), place=ride.to
            )
            for ride in course.rides
        ]
        return "; ".join(parts)

    def why(self, course: Course) -> str:
        """Why this journey and not sooner, or why not at all."""
        reason = self._review.plan.reasons.get(course.party.id)
        if course.waits and reason is not None:
            return self._why_waiting(reason)
        gettext = self._words.gettext
        if course.rides:
            said = self._why_not_sooner(course)
        elif course.waits:
            said = gettext("Nobody has worked out yet why they stay. Let the plan be made for longer.")
        else:
            said = gettext("They are out of danger and stay where they are: no further way makes the plan better.")
        if course.rough_nights:
            rough = self._words.ngettext(
                "{n} night is without a bed.", "{n} nights are without a bed.", course.rough_nights
            )
            said = f"{said} {rough.format(n=course.rough_nights)}"
        return said

    def _why_waiting(self, reason: Blocked | BetterToWait) -> str:
        gettext = self._words.gettext
        if isinstance(reason, BetterToWait):
            return gettext("Even alone in an empty network no way is better for them than to wait.")
        first = reason.witness.steps[0] if reason.witness.steps else None
        what = self.obstacles(reason.blocked_by)
        if first is None:
            return gettext("They cannot go: {what}.").format(what=what)
        leg = self._review.referee.legs[first.leg]
        return gettext("They could go on {day} by {mode} to {place}, but {what}.").format(
            day=self.day(first.day), mode=self.word(leg.mode), place=leg.to, what=what
        )

    def _why_not_sooner(self, course: Course) -> str:
        gettext, scenario, party = self._words.gettext, self._review.scenario, course.party
        ride = course.rides[0]
        pinned = {(pin.leg, pin.day) for pin in party.pins}
        if (ride.leg, ride.day) in pinned:
            return gettext("This departure was promised.")
        earliest = max(scenario.now, party.start.day, party.earliest_day)
        if ride.day <= earliest:
            return gettext("They leave on the first day on which they can.")
        tried = self._sooner(course, earliest)
        if not tried:
            return gettext("Nothing goes sooner from there to {place}.").format(place=ride.to)
        barred: list[frozenset[Blocker]] = []
        open_ones: list[int] = []
        for journey in tried[:LOOKED_AT]:
            trip = self._review.referee.follow(party, journey)
            if trip.impossible or trip.promises:
                continue
            found = self._review.referee.obstacles(self._review.together, self._review.verdict.trips, trip)
            if found:
                barred.append(found)
            else:
                open_ones.append(self._review.referee.score(trip))
        if open_ones and min(open_ones) < self._review.referee.score(course.trip):
            return gettext("They could leave sooner: the plan is not the best yet. Let it be made for longer.")
        if barred and not open_ones:
            easiest = min(barred, key=lambda found: (len(found), str(sorted(found, key=str))))
            return gettext("Not sooner, because {what}.").format(what=self.obstacles(easiest))
        return gettext("They could leave sooner, but it would cost more harm or money than it spares.")

    def _sooner(self, course: Course, earliest: int) -> list[Journey]:
        """The same journey with its first step on the departures before it, the nearest first; by any way that leads there."""
        ride, referee = course.rides[0], self._review.referee
        later = tuple(Step(each.leg, each.day) for each in course.rides[1:])
        journey = self._review.plan.journeys[course.party.id]
        found: list[Journey] = []
        for day in range(ride.day - 1, max(earliest, ride.day - TRIED) - 1, -1):
            found += [
                replace(journey, steps=(Step(leg.id, day), *later))
                for leg in referee.legs.values()
                if leg.origin == ride.origin and leg.to == ride.to and leg.departs(day)
            ]
        return found

    # --- what stands in the way

    def obstacles(self, blockers: Iterable[Blocker]) -> str:
        said = list(dict.fromkeys(self.obstacle(each) for each in sorted(blockers, key=str)))
        joint = self._words.pgettext("between the last two things of a list", " and ")
        return joint.join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else "".join(said)

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


def changed(one: Review, other: Review) -> Sequence[str]:
    """Parties whose journeys differ between two plans in what is still to come, in the order of the first."""
    since = max(one.scenario.now, other.scenario.now)
    return [
        party
        for party, journey in one.plan.journeys.items()
        if party in other.plan.journeys and _to_come(journey, since) != _to_come(other.plan.journeys[party], since)
    ]


def _to_come(journey: Journey, since: int) -> tuple[object, ...]:
    steps = [step for step in journey.steps if step.day >= since]
    return (steps, sorted(night for night in journey.unsheltered if night >= since))
