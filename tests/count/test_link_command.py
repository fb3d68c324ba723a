"""`kunak link` from the outside: files in, files out, one sentence for what is wrong."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kunak.cli import app
from kunak.count import engine

HEAD = "list,record_id,full_name,patronymic,birth_year,age,place,event_date,event_place,notes\n"
THREE_SCRIPTS = (
    HEAD
    + "helpline,a1,Хамзат Дадаев,Русланович,1990,,Шали,2017-03-05,Шали,\n"
    + "newspaper,b1,Chamsat Dadajew,,1990,,Schali,05.03.2017,Schali,\n"
    + "testimony,c1,Khamzata Dadaeva,Ruslanovich,,27,Shela,March 2017,,\n"
    + "helpline,a2,Хасан Дадаев,Русланович,1992,,Шали,2017-03-05,Шали,\n"
)


def run(folder: Path, lists: str | bytes, *options: str) -> tuple[int, str, dict[str, str]]:
    """The exit status, what stands on stderr, and the clusters."""
    path, out = folder / "lists.csv", folder / "clusters.csv"
    path.write_bytes(lists if isinstance(lists, bytes) else lists.encode())
    result = CliRunner().invoke(app, ["link", str(path), "--out", str(out), *options])
    clusters = {}
    if out.exists():
        with out.open(encoding="utf-8") as file:
            clusters = {r["record_id"]: r["cluster_id"] for r in csv.DictReader(file)}
    return result.exit_code, result.stderr, clusters


def test_one_person_in_three_scripts_is_one_and_his_brother_another(tmp_path: Path) -> None:
    status, _, clusters = run(tmp_path, THREE_SCRIPTS)
    assert status == 0
    assert clusters["a1"] == clusters["b1"] == clusters["c1"] != clusters["a2"]


def test_a_single_record_is_a_single_person(tmp_path: Path) -> None:
    assert run(tmp_path, HEAD + "h,r1,Али Дадаев,,,,,,,\n")[2] == {"r1": "c1"}


def test_a_reviewers_word_binds_against_the_model(tmp_path: Path) -> None:
    decisions = tmp_path / "decisions.csv"
    decisions.write_text("a,b,decision\na1,a2,same\na1,b1,different\n", encoding="utf-8")
    _, _, clusters = run(tmp_path, THREE_SCRIPTS, "--decisions", str(decisions))
    assert clusters["a1"] == clusters["a2"] != clusters["b1"]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.mark.parametrize(
    ("lists", "place"),
    [
        (HEAD.replace("full_name,", ""), "row 1: column full_name is missing"),
        (HEAD + "h,r1,А,,,,,,,\nh,r1,Б,,,,,,,\n", "row 3, column record_id: r1 stands already in row 2"),
        (HEAD + "h,r1,Али Дадаев,,,,,31.02.2017,,\n", "row 2, column event_date"),
        ((HEAD + "h,r1,Али Дадаев,,,,,,,\n").encode("cp1251"), "row 2, column full_name: this is not UTF-8"),
        ((HEAD + "h,r1,Али,,,,,,,\n").encode("utf-16"), "row 1: the file is UTF-16"),
        (HEAD + "h,r1,Али\n", "row 2: 3 fields where the first row has 10"),
        (HEAD + "h,,Али,,,,,,,\n", "row 2, column record_id: it is empty"),
        (HEAD, "row 2: there are no records"),
        ("", "row 1: the file is empty"),
        (HEAD.replace(",", ";"), "they seem to be parted by semicolons"),
        (HEAD.replace(",", "\t"), "they seem to be parted by tabs"),
        ("h,r1,Али,,,,,,,\n", "the first row must hold the names of the columns"),
        (
            HEAD + 'h,r1,Али,,,,,,,\nh,r2,"Исаев,,,,,,,\nh,r3,Адам,,,,,,,\n',
            "row 3: a quotation mark is opened and not closed",
        ),
        (
            HEAD + 'h,r1,Али,,,,,,,\nh,r2,Исаев,,,,,,,"\nh,r3,Адам,,,,,,,\n',
            "row 3: a quotation mark is opened and not closed",
        ),
        (HEAD + 'h,r1,"Али" Исаев,,,,,,,\n', "row 2: a quotation mark is opened and not closed, or stands inside"),
        (HEAD + "\n\nh,r1,Али Дадаев,,,,,31.02.2017,,\n", "row 4, column event_date"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "row 1: the file is an Excel workbook"),
        ((HEAD + "h,r1,Али,,,,,,,\n").encode("utf-16-le"), "row 1: the file is UTF-16"),
        (b"PK\x03\x04", "row 1: the file is an Excel workbook"),
    ],
)
def test_bad_input_gets_one_sentence_with_its_place(tmp_path: Path, lists: str | bytes, place: str) -> None:
    status, stderr, clusters = run(tmp_path, lists)
    assert (status, clusters) == (2, {})
    assert place in stderr
    assert stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        (
            "a1,b1,same\nb1,c1,same\na1,c1,different\n",
            "row 4, column decision: a1 and c1 are different here and the same by rows 2, 3",
        ),
        ("a1,zz,same\n", "row 2, column b: no record has the id 'zz'"),
        ("a1,b1,maybe\n", "row 2, column decision: write same or different"),
    ],
)
def test_decisions_that_cannot_bind_are_refused(tmp_path: Path, rows: str, place: str) -> None:
    decisions = tmp_path / "decisions.csv"
    decisions.write_text("a,b,decision\n" + rows, encoding="utf-8")
    status, stderr, clusters = run(tmp_path, THREE_SCRIPTS, "--decisions", str(decisions))
    assert (status, clusters) == (2, {})
    assert place in stderr


@pytest.mark.parametrize(
    ("lists", "place"),
    [
        ("", "lists.csv, строка 1: файл пуст"),
        (
            HEAD + "h,r1,Али Дадаев,,,,,31.02.2017,,\n",
            "строка 2, столбец event_date: даты '31.02.2017' нет ни в одном календаре",
        ),
        (HEAD + "h,r1,А,,,,,,,\nh,r1,Б,,,,,,,\n", "столбец record_id: r1 уже стоит в строке 2"),
    ],
)
def test_a_russian_terminal_is_told_in_russian(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lists: str, place: str
) -> None:
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    status, stderr, _ = run(tmp_path, lists)
    assert (status, stderr.count("\n")) == (2, 1)
    assert place in stderr


@pytest.mark.parametrize("out", ["folder", "no/such/clusters.csv"])
def test_what_cannot_be_written_is_said_before_the_work_begins(tmp_path: Path, out: str) -> None:
    (tmp_path / "folder").mkdir()
    lists = tmp_path / "lists.csv"
    lists.write_text("not even a head", encoding="utf-8")
    result = CliRunner().invoke(app, ["link", str(lists), "--out", str(tmp_path / out)])
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_memory_that_runs_out_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MEGABYTES", 4)
    status, stderr, clusters = run(tmp_path, THREE_SCRIPTS)
    assert (status, clusters) == (2, {})
    assert "memory ran out while 4 records were compared" in stderr
    assert stderr.count("\n") == 1
