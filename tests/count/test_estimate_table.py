"""What must change nothing changes nothing: names and order of lists, order of rows, split rows, zero rows."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kunak.count.estimate import judge, read
from kunak.count.estimate.methods import NAMED, answer_by
from kunak.count.estimate.table import Table, canonical, reorder
from tests.count.lists import BRIEF, random_table

LISTS = ["court", "press", "prison", "calls"]
ROWS = [["1000", 113], ["0100", 84], ["0010", 93], ["0001", 30], ["1100", 17], ["1010", 22], ["0110", 21], ["0011", 12],
        ["1110", 18], ["0111", 3], ["1111", 2]]  # fmt: skip


def turned(rows: list[list[Any]], order: list[int]) -> list[list[Any]]:
    return [["".join(pattern[i] for i in order), count] for pattern, count in rows]


@pytest.mark.parametrize(
    "asked",
    [
        {"lists": ["a", "b", "c", "d"], "table": ROWS},
        {"lists": LISTS, "table": ROWS[::-1]},
        {"lists": [LISTS[i] for i in (2, 0, 3, 1)], "table": turned(ROWS, [2, 0, 3, 1])},
        {"lists": LISTS, "table": [["1000", 100], *ROWS[1:], ["1000", 13]]},
        {"lists": LISTS, "table": [*ROWS, ["1011", 0], ["0000", 0]]},
        {"lists": LISTS, "table": ROWS, "what nobody knows": 7},
    ],
)
def test_names_orders_and_splits_change_nothing(asked: dict[str, Any]) -> None:
    first, again = (read(json.dumps(one)).table for one in ({"lists": LISTS, "table": ROWS}, asked))
    assert (canonical(first).cells == canonical(again).cells).all()
    answers = [answer_by(NAMED, table, 1, BRIEF).given for table in (first, again)]
    assert {name: (one.lo, one.estimate, one.hi) for name, one in answers[0].items()} == {
        name: (one.lo, one.estimate, one.hi) for name, one in answers[1].items()
    }


def test_the_same_seed_gives_the_same_answer_to_the_digit_and_another_seed_another() -> None:
    question = read(json.dumps({"lists": LISTS, "table": ROWS}))
    first = judge(question, effort=BRIEF, brief=BRIEF)
    assert first == judge(question, effort=BRIEF, brief=BRIEF)
    assert first != judge(question, seed=2, effort=BRIEF, brief=BRIEF)


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(3, 5),
    counts=st.lists(st.integers(0, 3), min_size=31, max_size=31),
    shuffled=st.randoms(use_true_random=False),
)
def test_lists_have_one_order_whatever_order_they_come_in(width: int, counts: list[int], shuffled: Any) -> None:
    cells = np.array([0, *counts[: 2**width - 1]], dtype=np.int64)
    table = Table(tuple("abcde"[:width]), cells)
    order = list(range(width))
    shuffled.shuffle(order)
    assert (canonical(table).cells == canonical(reorder(table, order)).cells).all()


def test_leaving_a_list_out_forgets_who_was_on_it_alone() -> None:
    table = random_table(4, 1)
    left = table.without(2)
    assert left.width == 3
    assert left.observed == table.observed - int(table.cells[1 << 2])
    assert left.on(0b011) == table.on(0b011)
    assert left.on(0b100) == table.on(0b1000)
