"""The relay is taken: its disk, its log, its live memory."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable

import pytest

from kunak.demo.person import Person
from kunak.sealing.code import MailboxKeys, read_code, root_of
from kunak.sealing.letter import Reply
from tests.seizure.conftest import Welcome, Written, write_everything
from tests.seizure.searching import canary, process_memory, search, search_folder
from tests.siege import Besieged

pytestmark = pytest.mark.seizure
Report = Callable[[str], None]


def disk(siege: Besieged, people: Welcome) -> tuple[int, list[str], list[str]]:
    """What an operator's machine holds once a person has written and the desks have synced: bytes, findings, canaries."""
    written = Written()
    person = people(siege.relay.address)
    write_everything(person, written)
    siege.house.settle()
    size, found = search_folder(siege.house.folder / "relay", written.all)
    said = search(siege.relay.said.read_bytes(), written.all)
    return size, found + said, written.all


def test_the_disk_and_the_logs_of_the_relay_hold_no_word(siege: Besieged, people: Welcome, report: Report) -> None:
    size, found, canaries = disk(siege, people)
    # Something must be there to leak: the letters and their file lie on this disk, sealed.
    assert len(list((siege.house.folder / "relay" / "blobs").rglob("*"))) > 0
    assert size > len(canaries) * 1024
    assert len(canaries) >= 9
    assert found == []
    report(f"{size:,} bytes of disk and log, {len(canaries)} canaries: none found")


def test_the_disk_of_the_relay_names_no_hour_no_address_and_no_device(
    siege: Besieged, people: Welcome, report: Report
) -> None:
    before = time.time()
    size, _, _ = disk(siege, people)
    relay = siege.house.folder / "relay"
    content = b"".join(path.read_bytes() for path in sorted(relay.rglob("*")) if path.is_file())
    siege.relay.process.kill()
    siege.relay.process.wait()
    # The database's own files carry the time of their last change; what came in carries the day only.
    hours = [
        path.name for path in (relay / "blobs").rglob("*") if path.is_file() and path.stat().st_mtime % 86_400 != 0
    ]
    assert hours == []
    seconds = [moment for moment in range(int(before), int(time.time()) + 1) if moment.to_bytes(4, "big") in content]
    assert seconds == []
    assert str(dt.datetime.now(dt.UTC).year).encode() + b"-" not in content
    assert [name for name in (b"127.0.0.1", b"Mozilla", b"python-httpx") if name in content] == []
    assert siege.relay.said.read_bytes() == b""
    report(f"{size:,} bytes: days only; the log is empty")


def test_the_memory_of_the_relay_holds_no_letter_once_it_is_sealed(
    siege: Besieged, people: Welcome, report: Report
) -> None:
    written = Written()
    control = canary("held in this very process")
    person = people(siege.relay.address)
    # The search must be able to find: this process does hold the control.
    assert search(process_memory(os.getpid()), [control], inflate=False)
    for _ in range(5):
        write_everything(person, written)
    siege.house.settle()
    # Another person's request passes through, as it would a second later.
    other = people(siege.relay.address, "en")
    other.browser.open("/")
    time.sleep(0.5)
    memory = process_memory(siege.relay.pid)
    found = search(memory, written.all, inflate=False)
    assert len(memory) > 10_000_000
    assert found == []
    report(f"{len(memory):,} bytes of live memory after 10 letters, {len(written.all)} canaries: none found")


def answer(siege: Besieged, person: Person, text: str) -> None:
    """The helpline answers this person; signed, sealed and sent as from a desk's page."""
    bench = siege.house.founder.bench
    organisation = bytes.fromhex(bench.keyring.own.organisation.id)
    keys = MailboxKeys.from_root(root_of(read_code(person.code, person.language), organisation))
    reply = Reply(1, os.urandom(16), keys.mailbox, bench.today, "text", text)
    bench.pen.reply(reply, bytes(keys.identity.recipient))
    siege.house.settle()


def test_a_code_opens_unread_replies_of_its_own_mailbox_only(siege: Besieged, people: Welcome, report: Report) -> None:
    first, second = people(siege.relay.address), people(siege.relay.address, "en")
    said = {name: canary(name) for name in ("letter one", "letter two", "reply one", "reply two")}
    for number, person in (("one", first), ("two", second)):
        person.write(said[f"letter {number}"])
        person.leave()
        answer(siege, person, said[f"reply {number}"])
    page = first.come_back()
    # The unread reply is there: this is what the hunter learns. Own letters are not, nor anything of somebody else.
    shown = {hit.split(": ")[0] for hit in search(page.text.encode(), said.values())}
    assert shown == {said["reply one"]}
    first.put_away()
    first.leave()
    page = first.come_back()
    assert page.status == 200
    assert search(page.html.encode(), said.values()) == []
    report("found: that mailbox's unread reply; not found: own letters, read replies, anybody else's")
