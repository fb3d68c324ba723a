"""What stands on the internet installs few parts: `kunak[relay]` alone runs a relay, and nothing of a desk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Parts of the other doors: whoever takes the relay over finds none of them there.
NOT_ON_THE_INTERNET = {"sqlcipher3", "pillow", "httpx", "shamir-mnemonic", "duckdb", "splink", "numpy", "highspy"}


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a fresh environment with `kunak[relay]` in it."""
    place = tmp_path_factory.mktemp("door") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    pip = [str(place / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "locks" / "relay.txt")], check=True, capture_output=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", str(ROOT)], check=True, capture_output=True)
    return place / "bin"


def ask(door: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(door / "kunak"), *words],
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env={"PATH": "/usr/bin:/bin"},
    )


def test_the_relays_door_brings_no_part_of_another(door: Path) -> None:
    listed = subprocess.run([str(door / "pip"), "list", "--format=freeze"], check=True, capture_output=True, text=True)
    names = {line.partition("==")[0].lower() for line in listed.stdout.splitlines()}
    assert "starlette" in names
    assert names & NOT_ON_THE_INTERNET == set()


def test_the_relay_starts_with_its_own_parts_alone(door: Path, tmp_path: Path) -> None:
    missing = tmp_path / "organisation.json"
    answer = ask(door, "relay", "--data", str(tmp_path / "data"), "--organisation", str(missing))
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert "organisation.json" in answer.stderr


def test_a_command_of_another_door_says_what_to_install(door: Path) -> None:
    answer = ask(door, "desk")
    assert answer.returncode == 1
    assert (
        answer.stderr.strip()
        == "This command needs parts that are not installed. Install them: pip install 'kunak[desk]'"
    )
    assert ask(door, "--help").returncode == 0
