"""A bit flips on a desk's disk: what it had not sent is not lost, what it could open it opens again, and nobody takes it for a forger."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kunak.desk.sync import Sync
from kunak.desk.workbench import Workbench
from kunak.journal.grants import INTAKE
from kunak.vault.damage import DamagedVault, NoVault, WrongPassphrase, damage_named
from kunak.vault.mending import StillMending, mend
from kunak.vault.spare import MARK
from kunak.vault.store import Vault
from kunak.vault.troubles import standing
from tests.cast import Cast, Person
from tests.house import House, Noted, NotesRoom

SENT = ["a case of Birch alone", "to all"]
UNSENT = ["not sent 1", "not sent 2", "to all, not sent"]


@pytest.fixture
def lived(house: House) -> House:
    """Birch has a case that nobody else holds, and has written while the relay was away. Ash shares `intake`."""
    house.found("Oak", role="admin")
    for callsign in ("Birch", "Ash"):
        house.welcome(callsign)
    house.settle()
    birch = house.benches["Birch"]
    birch.pen.new_compartment("case:1")
    birch.pen.write("case:1", [Noted(SENT[0])])
    birch.pen.write(INTAKE, [Noted(SENT[1])])
    house.settle()
    house.relay.away = True
    birch.pen.write("case:1", [Noted(UNSENT[0])])
    birch.pen.write("case:1", [Noted(UNSENT[1])])
    birch.pen.write(INTAKE, [Noted(UNSENT[2])])
    house.step("Birch")
    house.relay.away = False
    return house


def taken_away(house: House, name: str) -> Path:
    """A copy of Birch's folder as it stands on the disk while the desk is open: after a power cut."""
    folder = house.folder / name
    shutil.copytree(house.folder / "Birch", folder)
    return folder


def flip(path: Path, offset: int) -> None:
    content = bytearray(path.read_bytes())
    content[offset] ^= 0x10
    path.write_bytes(content)


def seated(house: House, folder: Path) -> tuple[Workbench, Sync]:
    vault = Vault.open(folder, "Birch")
    try:
        bench = Workbench.over(vault, [NotesRoom()], house.clock)
    except BaseException:
        vault.close()
        raise
    return bench, Sync(bench, house.relay)


def worked(house: House, folder: Path) -> list[str]:
    """Open it, sync until it is at rest, write on; mend if it says that it is damaged. What stands there afterwards."""
    for mended in (False, True):
        try:
            bench, sync = seated(house, folder)
        except DamagedVault:
            assert not mended
            mend(folder, "Birch")
            continue
        try:
            for _ in range(3):
                assert sync.step().now == ""
            with damage_named():
                bench.folding.rebuild()
            bench.pen.write("case:1", [Noted("and on")])
            sync.step()
            with damage_named():
                return NotesRoom.texts(bench)
        except DamagedVault:
            assert not mended
            bench.vault.close()
            mend(folder, "Birch")
        finally:
            bench.vault.close()
    raise AssertionError("not even mended")


def was_mended(folder: Path) -> bool:
    """A vault that was made anew asked its colleagues for grants."""
    with Vault.open(folder, "Birch") as vault:
        return vault.db.execute("SELECT 1 FROM roster_asked").fetchone() is not None


def quiet(house: House, callsign: str) -> None:
    assert [trouble.kind for trouble in standing(house.benches[callsign].vault.db)] == []


