"""What a coordinator does with a plan: pin a step, forbid a place, ask what if, compare two."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace
from starlette.exceptions import HTTPException

from kunak.frame.hand import see_other
from kunak.frame.words import mark
from kunak.journeys.known import events, records
from kunak.journeys.plans.proposing import Wish
from kunak.journeys.reckoning.comparing import changed, comparable
from kunak.journeys.reckoning.whatif import Change, as_it_was
from kunak.journeys.reckoning.whatif import changed as changed_scenario

from .making_pages import BUSY
from .plan_pages import PlanPages
from .record_pages import address

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form
    from kunak.journeys.reckoning.reviewing import Review
    from kunak.journeys.reckoning.scenario import Scenario

    from .plan_view import View

WHAT_IF_SECONDS = 20
SHOWN = 120  # journeys that differ
PROMISE = re.compile("(?P<word>pin|back) (?P<day>[0-9]{1,6}) (?P<leg>.+)")
NOTHING_CHANGED = mark("Say first what is to be otherwise.")
NOT_WHOLE = mark("Beds, money and escorts are whole numbers, 0 or more.")
WHICH_PLACE = mark("Choose the place, and write how many beds it would have.")
WHICH_POOL = mark("Choose the group of escorts, and write how many more would be free.")
GONE = mark("What you chose is not in this plan. Choose again.")


class ChangePages(PlanPages):
    def pin(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - a change's shape
        """Promise a departure, or take the promise back; every plan from now on keeps it."""
        placed = self._placed(form["party"])
        said = PROMISE.fullmatch(form["promise"])
        if said is None or said["leg"] not in self.known().legs:
            raise HTTPException(404)
        day = int(said["day"])
        promise = events.Promise(said["leg"], day)
        pins = [pin for pin in placed.kept.pins if pin != promise]
        if said["word"] == "pin":
            # One departure a day: what was promised for this one before is taken back.
            pins = [pin for pin in pins if pin.day != day] + [promise]
        self.write(replace(placed.kept, pins=sorted(pins, key=lambda pin: pin.day), replaces=list(placed.entries)))
        return self._back(form)

    def forbid(self, request: Request, form: Form) -> Response:  # noqa: ARG002 - a change's shape
        """The party must not come to this place; every plan from now on keeps to it."""
        placed = self._placed(form["party"])
        if form["place"] not in self.known().places:
            raise HTTPException(404)
        forbidden = sorted({*placed.kept.forbidden, form["place"]})
        # What was promised must not lead there: the newer word holds.
        ends = {name: each.kept.to for name, each in self.known().legs.items()}
        pins = [pin for pin in placed.kept.pins if ends.get(pin.leg) != form["place"]]
        self.write(replace(placed.kept, forbidden=forbidden, pins=pins, replaces=list(placed.entries)))
        return self._back(form)

    def _placed(self, name: str) -> records.Record[events.PartyPlaced]:
        self.need_key()
        party = records.party(self.top.vault.db, name)
        if party is None or party.placed is None:
            raise HTTPException(404)
        return party.placed

    def _back(self, form: Form) -> Response:
        return see_other(
            address("/journeys/plan", id=form["id"], done="kept", show=form["show"], page=form["page"] or "1")
        )

    def what_if(self, request: Request, form: Form) -> Response:
        """A changed copy is planned beside the real one."""
        self.need_key()
        proposal, opened, review = self.read(form["id"])
        change, wrong = asked(form, opened.scenario)
        if wrong:
            return self.one_plan(request, proposal.plan_id, form, wrong)
        title = _title(self.frame.gettext(request)("What if"), change)
        today = self.top.today - opened.first
        scenario = changed_scenario(as_it_was(opened.scenario, review.plan.journeys, today), change, today)
        wish = Wish(scenario, opened.first, "what-if", title, [proposal.plan_id], WHAT_IF_SECONDS)
        if not self.workshop.begin(wish):
            return self.one_plan(request, proposal.plan_id, form, [BUSY])
        return see_other("/journeys/run")

    def compare(self, request: Request) -> Response:
        if not self.open:
            return self.closed(request)
        views = [self.view(request, request.query_params.get(name, "")) for name in ("one", "other")]
        # What is asked stands beside what is, the newer beside the older: the difference is what it would bring.
        views.sort(key=_age)
        (one, other) = (view.review for view in views)
        moved, since = changed(one, other), max(one.scenario.now, other.scenario.now)
        question = views[1].proposal.purpose == "what-if"
        same_first = views[0].opened.first == views[1].opened.first
        alike = comparable(one, other, question=question) if same_first else None
        money = [view.money for view in alike] if alike else []
        first = views[0].opened.first
        return self.render(
            "compare.html",
            request,
            sides=[view.proposal for view in views],
            rows=[
                (views[0].teller.name(party), *(view.to_come(view.review.courses[party], since) for view in views))
                for party in moved[:SHOWN]
            ],
            moved=len(moved),
            figures=_figures(*alike) if alike else [],
            since=first + since if one.scenario.now != other.scenario.now else None,
            broken=[view.proposal for view, left in zip(views, alike or (), strict=False) if left.verdict.wrong],
            weeks=[
                (first + 7 * week, *(_at(row, week) for row in money))
                for week in range(max(map(len, money), default=0))
            ],
        )


def _age(view: View) -> tuple[bool, int, int]:
    return view.proposal.purpose == "what-if", view.review.scenario.now, view.proposal.time


def _figures(one: Review, other: Review) -> list[tuple[str, int, int]]:
    return [(name, getattr(one, name), getattr(other, name)) for name in ("score", "harm", "cost", "rough_nights")] + [
        ("waiting", len(one.waiting), len(other.waiting))
    ]


def _at(row: list[int], week: int) -> int:
    return row[week] if week < len(row) else 0


def asked(form: Form, scenario: Scenario) -> tuple[Change, list[str]]:
    """What is to be otherwise, and what is wrong with how it was asked."""
    numbers = {name: form[name].strip() for name in ("beds", "money", "escorts")}
    wrong = [] if all(re.fullmatch("[0-9]{0,9}", text) for text in numbers.values()) else [NOT_WHOLE]
    known = {
        "beds_at": {place.id for place in scenario.places},
        "closed": {place.id for place in scenario.places},
        "without": {leg.id for leg in scenario.legs},
        "pool": {pool.id for pool in scenario.escort_pools},
    }
    chosen = {name: form[name] for name in known}
    if any(text and text not in known[name] for name, text in chosen.items()):
        wrong.append(GONE)
    if bool(chosen["beds_at"]) != bool(numbers["beds"]):
        wrong.append(WHICH_PLACE)
    if bool(chosen["pool"]) != bool(numbers["escorts"]):
        wrong.append(WHICH_POOL)
    if wrong:
        return Change(), wrong
    beds, money, escorts = (int(text) if text else None for text in numbers.values())
    change = Change(chosen["beds_at"], beds, chosen["closed"], chosen["without"], money, chosen["pool"], escorts or 0)
    return change, [NOTHING_CHANGED] if change.empty else []


def _title(what_if: str, change: Change) -> str:
    said = [
        f"{change.beds_at}: {change.beds}" if change.beds_at and change.beds is not None else "",
        f"– {change.closed}" if change.closed else "",
        f"– {change.without}" if change.without else "",
        f"= {change.money}" if change.money is not None else "",
        f"{change.pool} + {change.escorts}" if change.pool else "",
    ]
    return f"{what_if}: {'; '.join(filter(None, said))}"[:60]
