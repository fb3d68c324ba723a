"""Desks are taken: locked ones, and opened ones with their passphrase. All that they hold was typed through their own pages."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kunak.demo.house import CHEAP, PASSPHRASE
from kunak.desk.app import ROOMS
from kunak.desk.app import Desk as DeskApp
from kunak.desk.relay_client import Relay
from kunak.desk.unlock import Opened
from kunak.sealing.compartment import identity_of
from kunak.sealing.failure import NotForYou
from kunak.sealing.hybrid import Identity
from kunak.sealing.padded import open_padded
from kunak.vault.store import Vault
from kunak.vault.troubles import standing
from tests.seizure import work
from tests.seizure.conftest import Welcome, Written, write_everything
from tests.seizure.office import Helper, at_the_desk
from tests.seizure.searching import canary, search, search_folder
from tests.siege import Besieged, besieged

# One office for all of these tests: a worker of its own.
pytestmark = [pytest.mark.seizure, pytest.mark.xdist_group("seized desks")]
Report = Callable[[str], None]

HERON, WREN, STORK, ALDER = "Heron", "Wren", "Stork", "Alder"  # two caseworkers, a coordinator, the admin
# What a desk never holds of what a person typed: the files themselves (they stay sealed at the relay until somebody saves them).
ONLY_AT_THE_RELAY = ("in a file", "in a packed file")


@dataclass
class Taken:
    """Two caseworkers with two cases each, a coordinator and an admin, after a day at their pages; every desk closed."""

    siege: Besieged
    helpers: dict[str, Helper]
    cases: dict[str, list[str]]
    codes: list[str]
    saved: dict[str, bytes]  # the file that this helper saved from a letter, as it came
    files: dict[str, Written]
    waiting: str  # a letter that nobody has taken yet

    @property
    def folder(self) -> Path:
        return self.siege.house.folder

    def own(self, callsign: str) -> list[str]:
        return self.helpers[callsign].own.all

    @property
    def everything(self) -> list[str]:
        """Every canary, every code, the passphrase."""
        typed = [
            text
            for each in self.helpers.values()
            for texts in (each.own, each.shared, each.passing)
            for text in texts.all
        ]
        return [
            *typed,
            *(text for each in self.files.values() for text in each.all),
            *self.codes,
            self.waiting,
            PASSPHRASE,
        ]


def spend_a_day(helper: Helper, letter: str) -> tuple[list[str], str, bytes]:
    """All of a caseworker's work on the person who wrote this, and on somebody who calls: cases, the caller's code, a saved file."""
    helper.open("/")
    person = work.find_person(helper, letter)
    work.triage(helper, person)
    case = work.open_case(helper, person)
    work.work_on(helper, case)
    work.name(helper, case)
    work.shred_by_a_slip(helper, case)
    helper.open(f"/cases/{case}")
    helper.follow_to("/file/")
    saved = helper.browser.submit(helper.form("/save")).html.encode()
    code = work.take_call(helper)
    helper.sync()
    called = work.open_case(
        helper, work.find_person(helper, next(t for n, t in helper.own.canaries.items() if "call" in n))
    )
    work.keep_templates(helper)
    work.search_and_lock(helper, case)
    helper.sync()
    helper.walk()
    return [case, called], code, saved


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory, people: Welcome) -> Iterator[Taken]:
    siege = besieged(tmp_path_factory.mktemp("siege"), list(ROOMS), "admin")
    house = siege.house
    for role, callsign in (("caseworker", HERON), ("caseworker", WREN), ("coordinator", STORK)):
        house.join(role, callsign, CHEAP)  # type: ignore[arg-type]  # the roles are literals
    wrote = {callsign: Written(about=f"to {callsign}") for callsign in (HERON, WREN)}
    for written in wrote.values():
        write_everything(people(siege.relay.address), written)
    house.settle()
    for callsign in (HERON, WREN, STORK, ALDER):
        house.desks.pop(callsign).close()
    found = Taken(siege, {}, {}, [], {}, {}, canary("letter that nobody has taken yet"))
    for callsign in (HERON, WREN):
        written = wrote[callsign]
        found.codes.append(written.canaries.pop("code"))
        found.files[callsign] = Written({name: written.canaries.pop(name) for name in ONLY_AT_THE_RELAY})
        with at_the_desk(house.folder, callsign) as helper:
            helper.own.canaries |= written.canaries
            cases, code, saved = spend_a_day(helper, written.canaries["first letter"])
        found.helpers[callsign], found.cases[callsign], found.saved[callsign] = helper, cases, saved
        found.codes.append(code)
    people(siege.relay.address).write(found.waiting)
    for callsign in (STORK, ALDER, HERON, WREN):
        # Everybody hears of everybody; a coordinator and an admin look at all that their desks show.
        with at_the_desk(house.folder, callsign) as helper:
            helper.walk()
        if callsign in found.helpers:
            found.helpers[callsign].offered |= helper.offered
        else:
            found.helpers[callsign] = helper
    yield found
    house.close()


def contents(vault: Vault) -> bytes:
    """All that an opened vault yields: every table of the database, every value, raw."""
    parts: list[bytes] = []
    for (name,) in vault.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for row in vault.db.execute(f'SELECT * FROM "{name}"').fetchall():
            parts += [name.encode() + b": " + as_bytes(value) for value in row]
    return b"\n".join(parts)


def as_bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def opened(taken: Taken, callsign: str, folder: Path | None = None) -> bytes:
    """The hunter has the desk's disk and its passphrase."""
    vault = Vault.open((folder or taken.folder) / callsign, PASSPHRASE)
    try:
        return contents(vault)
    finally:
        vault.close()


