"""An onion address is reached through Tor, and through nothing else; every other address straight."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

import pytest

from kunak.desk.relay_client import RelayClient, Unreachable
from kunak.desk.road import road_to
from tests.onion.network import refusals_allowed


@pytest.mark.parametrize(
    "relay", ["http://127.0.0.1:8400", "https://relay.example", "https://onion.example", "http://onion:80"]
)
def test_an_ordinary_address_is_reached_straight(relay: str) -> None:
    assert road_to(relay) is None


def reached(onion: str) -> bool:
    with RelayClient(f"http://{onion}", "00" * 16, bytes(32), lambda: 0.0) as relay, suppress(Unreachable):
        relay.roster()
        return True
    return False


def test_an_onion_address_is_told_to_tor_and_never_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = bytearray()
    looked_up: list[object] = []
    tor = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        line, _ = tor.accept()
        with line:
            heard.extend(line.recv(64))  # SOCKS 5, the ways of proving who one is (RFC 1928, section 3)
            line.sendall(b"\x05\x00")
            heard.extend(line.recv(512))  # connect to this name
            line.sendall(b"\x05\x04\x00\x01\x00\x00\x00\x00\x00\x00")  # host unreachable

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    real = socket.getaddrinfo

    def look_up(host: object, *rest: object, **more: object) -> object:
        looked_up.append(host)
        return real(host, *rest, **more)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setenv("KUNAK_TOR", f"127.0.0.1:{tor.getsockname()[1]}")
    monkeypatch.setenv("ALL_PROXY", "socks5://192.0.2.1:1")
    onion = "a" * 56 + ".onion"
    with refusals_allowed():
        assert not reached(onion)
    thread.join(10)
    tor.close()
    assert b"\x03\x3e" + onion.encode() in heard, "the name itself, as a name"
    assert onion not in looked_up
