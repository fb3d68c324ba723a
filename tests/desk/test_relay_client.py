"""The desk's client against the real relay, over HTTP and inside one process."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from kunak import front
from kunak.desk import hindrance
from kunak.desk.joining import ask_to_join, asking, invite, join, read_invitation
from kunak.desk.organisation import create
from kunak.desk.relay_client import InProcess, Relay, RelayClient, RelayRefused, Unreachable
from kunak.desk.sync import Sync
from kunak.desk.workbench import Workbench
from kunak.vault.store import Vault
from kunak.vault.troubles import standing
from tests.house import CHEAP, SPRING_2017, Noted, NotesRoom
from tests.relay.serving import served

Connect = Callable[[str, bytes], Relay]


def clock() -> float:
    return float(SPRING_2017)


@pytest.fixture
def admin(tmp_path: Path) -> Iterator[Workbench]:
    vault = Vault.create(tmp_path / "oak", "oak", **CHEAP)
    name = {"en": "Shelter", "ru": "Кров"}
    made = create(
        tmp_path / "oak",
        "oak",
        name=name,
        callsign="Oak",
        relay="http://relay.test",
        clock=clock,
        role="admin+caseworker",
        vault=vault,
        rooms=[NotesRoom()],
    )
    (tmp_path / "organisation.json").write_bytes(made.document)
    yield made.bench
    vault.close()


@pytest.fixture(params=["http", "in process"])
def connect(request: pytest.FixtureRequest, tmp_path: Path, admin: Workbench) -> Iterator[Connect]:
    door = front.app(front.Settings(tmp_path / "relay", tmp_path / "organisation.json", clock))
    with contextlib.ExitStack() as stack:
        if request.param == "http":
            address, transport = stack.enter_context(served(door)), None
        else:
            address, transport = "http://relay.test", InProcess(door)
            stack.callback(door.state.log.close)
            stack.callback(transport.stop)
        yield lambda device, seed: stack.enter_context(RelayClient(address, device, seed, clock, transport))


def as_device(connect: Connect, bench: Workbench) -> Sync:
    return Sync(bench, connect(bench.keyring.own.id, bench.keyring.own.signing))


def test_an_organisation_lives_over_the_real_relay(connect: Connect, admin: Workbench, tmp_path: Path) -> None:
    oak = as_device(connect, admin)
    assert oak.step().now == ""
    given = invite(admin, "caseworker", "Birch")
    oak.step()
    invitation = read_invitation(given.file, given.code)
    vault = Vault.create(tmp_path / "birch", "birch", **CHEAP)
    birch = join(tmp_path / "birch", "birch", invitation, clock, [NotesRoom()], vault)
    waiting = asking(birch)
    assert waiting is not None
    ask_to_join(birch, connect(waiting.invitation, waiting.seed))
    assert asking(birch) is None
    syncing = as_device(connect, birch)
    assert "admitted when the admin" in syncing.step().now
    oak.step()
    assert syncing.step().now == ""
    birch.pen.write("intake", [Noted("over the wire")])
    assert syncing.step().pending == 0
    oak.step()
    assert NotesRoom.texts(admin) == ["over the wire"]
    assert standing(admin.vault.db) == standing(birch.vault.db) == []
    vault.close()


def test_every_request_reaches_the_relay_and_back(connect: Connect, admin: Workbench) -> None:
    as_device(connect, admin).step()
    relay = connect(admin.keyring.own.id, admin.keyring.own.signing)
    (position,) = relay.append([(b"l" * 16, b"s" * 4096)])
    assert relay.read(position - 1).envelopes[0].sealed == b"s" * 4096
    relay.shred([position])
    assert relay.read(position - 1).envelopes[0].sealed is None
    assert relay.waiting() == []
    with pytest.raises(RelayRefused, match="mailbox"):
        relay.post_message(b"m" * 16, b"t" * 16, b"s" * 4096)
    chunk = bytes(262_144)
    relay.put_blob(b"b" * 16, chunk)
    assert relay.get_blob(b"b" * 16) == chunk
    relay.delete_blob(b"b" * 16)
    with pytest.raises(RelayRefused):
        relay.get_blob(b"b" * 16)
    assert relay.roster()
    assert relay.helpline()


def test_a_caller_returns_with_the_words_to_a_mailbox_that_a_desk_opened(connect: Connect, admin: Workbench) -> None:
    oak = as_device(connect, admin)
    oak.step()
    relay = connect(admin.keyring.own.id, admin.keyring.own.signing)
    mailbox, content = bytes(range(16)), bytes(32) + bytes(2_048)
    relay.put_mailbox(mailbox, content)
    relay.put_mailbox(mailbox, content)
    assert (number := relay.post_message(mailbox, bytes(16), bytes(4_096))) > 0
    assert number in relay.waiting()
    relay.withdraw_message(mailbox, bytes(16))
    relay.withdraw_message(mailbox, bytes(16))
    assert number not in relay.waiting()
    with pytest.raises(RelayRefused):
        relay.put_mailbox(bytes(16), content + b"x")
    with pytest.raises(RelayRefused):
        relay.put_mailbox(mailbox, b"other" * 6 + bytes(2) + bytes(2_048))


def test_a_relay_that_is_away_is_nobodys_fault(admin: Workbench) -> None:
    with RelayClient("http://127.0.0.1:9", admin.keyring.own.id, admin.keyring.own.signing, clock) as relay:
        with pytest.raises(Unreachable, match="sent when it is back"):
            relay.read(0)
        state = Sync(admin, relay).step()
    assert state.last_success is None
    assert state.pending > 0
    assert "go on working" in state.now


def test_a_page_that_is_not_the_relays_is_taken_for_a_bad_network(admin: Workbench) -> None:
    portal = httpx.MockTransport(lambda _: httpx.Response(503, text="<html>Sign in to the hotel's network</html>"))
    relay = RelayClient("http://relay.test", admin.keyring.own.id, admin.keyring.own.signing, clock, portal)
    with pytest.raises(Unreachable, match="other than the relay"):
        relay.read(0)


@pytest.mark.parametrize("days", [90, -90, 0.02])
def test_a_clock_that_jumped_is_told_and_destroys_nothing(tmp_path: Path, admin: Workbench, days: float) -> None:
    """Forward, the weeks' keys and this device's recipients would be old enough to be destroyed."""
    door = front.app(front.Settings(tmp_path / "relay", tmp_path / "organisation.json", clock))
    now = [clock()]
    bench = Workbench.over(admin.vault, [NotesRoom()], lambda: now[0])
    own = bench.keyring.own
    with served(door) as address, RelayClient(address, own.id, own.signing, lambda: now[0]) as relay:
        sync = Sync(bench, relay)
        assert sync.step().now == ""
        held = bench.keyring.compartments()
        recipients = bench.vault.db.execute("SELECT seed FROM recipient").fetchall()
        now[0] += days * 86_400
        bench.pen.write("intake", [Noted("written meanwhile")])
        state = sync.step()
        assert state.now == hindrance.REFUSED["clock"]
        assert state.pending == 1
        assert bench.keyring.compartments() == held
        assert bench.vault.db.execute("SELECT seed FROM recipient").fetchall() == recipients
        now[0] = clock()
        state = sync.step()
        assert (state.now, state.pending) == ("", 0)
    assert NotesRoom.texts(bench) == ["written meanwhile"]
