"""Desks are taken: locked ones, and opened ones with their passphrase."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kunak.cases import events as case_events
from kunak.cases import opening
from kunak.demo.house import CHEAP, PASSPHRASE
from kunak.desk.app import ROOMS
from kunak.helpline import answering
from kunak.helpline import register as helpline
from kunak.sealing.compartment import identity_of
from kunak.sealing.failure import NotForYou
from kunak.sealing.hybrid import Identity
from kunak.sealing.padded import open_padded
from kunak.vault.store import Vault
from tests.seizure.conftest import Welcome, Written
from tests.seizure.searching import search, search_folder
from tests.siege import Besieged, besieged

pytestmark = pytest.mark.seizure
Report = Callable[[str], None]


@dataclass
class Busy:
    """Two caseworkers with a case each, a coordinator, and what was said, by case."""

    siege: Besieged
    herons: Written
    wrens: Written
    cases: dict[str, str]

    @property
    def folder(self) -> Path:
        return self.siege.house.folder


def take_case(siege: Besieged, callsign: str, letter: str, written: Written) -> str:
    """One helper's work on one person's letter, a canary in every field; the case's id."""
    desk = siege.house.desks[callsign]
    top = desk.bench

    def new(what: str) -> str:
        return written.new(f"{callsign} {what}")

    mailbox = next(
        line.person
        for line in helpline.page(top.vault.db, helpline.Waiting.NEW)
        if any(letter in (said.text or "") for said in helpline.read(top.vault.db, line.person).said)
    )
    answering.remark(top, helpline.read(top.vault.db, mailbox), new("remark before the case"))
    case = opening.open_case(top, mailbox, new("pseudonym"))
    conversation = helpline.read(top.vault.db, mailbox)
    answering.answer(top, conversation, new("answer"), [said.id for said in conversation.said])
    me = top.keyring.own.id
    top.pen.write(
        f"case:{case}",
        [
            case_events.RiskAssessed(3, new("reason of a risk")),
            case_events.NeedNamed("a" * 32, "shelter", new("need")),
            case_events.TaskSet("b" * 32, new("task"), None, me),
            case_events.Noted(new("note")),
            case_events.Talked(new("talk")),
        ],
    )
    top.pen.write(
        f"identity:{case}",
        [
            case_events.Identified("name", new("name")),
            case_events.ContactKept("c" * 32, new("contact"), new("relation"), new("reach"), "yes"),
        ],
    )
    return case


@pytest.fixture
def busy(tmp_path: Path, people: Welcome) -> Iterator[Busy]:
    siege = besieged(tmp_path, list(ROOMS), "admin")
    house = siege.house
    for role, callsign in (("caseworker", "Heron"), ("caseworker", "Wren"), ("coordinator", "Stork")):
        house.join(role, callsign, CHEAP)  # type: ignore[arg-type]  # the roles are literals
    herons, wrens = Written(), Written()
    letters = [(herons, herons.new("letter to Heron")), (wrens, wrens.new("letter to Wren"))]
    for _, text in letters:
        person = people(siege.relay.address)
        person.write(text)
        person.leave()
    house.settle()
    cases = {
        "Heron": take_case(siege, "Heron", letters[0][1], herons),
        "Wren": take_case(siege, "Wren", letters[1][1], wrens),
    }
    house.settle()
    yield Busy(siege, herons, wrens, cases)
    house.close()


def opened(vault: Vault) -> bytes:
    """All that an opened vault yields: every table of the database, every value, raw."""
    parts: list[bytes] = []
    for (name,) in vault.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for row in vault.db.execute(f'SELECT * FROM "{name}"').fetchall():
            parts += [name.encode() + b": " + as_bytes(value) for value in row]
    return b"\n".join(parts)


def as_bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def seize(busy: Busy, callsign: str) -> bytes:
    """The desk is closed as it stands; the hunter has its disk and its passphrase."""
    desk = busy.siege.house.desks.pop(callsign)
    desk.close()
    vault = Vault.open(busy.folder / callsign, PASSPHRASE)
    try:
        return opened(vault)
    finally:
        vault.close()


