"""A case was shredded; then everything is taken: the relay, and every desk with its passphrase."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kunak.cases import events as case_events
from kunak.cases import opening
from kunak.demo.house import CHEAP, PASSPHRASE
from kunak.desk.app import ROOMS, parties_of
from kunak.helpline import answering
from kunak.helpline import register as helpline
from kunak.journal.grants import ROSTER
from kunak.journal.shredding import ShredAgreed, ShredAsked
from kunak.journeys.known import carried_events as carried
from kunak.journeys.known import events as journeys
from kunak.journeys.known import keys
from kunak.sealing.compartment import identity_of, open_envelope
from kunak.sealing.failure import Damaged, NotForYou
from kunak.sealing.padded import open_padded
from kunak.vault import sparing
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


def keys_of(busy: Busy) -> list[bytes]:
    """Every secret of a compartment that any desk holds."""
    found: set[bytes] = set()
    for desk in busy.siege.house.desks.values():
        found |= {secret for (secret,) in desk.bench.vault.db.execute("SELECT secret FROM secret").fetchall()}
    return sorted(found)


def yields(label: bytes, sealed: bytes, secrets: list[bytes]) -> bytes:
    """What an envelope of the relay says to whoever has these keys; nothing if it opens with none."""
    for secret in secrets:
        try:
            if sealed.startswith(b"age-encryption.org"):
                return open_padded(sealed, [identity_of(secret)])
            return open_envelope(secret, label, sealed)
        except (Damaged, NotForYou):
            continue
    return b""


def kept_beside(busy: Busy) -> list[bytes]:
    """Every secret of a compartment that stands beside a desk's vault, in case that this is damaged."""
    found: set[bytes] = set()
    for desk in busy.siege.house.desks.values():
        records, unread = sparing.decode(
            sparing.files_of(desk.bench.vault.folder, desk.bench.vault.key_beside)[0].read()[0]
        )
        assert unread == 0
        found |= {record.secret for record in records if isinstance(record, sparing.Secret)}
    return sorted(found)


def log_of(busy: Busy) -> list[tuple[bytes, bytes]]:
    """Label and sealed bytes of every envelope that lies at the relay."""
    found: list[tuple[bytes, bytes]] = []
    client, after = busy.siege.house.desks["Alder"].client, 0
    while envelopes := client.read(after).envelopes:
        found += [(each.label, each.sealed) for each in envelopes if each.sealed]
        after = envelopes[-1].position
    return found


def log_opened(busy: Busy, secrets: list[bytes]) -> list[bytes]:
    return [yields(label, sealed, secrets) for label, sealed in log_of(busy)]


def test_a_shredded_case_is_nowhere(busy: Busy, report: Report) -> None:
    house, case = busy.siege.house, busy.cases["Heron"]
    heron, wren = house.desks["Heron"].bench, house.desks["Wren"].bench
    for place in (f"case:{case}", f"identity:{case}"):
        opening.let_in(heron, place, wren.keyring.own.id)
    house.settle()
    before, copied = keys_of(busy), log_of(busy)
    # Something must be there to shred: with the keys of that day, the relay's log says what was written in the case.
    assert search(b"\n".join(log_opened(busy, before)), busy.herons.all) != []
    heron.pen.write(ROSTER, [ShredAsked("5a" * 16, [f"case:{case}", f"identity:{case}"])])
    house.settle()
    wren.pen.write(ROSTER, [ShredAgreed("5a" * 16)])
    house.settle()
    # Whoever copied every key beforehand finds nothing at the relay any more.
    opened = log_opened(busy, before)
    assert search(b"\n".join(opened), busy.wrens.all) != []
    assert search(b"\n".join(opened), busy.herons.all) == []
    # A relay that only said so, and kept every envelope: the desks' keys of today open none of that case, those of another's they do.
    after = sorted({*keys_of(busy), *kept_beside(busy)})
    assert set(kept_beside(busy)) == set(keys_of(busy)) < set(before)
    withheld = b"\n".join(yields(label, sealed, after) for label, sealed in copied)
    assert search(withheld, busy.wrens.all) != []
    assert search(withheld, busy.herons.all) == []
    contents = {callsign: seize(busy, callsign) for callsign in ("Heron", "Wren", "Stork", "Alder")}
    assert search(contents["Wren"], busy.wrens.all) != []
    found = [hit for content in contents.values() for hit in search(content, busy.herons.all)]
    size, hits = search_folder(busy.folder / "relay", busy.herons.all)
    assert found + hits == []
    total = sum(map(len, contents.values()))
    report(
        f"{total:,} bytes of four opened desks, {size:,} of the relay, {len(opened)} envelopes tried with every key that there was: "
        f"none of {len(busy.herons.all)} canaries"
    )


