"""The fold of journeys: whatever the order of arrival, the same tables; nobody speaks where they have no say."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kunak.journeys import register
from kunak.journeys.known import events, records
from tests.helpline.folded import Folded, fact

ENTRIES = [f"{number:02x}" for number in range(24)]
some = st.lists(st.sampled_from(ENTRIES), max_size=3, unique=True)
names = st.sampled_from(["a", "b"])
bodies = st.one_of(
    st.builds(
        events.FrameKept,
        names,
        *(st.integers(0, 9) for _ in range(7)),
        replaces=some,
    ),
    st.builds(events.PlaceKept, names, st.just("inside"), st.just("shelter"), beds=st.integers(0, 9), replaces=some),
    st.builds(events.PlaceCompromised, names, st.none() | st.integers(1, 9), replaces=some),
    st.builds(
        events.LegKept, names, names, names, st.just("car"), *(st.integers(1, 9) for _ in range(6)), replaces=some
    ),
    st.builds(events.EscortsKept, names, st.integers(0, 9), st.just([1, 2]), replaces=some),
    st.builds(events.SheetKept, names, names, st.integers(1, 4), st.integers(1, 4), st.just("women"), replaces=some),
    st.builds(events.PartySettled, names, st.sampled_from(["planned", "safe", "withdrawn"]), some),
    st.builds(events.PartyPlaced, names, st.builds(events.Start, names, st.integers(0, 9)), replaces=some),
    st.builds(events.PartyBegun, names, some),
    st.builds(
        events.PlanProposed,
        names,
        st.integers(0, 9),
        st.just(b"s"),
        st.just(b"p"),
        st.just("proposal"),
        after=st.lists(names, max_size=2),
    ),
    st.builds(events.PlanApproved, names, st.booleans(), some),
    st.builds(
        events.LegConfirmed, names, names, st.integers(0, 9), st.sampled_from(["left", "arrived"]), st.just(3), some
    ),
    st.builds(events.MessageDrafted, names, names, st.just("ru"), st.just("Собирайтесь.")),
    st.builds(events.DraftSettled, names, names, st.sampled_from(["sent", "dropped"])),
)
where = st.sampled_from(["places", "journey:a", "journey:b", "case:k1", "intake"])


def entry(number: int, compartment: str, body: Any, author: str = "d1") -> Any:
    return fact(ENTRIES[number], body, compartment=compartment, author=author, time=1_491_000_000 + number // 2)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(where, bodies), max_size=16), st.randoms(use_true_random=False))
def test_any_order_of_arrival_and_any_repetition_fold_to_the_same_tables(
    written: list[Any], chance: random.Random
) -> None:
    facts = [entry(at, compartment, body, f"d{at % 2}") for at, (compartment, body) in enumerate(written)]
    shuffled = facts + facts[: len(facts) // 2]
    chance.shuffle(shuffled)
    assert Folded(register, facts).dump() == Folded(register, shuffled).dump()


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(where, bodies), max_size=16))
def test_what_the_tables_hold_can_always_be_read(written: list[Any]) -> None:
    db = Folded(register, [entry(at, *each) for at, each in enumerate(written)]).db
    known = records.read(db)
    assert all(known.parties[name] == records.party(db, name) for name in known.parties)


def sheet(party: str, name: str) -> events.SheetKept:
    return events.SheetKept(party, name, 1, 1, "men")


def test_a_caseworker_speaks_for_their_own_party_only_whatever_the_entry_says() -> None:
    db = Folded(register, [entry(0, "journey:a", sheet("b", "Верба"))]).db
    assert list(records.parties(db)) == ["a"]


def test_only_coordinators_say_where_places_are_who_stays_there_and_which_plan_holds() -> None:
    kept = [
        events.PlaceKept("flat", "inside", "shelter"),
        events.PlaceCompromised("flat", 9),
        events.LegKept("car", "home", "flat", "car", 0, 1, 9, 1, 1, 1),
        events.EscortsKept("south", 1, [1]),
        events.PartyPlaced("a", events.Start("flat", 1)),
        events.LegConfirmed("a", "car", 1, "arrived", 1),
        events.PlanProposed("p", 1, b"", b"", "proposal"),
        events.PlanApproved("p", approved=True),
    ]
    for compartment in ("journey:a", "case:k1", "intake", "identity:k1"):
        db = Folded(register, [entry(at, compartment, body) for at, body in enumerate(kept)]).db
        assert records.read(db) == records.Known()
        assert db.execute("SELECT count(*) FROM journeys_plans").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM journeys_values").fetchone() == (0,)


def test_two_coordinators_who_changed_a_place_offline_both_keep_their_word() -> None:
    first = entry(0, "places", events.PlaceKept("flat", "inside", "shelter", beds=2))
    larger = events.PlaceKept("flat", "inside", "shelter", beds=4, replaces=[ENTRIES[0]])
    closed = events.PlaceKept("flat", "inside", "shelter", beds=0, replaces=[ENTRIES[0]])
    db = Folded(register, [first, entry(2, "places", larger, "d1"), entry(4, "places", closed, "d2")]).db
    record = records.read(db).places["flat"]
    assert record.disputed
    assert [each.beds for each in (record.kept, *record.others)] == [0, 4]
    settled = entry(6, "places", events.PlaceKept("flat", "inside", "shelter", beds=4, replaces=list(record.entries)))
    register.fold(db, settled)
    assert not records.read(db).places["flat"].disputed


def test_a_party_that_one_withdrew_and_another_goes_on_planning_is_planned() -> None:
    facts = [
        entry(0, "journey:a", sheet("a", "Верба")),
        entry(2, "journey:a", events.PartySettled("a", "withdrawn")),
        entry(4, "places", events.PartySettled("a", "planned")),
    ]
    party = records.parties(Folded(register, facts).db)["a"]
    assert party.state == "planned"
    assert len(party.state_entries) == 2
