"""What is installed is what was tested: versions and bytes stand in locks/, and agree with pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKED = {
    "relay": ("relay",),
    "relay-stores": ("relay", "postgresql", "s3"),
    "house": ("relay", "desk", "plan"),
    "test": ("relay", "desk", "plan", "count", "postgresql", "s3", "test"),
    "prove": ("relay", "desk", "plan", "count", "postgresql", "s3", "test", "spark"),
}


def lines(name: str) -> list[str]:
    """One requirement a line, its hashes behind it."""
    return (ROOT / "locks" / f"{name}.txt").read_text().replace("\\\n", " ").splitlines()


def pins(name: str) -> dict[str, str]:
    """Part -> version, on this Python and system."""
    read = [Requirement(line.partition("--hash")[0]) for line in lines(name)]
    return {one.name: next(iter(one.specifier)).version for one in read if not one.marker or one.marker.evaluate()}


@pytest.mark.parametrize(("name", "extras"), LOCKED.items())
def test_every_part_that_is_asked_for_is_locked_at_a_version_that_is_asked_for(
    name: str, extras: tuple[str, ...]
) -> None:
    asked = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    for extra in extras:
        asked += PROJECT["project"]["optional-dependencies"][extra]
    held = pins(name)
    for text in asked:
        one = Requirement(text)
        assert one.specifier.contains(held[one.name.lower()]), text


@pytest.mark.parametrize("name", LOCKED)
def test_every_part_has_its_bytes_and_no_address(name: str) -> None:
    for line in lines(name):
        assert re.fullmatch(r"[a-z0-9._-]+==\S+( ; [^;]+?)?( +--hash=sha256:[0-9a-f]{64})+ *", line), line
        assert "://" not in line


@pytest.mark.parametrize("name", LOCKED)
def test_all_locks_agree(name: str) -> None:
    widest = pins("prove")
    assert pins(name).items() <= widest.items()


def test_no_lock_is_forgotten() -> None:
    assert set(LOCKED) == {path.stem for path in (ROOT / "locks").glob("*.txt")}