@pytest.mark.parametrize("name", ["vault.db", "vault.db-wal", "vault.spare", "vault.unsent", "vault.json"])
def test_a_flipped_bit_anywhere_loses_nothing_that_was_not_sent(lived: House, name: str) -> None:
    birch = lived.benches["Birch"]
    birch.pen.write(INTAKE, [Noted("the very last")])
    if name == "vault.db":
        birch.vault.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    mended = 0
    size = (lived.folder / "Birch" / name).stat().st_size
    log, places = list(lived.relay.log), dict(lived.relay.places)
    for turn in range(5):
        lived.relay.log[:], lived.relay.places = list(log), dict(places)
        folder = taken_away(lived, f"{name} {turn}")
        flip(folder / name, size * turn // 5 + turn * 7 % 64)
        assert worked(lived, folder) == sorted([*SENT, *UNSENT, "and on", "the very last"]), turn
        mended += was_mended(folder)
    # Something must have been there to mend.
    assert mended >= (2 if name in ("vault.db", "vault.db-wal") else 0)
    lived.step("Ash")
    assert NotesRoom.texts(lived.benches["Ash"]) == ["the very last", "to all", "to all, not sent"]
    quiet(lived, "Ash")


def test_a_vault_that_is_gone_altogether_is_made_anew_and_grants_go_on(lived: House) -> None:
    folder = taken_away(lived, "again")
    (folder / "vault.db-wal").unlink()
    (folder / "vault.db").write_bytes(b"\x00" * 8192)
    with pytest.raises(DamagedVault):
        Vault.open(folder, "Birch")
    mended = mend(folder, "Birch")
    assert mended.unsent == 3
    assert mended.lost == 0
    bench, sync = seated(lived, folder)
    with pytest.raises(StillMending):
        bench.pen.write("case:1", [Noted("too early")])
    assert (folder / "vault.db.damaged").exists()
    for _ in range(3):
        assert sync.step().now == ""
    assert not (folder / "vault.db.damaged").exists()
    assert NotesRoom.texts(bench) == sorted([*SENT, *UNSENT])
    lived.benches["Birch"].vault.close()
    lived.benches["Birch"], lived.syncs["Birch"] = bench, sync
    # Ash is let into the case: a grant follows those of before, and nobody is taken for a copy.
    bench.pen.grant("case:1", lived.id_of("Ash"))
    lived.settle()
    assert NotesRoom.texts(lived.benches["Ash"]) == sorted([*SENT, *UNSENT])
    for callsign in ("Ash", "Oak", "Birch"):
        quiet(lived, callsign)


def test_an_admin_who_mends_tells_the_relay_of_nobody_less(house: House) -> None:
    house.found("Oak", role="admin")
    house.welcome("Birch")
    house.settle()
    before = dict(house.relay.documents)
    house.benches["Oak"].vault.close()
    (house.folder / "Oak" / "vault.db").write_bytes(b"\x00" * 8192)
    mend(house.folder / "Oak", "Oak")
    bench = Workbench.over(Vault.open(house.folder / "Oak", "Oak"), [NotesRoom()], house.clock)
    house.benches["Oak"], house.syncs["Oak"] = bench, Sync(bench, house.relay)
    house.relay.away = True
    house.syncs["Oak"].push()
    house.relay.away = False
    house.syncs["Oak"].push()
    house.settle()
    assert house.relay.documents == before
    house.welcome("Ash")
    house.settle()
    for callsign in ("Oak", "Birch", "Ash"):
        quiet(house, callsign)


def test_keys_that_were_destroyed_are_not_kept_beside_the_vault(lived: House) -> None:
    birch = lived.benches["Birch"]
    with birch.vault.transaction() as db:
        birch.keyring.destroy(db, "case:1")
    birch.vault.scrub()
    folder = taken_away(lived, "destroyed")
    (folder / "vault.db").write_bytes(b"\x00" * 8192)
    mend(folder, "Birch")
    with Vault.open(folder, "Birch") as vault:
        rows = vault.db.execute("SELECT 1 FROM secret WHERE compartment = 'case:1'").fetchall()
    assert rows == []


def test_damage_of_both_is_said_and_counted(lived: House) -> None:
    folder = taken_away(lived, "both")
    (folder / "vault.db").write_bytes(b"\x00" * 8192)
    # The last record but one: the newest work; the promise that it was committed stands behind it, whole.
    content = (folder / "vault.unsent").read_bytes()
    flip(folder / "vault.unsent", content.rfind(MARK, 0, content.rfind(MARK)) + 100)
    mended = mend(folder, "Birch")
    assert mended.lost == 1
    assert mended.unsent == 2
    bench, sync = seated(lived, folder)
    for _ in range(3):
        assert sync.step().now == ""
    assert NotesRoom.texts(bench) == sorted([*SENT, *UNSENT[:2]])
    bench.vault.close()
    folder = taken_away(lived, "all")
    (folder / "vault.db").write_bytes(b"\x00" * 8192)
    (folder / "vault.spare").write_bytes(b"\x00" * 100)
    with pytest.raises(DamagedVault, match="spare keys beside it too"):
        mend(folder, "Birch")
    assert (folder / "vault.db").read_bytes() == b"\x00" * 8192
    with pytest.raises(WrongPassphrase):
        mend(taken_away(lived, "wrong"), "Brich")
    with pytest.raises(NoVault):
        mend(lived.folder / "nobody", "Birch")


def test_what_was_rolled_back_is_not_sent_after_mending(lived: House) -> None:
    birch = lived.benches["Birch"]

    def cut_off() -> None:
        with birch.vault.transaction():
            birch.pen.write(INTAKE, [Noted("never said")])
            raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        cut_off()
    folder = taken_away(lived, "rolled back")
    (folder / "vault.db").write_bytes(b"\x00" * 8192)
    assert mend(folder, "Birch").unsent == 3


def test_the_page_that_unlocks_offers_to_mend(cast: Cast) -> None:
    linden = cast.at_work("Linden")
    person = Person(cast)
    person.write("здравствуйте")
    linden.sync()
    case = linden.open_case(person)
    cast.house.relay.away = True
    linden.post(f"/cases/{case}/note", text="не отправлено", kind="note")
    linden.post("/lock")
    (cast.folder / "Linden" / "vault.db").write_bytes(b"\x00" * 8192)
    # The desk had locked itself while this was being written.
    writing = {"to": f"/cases/{case}", "kept-text": "ещё не сохранено"}
    refused = linden.post("/unlock", passphrase="Linden", **writing)
    assert refused.status_code == 403
    assert "kept once more beside it" in refused.text
    # One passphrase, two buttons.
    assert refused.text.count('type="password"') == 1
    assert '<button formaction="/mend">Mend</button>' in refused.text
    wrong = linden.post("/mend", passphrase="Brich", **writing)
    assert wrong.status_code == 403
    assert "not the passphrase" in wrong.text
    assert 'value="ещё не сохранено"' in wrong.text
    mended = linden.post("/mend", passphrase="Linden", **writing)
    assert mended.status_code == 200
    assert "The desk is mended" in mended.text
    assert 'name="kept-text" value="ещё не сохранено"' in mended.text
    linden.unlock()
    linden.sync()
    early = linden.post(f"/person/{person.mailbox}/remark", text="слишком рано")
    assert early.status_code == 404  # it knows nobody yet
    cast.house.relay.away = False
    for _ in range(2):
        linden.sync()
    assert "не отправлено" in linden.see(f"/cases/{case}")
    assert "здравствуйте" in linden.see(f"/cases/{case}")
