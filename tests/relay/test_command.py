"""`kunak relay`: what it forgets, how it stops, what it says."""

from __future__ import annotations

import inspect
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
import typer

from kunak import relay_command
from kunak.relay import wire
from tests.relay.organisation import Device, Organisation, label, sealed
from tests.relay.process import Relay, desk_of, relay_in

AGENT = "Mozilla-canary-7319"


def test_it_runs_with_the_memory_measure_and_stops_when_asked_with_all_work_finished(tmp_path: Path) -> None:
    organisation, device = Organisation(), Device()
    organisation.write(tmp_path / "organisation.json")
    with relay_in(tmp_path) as relay:
        relay.start()
        assert relay.process is not None
        environment = Path(f"/proc/{relay.process.pid}/environ").read_bytes().split(b"\0")
        assert {b"PYTHONMALLOC=malloc", b"MALLOC_PERTURB_=165"} <= set(environment)
        httpx.put(relay.address + wire.ROSTER, content=organisation.roster(device)).raise_for_status()
        acknowledged = _append_until_stopped(relay, device)
        assert acknowledged
        relay.start()
        with desk_of(relay.address, device) as desk:
            kept = {e.position for e in wire.decode_stored(desk.get(wire.ENVELOPES).content)}
        assert acknowledged <= kept


def _append_until_stopped(relay: Relay, device: Device) -> set[int]:
    acknowledged: set[int] = set()

    def append() -> None:
        with desk_of(relay.address, device) as desk:
            try:
                while True:
                    answer = desk.post(wire.ENVELOPES, content=wire.encode_appends([(label(), sealed())]))
                    acknowledged.update(answer.raise_for_status().json()["positions"])
            except httpx.TransportError:
                return

    threads = [threading.Thread(target=append) for _ in range(4)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 30
    while len(acknowledged) < 20 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert relay.stop() == 0
    for thread in threads:
        thread.join(30)
    assert not (relay.folder / "data" / "relay.db-wal").exists(), "a relay that was asked to stop leaves a tidy file"
    return acknowledged


def test_no_address_no_agent_no_hour_and_no_device_is_kept_anywhere(tmp_path: Path) -> None:
    organisation, device = Organisation(), Device()
    organisation.write(tmp_path / "organisation.json")
    pair, blob = (label(), sealed()), os.urandom(16)
    with relay_in(tmp_path) as relay:
        relay.start()
        headers = {"User-Agent": AGENT, "Referer": AGENT, "X-Forwarded-For": "198.51.100.73", "Cookie": AGENT}
        with desk_of(relay.address, device) as desk:
            desk.headers.update(headers)
            assert desk.put(wire.ROSTER, content=organisation.roster(device)).status_code == 200
            desk.post(wire.ENVELOPES, content=wire.encode_appends([pair])).raise_for_status()
            desk.put(f"{wire.BLOBS}/{blob.hex()}", content=os.urandom(wire.BLOB_SIZE)).raise_for_status()
            assert desk.get("/v1/nothing").status_code == 404
            answer = desk.get("/")
            assert "server" not in answer.headers
            assert "date" not in answer.headers
        relay.stop()
        assert relay.output == ""
    kept = b"".join(p.read_bytes() for p in sorted((tmp_path / "data").rglob("*")) if p.is_file())
    pieces = [pair[1][n : n + 64] for n in range(0, len(pair[1]), 64)]
    assert sum(piece in kept for piece in pieces) > len(pieces) / 2, "what should be there is there"
    seconds = str(int(time.time()))[:7].encode()
    for trace in (AGENT.encode(), b"127.0.0.1", b"198.51.100.73", seconds):
        assert trace not in kept
    # The roster names devices, once, in its signed bytes; what they sent names nobody.
    assert kept.count(device.id.hex().encode()) == 1
    assert kept.count(device.id) == 0
    for chunk in (tmp_path / "data" / "blobs").iterdir():
        assert chunk.stat().st_mtime % 86_400 == 0


def test_it_says_what_is_wrong_in_one_sentence(tmp_path: Path) -> None:
    with relay_in(tmp_path) as relay:
        (tmp_path / "organisation.json").write_text("{}")
        with pytest.raises(AssertionError):
            relay.start()
        assert relay.process is not None
        assert relay.process.wait(30) == 1
        assert re.fullmatch(r"organisation\.json is damaged[^\n]+\n", relay.output)


def test_every_option_stands_in_the_manual() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "running-a-relay.md").read_text()
    parameters = inspect.signature(relay_command.relay).parameters
    missing = [name for name in parameters if f"`--{name.replace('_', '-')}`" not in manual]
    assert missing == []


