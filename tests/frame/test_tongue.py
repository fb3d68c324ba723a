"""The commands speak the language of the system, or the one that was asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
