"""What a coordinator does with a plan: pin a step, forbid a place, ask what if, compare two."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace
from starlette.exceptions import HTTPException

from kunak.frame.hand import see_other
from kunak.frame.words import mark

from . import events, records
from .making_pages import BUSY
from .plan_pages import PlanPages
from .proposing import Wish
from .record_pages import address
from .telling import Teller, changed
from .whatif import Change
from .whatif import changed as changed_scenario

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from kunak.frame.form import Form

    from .reviewing import Review
    from .scenario import Scenario

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
        proposal, opened, _ = self.read(form["id"])
        change, wrong = asked(form, opened.scenario)
        if wrong:
            return self.one_plan(request, proposal.plan_id, form, wrong)
        title = _title(self.frame.gettext(request)("What if"), change)
        scenario = changed_scenario(opened.scenario, change)
        wish = Wish(scenario, opened.first, "what-if", title, [proposal.plan_id], WHAT_IF_SECONDS)
        if not self.workshop.begin(wish):
            return self.one_plan(request, proposal.plan_id, form, [BUSY])
        return see_other("/journeys/run")

    def compare(self, request: Request) -> Response:
        if not self.open:
            return self.closed(request)
        sides = [self.read(request.query_params.get(name, "")) for name in ("one", "other")]
        names = {party: each.name for party, each in records.parties(self.top.vault.db).items()}
        words = self.frame.words[self.frame.language(request)]
        tellers = [Teller(review, opened.first, names, words) for _, opened, review in sides]
        (one, other) = (review for _, _, review in sides)
        moved = changed(one, other)
        language = self.frame.language(request)

        def way(side: int, party: str) -> str:
            proposal, _, review = sides[side]
            key = (proposal.plan_id, language, ("way", party, self.top.today))
            return self.shelf.once(key, lambda: tellers[side].way(review.courses[party]))

        weeks = max(len(one.money), len(other.money))
        return self.render(
            "compare.html",
            request,
            sides=sides,
            rows=[(tellers[0].name(party), way(0, party), way(1, party)) for party in moved[:SHOWN]],
            moved=len(moved),
            figures=_figures(one, other),
            weeks=[
                (sides[0][1].first + 7 * week, _at(one.money, week), _at(other.money, week)) for week in range(weeks)
            ],
        )


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
