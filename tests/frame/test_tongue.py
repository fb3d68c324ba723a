"""The commands speak the language of the system, or the one that was asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kunak.cli import COMMANDS
from kunak.frame.tongue import language


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE", "LC_MESSAGES": "ru"}, "ru"),
        ({"LC_ALL": "de_DE.UTF-8", "KUNAK_LANGUAGE": "ru"}, "ru"),
        ({"LC_ALL": "", "LANG": "POSIX"}, "en"),
    ],
)
def test_the_language_is_that_of_the_system(environment: dict[str, str], wanted: str) -> None:
    assert language(environment) == wanted


def kunak(tongue: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("LC_ALL", "LC_MESSAGES", "LANG")}
    environment |= {"KUNAK_LANGUAGE": tongue, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"}
    command = [sys.executable, "-m", "kunak", *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, cwd=folder, check=False)


INNER = {
    "keygen": "Держите его в тайне", "seal": "Запечатать для этого получателя", "open": "Открыть ключами из этого файла",
    "plan": "куда записать план", "link": "записи всех списков", "name": "где человек живёт", "estimate": "Куда записать ответ",
    "count": "Папка для отчёта", "demo": "Пройти путь одного человека", "relay": "Папка для базы", "desk": "Порт на 127.0.0.1",
}  # fmt: skip


@pytest.mark.parametrize("command", INNER)
def test_the_inner_help_of_every_command_is_in_both_languages(command: str, tmp_path: Path) -> None:
    assert INNER[command] in kunak("ru", tmp_path, command, "--help").stdout
    english = kunak("en", tmp_path, command, "--help").stdout
    assert "--help" in english
    assert not [letter for letter in english if "а" <= letter.lower() <= "я"]


def test_no_command_is_left_out_of_the_inner_helps() -> None:
    assert set(INNER) | {"org"} == set(COMMANDS)


def test_sealing_refuses_in_russian(tmp_path: Path) -> None:
    assert kunak("ru", tmp_path, "seal").stderr.startswith("Не сказано, для кого запечатать.")
    assert kunak("ru", tmp_path, "open", "-i", "nowhere.key").stderr.startswith("Файла nowhere.key нет.")
    (tmp_path / "no.key").write_text("# nothing\nage1\n", encoding="utf-8")
    assert kunak("ru", tmp_path, "open", "-i", "no.key").stderr.startswith("Строка 2: Это не ключ.")


def test_help_and_refusals_are_read_in_russian_and_in_english(tmp_path: Path) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("коротко\n", encoding="utf-8")
    made = ("org", "create", "--relay", "http://127.0.0.1:9", "--callsign", "Oak", "--name", "Shelter", "--desk", "oak")
    assert "Открыть рабочее место" in kunak("ru", tmp_path, "--help").stdout
    assert "Вести ретранслятор" in kunak("ru", tmp_path, "relay", "--help").stdout
    alone = kunak("ru", tmp_path, "desk", "--desk", "no")
    assert alone.returncode == 1
    assert "нет хранилища" in alone.stderr
    said = {
        "ru": ("Создать организацию", "слишком коротка", "нет хранилища"),
        "en": ("Make an organisation", "too short", "no vault"),
    }
    for tongue, (helped, short, nothing) in said.items():
        assert helped in kunak(tongue, tmp_path, "org", "--help").stdout
        refused = kunak(tongue, tmp_path, *made, "--passphrase-file", "passphrase")
        assert refused.returncode == 1
        assert short in refused.stderr
        absent = kunak(tongue, tmp_path, "org", "revoke", "Heron", "--desk", "no", "--passphrase-file", "passphrase")
        assert absent.returncode == 1
        assert nothing in absent.stderr
        assert "Traceback" not in absent.stderr
