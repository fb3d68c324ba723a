"""`kunak count`: links and estimate together, the error of the links in the interval, a report in two languages."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bench.invented import write
from kunak.cli import app
from kunak.count import reporting
from kunak.count.counting import Linked, question_of, review
from kunak.count.estimate import Question, Table, draw, judge, linkage_error
from kunak.count.estimate.linkage_error import (
    LinkQuality,
)
from kunak.count.linkage.reading import Record
from kunak.count.lists import BadInputError
from kunak.count.report import Facts, as_html, as_typst, blocks
from kunak.count.report.words import ASSUMES, MAY, MAY_NOT, RUN, WORDS
from tests.count.lists import BRIEF, from_patterns


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


def told(table: Table, verdict: dict[str, Any]) -> Facts:
    run = {"lists": list(table.lists), "seed": 1, "strata": None}
    links = {
        "found": 47,
        "missed": 2,
        "wrong": 0,
        "reviewed": False,
        "pair": 3.0,
        "nameless": 0,
        "given": 0,
        "together": (),
    }
    return Facts(Table(table.lists, table.cells, 'a "name" \\ <b>'), 900, verdict, links, run)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_report_says_the_number_its_warnings_and_what_may_not_be_claimed(language: str) -> None:
    table = from_patterns(p100=50, p010=40, p001=30, p110=4, p011=3)
    verdict = judge(Question(table), effort=BRIEF, brief=BRIEF)
    page = as_html(blocks(told(table, verdict), language), language, "<svg></svg>")
    assert f"{verdict['estimate']:,.0f}".replace(",", "\u202f") in page
    assert "&lt;b&gt;" in page
    assert MAY_NOT[language][0] in page
    assert page.index(WORDS[language]["unreviewed short"]) < page.index(MAY_NOT[language][0])
    assert ("чел.; оценка зависит" in page) == (language == "ru")
    assert '\\"name\\" \\\\' in as_typst(blocks(told(table, verdict), language), language, "plot.svg")


def test_methods_and_choices_stand_beside_the_answer_that_takes_the_links_as_right() -> None:
    table = from_patterns(p100=50, p010=40, p001=30, p110=4, p011=3)
    verdict: dict[str, Any] = judge(Question(table), effort=BRIEF, brief=BRIEF)
    as_linked = {"estimate": 777.0, "lo": 555.0, "hi": 888.0}
    verdict["diagnostics"] |= {"as_linked": as_linked}
    page = as_html(blocks(told(table, verdict), "en"), "en", draw(Question(table), verdict))
    cells = '<td class="n">777</td><td class="n">555</td><td class="n">888</td></tr>'
    assert page.count(cells) == 2
    assert f'<th scope="row">nothing changed</th>{cells}' in page
    assert "all links taken as right: 777" in page
    verdict["diagnostics"] |= {"ignoring_strata": {**as_linked, "estimate": 666.0}, "strata": []}
    page = as_html(blocks(told(table, verdict), "en"), "en", "")
    assert '<th scope="row">nothing changed</th><td class="n">666</td>' in page
    assert "strata not taken apart" in page


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_refusal_is_reported_with_its_reason(language: str) -> None:
    table = from_patterns(p100=50, p010=40, p001=30)
    verdict = judge(Question(table), effort=BRIEF, brief=BRIEF)
    page = as_html(blocks(told(table, verdict), language), language, "<svg></svg>")
    assert ("Пересечений нет" if language == "ru" else "No overlap") in page


def test_both_languages_have_the_same_words() -> None:
    for words in (WORDS, ASSUMES, RUN):
        assert set(words["en"]) == set(words["ru"])
    for sentences in (MAY, MAY_NOT):
        assert len(sentences["en"]) == len(sentences["ru"])


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_bar_of_the_drawing_stands_in_a_table_too(language: str) -> None:
    table = from_patterns(p100=50, p010=40, p001=30, p110=4, p011=3)
    verdict = judge(Question(table), effort=BRIEF, brief=BRIEF)
    page = as_html(blocks(told(table, verdict), language), language, draw(Question(table), verdict, language))
    for names, number in (("list 0", 50), ("list 0 + list 1", 4), ("list 1 + list 2", 3)):
        assert f'<th scope="row">{names}</th><td class="n">{number}</td>' in page
    assert ("Людей всего" in page) == (language == "ru")
    assert ("People in all" in page) == (language == "en")


FILES = [
    "clusters.csv", "estimate.json", "plot.en.svg", "plot.ru.svg", "report.en.html", "report.en.pdf", "report.ru.html",
    "report.ru.pdf", "run.json", "table.json",
]  # fmt: skip


def counted(lists: Path, out: Path, *more: str) -> Any:
    return CliRunner().invoke(app, ["count", str(lists), "--out", str(out), *more])


def test_a_count_can_be_repeated_to_the_digit_from_its_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "PER_TABLE", BRIEF)
    monkeypatch.setattr(reporting, "judge", functools.partial(judge, effort=BRIEF, brief=BRIEF))
    monkeypatch.setattr(linkage_error, "TABLES", 4)
    write(tmp_path / "lists", 160, 5)
    lists = tmp_path / "lists" / "records.csv"
    first = counted(lists, tmp_path / "one", "--seed", "7", "--strata", "place")
    assert first.exit_code == 0, first.stderr
    again = counted(lists, tmp_path / "two", "--repeat", str(tmp_path / "one" / "run.json"))
    assert again.exit_code == 0, again.stderr
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == FILES
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    assert not list(tmp_path.glob(".*"))  # nothing half-written is left
    lists.write_text(lists.read_text(encoding="utf-8").replace("17", "18", 1), encoding="utf-8")
    other = counted(lists, tmp_path / "three", "--repeat", str(tmp_path / "one" / "run.json"))
    assert other.exit_code == 2
    assert "lists differs" in other.stderr
    assert not (tmp_path / "three").exists()


@pytest.mark.prove
def test_a_whole_count_finds_the_invented_people(tmp_path: Path) -> None:
    write(tmp_path / "lists", 900, 5)
    done = counted(tmp_path / "lists" / "records.csv", tmp_path / "report")
    assert done.exit_code == 0, done.stderr
    verdict = json.loads((tmp_path / "report" / "estimate.json").read_text(encoding="utf-8"))
    assert verdict["lo"] < 900 < verdict["hi"]
    assert verdict["estimate"] < verdict["diagnostics"]["as_linked"]["estimate"]  # missed links had made it too high


def test_bad_lists_get_one_sentence_and_status_2(tmp_path: Path) -> None:
    (tmp_path / "lists.csv").write_text("list,record_id\n", encoding="utf-8")
    done = counted(tmp_path / "lists.csv", tmp_path / "report")
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "report").exists()
