"""What a command says of a line that was mistyped, and around its `--help`: one sentence, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from kunak.cli import COMMANDS, app
from tests.frame.test_tongue import kunak

if TYPE_CHECKING:
    from pathlib import Path

MISTYPED = [
    (["sael"], "There is no command sael. Did you mean seal?", "Команды sael нет. Может быть, seal?"),
    (["org", "foo"], "There is no command foo.", "Команды foo нет."),
    (["relay", "--organization", "1"], "There is no option --organization. Did you mean --organisation?", "Параметра --organization нет. Может быть, --organisation?"),
    (["relay", "--port"], "--port needs a value after it.", "После --port нужно указать значение."),
    (["relay", "--port", "abc"], "--port: a whole number from 1 to 65535 is needed here.", "--port: здесь нужно другое — целое число от 1 до 65535."),
    (
        ["demo", "--people", "900"],
        "--people: a whole number from 1 to 170 is needed here.",
        "--people: здесь нужно другое — целое число от 1 до 170.",
    ),
    (
        ["link", "--engine", "foo", "a", "--out", "b"],
        "--engine: one of duckdb, spark is needed here.",
        "--engine: здесь нужно другое — одно из: duckdb, spark.",
    ),
    (["relay", "--port", "99999"], "--port: a whole number from 1 to 65535 is needed", "--port: здесь нужно другое — целое число от 1 до 65535."),
    (["org", "join", "nowhere"], "FILE: a file that is there is needed here.", "ФАЙЛ: здесь нужно другое — существующий файл."),
    (["seal", "--armor=3"], "--armor takes no value.", "После --armor ничего не указывают."),
    (["desk", "one (two)", "x"], "This is one thing too many: one (two) x.", "Это лишнее: one (two) x."),
    (["org", "join"], "FILE is missing: The invitation's file.", "Не хватает ФАЙЛ: Файл приглашения."),
    (
        ["relay"],
        "--data is missing: Folder for the relay's database and files.",
        "Не хватает --data: Папка для базы и файлов ретранслятора.",
    ),
    (["desk", "--desk", __file__, "--lock-after", "0"], "--lock-after: a whole number ", "--lock-after: здесь нужно другое — целое "),
]  # fmt: skip
TYPERS_OWN = (
    "Usage",
    "Options",
    "Commands",
    "Arguments",
    "OPTIONS",
    "TEXT",
    "PATH",
    "Show this",
    "required",
    "default",
    "COMMAND",
)


@pytest.mark.parametrize(("words", "english"), [(words, english) for words, english, _ in MISTYPED])
def test_a_mistyped_line_is_told_in_one_sentence_with_where_to_look(words: list[str], english: str) -> None:
    done = CliRunner().invoke(app, words, prog_name="kunak")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith(english)
    command = " ".join(["kunak", *[word for word in words[:1] if word in COMMANDS]])
    assert f"How it is used: {command}" in done.stderr
    assert done.stderr.endswith(" --help\n")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("words", "russian"), [(words, russian) for words, _, russian in MISTYPED])
def test_in_russian_too(tmp_path: Path, words: list[str], russian: str) -> None:
    done = kunak("ru", tmp_path, *words)
    assert done.returncode == 2
    assert done.stderr.startswith(russian)
    assert " Как пользоваться: " in done.stderr
    assert done.stderr.count("\n") == 1


def test_what_was_typed_is_shown_again_without_what_a_terminal_would_obey() -> None:
    done = CliRunner().invoke(app, ["\x1b[31mse\u202eal\n" + "a" * 500], prog_name="kunak")
    assert done.stderr.startswith("There is no command �[31mse�al�a")
    assert len(done.stderr) < 140


@pytest.mark.parametrize(
    "words", [(), ("org",), *((name,) for name in COMMANDS), ("org", "create"), ("org", "recover")]
)
def test_the_words_around_a_help_are_russian_under_the_russian_language(tmp_path: Path, words: tuple[str, ...]) -> None:
    told = kunak("ru", tmp_path, *words, "--help")
    assert told.returncode == 0
    assert told.stdout.startswith("Использование: ")
    assert "Показать эту справку." in told.stdout
    assert [own for own in TYPERS_OWN if own in told.stdout] == []


def test_no_command_at_all_shows_the_help_and_is_no_success() -> None:
    done = CliRunner().invoke(app, [], prog_name="kunak")
    assert done.exit_code == 2
    assert done.stderr.startswith("Usage: kunak [OPTIONS] COMMAND …")
    assert all(f"  {name} " in done.stderr for name in COMMANDS)


def test_a_help_is_read_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "48")
    lines = CliRunner().invoke(app, ["org", "create", "--help"], prog_name="kunak").stdout.splitlines()
    assert max(map(len, lines)) <= 62
    assert any("from 2 to 16" in line for line in lines)
