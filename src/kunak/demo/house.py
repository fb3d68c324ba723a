"""A house to live in: a relay behind its front door, and desks that founded or joined an organisation through it.

Everything is the real thing: the front answers on a loopback port, desks join by invitations and sync over HTTP. Only the
clock is our own, so that a year fits into seconds, and the passphrase is known.
"""

from __future__ import annotations

import multiprocessing
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, Self

import uvicorn

from kunak import front
from kunak.desk import joining, organisation
from kunak.desk.app import Desk as DeskApp
from kunak.desk.relay_client import RelayClient
from kunak.desk.sync import Sync
from kunak.vault.store import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kunak.desk.workbench import Workbench
    from kunak.journal.grants import Role
    from kunak.vault.folding import Room

PASSPHRASE: Final = "a demo keeps no secrets"  # noqa: S105 - and says so
START_SECONDS: Final = 60.0
SPAWN: Final = multiprocessing.get_context("spawn")
CHEAP: Final = (1024, 1)  # key derivation for tests: memory in KiB, passes


class Clock:
    """Unix seconds that stand still until they are set; after `run`, they go on as the real ones do. Shared with the relay's process."""

    def __init__(self, now: float) -> None:
        # What the clock shows, and since when it goes on (0: it stands still).
        self.shared = SPAWN.Array("d", [now, 0.0], lock=False)

    def __call__(self) -> float:
        return read_clock(self.shared)

    def set(self, now: float) -> None:
        self.shared[0] = now

    def run(self) -> None:
        self.shared[1] = time.time()


def read_clock(shared: Sequence[float]) -> float:
    now, since = shared[0], shared[1]
    return now if since == 0.0 else now + time.time() - since


class Door(Protocol):
    """A relay that answers at an address."""

    address: str

    def stop(self) -> None: ...


class Serving:
    """An ASGI app on a loopback port, in a thread of its own."""

    def __init__(self, app: object, listening: socket.socket) -> None:
        self.socket = listening
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        config = uvicorn.Config(app, access_log=False, log_level="warning", server_header=False, date_header=False)  # type: ignore[arg-type]  # any ASGI app
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, args=([self.socket],), daemon=True)

    def start(self) -> Self:
        self.thread.start()
        until = time.monotonic() + START_SECONDS
        while not self.server.started:
            if not self.thread.is_alive() or time.monotonic() > until:
                raise RuntimeError("the server did not start")
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(timeout=START_SECONDS)
        self.socket.close()


class RelayProcess:
    """The front door in a process of its own, so that the other core has something to do."""

    def __init__(self, folder: Path, port: int, clock: Clock) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.process = SPAWN.Process(target=serve_relay, args=(folder, port, clock.shared), daemon=True)
        self.process.start()
        until = time.monotonic() + START_SECONDS
        while not _listens(port):
            if not self.process.is_alive() or time.monotonic() > until:
                raise RuntimeError("the relay did not start")
            time.sleep(0.02)

    def stop(self) -> None:
        self.process.terminate()
        self.process.join(START_SECONDS)


def serve_relay(folder: Path, port: int, shared: Sequence[float]) -> None:
    """What the relay's process does until it is ended."""
    settings = front.Settings(folder / "relay", folder / "organisation.json", lambda: read_clock(shared))
    config = uvicorn.Config(
        front.app(settings), port=port, access_log=False, log_level="warning", server_header=False, date_header=False
    )
    uvicorn.Server(config).run()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Desk:
    """One helper's machine."""

    callsign: str
    bench: Workbench
    client: RelayClient
    sync: Sync

    def step(self) -> None:
        """Send and fetch once; a demo's relay is there, so whatever hinders is a mistake."""
        state = self.sync.step()
        if state.now:
            raise RuntimeError(state.now)

    def close(self) -> None:
        self.sync.stop()
        self.client.close()
        self.bench.vault.close()


class DeskDoor:
    """A desk's pages on a loopback port, locked until somebody enters by the one-use address and gives the passphrase."""

    def __init__(self, folder: Path, clock: Callable[[], float], sync_pause: float = 5.0) -> None:
        self._listening = socket.socket()
        self._listening.bind(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        self._door = DeskApp(folder, port, clock=clock, sync_pause=sync_pause)
        self._serving = Serving(self._door, self._listening)
        self.address = self._serving.address

    def start(self) -> Self:
        self._serving.start()
        return self

    def one_use_address(self) -> str:
        return self._door.guard.address()

    def stop(self) -> None:
        self._serving.stop()


@dataclass
class House:
    """A relay and its desks by callsign; the first is the founder's."""

    folder: Path
    clock: Callable[[], float]
    rooms: Sequence[Room]
    door: Door
    desks: dict[str, Desk] = field(default_factory=dict)

    @property
    def founder(self) -> Desk:
        return next(iter(self.desks.values()))

    def settle(self) -> None:
        """Until everybody has what everybody wrote: grants and answers to them take a few rounds."""
        for _ in range(3):
            for desk in self.desks.values():
                desk.step()

    def join(self, role: Role, callsign: str, cheap: tuple[int, int] | None = None) -> Desk:
        """Invite at the founder's desk, join at the new one, and let the founder admit it."""
        given = joining.invite(self.founder.bench, role, callsign)
        self.founder.step()
        folder = self.folder / callsign
        vault = make_vault(folder, cheap)
        invitation = joining.read_invitation(given.file, given.code)
        bench = joining.join(folder, PASSPHRASE, invitation, self.clock, self.rooms, vault)
        asking = joining.asking(bench)
        if asking is None:
            raise RuntimeError("a new desk asks to join")
        with RelayClient(self.door.address, asking.invitation, asking.seed, self.clock) as once:
            joining.ask_to_join(bench, once)
        self.founder.step()
        desk = self.open_desk(callsign, bench)
        self.settle()
        return desk

    def open_desk(self, callsign: str, bench: Workbench) -> Desk:
        own = bench.keyring.own
        client = RelayClient(self.door.address, own.id, bench.keyring.signing.seed, self.clock)
        desk = Desk(callsign, bench, client, Sync(bench, client))
        self.desks[callsign] = desk
        return desk

    def close(self) -> None:
        for desk in self.desks.values():
            desk.close()
        self.door.stop()


def make_vault(folder: Path, cheap: tuple[int, int] | None) -> Vault | None:
    """A vault with cheaper key derivation (memory in KiB, passes), for tests; None: as a real one."""
    return None if cheap is None else Vault.create(folder, PASSPHRASE, memory_kib=cheap[0], passes=cheap[1])


def found(
    folder: Path,
    clock: Clock,
    rooms: Sequence[Room],
    *,
    callsign: str = "Alder",
    cheap: tuple[int, int] | None = None,
) -> House:
    """Found an organisation in an empty folder: its first desk, and a relay that was given `organisation.json`."""
    # The relay needs organisation.json before it starts, the vault needs the relay's address: a port is kept for it.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    created = organisation.create(
        folder / callsign,
        PASSPHRASE,
        name={"ru": "Линия помощи «Кунак»", "en": "the Kunak helpline"},
        callsign=callsign,
        relay=address,
        clock=clock,
        rooms=rooms,
        vault=make_vault(folder / callsign, cheap),
    )
    (folder / "organisation.json").write_bytes(created.document)
    (folder / "relay").mkdir()
    house = House(folder, clock, rooms, RelayProcess(folder, port, clock))
    house.open_desk(callsign, created.bench).step()
    return house
