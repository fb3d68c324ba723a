"""What stands in an answer: strata, sensitivity, disagreement, the drawing."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from string import Formatter
from typing import Any

import numpy as np
import pytest

import kunak.count.estimate
from kunak.count.estimate import Question, Table, draw, judge
from kunak.count.estimate.answer import NoEstimate, from_draws
from kunak.count.estimate.average import mixed
from kunak.count.estimate.methods import NAMED
from kunak.count.estimate.sentences import SENTENCES
from kunak.count.estimate.told import told
from tests.count.lists import BRIEF, from_patterns, random_table, table_of

BRAIN = Path(kunak.count.estimate.__file__).parent


def stratified(seed: int) -> tuple[Question, int]:
    """Two towns whose lists are independent within each, and very unlike between them."""
    random = np.random.default_rng(seed)
    parts = []
    for name, people, rates in (("town", 1500, (0.5, 0.4, 0.45)), ("mountains", 1500, (0.08, 0.12, 0.1))):
        codes = (random.random((people, 3)) < rates) @ np.array([1, 2, 4])
        cells = np.bincount(codes, minlength=8).astype(np.int64)
        cells[0] = 0
        parts.append(Table(("a", "b", "c"), cells, name))
    whole = Table(("a", "b", "c"), np.sum([part.cells for part in parts], axis=0))
    return Question(whole, tuple(parts)), 3000


def test_strata_are_estimated_apart_and_added() -> None:
    question, truth = stratified(3)
    verdict = judge(question, "dga", effort=BRIEF, brief=BRIEF)
    diagnostics: Any = verdict["diagnostics"]
    lo, hi = verdict["lo"], verdict["hi"]
    assert isinstance(lo, float)
    assert isinstance(hi, float)
    assert lo < truth < hi
    assert diagnostics["ignoring_strata"]["estimate"] < 0.85 * truth  # COUNTING: ignoring them was 31 % low
    assert {row["name"] for row in diagnostics["strata"]} == {"town", "mountains"}
    assert any("Ignoring the strata" in told for told in verdict["warnings"])  # type: ignore[attr-defined]


def test_strata_too_thin_to_answer_are_put_together() -> None:
    thin = [from_patterns(p100=9, p010=8, p001=7, p110=3, p011=3), from_patterns(p100=5, p010=8, p001=6, p101=4)]
    big = random_table(3, 5)
    lists = big.lists
    parts = [big, *(Table(lists, one.cells, f"thin {i}") for i, one in enumerate(thin))]
    whole = Table(lists, np.sum([part.cells for part in parts], axis=0))
    verdict = judge(Question(whole, tuple(parts)), "dga", effort=BRIEF, brief=BRIEF)
    diagnostics: Any = verdict["diagnostics"]
    assert sum(row["observed"] for row in diagnostics["strata"]) == whole.observed
    assert any("thin 0, thin 1" in told for told in verdict["warnings"])  # type: ignore[attr-defined]


def test_sensitivity_tries_every_list_and_threshold_with_every_method() -> None:
    table = table_of("kosovo")
    bolder = Table(table.lists, (table.cells * 0.9).astype(np.int64), "0.5")
    verdict = judge(Question(table, (), (bolder,)), effort=BRIEF, brief=BRIEF)
    diagnostics: Any = verdict["diagnostics"]
    rows = diagnostics["sensitivity"]
    for changed in ({"threshold": "0.5"}, *({"left_out": name} for name in table.lists)):
        tried = {row["method"] for row in rows if changed.items() <= row.items()}
        assert tried == {*NAMED, "average"}


def test_with_three_lists_leaving_one_out_is_said_to_assume_independence() -> None:
    verdict = judge(Question(table_of("korea")), "dga", effort=BRIEF, brief=BRIEF)
    diagnostics: Any = verdict["diagnostics"]
    assert {row["assumes"] for row in diagnostics["sensitivity"]} == {"two independent lists"}


def test_the_interval_of_the_average_reaches_over_methods_that_disagree() -> None:
    random = np.random.default_rng(1)
    low = from_draws("dga", random.normal(1000, 20, 4000))
    high = from_draws("lcmcr", random.normal(2000, 20, 4000))
    answer = mixed({"dga": low, "rasch": high})
    assert answer.lo < 1000
    assert answer.hi > 2000
    assert any("disagree" in told for told in answer.warnings)


def test_without_any_method_there_is_no_average() -> None:
    with pytest.raises(NoEstimate):
        mixed({})


@pytest.mark.parametrize("name", ["korea", "uk5"])
def test_the_drawing_is_sound_svg_and_needs_no_colour(name: str) -> None:
    table = table_of(name)
    hostile = Table(("<script>alert(1)</script>", 'a"b', *table.lists[2:]), table.cells, "x\x00&y")
    question = Question(hostile)
    svg = draw(question, judge(question, "dga", effort=BRIEF, brief=BRIEF))
    root = ET.fromstring(svg)
    assert {attribute for one in root.iter() for attribute in (one.get("fill"), one.get("stroke")) if attribute} <= {
        "black", "white",
    }  # fmt: skip
    assert "<script" not in svg


def test_a_refusal_is_drawn_too() -> None:
    question = Question(from_patterns(p10=5, p01=4, p11=2))
    assert "No estimate" in draw(question, judge(question, effort=BRIEF, brief=BRIEF))


def test_whatever_the_brain_says_it_says_in_russian_too() -> None:
    for key, (english, russian) in SENTENCES.items():
        fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (english, russian)]
        assert fields[0] == fields[1], key
        assert re.search("[а-я]", russian), key
    said = {
        key
        for path in BRAIN.glob("*.py")
        for key in re.findall(r'told\(\s*"([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert said == set(SENTENCES)
    inner = told("no coverage")
    assert told("no estimate by", method="coverage", why=inner).russian.endswith(inner.russian)


def test_thousands_are_parted_by_a_space_in_the_drawing_not_by_a_question_mark() -> None:
    question = Question(table_of("kosovo"))
    svg = draw(question, judge(question, "dga", effort=BRIEF, brief=BRIEF), "ru")
    assert "12\u202f595" in svg
    assert "�" not in svg
