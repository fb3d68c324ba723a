"""Bad files get one sentence with row and column, in the language of the terminal, and nothing half-written."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from typer.testing import CliRunner

from kunak.cli import app
from kunak.count.complaints import SENTENCES, BadInputError, language
from kunak.count.whole_files import check_place, whole_folder, write_whole

HEAD = "list,record_id,full_name,patronymic,birth_year,age,place,event_date,event_place,notes\n"
ROW = "helpline,r1,Дадаев Ахмед,,1990,,Грозный,2017-03-05,,\n"
TABLE = '{"lists": ["a", "b", "c"], "table": [["100", 5], ["010", 4], ["001", 7], ["110", 3], ["011", 2]]}'


@pytest.fixture(params=["en_GB.UTF-8", "ru_RU.UTF-8"])
def russian(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.delenv("KUNAK_LANGUAGE", raising=False)
    monkeypatch.setenv("LC_ALL", request.param)
    return language() == "ru"


def refused(*command: str) -> str:
    """What a command says that refuses: one line on stderr, status 2."""
    done = CliRunner().invoke(app, list(command))
    assert done.exit_code == 2, done.output
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.mark.parametrize(
    ("data", "row", "column"),
    [
        (HEAD.replace(",notes", "") + ROW, 1, "notes"),
        (HEAD + ROW + ROW, 3, "record_id"),
        (HEAD + ROW.replace("helpline", ""), 2, "list"),
        (HEAD + ROW.replace("2017-03-05", "2017-02-31"), 2, "event_date"),
        ((HEAD + ROW).encode("cp1251"), 2, "full_name"),
        ((HEAD + ROW).encode("utf-16"), 1, ""),
        (HEAD + ROW.strip() + ",x\n", 2, ""),
        (HEAD, 2, ""),
        ("", 1, ""),
    ],
)
def test_bad_lists_are_refused_with_row_and_column(
    tmp_path: Path, russian: bool, data: str | bytes, row: int, column: str
) -> None:
    lists = tmp_path / "lists.csv"
    lists.write_bytes(data if isinstance(data, bytes) else data.encode())
    said = refused("count", str(lists), "--out", str(tmp_path / "report"))
    assert f"{'строка' if russian else 'row'} {row}" in said
    assert column in said
    assert [path.name for path in tmp_path.iterdir()] == ["lists.csv"]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (TABLE.replace("5]", "-5]", 1), ("1", "second", "второй")),
        (TABLE.replace("4]", "4.5]", 1), ("2", "second", "второй")),
        (TABLE.replace('"001"', '"01"'), ("3", "first", "первый")),
        (TABLE.replace('"110"', '"x10"'), ("4", "first", "первый")),
        ("[" * 100_000, ("1", "column 1", "столбец 1")),
        (TABLE[:-1], ("1", "column", "столбец")),
    ],
)
def test_bad_tables_are_refused_with_row_and_column(
    tmp_path: Path, russian: bool, data: str, place: tuple[str, str, str]
) -> None:
    table = tmp_path / "table.json"
    table.write_text(data, encoding="utf-8")
    said = refused("estimate", str(table), "--out", str(tmp_path / "out.json"), "--method", "dga")
    assert place[0] in said
    assert place[2 if russian else 1] in said
    assert [path.name for path in tmp_path.iterdir()] == ["table.json"]


def test_a_table_from_a_windows_editor_is_read_all_the_same(tmp_path: Path) -> None:
    for number, encoding in enumerate(("utf-16", "utf-8-sig")):
        table, out = tmp_path / f"{number}.json", tmp_path / f"{number}.out"
        table.write_bytes(TABLE.encode(encoding))
        done = CliRunner().invoke(app, ["estimate", str(table), "--out", str(out), "--method", "dga"])
        assert done.exit_code == 0, done.stderr
    assert (tmp_path / "0.out").read_bytes() == (tmp_path / "1.out").read_bytes()


def test_folders_and_missing_files_are_told_apart(tmp_path: Path, russian: bool) -> None:
    out = str(tmp_path / "out.json")
    assert ("это папка" if russian else "it is a folder") in refused("estimate", str(tmp_path), "--out", out)
    assert ("его нет" if russian else "it is not there") in refused("estimate", str(tmp_path / "x"), "--out", out)


def test_an_output_that_cannot_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    table = tmp_path / "table.json"
    table.write_text(TABLE, encoding="utf-8")
    plot = tmp_path / "nowhere" / "plot.svg"
    said = refused("estimate", str(table), "--out", str(tmp_path / "out.json"), "--plot", str(plot), "--method", "dga")
    assert str(plot.parent) in said
    assert not (tmp_path / "out.json").exists()
    assert "in the way" in refused("count", str(table), "--out", str(table))


def test_what_stops_halfway_leaves_nothing(tmp_path: Path) -> None:
    def stop(folder: Path) -> None:
        with whole_folder(folder) as aside:
            write_whole(aside / "a", "half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop(tmp_path / "report")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(BadInputError):
        check_place(tmp_path)


def test_a_folder_that_is_there_keeps_what_else_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with whole_folder(tmp_path / "report") as aside:
        write_whole(aside / "a", "first")
    with whole_folder(tmp_path / "report") as aside:
        write_whole(aside / "b", "second")
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == ["a", "b"]


def test_every_complaint_is_said_in_russian_too() -> None:
    for key, (english, russian) in SENTENCES.items():
        fields = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (english, russian)]
        assert fields[0] == fields[1], key
        assert re.search("[а-я]", russian), key
