"""For any sequence of confirmations, whoever is told is told of a next step, and no mailbox keeps another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kunak.journeys.carrying import carriers, disclosure
from kunak.journeys.carrying.disclosure import Carries, Duty, Told
from kunak.journeys.known import carried_events as carried
from kunak.journeys.known import events
from kunak.journeys.plans.next_steps import next_steps
from tests.journeys.test_standing import FIRST, Room

CARRIERS = [
    Carries("h-hub", "host", "m1", places=("hub",)),
    Carries("h-flat", "host", "m2", places=("flat",)),
    Carries("h-both", "host", "m3", places=("hub", "flat")),
    Carries("d-car", "driver", "m4", legs=("car", "lift")),
    Carries("d-plane", "driver", "m5", legs=("plane",)),
    Carries("e-south", "escort", "m6", pools=("south",)),
]
POOLS = {"lift": "south"}
# What each party's journey is, in order.
WAYS = {"P1": ["lift"], "P2": ["car", "plane"]}


@dataclass
class Office:
    """A coordinators' room with a plan in force, whose mailboxes are a list of told words."""

    room: Room = field(default_factory=Room)
    told: list[Told] = field(default_factory=list)
    today: int = FIRST

    def __post_init__(self) -> None:
        self.plan = self.room.propose()
        self.room.approve(self.plan, "aspen", "birch")
        for party in ("P1", "P2", "P3"):
            self.room.write("aspen", events.SheetKept(party, party, 1, 1, "women"))

    @property
    def steps(self) -> Any:
        return {step.party: step for step in next_steps(self.room.folded.db, self.room.roster)}

    def allowed(self) -> list[Duty]:
        return [
            duty
            for step in self.steps.values()
            if disclosure.may_be_told(step, self.today)
            for duty in disclosure.duties(step, CARRIERS, POOLS.get(step.leg))
        ]

    def tidy(self) -> None:
        over = {each.message for each in disclosure.stale(self.told, self.steps, self.today, CARRIERS)}
        self.told = [each for each in self.told if each.message not in over]


acts = st.one_of(
    st.tuples(st.just("tell"), st.integers(0, 20)),
    st.tuples(
        st.just("confirm"),
        st.tuples(
            st.sampled_from(["P1", "P2"]),
            st.sampled_from(["car", "plane", "lift"]),
            st.integers(0, 1),
            st.sampled_from(["left", "arrived", "failed"]),
        ),
    ),
    st.tuples(st.just("withdraw"), st.sampled_from(["aspen", "birch"])),
    st.tuples(st.just("approve"), st.sampled_from(["aspen", "birch"])),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(acts, max_size=14))
def test_for_any_sequence_of_words_what_is_told_is_of_a_next_step(written: list[tuple[str, Any]]) -> None:
    office, arrived = Office(), set[tuple[str, str]]()
    for number, (what, more) in enumerate(written):
        if what == "tell":
            duties = [duty for duty in office.allowed() if duty.part != "person"]
            if duties:
                duty = duties[more % len(duties)]
                mailbox = next(each.mailbox for each in CARRIERS if each.carrier == duty.carrier)
                assert disclosure.is_open(duty, office.steps, office.today)
                office.told.append(Told(f"{number}", duty, mailbox))
        elif what == "confirm":
            party, leg, day, state = more
            heads = [step for step in office.steps.values() if (step.party, step.leg) == (party, leg)]
            replaces = list(heads[0].entries) if heads else []
            office.room.write("birch", events.LegConfirmed(party, leg, FIRST + day, state, FIRST + day, replaces))
            if state == "arrived":
                arrived.add((party, leg))
        else:
            office.room.write(more, events.PlanApproved(office.plan, approved=what == "approve"))
        office.tidy()
        steps = office.steps
        for each in office.told:
            step, duty = steps[each.duty.party], each.duty
            assert (step.leg, step.day) == (duty.leg, duty.day)
            # Every leg before it was confirmed, and this one was not.
            before = WAYS[duty.party][: WAYS[duty.party].index(duty.leg)]
            assert {(duty.party, leg) for leg in before} <= arrived
        if office.room.in_force is None:
            assert office.told == []


def test_who_has_a_part_and_who_has_not() -> None:
    office = Office()
    step = office.steps["P2"]
    found = {(duty.part, duty.carrier) for duty in disclosure.duties(step, CARRIERS, None)}
    assert found == {("person", ""), ("to", "h-hub"), ("to", "h-both"), ("drive", "d-car")}
    lift = office.steps["P1"]
    found = {(duty.part, duty.carrier) for duty in disclosure.duties(lift, CARRIERS, "south")}
    assert found == {("person", ""), ("to", "h-flat"), ("to", "h-both"), ("drive", "d-car"), ("escort", "e-south")}


def test_nobody_hears_of_a_step_many_days_ahead_or_of_one_that_failed() -> None:
    office = Office()
    (duty, *_) = disclosure.duties(office.steps["P2"], CARRIERS, None)
    ahead = office.steps["P2"].day - disclosure.DAYS_AHEAD
    assert disclosure.is_open(duty, office.steps, ahead)
    assert not disclosure.is_open(duty, office.steps, ahead - 1)
    office.room.write("aspen", events.LegConfirmed("P2", "car", FIRST, "failed", FIRST))
    assert not disclosure.is_open(duty, office.steps, FIRST)


def test_the_host_whom_they_have_left_keeps_no_words() -> None:
    office = Office()
    office.room.write("aspen", events.LegConfirmed("P2", "car", FIRST, "arrived", FIRST))
    told = [Told("1", Duty("from", "h-hub", "P2", "plane", FIRST + 1), "m1")]
    assert disclosure.stale(told, office.steps, FIRST, CARRIERS) == []
    office.room.write("aspen", events.LegConfirmed("P2", "plane", FIRST + 1, "left", FIRST + 1))
    assert disclosure.stale(told, office.steps, FIRST, CARRIERS) == told


def test_what_was_taken_back_stands_nowhere_in_whatever_order_it_comes() -> None:
    room = Room()
    room.write("birch", carried.TakenBack(["aa"]))
    room.write("aspen", carried.Told("aa", "m1", "h", "to", "P1", "lift", FIRST, "слова"))
    room.write("aspen", carried.Told("bb", "m1", "h", "to", "P1", "lift", FIRST, "другие"))
    assert [each.message for each in carriers.told(room.folded.db)] == ["bb"]
    # Elsewhere than in `places` it is nobody's word.
    room.write("linden", carried.Told("cc", "m1", "h", "to", "P1", "lift", FIRST, "чужие"), "journey:P1")
    room.write("linden", carried.TakenBack(["bb"]), "case:k1")
    assert [each.message for each in carriers.told(room.folded.db)] == ["bb"]
