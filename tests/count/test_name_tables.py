"""A speaker corrects a table in a folder of her own: what it changes is seen at once, a mistake is named with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from kunak.cli import app
from kunak.count import names

HEAD = "name,sex,variants,short\n"
OURS = {file.name: file.read_text(encoding="utf-8") for file in Path(names.__file__).parent.glob("*.toml")}.__getitem__
PLACES = "place,variants,kind\n"


def ask(*words: str, folder: Path | None = None, tongue: str = "C.UTF-8") -> tuple[int, str, str]:
    """The exit status, what is answered and what is refused."""
    own = ["--names", str(folder)] if folder else []
    found = CliRunner().invoke(app, ["name", *words, *own], env={"LC_ALL": tongue})
    return found.exit_code, found.stdout, found.stderr


def test_a_line_in_ones_own_folder_teaches_a_name(tmp_path: Path) -> None:
    assert "given name   tol" in ask("Тоьла Исаев")[1]
    ours = Path(names.__file__).with_name("given.csv").read_text(encoding="utf-8")
    (tmp_path / "given.csv").write_text(ours + "Тоьла,m,Тола,Толик\n", encoding="utf-8")
    status, answer, _ = ask("Тоьла Исаев", "Isaev Tola", folder=tmp_path)
    assert status == 0
    assert answer.count("given name   Тоьла") == 2
    assert "nothing in these names speaks against one person" in answer


def test_two_names_are_told_apart_in_both_languages() -> None:
    assert "two people: the given names differ" in ask("Эмин Хасанов", "Амина Хасанова")[1]
    assert "разные люди: имена разные" in ask("Эмин Хасанов", "Амина Хасанова", tongue="ru_RU.UTF-8")[1]


def test_an_old_name_of_a_village_is_shown_as_the_village() -> None:
    assert "place        Центарой" in ask("Исаев Али", "--place", "Ахмат-Юрт")[1]


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("given.csv", HEAD + "Хасан,x,,\n", "given.csv, line 2: write m or f, not x."),
        ("given.csv", HEAD + "# a remark\nХасан,m,Асан,Хас,Хасик\n", "given.csv, line 3: so many fields stand there"),
        ("given.csv", HEAD + "Хасан,m,,\nХасан,m,Асан,\n", "given.csv, line 3: the name stands there twice"),
        ("given.csv", HEAD + ",m,,\n", "given.csv, line 2: the name is missing."),
        ("given.csv", HEAD + "Хасан,m,Ас;ан,\n", "given.csv, line 2: ; is no letter of a name."),
        ("given.csv", "name;sex\n", "given.csv, line 1: the first line must be name,sex,variants,short."),
        ("places.csv", PLACES + "Шали,,село\nШали,,село\n", "places.csv, line 3: the name stands there twice"),
        ("letters.toml", '[cyrillic]\n"а" = "a"\n"ж" = "zh"\n', "letters.toml, line 3: z is no sound"),
        ("letters.toml", '[cyrillic]\n"а" = a\n', "letters.toml, line 2: this line cannot be read"),
        ("letters.toml", '[english]\nsure = "("\n', "letters.toml, line 2: this mark cannot be read"),
        ("letters.toml", '[cyrillic]\n"а" = 7\n', "letters.toml, line 2: [cyrillic] а is missing or is not what"),
        ("letters.toml", '[cyrillic]\n"а" = "a"\n', "letters.toml, line 1: [latin] is missing"),
        ("words.toml", "", "words.toml, line 1: [months] is missing"),
        (
            "words.toml",
            OURS("words.toml").replace('joint = ["ov"', 'joined = ["ov"'),
            ": [patronymic] joint is missing",
        ),
        (
            "model.toml",
            OURS("model.toml").replace("same = [0.92, 0.0024]", "same = [0.92]"),
            ": [surname] same is missing",
        ),
        (
            "model.toml",
            OURS("model.toml").replace("pair = 1.5", 'pair = "1.5"'),
            ": [caution] pair is missing",
        ),
    ],
)
def test_a_mistake_is_named_with_file_and_line(tmp_path: Path, file: str, text: str, said: str) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    status, _, refused = ask("Хасан Исаев", folder=tmp_path)
    assert status == 2
    assert refused.startswith(f"{file}, line ")
    assert said in refused
    assert refused.count("\n") == 1
    status, _, russian = ask("Хасан Исаев", folder=tmp_path, tongue="ru_RU.UTF-8")
    assert (status, ", строка " in russian) == (2, True)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    assert ask("Хасан Исаев", folder=tmp_path / "none")[2].endswith("takes the folder of your corrected files.\n")


def test_ones_own_names_are_at_work_in_link(tmp_path: Path) -> None:
    ours = Path(names.__file__).with_name("given.csv").read_text(encoding="utf-8")
    (tmp_path / "given.csv").write_text(ours + "Тоьла,m,Дугурху,\n", encoding="utf-8")
    lists = tmp_path / "lists.csv"
    lists.write_text(
        "list,record_id,full_name,patronymic,birth_year,age,place,event_date,event_place,notes\n"
        "h,a,Тоьла Исаев,,1990,,Шали,2017-03-05,Шали,\nn,b,Дугурху Исаев,,1990,,Шали,2017-03-05,Шали,\n",
        encoding="utf-8",
    )
    people = []
    for own in ([], ["--names", str(tmp_path)]):
        out = tmp_path / "clusters.csv"
        assert CliRunner().invoke(app, ["link", str(lists), "--out", str(out), *own]).exit_code == 0
        people.append(len({out.read_text(encoding="utf-8").split()[1:][i].split(",")[1] for i in range(2)}))
    assert people == [2, 1]
