"""A plan in sentences: each journey, why it does not begin sooner, and why somebody cannot go at all.

The figures are the referee's: a sooner journey is put in the place of the party's own while all others keep theirs, and the rules
that break are named.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from msgspec.structs import replace

from .obstacles import Obstacles
from .plan import BetterToWait, Blocked, Journey
from .scenario import Step

if TYPE_CHECKING:
    from .plan import Blocker
    from .reviewing import Course
    from .scenario import Leg

TRIED = 40  # days before the departure on which another is looked for
LOOKED_AT = 6  # of those found, the nearest: what stands in the way of the easiest of them is told


class Teller(Obstacles):
    """Every journey of one plan, and why."""

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

    def to_come(self, course: Course, since: int) -> str:
        """What of the journey lies on or after this day of the scenario, nights without a bed too."""
        before = [ride.to for ride in course.rides if ride.day < since]
        party = replace(course.party, start=replace(course.party.start, place=before[-1])) if before else course.party
        rides = [ride for ride in course.rides if ride.day >= since]
        way = self.way(dataclasses.replace(course, party=party, rides=rides))
        nights = sum(night >= since for stay in course.stays for night in stay.rough)
        if not nights:
            return way
        rough = self._words.ngettext("{n} night without a bed", "{n} nights without a bed", nights)
        return f"{way}; {rough.format(n=nights)}"

    def why(self, course: Course) -> str:
        """Why this journey and not sooner, or why not at all."""
        reason = self._review.plan.reasons.get(course.party.id)
        if course.waits and reason is not None:
            return self._why_waiting(course, reason)
        gettext = self._words.gettext
        if course.rides:
            said = self._why_not_sooner(course)
        elif course.waits:
            said = gettext("Nobody has worked out yet why they stay. Let the plan be made for longer.")
        elif course.stuck:
            said = self._why_stuck(course)
        else:
            said = gettext("They are out of danger and stay where they are: no further way makes the plan better.")
        if course.rough_nights:
            rough = self._words.ngettext(
                "{n} night is without a bed.", "{n} nights are without a bed.", course.rough_nights
            )
            said = f"{said} {rough.format(n=course.rough_nights)}"
        return said

    def _why_stuck(self, course: Course) -> str:
        """Out of the danger zone, and yet not safe where they are."""
        gettext, end = self._words.gettext, self._review.referee.places[course.end]
        where = (
            gettext("{place} is compromised")
            if end.compromised_from is not None
            else gettext("{place} has no bed for them")
        )
        barred = self._barred(course)
        if barred is None:
            sentence = gettext("{where}, and no way is better for them than to stay. Find them another place.")
        elif not barred:
            sentence = gettext("{where}, and nothing goes from there. Find them a way.")
        else:
            sentence = gettext("{where}, and no way from there is open to them: {what}. Find them another.")
        return sentence.format(where=where.format(place=end.id), what=self.obstacles(barred or ()))

    def _why_waiting(self, course: Course, reason: Blocked | BetterToWait) -> str:
        gettext = self._words.gettext
        if isinstance(reason, BetterToWait):
            barred = self._barred(course)
            if barred is None:
                return gettext("Even alone in an empty network no way is better for them than to wait.")
            place = course.party.start.place
            if not barred:
                return gettext("Nothing goes from {place}. Find a way from there.").format(place=place)
            return gettext("No way from {place} is open to them: {what}. Find them another.").format(
                place=place, what=self.obstacles(barred)
            )
        first = reason.witness.steps[0] if reason.witness.steps else None
        what = self.obstacles(reason.blocked_by)
        if first is None:
            return gettext("They cannot go: {what}.").format(what=what)
        leg = self._review.referee.legs[first.leg]
        return gettext("They could go on {day} by {mode} to {place}, but {what}.").format(
            day=self.day(first.day), mode=self.word(leg.mode), place=leg.to, what=what
        )

    def _barred(self, course: Course) -> set[Blocker] | None:
        """What of the party's own keeps it from every way that leaves; None if one is open to it. Nothing of what others take."""
        scenario, party, referee = self._review.scenario, course.party, self._review.referee
        earliest = max(scenario.now, party.start.day, party.earliest_day)
        found: set[Blocker] = set()
        for leg in referee.legs.values():
            days = range(earliest, scenario.horizon - leg.nights) if leg.origin == party.start.place else ()
            trips = [referee.follow(party, self._first_step(leg, day)) for day in days if leg.departs(day)]
            barred = [trip.broken for trip in trips if not trip.impossible]
            if any(not each for each in barred):
                return None
            found |= min(barred, key=lambda each: (len(each), str(sorted(each, key=str))), default=set())
        return found

    def _first_step(self, leg: Leg, day: int) -> Journey:
        """This departure and no other; without a bed where it ends, so that only the way and the door count."""
        nights = (
            ()
            if self._review.referee.places[leg.to].kind in ("home", "haven")
            else range(day + leg.nights, self._review.scenario.horizon)
        )
        return Journey((Step(leg.id, day),), tuple(nights))

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
