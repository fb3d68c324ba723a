"""Lays the invented year's roads through the real doors: caseworkers fill in sheets, a coordinator places parties and proposes the
plan that was made for them (texts/plan.json), two approve it, and what happened since is confirmed."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from kunak.cases import register as cases
from kunak.demo import roads
from kunak.journeys.known import bringing, events, keys, planning, records
from kunak.journeys.plans import proposing
from kunak.journeys.plans.next_steps import next_steps
from kunak.journeys.reckoning.plan import BetterToWait, Blocked, Journey, Plan, write_plan
from kunak.journeys.reckoning.plan_reading import read_plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kunak.demo.house import Desk, House
    from kunak.demo.life import Life
    from kunak.journeys.reckoning.scenario import Party, Scenario

TITLE: Final = "Весна, все дела вместе"


class Roads:
    """`first`: the calendar day of the plan's day 0. Two coordinators: what one proposes, both must approve."""

    def __init__(self, house: House, lives: Sequence[Life], first: int, coordinators: tuple[str, str]) -> None:
        self.house, self.first = house, first
        self.lives = {life.story.number: life for life in lives}
        self.stories = [life.story for life in lives]
        self.one, self.other = (house.desks[callsign] for callsign in coordinators)

    def lay(self) -> None:
        """On the plan's day 0."""
        keys.begin(self.one.bench)
        known, network = records.Known(), roads.network(2017)
        self.one.bench.pen.write(keys.PLACES, [called(each) for each in bringing.told(known, network, self.first)])
        parties = {each.story.pseudonym: self.fill_in(each) for each in roads.travellers(self.stories)}
        self.sync()
        self.place(parties)
        plan = self.propose(parties)
        self.sync()
        for desk in (self.one, self.other):
            desk.bench.pen.write(keys.PLACES, [events.PlanApproved(plan, approved=True)])
        self.sync()

    def fill_in(self, each: roads.Traveller) -> str:
        """The sheet, at the desk of the case's helper; the party's id."""
        life = self.lives[each.story.number]
        top = life.desk.bench
        with top.vault.transaction() as db:
            line = cases.line(db, life.case)
            party = keys.begin_party(top, life.case)
            sheet = roads.sheet(each, party, self.first, line.language if line else "ru")
            top.pen.write(keys.JOURNEY + party, [sheet])
        return party

    def place(self, parties: dict[str, str]) -> None:
        """A coordinator says which places the words of the sheets mean. Those whose sheet came last are left to whoever tries the demo."""
        placed = [
            roads.placing(each, parties[each.story.pseudonym], self.first, rank)
            for rank, each in enumerate(roads.travellers(self.stories))
        ]
        self.one.bench.pen.write(keys.PLACES, placed)

    def propose(self, parties: dict[str, str]) -> str:
        """The plan that was made for this year, under the ids that its parties have here. The referee judges it like any other."""
        made = planning.prepare(records.read(self.one.bench.vault.db), self.first)
        whole = roads.full_scenario(self.stories)
        plan = renamed(demo_plan(), parties, whole)
        wish = proposing.Wish.of(made, "proposal", TITLE, (), 60)
        return proposing.propose(self.one.bench, wish, bringing.write_scenario(made.scenario), write_plan(plan))

    def confirm(self, today: int) -> None:
        """What has happened since: every step that was due has left, and has arrived when its nights are over."""
        db, roster = self.one.bench.vault.db, self.one.bench.roster
        while due := [step for step in next_steps(db, roster) if step.day < today and step.state == "waiting"]:
            said = []
            for step in due:
                here = step.arrival < today
                state, at = ("arrived", step.arrival) if here else ("left", step.day)
                said.append(events.LegConfirmed(step.party, step.leg, step.day, state, at))  # type: ignore[arg-type]  # one of two words
            self.one.bench.pen.write(keys.PLACES, said)

    def sync(self) -> None:
        for _ in range(2):
            for desk in self.desks():
                desk.step()

    def desks(self) -> list[Desk]:
        return [*{id(life.desk): life.desk for life in self.lives.values()}.values(), self.one, self.other]


def called(event: events.Event) -> events.Event:
    """A place with the name that coordinators give it, and its town."""
    if not isinstance(event, events.PlaceKept):
        return event
    title, town = next((title, town) for name, title, town, *_ in roads.PLACES if name == event.place)
    return replace(event, title=title, town=town)


def demo_plan() -> Plan:
    return read_plan(resources.files("kunak.demo").joinpath("texts", "plan.json").read_bytes())


def renamed(plan: Plan, parties: dict[str, str], whole: Scenario) -> Plan:
    """The plan with other party ids. In a thinner year only journeys are left: its bound and its reasons were those of the whole."""
    journeys = {parties[each.id]: plan.journeys.get(each.id) or staying(each, whole.horizon) for each in whole.parties}
    if plan.journeys.keys() != {each.id for each in whole.parties}:
        return Plan(plan.scenario, journeys, {})
    reasons = {parties[name]: _named(reason, parties) for name, reason in plan.reasons.items()}
    return Plan(plan.scenario, journeys, reasons, plan.bound)


def staying(party: Party, horizon: int) -> Journey:
    """Whom the whole year's plan does not know stays where they are, and takes nobody's bed."""
    return Journey((), () if party.start.place.startswith("home") else tuple(range(horizon)))


def _named(reason: Blocked | BetterToWait, parties: dict[str, str]) -> Blocked | BetterToWait:
    if isinstance(reason, BetterToWait):
        return reason
    blockers = tuple(replace(each, party=parties[each.party]) if each.party else each for each in reason.blocked_by)
    return Blocked(reason.witness, blockers)
