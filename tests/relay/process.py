"""The relay as a process of its own: `kunak relay` itself, or forked from a process that has imported everything already."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn

from kunak import front
from tests.relay.organisation import Device, SigningAuth

START = "from kunak.cli import main; main()"


@dataclass
class Relay:
    """A folder with an organisation, and the process that runs on it."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *options: str, environment: dict[str, str] | None = None) -> None:
        """Return when it answers."""
        arguments = ["--data", str(self.folder / "data"), "--organisation", str(self.folder / "organisation.json")]
        command = [sys.executable, "-c", START, "relay", *arguments, "--port", str(self.port), *options]
        with (self.folder / "output.txt").open("ab") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, env=os.environ | (environment or {}))
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(30)

    def stop(self) -> int:
        """Ask it to stop, as an operator's system does; its exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    @property
    def output(self) -> str:
        return (self.folder / "output.txt").read_text()


def desk_of(address: str, device: Device) -> httpx.Client:
    """A device's signed connection, by the real clock."""
    return httpx.Client(base_url=address, auth=SigningAuth(device, time.time), timeout=30)


@contextlib.contextmanager
def relay_in(folder: Path) -> Iterator[Relay]:
    """A relay that is not yet started, on a port that nobody uses; killed at the end if it still runs."""
    relay = Relay(folder, free_port())
    try:
        yield relay
    finally:
        if relay.process is not None and relay.process.poll() is None:
            relay.kill()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Forked:
    """A front door in a process that is there in a moment, because its parent has imported everything."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.relay.process"])

    def start(self) -> None:
        self.process = self._context.Process(target=_serve, args=(self.folder, self.port))
        self.process.start()
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            assert self.process.is_alive()
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def kill(self) -> None:
        self.process.kill()
        self.process.join(30)


def _serve(folder: Path, port: int) -> None:
    door = front.app(front.Settings(folder / "data", folder / "organisation.json"))
    uvicorn.run(door, port=port, access_log=False, log_level="error", http="h11")
