"""The fold of cases: whatever the order of arrival, the same tables; two helpers who disagree both keep their word."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kunak.cases import events, reading, register
from tests.helpline.folded import Folded, fact

ENTRIES = [f"{number:02x}" for number in range(24)]
CASE = "case:k1"


def entry(identifier: str, compartment: str, author: str, time: int, body: Any) -> Any:
    return fact(identifier, body, compartment=compartment, author=author, time=time)


def take(db: Any, *facts: Any) -> Any:
    for each in facts:
        register.fold(db, entry(*each))
    register.settle(db)
    return db


def fresh() -> Any:
    return Folded(register).db


def opened(identifier: str = "00", time: int = 1_491_000_000) -> Any:
    return (identifier, CASE, "d1", time, events.Opened("Верба", "ru"))


some = st.lists(st.sampled_from(ENTRIES), max_size=3, unique=True)
names = st.sampled_from(["n1", "n2"])
bodies = st.one_of(
    st.builds(events.Opened, st.sampled_from(["Верба", "Клён"]), st.just("ru")),
    st.builds(
        events.Described, st.sampled_from(["pseudonym", "status", "summary"]), st.sampled_from(["open", "closed"]), some
    ),
    st.builds(events.Assigned, st.sampled_from(["d1", "d2", ""]), some),
    st.builds(events.RiskAssessed, st.integers(0, 4), st.just("обыск у брата"), some),
    st.builds(events.NeedNamed, names, st.sampled_from(["shelter", "money"]), st.sampled_from(["на неделю", "до виз"])),
    st.builds(events.NeedSettled, names, st.sampled_from(["open", "met", "dropped"]), some),
    st.builds(
        events.TaskSet,
        names,
        st.sampled_from(["позвонить", "купить билет"]),
        st.none() | st.just(17300),
        st.just("d1"),
        some,
    ),
    st.builds(events.TaskSettled, names, st.sampled_from(["open", "done", "dropped"]), some),
    st.builds(events.Noted, st.just("заметка")),
    st.builds(events.Talked, st.just("кто может завтра?")),
    st.builds(events.Identified, st.sampled_from(["name", "phone"]), st.sampled_from(["Мурад", "Тимур"]), some),
    st.builds(
        events.ContactKept, names, st.sampled_from(["Мать", ""]), st.just("мать"), st.just("+7"), st.just("yes"), some
    ),
)
places = st.sampled_from(["case:k1", "identity:k1", "case:k2", "intake"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(places, bodies), max_size=14), st.randoms(use_true_random=False))
def test_any_order_of_arrival_and_any_repetition_fold_to_the_same_tables(
    written: list[Any], chance: random.Random
) -> None:
    facts = [
        entry(ENTRIES[at], where, f"d{at % 2}", 1_491_000_000 + at // 2, body)
        for at, (where, body) in enumerate(written)
    ]
    shuffled = facts + facts[: len(facts) // 2]
    chance.shuffle(shuffled)
    assert Folded(register, facts).dump() == Folded(register, shuffled).dump()


def test_two_risks_set_offline_both_stand_and_the_higher_counts_until_somebody_chooses() -> None:
    db = take(
        fresh(),
        opened(),
        ("01", CASE, "d1", 1, events.RiskAssessed(1, "тихо", [])),
        ("02", CASE, "d1", 2, events.RiskAssessed(3, "ищут", ["01"])),
        ("03", CASE, "d2", 3, events.RiskAssessed(0, "уехал", ["01"])),
    )
    case = register.read(db, "k1")
    assert case is not None
    assert case.line.risk == 3
    assert [value.value for value in case.disputed["risk"]] == ["0", "3"]
    take(db, ("04", CASE, "d1", 4, events.RiskAssessed(0, "уехал, проверено", case.heads("risk"))))
    settled = register.read(db, "k1")
    assert settled is not None
    assert (settled.line.risk, settled.disputed) == (0, {})
    assert [value.note for value in settled.risks] == ["уехал, проверено", "уехал", "ищут", "тихо"]


def test_a_task_done_by_one_and_reopened_by_another_stays_open() -> None:
    db = take(
        fresh(),
        opened(),
        ("01", CASE, "d1", 1, events.TaskSet("t", "билет", 17300, "d1")),
        ("02", CASE, "d1", 2, events.TaskSettled("t", "done")),
        ("03", CASE, "d2", 2, events.TaskSettled("t", "open")),
    )
    (task,) = register.open_tasks(db)
    assert (task.state, task.disputed) == ("open", True)
    take(db, ("04", CASE, "d1", 3, events.TaskSettled("t", "done", ["02", "03"])))
    assert register.open_tasks(db) == []


def test_a_case_that_was_never_opened_here_is_not_shown() -> None:
    db = take(fresh(), ("01", CASE, "d1", 1, events.Noted("рано")))
    assert register.read(db, "k1") is None
    assert register.page(db, "open", register.Order.ACTIVITY) == []
    assert register.read(take(db, opened()), "k1") is not None


def test_identity_is_taken_from_the_identity_compartment_only_and_case_events_never_from_it() -> None:
    db = take(
        fresh(),
        opened(),
        ("01", CASE, "d1", 1, events.Identified("name", "Мурад")),
        ("02", "identity:k1", "d1", 1, events.Noted("не здесь")),
    )
    assert reading.identity(db, "k1") == {}
    assert [each.kind for each in register.timeline(db, "k1", 10)] == ["opened"]
    take(db, ("03", "identity:k1", "d1", 1, events.Identified("name", "Мурад")))
    assert [value.value for value in reading.identity(db, "k1")["name"]] == ["Мурад"]


def test_the_next_due_day_and_the_open_needs_stand_in_the_line_of_the_case() -> None:
    db = take(
        fresh(),
        opened(),
        ("01", CASE, "d1", 1, events.TaskSet("t1", "паспорт", 17310, "")),
        ("02", CASE, "d1", 1, events.TaskSet("t2", "жильё", 17300, "")),
        ("03", CASE, "d1", 1, events.NeedNamed("n1", "shelter", "срочно")),
        ("04", CASE, "d1", 1, events.NeedNamed("n2", "money", "")),
        ("05", CASE, "d1", 2, events.NeedSettled("n2", "met")),
    )
    line = register.line(db, "k1")
    assert line is not None
    assert (line.tasks, line.due, line.needs) == (2, 17300, 1)
    take(db, ("06", CASE, "d1", 3, events.TaskSettled("t2", "done")))
    later = register.line(db, "k1")
    assert later is not None
    assert (later.tasks, later.due) == (1, 17310)
