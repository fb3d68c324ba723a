"""Four eyes: what counts as an approval, of what, by whom; and which plan moves people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from kunak.journal.entry import DeviceId
from kunak.journeys import register
from kunak.journeys.known import events
from kunak.journeys.plans import next_steps, standing
from kunak.journeys.reckoning.plan_reading import NoPlan
from kunak.vault.roster import Device, Roster
from tests.helpline.folded import Folded, fact
from tests.journeys.scenes import TINY, TINY_PLAN

FIRST = 17_258  # 2 April 2017


def device(name: str, callsign: str = "", role: str = "coordinator", **more: Any) -> Device:
    state = {"revoked_at": None, "leaving": False, **more}
    return Device(DeviceId(name), b"", b"", b"", role, callsign or name, **state)


HELPERS = [
    device("aspen"),
    device("birch"),
    device("cedar"),
    device("birch-laptop", "birch"),
    device("linden", role="caseworker"),
    device("oak", role="admin"),
    device("elder", revoked_at=7),
    device("rowan", leaving=True),
]


@dataclass
class Room:
    """A coordinators' room over which entries are written by name."""

    folded: Folded = field(default_factory=lambda: Folded(register))
    written: int = 0
    roster: Roster = field(default_factory=lambda: Roster({each.id: each for each in HELPERS}))

    def write(self, author: str, body: Any, compartment: str = "places") -> str:
        self.written += 1
        name = f"{self.written:032x}"
        self.folded.take([fact(name, body, compartment=compartment, author=author, time=1_000 + self.written)])
        return name

    def propose(
        self, plan: bytes = TINY_PLAN, purpose: Any = "proposal", after: tuple[str, ...] = (), named: str = ""
    ) -> str:
        name = named or standing.plan_id(FIRST, purpose, after, TINY, plan)
        packed = standing.pack(TINY), standing.pack(plan)
        self.write("aspen", events.PlanProposed(name, FIRST, *packed, purpose, after=list(after)))
        return name

    def approve(self, plan: str, *helpers: str) -> None:
        for helper in helpers:
            self.write(helper, events.PlanApproved(plan, approved=True))

    @property
    def standing(self) -> standing.Standing:
        return standing.standing_of(self.folded.db, self.roster)

    @property
    def in_force(self) -> str | None:
        chosen = self.standing.in_force
        return chosen.plan_id if chosen else None


def other_plan(mark: int = 1) -> bytes:
    """The same plan in other bytes."""
    return TINY_PLAN + b" " * mark


def test_a_plan_is_in_force_when_two_coordinators_have_approved_it_and_not_before() -> None:
    room = Room()
    plan = room.propose()
    assert room.in_force is None
    room.approve(plan, "aspen")
    assert room.in_force is None
    room.approve(plan, "birch")
    assert room.in_force == plan


@pytest.mark.parametrize(
    ("second", "why"),
    [
        ("linden", "role"),
        ("oak", "role"),
        ("elder", "revoked"),
        ("rowan", "revoked"),
        ("nobody", "stranger"),
    ],
)
def test_whose_word_does_not_count(second: str, why: str) -> None:
    room = Room()
    plan = room.propose()
    room.approve(plan, "aspen", second)
    assert room.in_force is None
    (proposal,) = room.standing.proposals
    assert [each.why_not for each in proposal.approvals if each.device == second] == [why]


def test_one_helper_with_two_devices_is_one_pair_of_eyes() -> None:
    room = Room()
    plan = room.propose()
    room.approve(plan, "birch", "birch-laptop", "birch")
    assert room.in_force is None
    room.approve(plan, "cedar")
    assert room.in_force == plan


def test_an_approval_stands_for_the_very_bytes_and_for_nothing_that_looks_like_them() -> None:
    room = Room()
    plan = room.propose()
    room.approve(plan, "aspen", "birch")
    changed = room.propose(other_plan(), after=(plan,))
    assert changed != plan
    assert room.in_force == plan
    room.approve(changed, "aspen")
    assert room.in_force == plan
    room.approve(changed, "cedar")
    assert room.in_force == changed


def test_a_proposal_under_the_id_of_an_approved_plan_with_other_bytes_is_nobodys() -> None:
    room = Room()
    honest = standing.plan_id(FIRST, "proposal", (), TINY, TINY_PLAN)
    room.approve(honest, "aspen", "birch")
    room.propose(other_plan(), named=honest)
    assert room.standing.proposals == []
    assert room.in_force is None
    with pytest.raises(NoPlan):
        standing.opened(room.folded.db, honest)
    room.propose()
    assert room.in_force == honest
    assert standing.opened(room.folded.db, honest).plan_bytes == TINY_PLAN


