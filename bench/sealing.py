"""Sealing and opening a file of 256 MiB against bare ChaCha20-Poly1305 over chunks of 64 KiB, in one process, and the memory that it takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from bench.table import Row
from kunak.sealing.age import Identity, Sealer, open_sealed, open_stream, seal, seal_stream
from kunak.sealing.code import MailboxKeys, new_code, root_of

if TYPE_CHECKING:
    from collections.abc import Callable

TITLE = "Sealing"
CHUNK = 65_536
COUNT = 4_096
SIZE = COUNT * CHUNK
NONCE = bytes(12)
ROUNDS = 5
LEAST_RATIO = 0.8
MOST_MEMORY = 64
# The same pieces from the same place to the same place; "bare" only calls the cipher on each.
PAIRS = {
    "seal pieces in memory": "bare sealing in memory",
    "seal a file": "bare sealing, file read and written",
    "open a file": "bare opening, file read and written",
}


def run() -> list[Row]:
    """In a process of its own, whose memory has a beginning."""
    done = subprocess.run([sys.executable, "-m", "bench.sealing"], capture_output=True, check=True, text=True)
    found = json.loads(done.stdout)
    megabytes = SIZE / 1e6
    rows = [
        Row(
            f"{what}, 256 MiB",
            f"{megabytes / found[what]:,.0f} MB/s",
            f"{bare}: {megabytes / found[bare]:,.0f} MB/s",
            f"{found[bare] / found[what]:.0%}",
            f"at least {LEAST_RATIO:.0%}",
            found[bare] / found[what] >= LEAST_RATIO,
        )
        for what, bare in PAIRS.items()
    ]
    memory = found["memory"] / 1024
    rows.append(
        Row("peak memory above start", f"{memory:.1f} MiB", "", "", f"under {MOST_MEMORY} MiB", memory < MOST_MEMORY)
    )
    rows.append(
        Row(
            "1 KiB to one hybrid recipient",
            f"{found['seal 1 KiB'] * 1e6:.0f} µs to seal, {found['open 1 KiB'] * 1e6:.0f} µs to open",
            "",
            "",
            "",
            None,
        )
    )
    rows.append(Row("a code's keys (Argon2id, 19 MiB)", f"{found['code'] * 1e3:.0f} ms", "", "", "", None))
    return rows


def measure() -> dict[str, float]:
    """Seconds of processor each, the best of some rounds taken in turn, and kibibytes of memory."""
    identity, bare = Identity.generate(), Bare()
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("wb") as nowhere:
        plain, sealed, plainly_sealed = (Path(folder, name) for name in ("plain", "sealed", "plainly"))
        with plain.open("wb") as file:
            for _ in range(COUNT):
                file.write(bare.chunk)
        with plainly_sealed.open("wb") as file:
            for _ in range(COUNT):
                file.write(bare.sealed)
        start = _peak()
        with plain.open("rb") as source, sealed.open("wb") as target:
            seal_stream(source, target, [identity.recipient])
        ways: dict[str, Callable[[], None]] = {
            "bare sealing in memory": bare.seal_in_memory,
            "bare sealing, file read and written": lambda: bare.seal_file(plain, nowhere),
            "bare opening, file read and written": lambda: bare.open_file(plainly_sealed, nowhere),
            "seal pieces in memory": lambda: _push_sealer(identity, bare.chunk),
            "seal a file": lambda: _with(plain, lambda source: seal_stream(source, nowhere, [identity.recipient])),
            "open a file": lambda: _with(sealed, lambda source: open_stream(source, nowhere, [identity])),
        }
        best = dict.fromkeys(ways, float("inf"))
        for _ in range(ROUNDS):
            for name, way in ways.items():
                best[name] = min(best[name], _seconds(way))
        memory = _peak() - start
    return best | {"memory": memory} | _small(identity)


class Bare:
    """The cipher alone on chunks of 64 KiB: no header, no numbers, no last chunk told from the others."""

    def __init__(self) -> None:
        self._cipher = ChaCha20Poly1305(os.urandom(32))
        self.chunk = os.urandom(CHUNK)
        self.sealed = self._cipher.encrypt(NONCE, self.chunk, None)

    def seal_in_memory(self) -> None:
        for _ in range(COUNT):
            self._cipher.encrypt(NONCE, self.chunk, None)

    def seal_file(self, path: Path, target: BinaryIO) -> None:
        with path.open("rb") as source:
            while chunk := source.read(CHUNK):
                target.write(self._cipher.encrypt(NONCE, chunk, None))

    def open_file(self, path: Path, target: BinaryIO) -> None:
        with path.open("rb") as source:
            while chunk := source.read(CHUNK + 16):
                target.write(self._cipher.decrypt(NONCE, chunk, None))


def _push_sealer(identity: Identity, chunk: bytes) -> None:
    sealer = Sealer([identity.recipient])
    sealer.header()
    for _ in range(COUNT):
        sealer.update(chunk)
    sealer.finish()


def _small(identity: Identity) -> dict[str, float]:
    letter, code = os.urandom(1024), new_code("ru")
    sealed = seal(letter, [identity.recipient])
    return {
        "seal 1 KiB": min(_seconds(lambda: _ignore(seal(letter, [identity.recipient]))) for _ in range(200)),
        "open 1 KiB": min(_seconds(lambda: _ignore(open_sealed(sealed, [identity]))) for _ in range(200)),
        "code": min(
            _seconds(lambda: _ignore(MailboxKeys.from_root(root_of(code, bytes(16))).mailbox)) for _ in range(5)
        ),
    }


def _with(path: Path, way: Callable[[BinaryIO], None]) -> None:
    with path.open("rb") as source:
        way(source)


def _ignore(_: object) -> None:
    """A result that is only timed."""


def _seconds(way: Callable[[], None]) -> float:
    start = time.process_time()
    way()
    return time.process_time() - start


def _peak() -> int:
    """The most memory that this process ever held, in kibibytes."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure()))
