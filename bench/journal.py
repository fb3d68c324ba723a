"""A new desk pulls, verifies, opens and folds 100,000 entries; and the time to unlock a vault."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
from nacl import bindings

from bench.servers import free_port, relay_command, running
from bench.table import Row
from kunak.relay.log import Log, Source
from kunak.vault.door import MEMORY_KIB, PASSES
from kunak.vault.store import Vault
from tests.house import House, Noted

TITLE = "Journal and vault"
ENTRIES = 100_000
ROUNDS = 3
CASES = 200
AIM_SECONDS = 15.0
NOTE = "Met at the station, calm, has the new phone; call again on Thursday after six, not before, never at home. " * 2


def run() -> list[Row]:
    return [_reading(1), _reading(8), _unlocking()]


def _reading(per_envelope: int) -> Row:
    """CPU of the desk's process alone; the relay is another process. The reference: verifying as many signatures, and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        house.found("Oak")
        _fill(house, per_envelope)
        house.welcome("Ash")
        house.settle()
        birch = house.benches["Birch"]
        with birch.vault.transaction():
            for case in _cases():
                birch.pen.grant(case, house.id_of("Ash"))
        house.step("Birch")
        rounds = _read_over_http(house, Path(folder), per_envelope)
        house.close()
    spent, floor = sorted(rounds)[ROUNDS // 2]
    each = "an entry an envelope" if per_envelope == 1 else f"{per_envelope} entries an envelope"
    return Row(
        f"a new desk reads {ENTRIES:,} entries, {each}",
        f"{spent:.1f} s CPU",
        f"{floor:.1f} s, its signatures alone",
        f"{spent / floor:.1f}",
        f"< {AIM_SECONDS:.0f} s",
        spent < AIM_SECONDS,
    )


def _cases() -> list[str]:
    return [f"case:{number:032x}" for number in range(CASES)]


def _fill(house: House, per_envelope: int) -> None:
    """Birch writes everything into cases that are not shared yet, and sends it."""
    house.welcome("Birch")
    house.settle()
    birch, cases = house.benches["Birch"], _cases()
    with birch.vault.transaction():
        for case in cases:
            birch.pen.new_compartment(case)
    for start in range(0, ENTRIES // per_envelope, 500):
        with birch.vault.transaction():
            for number in range(start, min(start + 500, ENTRIES // per_envelope)):
                birch.pen.write(cases[number % CASES], [Noted(f"{number} {NOTE}")] * per_envelope)
    house.step("Birch")


def _read_over_http(house: House, folder: Path, per_envelope: int) -> list[tuple[float, float]]:
    """Ash's desk starts where it stood when it joined, and reads the rest from a relay in another process. For each round the
    seconds of the processor, and those of the signatures alone: a shared machine is half as fast again from one minute to the next."""
    (folder / "organisation.json").write_bytes(house.document)
    data = folder / "relay"
    data.mkdir()

    async def keep() -> None:
        log = Log.open(data / "relay.db", house.clock)
        for start in range(0, len(house.relay.log), 500):
            part = [(e.label, e.sealed or b"") for e in house.relay.log[start : start + 500]]
            await log.append(part, by=Source.DEVICE)
        log.close()

    asyncio.run(keep())
    port = free_port()
    house.benches["Ash"].vault.close()
    with running(relay_command(data, folder / "organisation.json", port), port):
        address = f"http://127.0.0.1:{port}"
        for name, document in house.relay.documents.items():
            httpx.put(f"{address}/v1/{name}", content=document).raise_for_status()
        rounds = []
        for number in range(ROUNDS):
            desk = shutil.copytree(folder / "Ash", folder / f"Ash in round {number}")
            command = [sys.executable, "-c", _READ, str(desk), "Ash", address]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            notes, faults, spent = said.split()
            if int(notes) != ENTRIES or int(faults):
                raise RuntimeError(f"the desk read {notes} entries, with {faults} troubles")
            rounds.append((float(spent), _verifying(ENTRIES // per_envelope)))
            shutil.rmtree(desk)
    return rounds


# A process of its own, as a desk has one: the bench's holds the whole organisation in memory, and Python walks through all of it.
_READ = """
import sys, time
from pathlib import Path
from kunak.desk.relay_client import RelayClient
from kunak.desk.sync import Sync
from kunak.desk.workbench import Workbench
from kunak.vault.store import Vault
from tests.house import SPRING_2017, NotesRoom
folder, passphrase, address = sys.argv[1:]
bench = Workbench.over(Vault.open(Path(folder), passphrase), [NotesRoom()], lambda: float(SPRING_2017))
own = bench.keyring.own
with RelayClient(address, own.id, own.signing, time.time) as relay:
    sync = Sync(bench, relay)
    before = time.process_time()
    state = sync.step()
    spent = time.process_time() - before
(notes,) = bench.vault.db.execute("SELECT count(*) FROM notes_note").fetchone()
print(notes, len(state.troubles) + len(state.missing), spent)
"""


def _verifying(signatures: int) -> float:
    public, secret = bindings.crypto_sign_keypair()
    signed = bindings.crypto_sign(os.urandom(600), secret)
    before = time.process_time()
    for _ in range(signatures):
        bindings.crypto_sign_open(signed, public)
    return time.process_time() - before


_UNLOCK = """
import sys, time
from pathlib import Path
from kunak.vault.store import Vault
before = time.perf_counter()
Vault.open(Path(sys.argv[1]), "correct horse battery staple").close()
print(time.perf_counter() - before)
"""


def _unlocking() -> Row:
    with tempfile.TemporaryDirectory() as folder:
        Vault.create(Path(folder) / "vault", "correct horse battery staple").close()
        command = [sys.executable, "-c", _UNLOCK, str(Path(folder) / "vault")]
        ours = min(float(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(3))
    before = time.perf_counter()
    bindings.crypto_pwhash_alg(
        32, b"x" * 24, bytes(16), PASSES, MEMORY_KIB * 1024, bindings.crypto_pwhash_ALG_ARGON2ID13
    )
    floor = time.perf_counter() - before
    ratio = ours / floor
    return Row("unlock a vault", f"{ours:.2f} s", f"{floor:.2f} s, Argon2id", f"{ratio:.2f}", "< 1.5 s", ours < 1.5)
