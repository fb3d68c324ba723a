"""Which two people of a partition may be one, and how likely."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bench.invented import write
from kunak.count.counting import Linked, link_records, question_of
from kunak.count.doubts import OF_ONE_PERSON, ONE_AND_MORE, ONE_AND_ONE, SHARING, of_one_person, seen_by_lists
from kunak.count.linkage.reading import Record
from kunak.count.lists import read_truth


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Linked, Sequence[str]]:
    folder = tmp_path_factory.mktemp("lists")
    write(folder, 500, 11)
    linked = link_records(folder / "records.csv", None)
    truth = read_truth(folder / "truth.csv")
    return linked, [truth[record.record_id] for record in linked.records]


def test_the_people_of_the_doubts_are_those_of_the_table(counted: tuple[Linked, Sequence[str]]) -> None:
    linked, _ = counted
    assert linked.doubted is not None
    table = question_of(linked, "x").table
    assert len(linked.doubted.patterns) == table.observed
    assert [int((linked.doubted.patterns == code).sum()) for code in range(8)] == table.cells.tolist()


def test_as_many_are_one_as_the_chances_say(counted: tuple[Linked, Sequence[str]]) -> None:
    linked, truth = counted
    assert linked.doubted is not None
    assert all(0 < chance < 1 and one < other for one, other, chance in linked.doubted.doubts)
    missed = len(set(linked.people)) - len(set(truth))
    assert 0.4 * missed < linked.doubted.missed < 2.5 * missed


def test_a_reviewer_leaves_no_doubt(tmp_path: Path) -> None:
    write(tmp_path, 120, 3)
    lists, decided = tmp_path / "records.csv", tmp_path / "decisions.csv"
    before = link_records(lists, None)
    assert before.doubted is not None
    truth = read_truth(tmp_path / "truth.csv")
    ids = [record.record_id for record in before.records]
    apart = [(a, b) for a in ids for b in ids if a < b and truth[a] != truth[b]][:2000]
    decided.write_text("a,b,decision\n" + "".join(f"{a},{b},different\n" for a, b in apart), encoding="utf-8")
    after = link_records(lists, decided)
    assert after.doubted is not None
    sure = {frozenset((after.people[ids.index(a)], after.people[ids.index(b)])) for a, b in apart}
    labels = sorted(set(after.people))
    assert not any(frozenset((labels[one], labels[other])) in sure for one, other, _ in after.doubted.doubts)


def test_who_already_shares_a_list_is_less_likely_one_person_and_whoever_shares_none_more() -> None:
    patterns = np.array([1, 1, 2, 3, 4], dtype=np.int64)
    sharing, apart, third = (0, 1, 0.3), (0, 2, 0.3), (3, 4, 0.3)
    low = [(0, 1, 0.05)] * 14 + [(0, 2, 0.05)] * 4 + [(3, 4, 0.05)] * 2
    told = seen_by_lists([sharing, apart, third, *low], patterns, np.array([0.2, 0.6, 0.2]))
    assert told[0][2] < 0.15
    assert told[1][2] > 0.45
    assert sum(chance for *_, chance in told) == pytest.approx(
        0.3 * 3 + 0.05 * 20, rel=0.25
    )  # shifted, not made or lost
    assert not seen_by_lists([], patterns, OF_ONE_PERSON)
    assert seen_by_lists([(0, 2, 1.0)], patterns, OF_ONE_PERSON)[0][2] < 1


def test_lists_that_name_people_twice_tell_so() -> None:
    def shares(of: Sequence[tuple[str, int]]) -> list[float]:
        records = [Record(name, f"r{i}", "") for i, (name, _) in enumerate(of)]
        found = of_one_person(records, [person for _, person in of], {"press": 1, "court": 2, "calls": 4})
        return [float(share) for share in found]

    tidy = shares([(name, person) for person in range(200) for name in ("press", "court")])
    double = shares([(name, person) for person in range(200) for name in ("press", "press", "court")])
    full = shares([(name, person) for person in range(200) for name in ("press", "court", "calls")])
    assert tidy[SHARING] < 0.05
    assert double[SHARING] > 0.5
    assert tidy[ONE_AND_ONE] > 0.9
    assert full[ONE_AND_MORE] > 0.9
