from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cast import cast as cast  # noqa: PLC0414 - a fixture, given on
from tests.house import House

# In memory where the machine offers it: these tests write thousands of durable transactions, and durability is tested elsewhere.
_SHM = Path("/dev/shm")


@pytest.fixture
def house() -> Iterator[House]:
    with tempfile.TemporaryDirectory(dir=_SHM if _SHM.is_dir() else None) as folder:
        house = House(Path(folder))
        yield house
        house.close()
