"""A house under siege: the real relay as a process of its own, desks that joined it, a person who writes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import httpx

from kunak.demo.house import CHEAP, PASSPHRASE, House, make_vault
from kunak.desk import organisation
from kunak.journal.grants import Role
from kunak.vault.folding import Room

START_SECONDS: Final = 180.0


class RelayProcess:
    """`kunak relay` as an operator runs it. `output` is everything that it said: its log."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.address = f"http://127.0.0.1:{port}"
        self.said = folder / "relay.out"
        self._sink = self.said.open("wb")
        command = [sys.executable, "-m", "kunak", "relay", "--data", str(folder / "relay")]
        command += ["--organisation", str(folder / "organisation.json"), "--port", str(port)]
        environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ}
        self.process = subprocess.Popen(command, stdout=self._sink, stderr=subprocess.STDOUT, env=environment)

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait_until_it_answers(self) -> Self:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.address}/v1/health").status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.05)
            if self.process.poll() is not None:
                break
        raise RuntimeError(f"the relay did not start: {self.said.read_text()[-500:]}")

    def start(self) -> Self:
        return self.wait_until_it_answers()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
        self._sink.close()


@dataclass
class Besieged:
    """A house whose relay is a process: what a hunter would take lies in `house.folder`."""

    house: House
    relay: RelayProcess


def besieged(folder: Path, rooms: list[Room], role: Role = "admin+caseworker") -> Besieged:
    """An organisation in an empty folder, founded by Alder, who opens letters too if nobody else will, over a relay in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    created = organisation.create(
        folder / "Alder",
        PASSPHRASE,
        name={"ru": "Линия помощи", "en": "The helpline"},
        callsign="Alder",
        relay=f"http://127.0.0.1:{port}",
        clock=time.time,
        role=role,
        rooms=rooms,
        vault=make_vault(folder / "Alder", CHEAP),
    )
    (folder / "organisation.json").write_bytes(created.document)
    (folder / "relay").mkdir()
    relay = RelayProcess(folder, port).start()
    house = House(folder, time.time, rooms, relay)
    house.open_desk("Alder", created.bench).step()
    return Besieged(house, relay)