def found_in(content: bytes, canaries: list[str]) -> set[str]:
    return {hit.split(": ")[0] for hit in search(content, canaries)}


def test_every_field_of_every_form_of_the_desk_was_typed_into(taken: Taken, report: Report) -> None:
    """A new field makes this fail: let tests/seizure/work.py type into it."""
    heron = taken.helpers[HERON]
    assert (heron.untyped(), taken.helpers[WREN].untyped()) == ([], [])
    # A coordinator and an admin type nothing here; what their pages offer, the caseworkers' offer too, and was typed into there.
    typed = heron.typed
    for callsign in (STORK, ALDER):
        assert sorted(set(taken.helpers[callsign].untyped()) - typed) == []
    assert heron.seen >= {
        "/cases/…",
        "/cases/…/identity",
        "/person/…",
        "/person/…/merge",
        "/call",
        "/wordings",
        "/file/…/0",
    }
    assert len(typed) >= 25
    # And what was typed arrived: each has a canary of its own.
    texts = heron.own.all
    assert len(set(texts)) == len(texts) >= 30
    report(f"{len(typed)} fields of the desk's forms, each with a canary of its own")


def test_a_day_of_honest_work_sounds_no_alarm(taken: Taken) -> None:
    """Letters, files, calls, cases, a case shredded by a slip and kept: nobody lied, and no desk says that somebody did."""
    for callsign in (HERON, WREN, STORK, ALDER):
        with Vault.open(taken.folder / callsign, PASSPHRASE) as vault:
            assert [(each.kind, each.about) for each in standing(vault.db)] == [], callsign


def test_a_locked_desk_says_nothing(taken: Taken, report: Report) -> None:
    # Something must be there to leak: Heron's desk, opened, has all of Heron's cases.
    assert found_in(opened(taken, HERON), taken.own(HERON)) == set(taken.own(HERON))
    size = 0
    found: list[str] = []
    for callsign in (HERON, WREN, STORK, ALDER):
        read, hits = search_folder(taken.folder / callsign, taken.everything)
        size, found = size + read, found + hits
    assert found == []
    disk = b"".join(path.read_bytes() for path in sorted((taken.folder / HERON).rglob("*")) if path.is_file())
    assert not any(name in disk for name in (b"Heron", b"SQLite format 3", taken.cases[HERON][0].encode()))
    report(f"{size:,} bytes of four locked desks, {len(taken.everything)} canaries: none found")


def test_the_relays_disk_holds_nothing_that_helpers_typed(taken: Taken, report: Report) -> None:
    size, found = search_folder(taken.folder / "relay", taken.everything)
    assert found + search(taken.siege.relay.said.read_bytes(), taken.everything) == []
    assert size > 100_000
    report(f"{size:,} bytes of disk and log, {len(taken.everything)} canaries of helpers and persons: none found")


