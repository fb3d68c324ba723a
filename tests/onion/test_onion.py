"""A person's whole way, and a desk's, over an onion service as docs/running-a-relay.md sets it up, on a Tor network of our own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import httpx
import pytest

from kunak.demo.browser import Browser
from kunak.demo.person import Person
from kunak.desk.app import ROOMS
from kunak.desk.relay_client import RelayClient, Unreachable
from kunak.desk.sync import Sync
from tests.onion.network import PATIENCE_SECONDS, Network, onion_network, refusals_allowed
from tests.seizure.test_relay import answer
from tests.siege import Besieged, besieged

pytestmark = [pytest.mark.prove, pytest.mark.timeout(1_500)]
MANUAL: Final = Path(__file__).parents[2] / "docs" / "running-a-relay.md"
# What a client might add to look as if it came by TLS, or from somewhere else. All of it is ignored.
PRETENCE: Final = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "clearnet.example",
    "Forwarded": "for=203.0.113.9;proto=https;host=clearnet.example",
}


def torrc_of_the_manual(port: str) -> str:
    """The lines that an operator copies, with this test's folder and port."""
    lines = re.search(r"(?m)((?:^    HiddenService.*\n)+)", MANUAL.read_text(encoding="utf-8"))
    assert lines
    return lines[1].replace("/var/lib/tor/kunak", "{folder}").replace("8400", port).replace("    ", "")


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Besieged]:
    found = besieged(tmp_path_factory.mktemp("relay"), list(ROOMS))
    yield found
    found.house.close()


@pytest.fixture(scope="module")
def network(siege: Besieged, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    port = siege.relay.address.rsplit(":", 1)[1]
    with onion_network(tmp_path_factory.mktemp("tor"), torrc_of_the_manual(port)) as network:
        yield network


def through(network: Network) -> httpx.HTTPTransport:
    return httpx.HTTPTransport(proxy=f"socks5h://127.0.0.1:{network.socks}")


def patiently(ask: Callable[[], object]) -> None:
    """Until the service's descriptor has been published and fetched."""

    def reached() -> bool:
        with suppress(httpx.TransportError, Unreachable):
            ask()
            return True
        return False

    until = time.monotonic() + PATIENCE_SECONDS
    with refusals_allowed():
        while not reached():
            assert time.monotonic() < until, "the onion service was never reached"
            time.sleep(1)


def visitor(network: Network, language: str) -> Person:
    """A person with a browser that comes through Tor, and with headers that pretend."""
    person = Person(f"http://{network.onion}", language)
    person.browser.close()
    person.browser = Browser(f"http://{network.onion}", language, through(network))
    person.browser.client.headers.update(PRETENCE)
    person.browser.client.timeout = httpx.Timeout(120)
    return person


def test_a_letter_goes_and_an_answer_comes_back_over_an_onion_service(siege: Besieged, network: Network) -> None:
    person = visitor(network, "ru")
    patiently(lambda: person.browser.open("/"))
    first = person.browser.page
    assert first.status == 200
    assert "set-cookie" not in first.headers
    # Over http://….onion no browser may be asked for what only https can do, or the page would not work there at all.
    assert "upgrade-insecure-requests" not in first.headers["content-security-policy"]
    assert "strict-transport-security" not in first.headers
    assert first.headers["referrer-policy"] == "no-referrer"
    assert {address.split("/")[2] for _, address in first.links} == {network.onion}
    person.write("Пишу через Tor. Мне страшно.", [("a.txt", b"x" * 300_000, "text/plain")])
    (cookie,) = person.browser.client.cookies.jar
    assert (cookie.name, cookie.secure, cookie.domain_specified, cookie.expires) == ("s", False, False, None)
    assert "HttpOnly" in cookie._rest  # type: ignore[attr-defined]  # the only place where the library keeps it
    person.leave()
    assert not person.browser.client.cookies
    answer(siege, person, "Мы получили ваше письмо.")
    person.come_back()
    assert person.replies() == ["Мы получили ваше письмо."]
    person.write_more("Спасибо.")
    assert "clearnet.example" not in person.browser.page.html
    person.leave()
    person.close()


def test_a_desk_reaches_its_relay_over_the_onion_service(
    siege: Besieged, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signatures cover the address; what is asked of the onion name is signed for the onion name."""
    monkeypatch.setenv("KUNAK_TOR", f"127.0.0.1:{network.socks}")
    bench = siege.house.founder.bench
    with RelayClient(f"http://{network.onion}", bench.keyring.own.id, bench.keyring.own.signing, time.time) as relay:
        patiently(relay.roster)
        sync = Sync(bench, relay)
        sync.step()
        assert (sync.state().now, sync.state().missing, sync.state().troubles) == ("", [], [])
        assert sync.state().position == relay.read(0).head > 0


def test_the_relay_says_nothing_of_those_who_came(siege: Besieged) -> None:
    assert siege.relay.said.read_bytes() == b""
