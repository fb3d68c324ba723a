"""A Tor network of our own on loopback: three authorities that are relays too, three more relays, an onion service, a client.

Real tor processes with `TestingTorNetwork 1` (tor(1)): what is proved is Tor's own way of reaching an onion service, without a
single packet to anybody else.
"""

from __future__ import annotations

import gc
import re
import socket
import subprocess
import time
import warnings
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_SECONDS: Final = 600.0  # the network is ready in 40 s on a quiet machine
COMMON: Final = """\
TestingTorNetwork 1
DataDirectory {folder}
Address 127.0.0.1
AssumeReachable 1
ShutdownWaitLength 0
SafeLogging 1
Log notice file {folder}/notices
RunAsDaemon 0
{authorities}
"""
RELAY: Final = """\
Nickname {name}
ORPort 127.0.0.1:{orport}
ExitRelay 0
SocksPort 0
"""
AUTHORITY: Final = """\
AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
ContactInfo nobody
DirPort 127.0.0.1:{dirport}
TestingV3AuthInitialVotingInterval 20
TestingV3AuthInitialVoteDelay 4
TestingV3AuthInitialDistDelay 4
V3AuthVotingInterval 20
V3AuthVoteDelay 4
V3AuthDistDelay 4
TestingDirAuthVoteGuard *
TestingDirAuthVoteHSDir *
TestingMinExitFlagThreshold 0
"""


@dataclass
class Network:
    """`socks`: where a client of this network listens; `onion`: the service's name, `….onion`."""

    socks: int
    onion: str


@contextmanager
def refusals_allowed() -> Iterator[None]:
    """The library drops the connection to Tor without closing it when Tor says no; Python closes it, and would complain here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def onion_network(folder: Path, service: str) -> Iterator[Network]:
    """Everything up, until the service is reachable. `service`: its lines of a torrc, with {folder} for the service's own folder."""
    relays = {f"relay{number}": free_port() for number in range(6)}
    keepers = dict(list(relays.items())[:3])
    dirports = {name: free_port() for name in keepers}
    authorities = "\n".join(_authority(folder / name, name, relays[name], dirports[name]) for name in keepers)
    socks = free_port()
    with ExitStack() as running:
        for name, orport in relays.items():
            lines = RELAY.format(name=name, orport=orport)
            lines += AUTHORITY.format(dirport=dirports[name]) if name in keepers else ""
            running.enter_context(_tor(folder / name, authorities, lines))
        hidden = folder / "service" / "hidden"
        running.enter_context(_tor(folder / "service", authorities, "SocksPort 0\n" + service.format(folder=hidden)))
        running.enter_context(_tor(folder / "client", authorities, f"SocksPort 127.0.0.1:{socks}\n"))
        for name in ("service", "client"):
            _wait_for(folder / name / "notices", "Bootstrapped 100%")
        yield Network(socks, (hidden / "hostname").read_text().strip())


def _authority(folder: Path, name: str, orport: int, dirport: int) -> str:
    """Its keys, and the line by which everybody knows it."""
    keys = folder / "keys"
    keys.mkdir(parents=True, mode=0o700)
    folder.chmod(0o700)
    files: list[str | Path] = [
        "-i",
        keys / "authority_identity_key",
        "-s",
        keys / "authority_signing_key",
        "-c",
        keys / "authority_certificate",
    ]
    command: list[str | Path] = [
        "tor-gencert",
        "--create-identity-key",
        *files,
        "-m",
        "12",
        "-a",
        f"127.0.0.1:{dirport}",
        "--passphrase-fd",
        "0",
    ]
    subprocess.run(command, input=b"a test keeps no secrets\n", capture_output=True, check=True, timeout=120)
    certificate = (keys / "authority_certificate").read_text()
    identity = re.search(r"^fingerprint (\w+)$", certificate, re.MULTILINE)
    torrc = folder / "fingerprint.torrc"
    placeholder = "DirAuthority x orport=1 v3ident=" + "0" * 40 + " 127.0.0.1:1 " + "0" * 40
    torrc.write_text(COMMON.format(folder=folder, authorities=placeholder) + RELAY.format(name=name, orport=orport))
    listed = subprocess.run(
        ["tor", "-f", torrc, "--list-fingerprint", "--quiet"], capture_output=True, text=True, check=True, timeout=120
    )
    assert identity, certificate
    fingerprint = listed.stdout.strip().split(" ", 1)[1].replace(" ", "")
    return f"DirAuthority {name} orport={orport} no-v2 v3ident={identity[1]} 127.0.0.1:{dirport} {fingerprint}"


@contextmanager
def _tor(folder: Path, authorities: str, lines: str) -> Iterator[None]:
    folder.mkdir(exist_ok=True, mode=0o700)
    torrc = folder / "torrc"
    torrc.write_text(COMMON.format(folder=folder, authorities=authorities) + lines)
    process = subprocess.Popen(["tor", "-f", str(torrc), "--quiet"])
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(notices: Path, words: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not notices.exists() or words not in notices.read_text():
        if time.monotonic() > until:
            raise AssertionError(f"never read “{words}” in {notices.read_text() if notices.exists() else notices}")
        time.sleep(0.5)