def test_tls_needs_both_halves(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(typer.Exit):
        relay_command.relay(tmp_path, tmp_path, certificate=tmp_path / "chain.pem")
    assert capsys.readouterr().err == "TLS needs both: give --certificate and --key, or neither.\n"


def test_a_password_of_the_database_stands_on_no_command_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr(os, "execve", lambda _, command, environment: seen.append(command))
    relay_command.relay(tmp_path, tmp_path, database="postgresql://kunak:secret@db/kunak")
    assert seen
    assert "secret" not in " ".join(seen[0])


@pytest.mark.parametrize(
    ("language", "port", "folder"),
    [
        ("en", r"Port \d+ of 127\.0\.0\.1 cannot be listened on [^\n]+ --port\.\n", r"\S+data cannot be used [^\n]+\n"),
        ("ru", r"Порт \d+ на 127\.0\.0\.1 занять нельзя [^\n]+ --port\.\n", r"\S+data не подходит [^\n]+\n"),
    ],
)
def test_a_taken_port_and_a_folder_that_is_none_are_one_sentence(
    tmp_path: Path, language: str, port: str, folder: str
) -> None:
    environment = {"KUNAK_LANGUAGE": language, "PYTHONIOENCODING": "utf-8"}
    Organisation().write(tmp_path / "organisation.json")
    with relay_in(tmp_path) as relay:
        relay.start()
        first = relay.process
        assert first is not None
        other = ["--data", str(tmp_path / "other"), "--organisation", str(tmp_path / "organisation.json")]
        command = [sys.executable, "-m", "kunak", "relay", *other, "--port", str(relay.port)]
        said = subprocess.run(command, capture_output=True, encoding="utf-8", env=os.environ | environment, check=False)
        assert said.returncode == 1
        assert re.fullmatch(port, said.stderr)
        relay.stop()
        shutil.rmtree(tmp_path / "data")
        (tmp_path / "data").write_text("a file")
        (tmp_path / "output.txt").unlink()
        with pytest.raises(AssertionError):
            relay.start(environment=environment)
        assert re.fullmatch(folder, relay.output)


@pytest.mark.parametrize(
    ("option", "address", "said"),
    [
        ("--database", "mysql://db/kunak", "--database takes an address that begins with postgresql://"),
        ("--database", "kunak.db", "--database takes an address that begins with postgresql://"),
        ("--files", "ftp://files/kunak", "--files takes an address like s3://bucket/folder."),
        ("--files", "nonsense", "--files takes an address like s3://bucket/folder."),
        ("--files", "s3://", "--files takes an address like s3://bucket/folder."),
    ],
)
def test_an_address_that_is_none_is_one_sentence_and_makes_nothing(
    tmp_path: Path, option: str, address: str, said: str
) -> None:
    Organisation().write(tmp_path / "organisation.json")
    command = [sys.executable, "-m", "kunak", "relay", "--data", "data", "--organisation", "organisation.json"]
    environment = os.environ | {"KUNAK_LANGUAGE": "en"}
    done = subprocess.run(
        [*command, option, address], capture_output=True, encoding="utf-8", env=environment, cwd=tmp_path, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["organisation.json"]
