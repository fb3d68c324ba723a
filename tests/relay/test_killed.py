"""`kill -9` at any moment loses nothing that was acknowledged."""

from __future__ import annotations

import hashlib
import os
import random
import threading
import time
from pathlib import Path

import httpx
import pytest

from kunak.relay import wire
from tests.relay.organisation import Device, Organisation, label, sealed
from tests.relay.process import Forked, desk_of

DESKS_AT_ONCE = 6


class Load:
    """Desks that append, and upload chunks, until the relay is gone; they remember what was acknowledged."""

    def __init__(self, relay: Forked, device: Device) -> None:
        self.relay = relay
        self.device = device
        self.envelopes: dict[int, tuple[bytes, bytes]] = {}
        self.chunks: dict[bytes, bytes] = {}

    def until_killed(self, seconds: float) -> None:
        """So many seconds after the first acknowledgement: on a busy machine that alone takes its time."""
        before = len(self.envelopes)
        threads = [threading.Thread(target=self._one_desk, args=(n == 0,)) for n in range(DESKS_AT_ONCE)]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 60
        while len(self.envelopes) == before and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(seconds)
        self.relay.kill()
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()

    def _one_desk(self, with_files: bool) -> None:
        with desk_of(self.relay.address, self.device) as desk:
            try:
                while True:
                    self._append(desk)
                    if with_files:
                        self._upload(desk)
            except httpx.TransportError:
                return

    def _append(self, desk: httpx.Client) -> None:
        pairs = [(label(), sealed(random.choice((1, 1, 2)))) for _ in range(random.randint(1, 3))]
        answer = desk.post(wire.ENVELOPES, content=wire.encode_appends(pairs))
        assert answer.status_code == 200, answer.text
        self.envelopes.update(zip(answer.json()["positions"], pairs, strict=True))

    def _upload(self, desk: httpx.Client) -> None:
        blob, chunk = os.urandom(16), os.urandom(wire.BLOB_SIZE)
        assert desk.put(f"{wire.BLOBS}/{blob.hex()}", content=chunk).status_code == 200
        self.chunks[blob] = hashlib.sha256(chunk).digest()


def kill_again_and_again(folder: Path, times: int) -> int:
    """How many acknowledged envelopes survived; all of them, or it fails."""
    organisation, device = Organisation(), Device()
    organisation.write(folder / "organisation.json")
    relay = Forked(folder)
    load = Load(relay, device)
    relay.start()
    with desk_of(relay.address, device) as desk:
        assert desk.put(wire.ROSTER, content=organisation.roster(device)).status_code == 200
    for _ in range(times):
        load.until_killed(random.uniform(0.02, 0.5))
        relay.start()
        check_all_there(load)
    relay.kill()
    return len(load.envelopes)


def check_all_there(load: Load) -> None:
    with desk_of(load.relay.address, load.device) as desk:
        found: dict[int, tuple[bytes, bytes | None]] = {}
        after = 0
        while envelopes := wire.decode_stored(desk.get(wire.ENVELOPES, params={"after": after}).content):
            found.update({e.position: (e.label, e.sealed) for e in envelopes})
            after = envelopes[-1].position
        missing = {position for position, pair in load.envelopes.items() if found.get(position) != pair}
        assert missing == set()
        for blob, digest in load.chunks.items():
            assert hashlib.sha256(desk.get(f"{wire.BLOBS}/{blob.hex()}").content).digest() == digest


def test_a_killed_relay_has_lost_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    assert kill_again_and_again(tmp_path, 24) > 100


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_a_relay_killed_three_hundred_times_has_lost_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    assert kill_again_and_again(tmp_path, 300) > 1_000