def test_a_caseworkers_opened_vault_holds_no_other_case(taken: Taken, report: Report) -> None:
    content = opened(taken, HERON)
    assert found_in(content, taken.own(HERON)) == set(taken.own(HERON))
    # Templates are meant for all caseworkers: Wren's are here too, so that nothing else being here means something.
    assert found_in(content, taken.helpers[WREN].shared.all) != set()
    others = [*taken.own(WREN), *taken.files[WREN].all]
    assert search(content, others) == []
    report(
        f"{len(content):,} bytes opened: all {len(taken.own(HERON))} canaries of the own cases, none of {len(others)} of another's"
    )


def test_what_was_searched_saved_or_read_out_stays_on_no_desk(taken: Taken, report: Report) -> None:
    """Words of a search, a name that was not found, a saved file, the caller's code, the passphrase."""
    assert taken.files[HERON].canaries["in a file"].encode() in taken.saved[HERON]
    content = b"".join(opened(taken, callsign) for callsign in (HERON, WREN, STORK, ALDER))
    gone = [*taken.helpers[HERON].passing.all, *taken.helpers[WREN].passing.all, *taken.codes, PASSPHRASE]
    gone += [text for each in taken.files.values() for text in each.all]
    assert len(taken.helpers[HERON].passing.all) >= 3
    assert search(content, gone) == []
    report(f"{len(content):,} bytes of four opened desks, {len(gone)} canaries: none found")


def test_a_caseworkers_opened_vault_and_the_relay_together_hold_no_other_case(
    taken: Taken, tmp_path: Path, report: Report
) -> None:
    with stolen(taken, HERON, tmp_path):
        pass
    content = opened(taken, HERON, tmp_path)
    assert search(content, taken.own(HERON)) != []
    assert search(content, taken.own(WREN)) == []
    report(f"{len(content):,} bytes after pulling the relay's log anew: none of another's case")


@contextmanager
def stolen(taken: Taken, callsign: str, folder: Path) -> Iterator[Opened]:
    """A copy of the desk that the hunter opens, and makes pull everything anew with all the keys that it holds."""
    shutil.copytree(taken.folder / callsign, folder / callsign)
    desk = DeskApp(folder / callsign, 1, sync_pause=None)
    opened = desk.lock.unlock(PASSPHRASE)
    with opened.bench.vault.transaction() as db:
        db.execute("DELETE FROM log")
    opened.sync.step()
    yield opened
    desk.lock.lock()


def test_an_admins_opened_vault_opens_no_letter_and_no_case(taken: Taken, tmp_path: Path, report: Report) -> None:
    # Something must be there to open: a caseworker opens what waits, and the case that is the caseworker's.
    assert found_in(opened(taken, WREN), [taken.waiting, *taken.own(WREN)]) == {taken.waiting, *taken.own(WREN)}
    with stolen(taken, ALDER, tmp_path) as desk:
        held = desk.bench.vault.db.execute("SELECT compartment, epoch FROM secret").fetchall()
        secrets = {name: desk.bench.keyring.secrets_of(name, epoch) for name, epoch in held}
    content = opened(taken, ALDER, tmp_path)
    assert b"Alder" in content
    assert search(content, taken.everything) == []
    assert set(secrets) == {"roster", "root"}
    with stolen(taken, HERON, tmp_path) as desk:
        tried = opened_with(desk.relay, [Identity.from_seed(one) for each in secrets.values() for one in each])
    assert tried > 0
    report(
        f"{len(content):,} bytes opened: no canary; {tried} envelopes of the relay tried with every key: no letter opens"
    )


def opened_with(relay: Relay, identities: list[Identity]) -> int:
    """Try what persons wrote with these keys, also as seeds of keys of letters; how many envelopes were tried. Fails if one opens."""
    tried = 0
    for envelope in relay.read(0).envelopes:
        if envelope.sealed is not None and envelope.sealed.startswith(b"age-encryption.org"):
            tried += 1
            for identity in identities:
                with pytest.raises(NotForYou):
                    open_padded(envelope.sealed, [identity, identity_of(identity.seed)])
    return tried


def test_a_coordinators_opened_vault_holds_no_name_and_no_letter(taken: Taken, report: Report) -> None:
    content = opened(taken, STORK)
    assert b"Stork" in content  # it is this desk's own vault, and open
    assert search(content, taken.everything) == []
    report(f"{len(content):,} bytes opened: none of {len(taken.everything)} canaries of letters, cases and names")