def travel(busy: Busy, case: str) -> tuple[str, Written, Written]:
    """The case's party: its sheet and the words for the person, with canaries; what coordinators wrote of its way, with others."""
    heron, stork = busy.siege.house.desks["Heron"].bench, busy.siege.house.desks["Stork"].bench
    keys.begin(stork)
    sheet, way = Written(about="sheet"), Written(about="way")
    party = keys.begin_party(heron, case)
    told = {name: sheet.new(name) for name in ("name", "where", "avoid", "note")}
    heron.pen.write(keys.JOURNEY + party, [journeys.SheetKept(party, size=1, weight=1, makeup="men", **told)])  # type: ignore[arg-type]  # texts all
    busy.siege.house.settle()
    stork.pen.write(
        keys.JOURNEY + party, [journeys.MessageDrafted(party, "d" * 16, "ru", sheet.new("words for the person"))]
    )
    stork.pen.write(
        keys.PLACES,
        [
            journeys.PartyPlaced(party, journeys.Start(way.new("where they were"), stork.today)),
            carried.Told("e" * 32, "f" * 32, "host", "to", party, "car", stork.today, way.new("told to a host")),
        ],
    )
    busy.siege.house.settle()
    return party, sheet, way


def test_the_sheet_of_a_shredded_cases_party_is_nowhere(busy: Busy, report: Report) -> None:
    """What coordinators wrote of its way under a meaningless number stays with them: docs/LIMITS.md says so, and this test."""
    house, case = busy.siege.house, busy.cases["Heron"]
    heron, wren = house.desks["Heron"].bench, house.desks["Wren"].bench
    party, sheet, way = travel(busy, case)
    for place in (f"case:{case}", f"identity:{case}", keys.JOURNEY + party):
        opening.let_in(heron, place, wren.keyring.own.id)
    house.settle()
    before = keys_of(busy)
    assert {hit.split(": ")[0] for hit in search(b"\n".join(log_opened(busy, before)), sheet.all)} == set(sheet.all)
    heron.pen.write(
        ROSTER, [ShredAsked("5b" * 16, [f"case:{case}", f"identity:{case}", *parties_of(heron.vault.db, case)])]
    )
    house.settle()
    wren.pen.write(ROSTER, [ShredAgreed("5b" * 16)])
    house.settle()
    assert search(b"\n".join(log_opened(busy, before)), sheet.all) == []
    contents = {callsign: seize(busy, callsign) for callsign in ("Heron", "Wren", "Stork", "Alder")}
    assert [hit for content in contents.values() for hit in search(content, sheet.all)] == []
    kept = {
        callsign: {hit.split(": ")[0] for hit in search(content, way.all)} for callsign, content in contents.items()
    }
    assert kept == {"Heron": set(), "Wren": set(), "Stork": set(way.all), "Alder": set()}
    report(
        f"four opened desks and the log with every key there was: none of {len(sheet.all)} canaries of the sheet and of words for the "
        f"person; the coordinator keeps {len(way.all)} of the way, by number"
    )
