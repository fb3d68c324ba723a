"""One plan before one reader's eyes: its pictures and sentences, in their language, each made once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kunak.journeys.charts.gantt import gantt
from kunak.journeys.charts.journey_map import journey_map
from kunak.journeys.charts.money import money
from kunak.journeys.charts.nights import nights
from kunak.journeys.reckoning.days import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from kunak.journeys.plans.shelf import Made, Shelf
    from kunak.journeys.plans.standing import Opened, Proposal
    from kunak.journeys.reckoning.reviewing import Course, Review
    from kunak.journeys.reckoning.telling import Teller

PAGE = 40  # journeys on one page
SHOWS = ("move", "wait", "stay")


@dataclass(frozen=True)
class View:
    """`called`: a digest of how parties are called; `today`: a calendar day."""

    proposal: Proposal
    opened: Opened
    review: Review
    teller: Teller
    shelf: Shelf
    language: str
    gettext: Callable[[str], str]
    called: int
    today: int

    def once(self, what: Hashable, make: Callable[[], Made]) -> Made:
        return self.shelf.once((self.proposal.plan_id, self.language, what), make)

    def short_day(self, day: int) -> str:
        """`02.04`: a day of the plan, in a picture."""
        text = text_of(self.opened.first + day)
        return f"{text[8:10]}.{text[5:7]}"

    def way(self, course: Course) -> Any:
        return self.once(("way", course.party.id, self.today), lambda: self.teller.way(course))

    def to_come(self, course: Course, since: int) -> Any:
        return self.once(("to come", course.party.id, since, self.today), lambda: self.teller.to_come(course, since))

    def why(self, course: Course) -> Any:
        return self.once(("why", course.party.id, self.called), lambda: self.teller.why(course))

    def groups(self) -> dict[str, list[Course]]:
        """Who moves, the earliest first; who waits in danger; who stays where it is safe."""
        courses = list(self.review.courses.values())
        return {
            "move": sorted((c for c in courses if c.rides), key=lambda c: (c.rides[0].day, c.party.id)),
            "wait": [c for c in courses if c.stuck],
            "stay": [c for c in courses if not c.rides and not c.stuck],
        }

    def listed(self, asked: str, number: int) -> dict[str, Any]:
        """One page of journeys, and their picture. `asked`: one of `SHOWS`, or anything else for the first that has anybody."""
        groups = self.groups()
        show = asked if asked in SHOWS else next((name for name in SHOWS if groups[name]), SHOWS[0])
        shown = groups[show][(number - 1) * PAGE : number * PAGE]
        return {
            "shown": shown,
            "show": show,
            "shows": SHOWS,
            "counts": {name: len(each) for name, each in groups.items()},
            "page": number,
            "more": len(groups[show]) > number * PAGE,
            "gantt": self.once(("gantt", show, number, self.called, self.today), lambda: self._gantt(shown)),
        }

    def _gantt(self, shown: Sequence[Course]) -> Any:
        scenario, gettext = self.review.scenario, self.gettext
        today = (self.today - self.opened.first, gettext("today"))
        heading, name = gettext("Journeys by day"), self.teller.name
        return gantt(shown, scenario.horizon, scenario.now, today, heading, name, self.short_day)

    def pictures(self, towns: Mapping[str, str]) -> dict[str, Any]:
        """Of the whole plan. `towns`: in which town each place lies, as far as it is known."""
        review, gettext = self.review, self.gettext
        scenario = review.scenario
        weekly = scenario.budget.weekly if scenario.budget else None
        words = gettext("Nights by place"), gettext("most / beds")
        return {
            "nights": self.once(
                "nights", lambda: nights(review.loads, scenario.horizon, words[0], self.short_day, words[1])
            ),
            "money": self.once("money", lambda: money(review.money, weekly, gettext("Money by week"), self.short_day)),
            "map": self.once(
                ("map", hash(frozenset(towns.items()))),
                lambda: journey_map(
                    scenario.places, scenario.legs, review.streams, towns, gettext("Who moves from where to where")
                ),
            ),
            "streams": sorted(((one, other, n) for (one, other), n in review.streams.items()), key=lambda row: -row[2]),
        }
