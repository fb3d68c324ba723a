"""`kunak count`: links and estimate together, the error of the links in the interval, a report in two languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from bench.invented import write
from kunak.cli import app
from kunak.count import reporting
from kunak.count.counting import UNREVIEWED, Linked, question_of, review
from kunak.count.estimate import Question, judge
from kunak.count.estimate.latent_class import Effort as Chains
from kunak.count.estimate.linkage_error import LinkQuality, allowing_for_links, relink
from kunak.count.estimate.methods import Effort
from kunak.count.linkage.reading import Record
from kunak.count.lists import BadInputError
from kunak.count.report import Facts, as_html, as_typst, blocks
from kunak.count.report.words import ASSUMES, MAY, MAY_NOT, WORDS
from tests.count.lists import from_patterns, random_table

BRIEF = Effort(30, Chains(chains=3, kept=60, thinning=1, rounds=1))


def record(name: str, number: int) -> Record:
    return Record(name, f"r{number}", *[""] * 8)


def linked(*rows: tuple[str, int]) -> Linked:
    return Linked([record(name, i) for i, (name, _) in enumerate(rows)], [person for _, person in rows], {})


def test_a_person_twice_on_one_list_counts_once() -> None:
    question = question_of(linked(("press", 1), ("press", 1), ("court", 1), ("press", 2), ("calls", 3)), "x")
    assert question.table.lists == ("press", "calls", "court")
    assert question.table.observed == 3
    assert question.table.cells[0b101] == 1


def test_the_smallest_lists_are_put_together_beyond_eight() -> None:
    rows = [(f"list {i}", i * 100 + j) for i in range(11) for j in range(12 - i)]
    assert question_of(linked(*rows), "x").table.lists[-1] == "others"
    assert question_of(linked(*rows), "x").table.observed == len(rows)


def test_a_review_counts_pairs_between_lists_only(tmp_path: Path) -> None:
    people = linked(("press", 1), ("court", 1), ("court", 2), ("calls", 3), ("calls", 1), ("press", 1))
    sample = tmp_path / "sample.csv"
    sample.write_text("a,b,decision\nr0,r1,same\nr0,r2,same\nr1,r4,different\nr0,r5,same\n", encoding="utf-8")
    assert review(people, sample) == LinkQuality(found=1, missed=1, wrong=1)
    sample.write_text("a,b,decision\nr0,r5,same\n", encoding="utf-8")
    with pytest.raises(BadInputError, match="random sample"):
        review(people, sample)


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
    sure = allowing_for_links(table, LinkQuality(100_000, 0, 0), "dga", 1, BRIEF)
    unsure = allowing_for_links(table, LinkQuality(10, 1, 1), "dga", 1, BRIEF)
    assert unsure.hi - unsure.lo > 1.5 * (sure.hi - sure.lo)


def told(verdict: dict[str, Any]) -> Facts:
    run = {"lists": ["a", "b", "c"], "seed": 1}
    return Facts(
        'a "name" \\ <b>', 900, verdict, {"found": 47, "missed": 2, "wrong": 0, "reviewed": False, "pair": 3.0}, run
    )


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_report_says_the_number_its_warnings_and_what_may_not_be_claimed(language: str) -> None:
    table = from_patterns(p100=50, p010=40, p001=30, p110=4, p011=3)
    verdict = judge(Question(table), effort=BRIEF, brief=BRIEF)
    page = as_html(blocks(told(verdict), language), language, "<svg></svg>")
    assert f"{verdict['estimate']:,.0f}".replace(",", "\u202f") in page
    assert "&lt;b&gt;" in page
    assert MAY_NOT[language][0] in page
    assert ("чел.; оценка зависит" in page) == (language == "ru")
    assert '\\"name\\" \\\\' in as_typst(blocks(told(verdict), language), language, "plot.svg")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_refusal_is_reported_with_its_reason(language: str) -> None:
    verdict = judge(Question(from_patterns(p100=50, p010=40, p001=30)), effort=BRIEF, brief=BRIEF)
    page = as_html(blocks(told(verdict), language), language, "<svg></svg>")
    assert ("Пересечений нет" if language == "ru" else "No overlap") in page


def test_both_languages_have_the_same_words() -> None:
    for words in (WORDS, ASSUMES):
        assert set(words["en"]) == set(words["ru"])
    for sentences in (MAY, MAY_NOT):
        assert len(sentences["en"]) == len(sentences["ru"])


@pytest.mark.prove
def test_a_count_can_be_repeated_to_the_digit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "PER_TABLE", BRIEF)
    write(tmp_path / "lists", 400, 5)
    for report in ("one", "two"):
        done = CliRunner().invoke(
            app, ["count", str(tmp_path / "lists" / "records.csv"), "--out", str(tmp_path / report)]
        )
        assert done.exit_code == 0, done.stderr
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == [
        "clusters.csv", "estimate.json", "plot.svg", "report.en.html", "report.en.pdf", "report.ru.html", "report.ru.pdf",
        "run.json", "table.json",
    ]  # fmt: skip
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    verdict = json.loads((tmp_path / "one" / "estimate.json").read_text(encoding="utf-8"))
    assert verdict["lo"] < verdict["diagnostics"]["as_linked"]["lo"]


def test_bad_lists_get_one_sentence_and_status_2(tmp_path: Path) -> None:
    (tmp_path / "lists.csv").write_text("list,record_id\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["count", str(tmp_path / "lists.csv"), "--out", str(tmp_path / "report")])
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "report").exists()


def test_without_a_review_some_error_is_allowed_for() -> None:
    recalls = [UNREVIEWED.draw(np.random.default_rng(seed))[0] for seed in range(200)]
    assert 0.9 < np.mean(recalls) < 0.97
