"""Tables that have no answer get none, or a warning that no reader can miss."""

from __future__ import annotations

import numpy as np
import pytest

from kunak.count.estimate import Question, Table, judge
from kunak.count.estimate.answer import NoEstimate
from kunak.count.estimate.coverage import sample_coverage
from kunak.count.estimate.methods import NAMED, answer_by
from tests.count.lists import BRIEF, from_patterns


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (from_patterns(p10=50, p01=40, p11=20), "at least three are needed"),
        (from_patterns(p100=50, p010=40, p110=20), "at least three are needed"),
        (from_patterns(p100=50, p010=40, p001=30), "No overlap"),
        (from_patterns(p001=40, p110=50, p111=20), "identical"),
        (from_patterns(p111=70), "identical"),
        (from_patterns(p1000=50, p0100=40, p1100=20, p0010=30, p0001=20, p0011=9), "fall apart"),
        (from_patterns(p100=50, p110=40, p101=20, p111=5), "Everybody is on the list"),
        (from_patterns(p100=0, p010=0, p001=0), "empty"),
    ],
)
def test_a_table_without_an_answer_is_refused(table: Table, why: str) -> None:
    verdict = judge(Question(table), effort=BRIEF, brief=BRIEF)
    assert verdict["estimate"] is None
    assert why in str(verdict["reason"])


@pytest.mark.parametrize(
    ("table", "warning"),
    [
        (from_patterns(p100=50, p010=40, p001=30, p110=1, p011=1), "stand on two lists or more"),
        (from_patterns(p1000=50, p0100=40, p0010=30, p1100=12, p0110=9, p1010=8, p0001=25), "another population"),
        (from_patterns(p100=5, p010=4, p001=3, p110=3, p011=4, p111=4), "too few to tell models apart"),
        (from_patterns(p100=1, p010=1, p110=90, p001=60, p111=30), "nearly the same people"),
        (from_patterns(p100=70, p110=30, p001=60, p101=20, p111=10), "may have been drawn from it"),
        (from_patterns(p1000=70, p0100=60, p0010=50, p1100=30, p0110=20, p1010=20, p1110=5), "names nobody"),
    ],
)
def test_a_table_that_hardly_answers_is_warned_of(table: Table, warning: str) -> None:
    verdict = judge(Question(table), effort=BRIEF, brief=BRIEF)
    told = verdict["warnings"]
    assert isinstance(told, list)
    assert any(warning in one for one in told), told


def test_coverage_has_no_estimate_under_what_was_observed() -> None:
    table = from_patterns(p100=2, p010=1, p110=1, p001=6829, p101=511)
    with pytest.raises(NoEstimate, match="avoid each other"):
        sample_coverage(table, np.random.default_rng(1))


def test_more_than_eight_lists_are_left_to_the_methods_that_can() -> None:
    rows = {f"p{1 << i | 1 << (i + 1) % 9:09b}": 5 + i for i in range(9)} | {f"p{1 << i:09b}": 40 + i for i in range(9)}
    answers = answer_by(NAMED, from_patterns(**rows), 1, BRIEF)
    assert set(answers.given) == {"lcmcr", "coverage"}
    assert set(answers.refused) == {"loglinear", "loglinear-average", "stepwise", "dga", "rasch"}