def test_the_first_day_the_purpose_and_what_it_replaces_are_approved_with_the_plan() -> None:
    ids = {
        standing.plan_id(FIRST, "proposal", (), TINY, TINY_PLAN),
        standing.plan_id(FIRST + 1, "proposal", (), TINY, TINY_PLAN),
        standing.plan_id(FIRST, "repair", (), TINY, TINY_PLAN),
        standing.plan_id(FIRST, "proposal", ("x",), TINY, TINY_PLAN),
        standing.plan_id(FIRST, "proposal", (), TINY + b" ", TINY_PLAN),
        standing.plan_id(FIRST, "proposal", (), TINY, other_plan()),
    }
    assert len(ids) == 6


def test_a_what_if_is_never_in_force() -> None:
    room = Room()
    plan = room.propose(purpose="what-if")
    room.approve(plan, "aspen", "birch", "cedar")
    assert room.in_force is None


def test_an_approval_can_be_taken_back_by_its_author_alone() -> None:
    room = Room()
    plan = room.propose()
    mine = room.write("aspen", events.PlanApproved(plan, approved=True))
    room.approve(plan, "birch")
    room.write("cedar", events.PlanApproved(plan, approved=False, replaces=[mine]))
    assert room.in_force == plan
    room.write("aspen", events.PlanApproved(plan, approved=False, replaces=[mine]))
    assert room.in_force is None


def test_an_approval_outside_the_room_counts_nowhere() -> None:
    room = Room()
    plan = room.propose()
    room.approve(plan, "aspen")
    room.write("birch", events.PlanApproved(plan, approved=True), "journey:a")
    room.write("birch", events.PlanApproved(plan, approved=True), "case:k1")
    assert room.in_force is None


def test_two_approved_plans_of_which_none_takes_the_others_place_move_nobody() -> None:
    room = Room()
    one, other = room.propose(), room.propose(other_plan())
    room.approve(one, "aspen", "birch")
    room.approve(other, "birch", "cedar")
    assert room.in_force is None
    assert {each.plan_id for each in room.standing.rivals} == {one, other}
    assert next_steps.next_steps(room.folded.db, room.roster) == []
    third = room.propose(other_plan(2), after=(one, other))
    room.approve(third, "aspen", "cedar")
    assert room.in_force == third
    assert not room.standing.rivals


def test_who_is_revoked_takes_their_word_along_and_the_plan_before_holds_again() -> None:
    room = Room()
    plan = room.propose()
    room.approve(plan, "aspen", "birch")
    later = room.propose(other_plan(), after=(plan,))
    room.approve(later, "aspen", "cedar")
    assert room.in_force == later
    room.roster = Roster({each.id: each for each in [*HELPERS, device("cedar", revoked_at=9)]})
    assert room.in_force == plan


def test_a_packed_text_that_never_ends_is_refused() -> None:
    for packed in (b"", b"no", standing.pack(TINY)[:-3], standing.pack(TINY) + b"x"):
        with pytest.raises(NoPlan):
            standing.unpack(packed)


def test_only_the_first_step_that_nobody_has_confirmed_is_next() -> None:
    room = Room()
    plan = room.propose()
    room.approve(plan, "aspen", "birch")
    for party in ("P1", "P2", "P3"):
        room.write("aspen", events.SheetKept(party, party, 1, 1, "women"))
    db = room.folded.db
    before = {each.party: each for each in next_steps.next_steps(db, room.roster)}
    assert set(before) == {"P1", "P2"}
    assert (before["P2"].number, before["P2"].of, before["P2"].leg) == (1, 2, "car")
    step = before["P2"]
    left = room.write("aspen", events.LegConfirmed("P2", step.leg, step.day, "left", step.day))
    assert {e.party: e.state for e in next_steps.next_steps(db, room.roster)}["P2"] == "left"
    room.write("aspen", events.LegConfirmed("P2", step.leg, step.day, "arrived", step.arrival, [left]))
    after = {each.party: each for each in next_steps.next_steps(db, room.roster)}
    assert (after["P2"].number, after["P2"].leg) == (2, "plane")
    assert after["P1"] == before["P1"]
