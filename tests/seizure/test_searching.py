"""A search that finds nothing must be able to find something."""

import base64
import gzip
import json
import os
import subprocess
import sys
import urllib.parse
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest

from tests.seizure.searching import canary, process_memory, search, search_folder

TEXT = canary("проверка")


def zipped(content: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", content)
    return target.getvalue()


@pytest.mark.parametrize(
    "hidden",
    [
        TEXT.encode(),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32-le"),
        TEXT.encode().hex().encode(),
        TEXT.encode().hex().upper().encode(),
        urllib.parse.quote(TEXT).encode(),
        urllib.parse.quote_plus(TEXT).encode(),
        json.dumps(TEXT).encode(),
        base64.b64encode(TEXT.encode()),
        base64.b64encode(b"x" + TEXT.encode() + b"y"),
        base64.urlsafe_b64encode(b"xy" + TEXT.encode() + b"z"),
        gzip.compress(TEXT.encode() * 3),
        zlib.compress(TEXT.encode() * 3, 9),
        zlib.compress(TEXT.encode() * 3, 1),
        zipped(TEXT.encode() * 3),
    ],
    ids=range(16),  # the canary is random, and the names of tests are not
)
def test_a_canary_is_found_in_every_spelling(hidden: bytes) -> None:
    noise = os.urandom(5000)
    assert search(noise + hidden + noise, [TEXT])


def test_noise_holds_no_canary() -> None:
    assert search(os.urandom(2_000_000), [TEXT]) == []


def test_a_folder_is_searched_with_its_names(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / TEXT.rsplit(" ", 1)[-1]).write_bytes(b"nothing")
    (tmp_path / "plain").write_text(TEXT)
    size, found = search_folder(tmp_path, [TEXT])
    assert size == len(b"nothing") + len(TEXT.encode())
    assert any("in the name" in hit for hit in found)
    assert any(hit.startswith("plain: ") for hit in found)


def test_the_memory_of_a_process_is_read() -> None:
    program = "import sys; kept = sys.stdin.readline(); print('ready', flush=True); sys.stdin.readline()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(TEXT.encode() + b"\n")
        child.stdin.flush()
        assert child.stdout.readline() == b"ready\n"
        found = search(process_memory(child.pid), [TEXT], inflate=False)
        child.stdin.write(b"\n")
    assert found
