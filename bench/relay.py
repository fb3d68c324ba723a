"""Acknowledged durable appends of 4 KiB a second at 32 connections: the relay against a bare ASGI app, both with group commit."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx

from bench.connections import send_all
from bench.servers import free_port, relay_command, running
from bench.table import Row
from kunak.relay import wire
from kunak.relay.signing import signed_headers
from tests.relay.organisation import Device, Organisation, label, sealed

TITLE = "Relay"
CONNECTIONS = 32
SLICE = 600  # requests of a measurement
SLICES = 10  # of each server, one after the other, so that both meet the same neighbours on this machine


def run() -> list[Row]:
    """One row: slices of both servers in turn, the median of the ratios of neighbours."""
    with tempfile.TemporaryDirectory() as name:
        folder, ports = Path(name), (free_port(), free_port())
        organisation, device = Organisation(), Device()
        file = organisation.write(folder / "organisation.json")
        bare = [sys.executable, "-m", "bench.bare", str(folder / "kept.db"), str(ports[1])]
        with running(relay_command(folder / "data", file, ports[0]), ports[0]), running(bare, ports[1]):
            address = f"http://127.0.0.1:{ports[0]}"
            httpx.put(address + wire.ROSTER, content=organisation.roster(device)).raise_for_status()
            measured = [(_relay(ports[0], address, device), _bare(ports[1])) for _ in range(SLICES)]
    ratio = statistics.median(ours / floor for ours, floor in measured)
    ours, floor = (statistics.median(column) for column in zip(*measured, strict=True))
    what = f"durable appends of 4 KiB a second, {CONNECTIONS} connections"
    return [
        Row(
            what, f"{ours:.0f}/s", f"{floor:.0f}/s, bare ASGI with group commit", f"{ratio:.2f}", "≥ 0.50", ratio >= 0.5
        )
    ]


def _bare(port: int) -> float:
    return send_all(port, [_request(port, "/", {}, sealed()) for _ in range(SLICE)], CONNECTIONS)


def _relay(port: int, address: str, device: Device) -> float:
    bodies = [wire.encode_appends([(label(), sealed())]) for _ in range(SLICE)]
    requests = [_request(port, wire.ENVELOPES, _signature(address, device, body), body) for body in bodies]
    return send_all(port, requests, CONNECTIONS)


def _signature(address: str, device: Device, body: bytes) -> dict[str, str]:
    return signed_headers(
        "POST",
        address + wire.ENVELOPES,
        body,
        device=device.id,
        key=device.key,
        created=time.time(),
        nonce=os.urandom(12).hex(),
    )


def _request(port: int, path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
