"""`kunak org`: from nothing to a helper who reads, as an operator would type it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kunak import front
from kunak.cli import app
from kunak.desk.relay_client import RelayClient
from kunak.desk.sync import Sync, SyncState
from kunak.desk.workbench import Workbench
from kunak.vault.store import Vault
from tests.house import NotesRoom
from tests.relay.serving import served

PASSPHRASE = "correct horse battery staple"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    # What is tested here is not the passphrase.
    monkeypatch.setattr(Vault.__dict__["create"].__func__, "__kwdefaults__", {"memory_kib": 64, "passes": 1})


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
    return tmp_path


def kunak_org(*words: str) -> Result:
    return CliRunner().invoke(app, ["org", *words, "--passphrase-file", "passphrase"])


def create(*more: str) -> Result:
    """The last word counts where one is said twice."""
    words = ("--relay", "http://127.0.0.1:9", "--callsign", "Oak", "--name", "Shelter", "--desk", "oak")
    return kunak_org("create", *words, *more)


@pytest.fixture
def relay(here: Path) -> Iterator[str]:
    """It needs what `org create` has written."""
    assert create().exit_code == 0
    door = front.app(front.Settings(here / "data", here / "organisation.json", time.time))
    with served(door) as address:
        yield address


def sync(folder: str, relay: str) -> SyncState:
    with Vault.open(Path(folder), PASSPHRASE) as vault:
        bench = Workbench.over(vault, [NotesRoom()], time.time)
        with RelayClient(relay, bench.keyring.own.id, bench.keyring.own.signing, time.time) as client:
            return Sync(bench, client).step()


def test_create_writes_what_the_relay_needs_and_shows_the_shares_once(here: Path) -> None:
    made = create()
    assert made.exit_code == 0
    assert len(re.findall(r"^\d\. (?:\w+ ){32}\w+$", made.output, re.MULTILINE)) == 5
    assert b"founder" in (here / "organisation.json").read_bytes()
    # Every page shows the fingerprint in its reader's language.
    (words,) = re.findall(r"^Fingerprint, to read out and to print: (.+)$", made.output, re.MULTILINE)
    assert [len(each.split()) for each in words.split(" / ")] == [6, 6]
    assert re.fullmatch("[а-я ]+ / [a-z ]+", words)
    again = create("--out", "other.json")
    assert again.exit_code == 1
    assert "already a desk" in again.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--relay", "ftp://relay.example"], "is no address of a relay"),
        (["--relay", "relay.example"], "is no address of a relay"),
        (["--relay", "http://"], "is no address of a relay"),
        (["--relay", "http://[relay"], "is no address of a relay"),
        (["--relay", "https://relay.example:99999"], "is no address of a relay"),
        (["--relay", "https://user@relay.example/?a=b"], "is no address of a relay"),
        (["--callsign", "  "], "--callsign takes 1 to 40 letters"),
        (["--callsign", "O\u202eak"], "--callsign takes 1 to 40 letters"),
        (["--name", ""], "--name takes 1 to 80 letters"),
        (["--name-ru", "Кров" * 30], "--name-ru takes 1 to 80 letters"),
    ],
)
def test_what_is_mistyped_is_told_before_anything_is_made(here: Path, words: list[str], said: str) -> None:
    refused = create(*words)
    assert refused.exit_code == 1
    assert said in refused.output
    assert refused.output.endswith("nothing was done.\n")
    assert sorted(path.name for path in here.iterdir()) == ["passphrase"]


def test_no_file_of_another_organisation_or_helper_is_written_over(here: Path) -> None:
    assert create().exit_code == 0
    before = (here / "organisation.json").read_bytes()
    second = create("--desk", "second")
    assert second.exit_code == 1
    assert "organisation.json is there already" in second.output
    assert (here / "organisation.json").read_bytes() == before
    assert not (here / "second").exists()
    assert kunak_org("invite", "--callsign", "Birch", "--desk", "oak").exit_code == 0
    invitation = (here / "invitation.kunak").read_bytes()
    other = kunak_org("invite", "--callsign", "Ash", "--desk", "oak")
    assert other.exit_code == 1
    assert "invitation.kunak is there already" in other.output
    assert (here / "invitation.kunak").read_bytes() == invitation
    assert kunak_org("invite", "--callsign", "Ash", "--desk", "oak", "--out", "ash.kunak").exit_code == 0
    assert kunak_org("invite", "--callsign", "Elm", "--desk", "oak", "--language", "fr").exit_code == 1


def test_nobody_is_revoked_by_a_slip(here: Path, relay: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = RelayClient.__init__
    monkeypatch.setattr(RelayClient, "__init__", lambda self, _url, *rest: real(self, relay, *rest))
    assert sync("oak", relay).now == ""
    invited = kunak_org("invite", "--callsign", "Birch", "--role", "admin", "--desk", "oak")
    found = re.search(r"The words: (.+)", invited.output)
    assert found
    assert kunak_org("join", "invitation.kunak", "--desk", "birch", "--words", found.group(1)).exit_code == 0
    assert sync("oak", relay).now == ""
    with Vault.open(Path("oak"), PASSPHRASE) as vault:
        devices = {each.callsign: each.id for each in Workbench.over(vault, [NotesRoom()], time.time).roster.helpers()}
    # Nothing, or a digit or two, would be the beginning of several ids.
    for slip in ("", " ", devices["Birch"][:1], devices["Birch"][:7]):
        refused = kunak_org("revoke", slip, "--desk", "oak")
        assert refused.exit_code == 1
        assert f"Birch ({devices['Birch'][:8]})" in refused.output
    assert kunak_org("revoke", devices["Birch"][:8], "--desk", "oak").exit_code == 0
    last = kunak_org("revoke", "Oak", "--desk", "oak")
    assert last.exit_code == 1
    assert "This is the last admin" in last.output


def test_a_short_passphrase_is_refused_before_anything_is_made(here: Path) -> None:
    (here / "passphrase").write_text("short\n", encoding="utf-8")
    refused = create()
    assert refused.exit_code == 1
    assert "too short" in refused.output
    assert not (here / "oak").exists()


def test_invite_and_join_and_revoke(here: Path, relay: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # The address in the vault is not the relay's of this test: commands are led there.
    real = RelayClient.__init__
    monkeypatch.setattr(RelayClient, "__init__", lambda self, _url, *rest: real(self, relay, *rest))
    assert sync("oak", relay).now == ""
    invited = kunak_org("invite", "--callsign", "Birch", "--desk", "oak")
    assert invited.exit_code == 0
    found = re.search(r"The words: (.+)", invited.output)
    assert found
    joined = kunak_org("join", "invitation.kunak", "--desk", "birch", "--words", found.group(1))
    assert joined.exit_code == 0, joined.output
    assert "Asked to join" in joined.output
    assert sync("oak", relay).now == ""
    assert sync("birch", relay).now == ""
    revoked = kunak_org("revoke", "Birch", "--desk", "oak")
    assert revoked.exit_code == 0
    assert "is revoked" in revoked.output
    assert "it was revoked" in sync("birch", relay).now


def test_wrong_words_and_strangers_get_one_sentence(here: Path, relay: str) -> None:
    assert kunak_org("invite", "--callsign", "Birch", "--desk", "oak").exit_code == 0
    wrong = kunak_org("join", "invitation.kunak", "--desk", "birch", "--words", "not seven words")
    assert wrong.exit_code == 1
    assert not (here / "birch").exists()
    nobody = kunak_org("revoke", "Mole", "--desk", "oak")
    assert nobody.exit_code == 1
    assert "Nobody here is called Mole" in nobody.output
    (here / "passphrase").write_text("another long passphrase\n", encoding="utf-8")
    locked = kunak_org("revoke", "Birch", "--desk", "oak")
    assert locked.exit_code == 1
    assert "not the passphrase" in locked.output


def test_nothing_is_made_if_the_file_for_the_relay_cannot_be_written(here: Path) -> None:
    """The shares are shown once: they must not be lost to a wrong folder."""
    done = kunak_org(
        "create", "--relay", "http://127.0.0.1:9", "--callsign", "Oak", "--name", "Shelter", "--desk", "oak",
        "--out", "nowhere/organisation.json",
    )  # fmt: skip
    assert done.exit_code == 1
    assert "nothing was done" in done.output
    assert not (here / "oak").exists()


def test_who_stops_reading_is_told_nothing(here: Path) -> None:
    words = [sys.executable, "-m", "kunak", "org", "create", "--relay", "http://127.0.0.1:9", "--callsign", "Oak"]
    words += ["--name", "Shelter", "--desk", "oak", "--passphrase-file", "passphrase"]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(words, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")
