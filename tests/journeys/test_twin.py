"""Two cores, two plans: the better one is followed, and both are plans."""

from __future__ import annotations

import numpy as np
import pytest

from kunak.journeys.planner import Effort
from kunak.journeys.planner.bound import Bound
from kunak.journeys.planner.insertion import Draft
from kunak.journeys.planner.network import Network, build
from kunak.journeys.planner.part import Part
from kunak.journeys.planner.prices import everything
from kunak.journeys.planner.ruin import BEST
from kunak.journeys.planner.search import Search
from kunak.journeys.planner.second import Second
from kunak.journeys.planner.twin import Twin, copy
from kunak.journeys.planner.usage import book, usage

from .scenes import party, scenario_of, scene


def begun() -> tuple[Network, Search, Twin]:
    people = [party(f"P{k:02}", size=1 + k % 3, danger=20 + 7 * (k % 5)) for k in range(24)]
    net = build(scenario_of(scene(people)))
    search = Search(net, seed=1)
    search.begin(Bound(net).ideal)
    return net, search, Twin(search, seed=1)


def same(one: Draft, other: Draft) -> bool:
    steps = [
        np.array_equal(one.steps[i, :count], other.steps[i, :count])
        and np.array_equal(one.ends[i, : count + 1], other.ends[i, : count + 1])
        for i, count in enumerate(one.who["count"])
    ]
    return np.array_equal(one.who, other.who) and all(steps) and np.array_equal(one.room.free, other.room.free)


def free_after(net: Network, plan: Draft) -> np.ndarray:
    """What is left of every limit, counted anew."""
    room = everything(net)._replace(limited=1)
    for i, count in enumerate(plan.who["count"]):
        n = usage(net, i, plan.steps[i], plan.ends[i], int(count), plan.entries)
        book(room, plan.entries, n, 1)
    return room.free


def test_after_an_epoch_both_go_on_from_the_better_plan() -> None:
    net, search, twin = begun()
    first, second = search.score, Second()
    effort, duals = Effort(work=10**9), np.zeros(len(net.limits))

    ended: dict[bool, float] = {}
    unlike = 0

    def work(part: Part) -> None:
        # Unlike numbers of changes: otherwise both may end with the same plan, and nothing is shown.
        for _ in range(2 if part is twin.part else 4):
            part.round(effort, duals, 25, heat=500.0)
        ended[part is twin.part] = part.total

    for _ in range(3):
        twin.improve(second, work)
        ours, theirs = search.whole.draft, twin.part.draft
        unlike += ended[True] != ended[False]
        assert search.whole.total == min(ended.values())
        assert same(ours, theirs)
        assert np.array_equal(ours.room.free, free_after(net, ours))
        assert (ours.room.free >= 0).all()
        assert search.score <= min(first, float(twin.part.ruin.totals[BEST]))
    second.dismiss()
    assert unlike
    assert search.score < first


def test_the_worse_plan_is_replaced_by_a_copy() -> None:
    net, search, twin = begun()
    copy(net, search.whole.draft, twin.part.draft)
    assert same(search.whole.draft, twin.part.draft)
    assert np.array_equal(twin.part.draft.room.free, free_after(net, twin.part.draft))


def test_what_breaks_beside_is_raised() -> None:
    _, search, twin = begun()
    second = Second()

    def work(part: Part) -> None:
        if part is twin.part:
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        twin.improve(second, work)
    assert search.best is not None
    second.dismiss()
