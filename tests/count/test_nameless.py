"""Records that name nobody, and values that cannot be read: linked with nothing, counted nowhere, and told."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from kunak.cli import app
from kunak.count.counting import link_records, question_of
from kunak.count.lists import BadInputError
from tests.count.known import name
from tests.count.test_link_command import HEAD, run

UNKNOWN = ("Неизвестный", "неизвестный мужчина", "Unknown", "unidentified man", "имя неизвестно", "—", "")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.mark.parametrize("written", UNKNOWN)
def test_a_word_in_the_place_of_a_name_names_nobody(written: str) -> None:
    found = name(written)
    assert not found.surname
    assert not found.given.initials


def test_the_name_beside_such_a_word_is_read() -> None:
    assert name("Неизвестный Ахмед").given.name == "Ахмад"
    assert name("Исаев (имя неизвестно)").surname == "isaev"


def test_the_unknown_dead_of_one_day_stay_as_many_as_they_are(tmp_path: Path) -> None:
    rows = [f"{'abc'[i % 3]},r{i},{UNKNOWN[i % len(UNKNOWN)]},,,,Грозный,2000-02-05,Грозный,\n" for i in range(60)]
    status, stderr, clusters = run(tmp_path, HEAD + "".join(rows))
    assert status == 0
    assert len(set(clusters.values())) == 60
    assert "lists.csv: records that name nobody: 60 (the first in row 2)" in stderr


def test_they_are_left_out_of_the_count_unless_a_reviewer_knew_them(tmp_path: Path) -> None:
    lists, decisions = tmp_path / "lists.csv", tmp_path / "decisions.csv"
    lists.write_text(
        HEAD
        + "a,r1,Неизвестный,,,,Шали,2017-03-05,,\na,r2,,,,,Шали,2017-03-05,,\nb,r3,Исаев Али,,,,Шали,2017-03-05,,\n",
        "utf-8",
    )
    told: list[str] = []
    linked = link_records(lists, None, notice=told.append)
    assert (linked.nameless, question_of(linked, "x").table.observed) == (2, 1)
    assert "2 (the first in row 2)" in told[0]
    decisions.write_text("a,b,decision\nr1,r3,same\n", encoding="utf-8")
    linked = link_records(lists, decisions)
    assert [record.record_id for record in linked.records] == ["r1", "r3"]
    assert question_of(linked, "x").table.observed == 1
    lists.write_text(HEAD + "a,r1,Неизвестный,,,,,,,\n", encoding="utf-8")
    with pytest.raises(BadInputError, match="nothing to count"):
        link_records(lists, None)


def test_a_name_that_stands_in_every_row_links_nothing(tmp_path: Path) -> None:
    rows = [f"{'abc'[i % 3]},r{i},Исаев Али,,,,Аргун,,,\n" for i in range(600)]
    _, _, clusters = run(tmp_path, HEAD + "".join(rows))
    assert len(set(clusters.values())) == 600


@pytest.mark.parametrize(
    ("field", "column"),
    [(",,,вчера,,", "event_date"), (",,,42799,,", "event_date"), (",270,,,,", "age"), ("взрослый,,,,,", "birth_year")],
)
def test_what_cannot_be_read_is_told_with_column_and_row(tmp_path: Path, field: str, column: str) -> None:
    status, stderr, clusters = run(tmp_path, HEAD + "\nh,r1,Али Дадаев,,,,,,,\nh,r2,Исаев Али,," + field + "\n")
    assert (status, len(clusters)) == (0, 2)
    assert (
        f"lists.csv, column {column}: values that could not be read and count as empty: 1 (the first in row 4)."
        in stderr
    )


def test_a_russian_terminal_is_told_in_russian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    lists = tmp_path / "lists.csv"
    lists.write_text(HEAD + "h,r1,Али Дадаев,,,,,вчера,,\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["link", str(lists), "--out", str(tmp_path / "clusters.csv")])
    assert "столбец event_date" in done.stderr
    assert done.stdout.startswith("Записей: 1, людей: 1:")
