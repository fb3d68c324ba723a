"""A relay in this process, with one organisation and one device."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from kunak import front
from kunak.relay.log import Log
from kunak.relay.wire import ROSTER
from tests.relay.organisation import Clock, Device, Organisation, SigningAuth
from tests.relay.serving import served


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def organisation() -> Organisation:
    return Organisation()


@pytest.fixture
def device() -> Device:
    return Device()


@pytest.fixture
def log(tmp_path: Path, clock: Clock) -> Iterator[Log]:
    log = Log.open(tmp_path / "relay.db", clock)
    yield log
    log.close()


@pytest.fixture
def door(tmp_path: Path, organisation: Organisation, clock: Clock) -> Starlette:
    settings = front.Settings(tmp_path / "data", organisation.write(tmp_path / "organisation.json"), clock=clock)
    return front.app(settings)


@pytest.fixture
def anyone(door: Starlette) -> Iterator[httpx.Client]:
    """Somebody whose requests are not signed."""
    with served(door) as address, httpx.Client(base_url=address) as client:
        yield client


@pytest.fixture
def desk(anyone: httpx.Client, organisation: Organisation, device: Device, clock: Clock) -> Iterator[httpx.Client]:
    """A device of the roster; every request is signed."""
    assert anyone.put(ROSTER, content=organisation.roster(device)).status_code == 200
    with httpx.Client(base_url=anyone.base_url, auth=SigningAuth(device, clock)) as client:
        yield client
