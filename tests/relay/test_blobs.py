"""Chunks of files, wherever the operator keeps them."""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from obstore.store import LocalStore, MemoryStore, S3Store

from kunak.relay.allowance import Source
from kunak.relay.blobs import Blobs, ChunkFolder, Chunks
from kunak.relay.objects import ChunkObjects
from kunak.relay.refusals import Full, Malformed, Unavailable, Unknown
from kunak.relay.wire import BLOB_SIZE
from tests.relay.organisation import Clock


class NoLimit:
    """Books that allow everything."""

    async def allow_chunk(self, chunk: bytes, by: Source) -> None:
        """No limit."""

    async def settle_chunks(self, chunks: Sequence[bytes]) -> None:
        """Nothing to forget."""


@pytest.fixture(params=["folder", "memory store", "local store"])
def chunks(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Chunks:
    match request.param:
        case "folder":
            return ChunkFolder(tmp_path / "blobs", clock)
        case "memory store":
            return ChunkObjects("", MemoryStore())
        case _:
            return ChunkObjects("", LocalStore(tmp_path / "objects", mkdir=True))


def test_a_chunk_is_kept_found_given_and_forgotten(chunks: Chunks) -> None:
    blobs = Blobs(chunks, NoLimit())
    blob, chunk = os.urandom(16), os.urandom(BLOB_SIZE)
    assert not asyncio.run(blobs.has(blob))
    asyncio.run(blobs.put(blob, chunk))
    asyncio.run(blobs.put(blob, chunk))
    assert asyncio.run(blobs.has(blob))
    assert asyncio.run(blobs.get(blob)) == chunk
    for _ in range(2):
        asyncio.run(blobs.delete(blob))
    assert not asyncio.run(blobs.has(blob))
    with pytest.raises(Unknown):
        asyncio.run(blobs.get(blob))


def test_only_whole_chunks_under_whole_names_are_kept(chunks: Chunks) -> None:
    blobs = Blobs(chunks, NoLimit())
    for blob, chunk in ((os.urandom(16), b"short"), (b"../../etc/passwd", b""), (b"short", bytes(BLOB_SIZE))):
        with pytest.raises(Malformed):
            asyncio.run(blobs.put(blob, chunk))


def test_the_same_chunk_sent_many_times_at_once_is_whole(tmp_path: Path, clock: Clock) -> None:
    blobs = Blobs(ChunkFolder(tmp_path, clock), NoLimit())
    blob, chunk = os.urandom(16), os.urandom(BLOB_SIZE)

    async def many() -> None:
        await asyncio.gather(*(blobs.put(blob, chunk) for _ in range(16)))

    asyncio.run(many())
    assert [path.name for path in tmp_path.iterdir()] == [blob.hex()]
    assert asyncio.run(blobs.get(blob)) == chunk


def test_a_half_written_chunk_is_gone_after_a_restart(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / f"{'ab' * 16}.01234567.part").write_bytes(b"half")
    ChunkFolder(tmp_path, clock)
    assert list(tmp_path.iterdir()) == []


def test_a_forgotten_chunk_was_overwritten_before_it_was_unlinked(tmp_path: Path, clock: Clock) -> None:
    folder = ChunkFolder(tmp_path, clock)
    folder.put("ab" * 16, os.urandom(BLOB_SIZE))
    with (tmp_path / ("ab" * 16)).open("rb") as still_open:
        folder.delete("ab" * 16)
        assert still_open.read() == bytes(BLOB_SIZE)


FULL_DISK = """
import resource, sys
from pathlib import Path
from kunak.relay.blobs import ChunkFolder
from kunak.relay.refusals import Full
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
folder = ChunkFolder(Path(sys.argv[1]), lambda: 0.0)
try:
    folder.put("ab" * 16, bytes(262_144))
except Full as full:
    print(full)
"""


def test_a_full_disk_is_said_calmly_and_leaves_no_half_chunk(tmp_path: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("The relay's disk is full.")
    assert list(tmp_path.iterdir()) == []
    assert Full("x").again


def test_a_store_that_is_away_is_said_calmly() -> None:
    nowhere = S3Store(
        "bucket",
        endpoint="http://127.0.0.1:9",
        access_key_id="a",
        secret_access_key="b",
        region="r",
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )
    chunks = ChunkObjects("", nowhere)
    for act in (lambda: chunks.put("ab", b"x"), lambda: chunks.get("ab"), lambda: chunks.has("ab")):
        with pytest.raises(Unavailable):
            act()
    with pytest.raises(Unavailable):
        chunks.delete("ab")