def test_a_locked_desk_says_nothing(busy: Busy, report: Report) -> None:
    everything = [*busy.herons.all, *busy.wrens.all]
    # Something must be there to leak: Heron's desk, opened, has all of Heron's case.
    assert {hit.split(": ")[0] for hit in search(seize(busy, "Heron"), busy.herons.all)} == set(busy.herons.all)
    for callsign in ("Wren", "Stork", "Alder"):
        busy.siege.house.desks.pop(callsign).close()
    size = 0
    found: list[str] = []
    for callsign in ("Heron", "Wren", "Stork", "Alder"):
        read, hits = search_folder(busy.folder / callsign, everything)
        size, found = size + read, found + hits
    assert found == []
    disk = b"".join(path.read_bytes() for path in sorted((busy.folder / "Heron").rglob("*")) if path.is_file())
    assert not any(name in disk for name in (b"Heron", b"SQLite format 3", busy.cases["Heron"].encode()))
    report(f"{size:,} bytes of four locked desks, {len(everything)} canaries: none found")


def test_a_caseworkers_opened_vault_holds_no_other_case(busy: Busy, report: Report) -> None:
    content = seize(busy, "Heron")
    own = {hit.split(": ")[0] for hit in search(content, busy.herons.all)}
    assert own == set(busy.herons.all)
    assert search(content, busy.wrens.all) == []
    report(
        f"{len(content):,} bytes opened: all {len(own)} canaries of the own case, none of {len(busy.wrens.all)} of another's"
    )


def test_a_caseworkers_opened_vault_and_the_relay_together_hold_no_other_case(busy: Busy, report: Report) -> None:
    # The hunter also makes the desk pull everything anew, with all the keys that it holds.
    desk = busy.siege.house.desks["Heron"]
    with desk.bench.vault.transaction() as db:
        db.execute("DELETE FROM log")
    desk.sync.step()
    content = seize(busy, "Heron")
    assert search(content, busy.herons.all) != []
    assert search(content, busy.wrens.all) == []
    report(f"{len(content):,} bytes after pulling the relay's log anew: none of another's case")


def test_an_admins_opened_vault_opens_no_letter_and_no_case(busy: Busy, people: Welcome, report: Report) -> None:
    waiting = Written()
    person = people(busy.siege.relay.address)
    person.write(waiting.new("letter that nobody has taken yet"))
    person.leave()
    busy.siege.house.settle()
    # The hunter also makes the desk pull everything anew, with all the keys that it holds.
    desk = busy.siege.house.desks["Alder"]
    with desk.bench.vault.transaction() as db:
        db.execute("DELETE FROM log")
    desk.sync.step()
    secrets = {
        name: desk.bench.keyring.secrets_of(name, epoch)
        for name, epoch in desk.bench.vault.db.execute("SELECT compartment, epoch FROM secret").fetchall()
    }
    # Something must be there to open: a caseworker opens what waits, and the case that is the caseworker's.
    wrens = seize(busy, "Wren")
    assert search(wrens, waiting.all) != []
    assert search(wrens, busy.wrens.all) != []
    content = seize(busy, "Alder")
    assert b"Alder" in content
    assert search(content, [*busy.herons.all, *busy.wrens.all, *waiting.all]) == []
    assert set(secrets) == {"roster", "root"}
    tried = opened_with(busy, [Identity.from_seed(one) for each in secrets.values() for one in each])
    assert tried > 0
    report(
        f"{len(content):,} bytes opened: no canary; {tried} envelopes of the relay tried with every key: no letter opens"
    )


def opened_with(busy: Busy, identities: list[Identity]) -> int:
    """Try what persons wrote with these keys, also as seeds of keys of letters; how many envelopes were tried. Fails if one opens."""
    tried = 0
    with busy.siege.house.desks["Heron"].client as relay:
        for envelope in relay.read(0).envelopes:
            if envelope.sealed is not None and envelope.sealed.startswith(b"age-encryption.org"):
                tried += 1
                for identity in identities:
                    with pytest.raises(NotForYou):
                        open_padded(envelope.sealed, [identity, identity_of(identity.seed)])
    return tried


def test_a_coordinators_opened_vault_holds_no_name_and_no_letter(busy: Busy, report: Report) -> None:
    content = seize(busy, "Stork")
    assert b"Stork" in content  # it is this desk's own vault, and open
    assert search(content, [*busy.herons.all, *busy.wrens.all]) == []
    report(f"{len(content):,} bytes opened: no canary of any letter, case or name")
