"""The error of the links in the total: tables put right at random, as often as a review or the links' own chances say."""

from __future__ import annotations

import numpy as np

from kunak.count.estimate import Table
from kunak.count.estimate.linkage_error import (
    LinkedPeople,
    LinkQuality,
    allowing_for_links,
    as_doubted,
    as_reviewed,
    relink,
)
from tests.count.lists import BRIEF, from_patterns, random_table


def test_putting_links_right_keeps_the_records_of_every_list() -> None:
    table = random_table(4, 2)
    again = relink(table, 0.8, 0.97, np.random.default_rng(1))
    assert (again.cells >= 0).all()
    assert [again.on(1 << i) for i in range(4)] == [table.on(1 << i) for i in range(4)]
    assert again.observed < table.observed  # missed links had counted people twice


def test_links_without_error_change_nothing() -> None:
    table = random_table(3, 2)
    assert (relink(table, 1.0, 1.0, np.random.default_rng(1)).cells == table.cells).all()


def test_the_error_of_the_links_widens_the_interval() -> None:
    table = random_table(3, 4, people=3000)
    sure, unsure = (
        allowing_for_links(as_reviewed([table], quality), "dga", 1, BRIEF)
        for quality in (LinkQuality(100_000, 0, 0), LinkQuality(10, 1, 1))
    )
    assert unsure.hi - unsure.lo > 1.5 * (sure.hi - sure.lo)


def doubted(table: Table, doubts: list[tuple[int, int, float]]) -> LinkedPeople:
    """The people of this table one by one, in the order of their patterns."""
    patterns = np.repeat(np.arange(len(table.cells)), table.cells)
    return LinkedPeople(patterns, np.zeros(len(patterns), dtype=np.int64), doubts, 1e6, 0.0)


def test_people_who_are_probably_one_are_made_one_as_often_as_that() -> None:
    table = from_patterns(p100=300, p010=300, p001=50, p111=20)
    doubts = [(i, 300 + i, 0.3) for i in range(300)]  # each on the first list with one on the second
    draw_tables = as_doubted([table], doubted(table, doubts))
    drawn = [draw_tables(np.random.default_rng(seed))[0] for seed in range(60)]
    both = np.mean([one.cells[0b011] for one in drawn])
    assert 75 < both < 115  # 90, and what was never compared
    assert all([one.on(1 << i) for i in range(3)] == [table.on(1 << i) for i in range(3)] for one in drawn)


def test_who_fits_two_others_is_one_of_them_and_not_both() -> None:
    table = from_patterns(p100=100, p010=100, p001=100, p111=1)
    doubts = [(i, 100 * other + i, 0.9999) for i in range(100) for other in (1, 2)]
    drawn = as_doubted([table], doubted(table, doubts))(np.random.default_rng(1))[0]
    assert drawn.cells[0b011] + drawn.cells[0b101] >= 98
    assert drawn.cells[0b111] < 10


def test_a_spoilt_record_parts_one_person_from_all_of_its_other_records() -> None:
    table = from_patterns(p111=8000, p110=9000, p101=9000, p011=9000, p100=9000, p010=9000, p001=9000)
    again = relink(table, 0.96, 1.0, np.random.default_rng(1))
    # whoever has three records is torn by each of them: of pairs .96 are left when a record holds with the root of that
    assert abs(again.cells[0b111] - 8000 / 0.96**1.5) < 80


def test_people_of_two_strata_who_are_one_are_counted_in_one_of_them() -> None:
    table = from_patterns(p100=10, p010=10, p001=10)
    people = doubted(table, [(0, 10, 0.999999)])
    people = LinkedPeople(people.patterns, np.array([0, 1] * 15), people.doubts, 1e6, 0.0)
    parts = [Table(table.lists, np.zeros(8, dtype=np.int64), name) for name in ("town", "hills")]
    drawn = as_doubted(parts, people)(np.random.default_rng(3))
    assert drawn[0].cells[0b011] + drawn[1].cells[0b011] >= 1
    assert [drawn[0].on(1 << i) + drawn[1].on(1 << i) for i in range(3)] == [10, 10, 10]


def test_reviewed_links_are_put_right_in_every_stratum() -> None:
    parts = [random_table(3, seed) for seed in (2, 3)]
    drawn = as_reviewed(parts, LinkQuality(50, 20, 0))(np.random.default_rng(1))
    assert [one.observed < part.observed for one, part in zip(drawn, parts, strict=True)] == [True, True]
