"""`kunak org create|invite|join|revoke|recover`: making an organisation, and who belongs to it."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, get_args

import msgspec
import typer

from kunak.desk.epochs import revoke as revoke_device
from kunak.desk.joining import InvitationMistake, ask_to_join, asking, read_invitation
from kunak.desk.joining import invite as invite_device
from kunak.desk.joining import join as join_organisation
from kunak.desk.organisation import create as create_organisation
from kunak.desk.recovering import NotRecovered
from kunak.desk.recovering import recover as recover_organisation
from kunak.desk.relay_client import RelayClient, RelayRefused, Unreachable
from kunak.desk.sync import Sync
from kunak.desk.workbench import Workbench
from kunak.journal.grants import Role
from kunak.sealing.code import CodeMistake, fingerprint, read_code
from kunak.sealing.shares import SharesMistake
from kunak.vault.keyring import NotHeld, Organisation
from kunak.vault.mending import StillMending
from kunak.vault.mending import mend as mend_vault
from kunak.vault.store import DamagedVault, NoVault, Vault, VaultInUse, WrongPassphrase

if TYPE_CHECKING:
    from collections.abc import Iterator


org = typer.Typer(no_args_is_help=True, help="Make an organisation; invite, admit and revoke its helpers' devices.")

# A test of length, not of wit: five or six words chosen by chance have it.
SHORTEST_PASSPHRASE: Final = 16
FOUNDERS: Final = ("admin", "admin+caseworker")
RECOVERERS: Final = (*FOUNDERS, "caseworker")
ROLES: Final = tuple(role for role in get_args(Role) if role != "recovery")

DeskFolder = Annotated[Path, typer.Option("--desk", help="The desk's folder.", file_okay=False)]
PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", help="Take the passphrase from this file's first line.", dir_okay=False),
]
Callsign = Annotated[str, typer.Option(help="What the other helpers call this one. Not a name.")]
DEFAULT_DESK: Final = Path.home() / ".kunak"


@org.command()
def create(
    relay: Annotated[str, typer.Option(help="Address of the relay, as desks reach it.")],
    callsign: Callsign,
    name: Annotated[str, typer.Option(help="The helpline's name in English, as persons read it.")],
    name_ru: Annotated[str, typer.Option(help="The same in Russian; the English one if left out.")] = "",
    desk: DeskFolder = DEFAULT_DESK,
    out: Annotated[Path, typer.Option(help="Where to write organisation.json, for the relay.")] = Path(
        "organisation.json"
    ),
    needed: Annotated[int, typer.Option(help="Recovery shares needed together.", min=2, max=16)] = 3,
    shares: Annotated[int, typer.Option(help="Recovery shares given out.", min=2, max=16)] = 5,
    role: Annotated[str, typer.Option(help="admin, who reads no letter; or admin+caseworker.")] = "admin",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Make an organisation: this becomes its first admin's desk."""
    if needed > shares:
        _stop("More shares are needed than are given out. Lower --needed.")
    if role not in FOUNDERS:
        _stop(f"Who makes an organisation is its admin. Choose one of: {', '.join(FOUNDERS)}.")
    with _calm():
        passphrase = _new_passphrase(passphrase_file)
        made = create_organisation(
            desk,
            passphrase,
            name={"en": name, "ru": name_ru or name},
            callsign=callsign,
            relay=relay,
            clock=time.time,
            role=msgspec.convert(role, Role),
            shares=(needed, shares),
        )
        with made.bench.vault:
            out.write_bytes(made.document)
            _say(f"{out} is for the relay: kunak relay --organisation {out} …")
            _say(f"Fingerprint, to read out and to print: {_fingerprint(made.bench)}")
            _say(
                f"\nRecovery shares: any {needed} of them bring back the organisation. Each goes to another person, on paper."
            )
            _say("They are shown once and kept nowhere.\n")
            for number, share in enumerate(made.shares, start=1):
                _say(f"{number}. {share}\n")
            _say("Start the relay, then the desk: what waits here is sent by itself.")
            if role == "admin":
                _say("The pages for persons take letters once the first caseworker has joined: kunak org invite.")


@org.command()
def invite(
    callsign: Callsign,
    role: Annotated[str, typer.Option(help=f"One of: {', '.join(ROLES)}.")] = "caseworker",
    language: Annotated[str, typer.Option(help="Language of the words: en or ru.")] = "en",
    desk: DeskFolder = DEFAULT_DESK,
    out: Annotated[Path, typer.Option(help="Where to write the invitation's file.")] = Path("invitation.kunak"),
    passphrase_file: PassphraseFile = None,
) -> None:
    """Invite one device: words to read out, and a file to send. By two different ways."""
    if role not in ROLES:
        _stop(f"There is no role {role}. Choose one of: {', '.join(ROLES)}.")
    with _calm(), _opened(desk, passphrase_file) as bench:
        given = invite_device(bench, msgspec.convert(role, Role), callsign, language)
        out.write_bytes(given.file)
        _say(f"The file: {out}. The words: {given.code}")
        _say("Give them by two different ways, within 14 days. Whoever has both becomes this helper.")
        _push(bench)


@org.command()
def join(
    file: Annotated[Path, typer.Argument(help="The invitation's file.", exists=True, dir_okay=False)],
    desk: DeskFolder = DEFAULT_DESK,
    words: Annotated[str, typer.Option(help="The invitation's words; asked for if left out.")] = "",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Join with an invitation: makes this device's own keys and vault."""
    with _calm():
        if (desk / "vault.json").exists():
            # A second try of the same: the request may not have reached the relay.
            with _opened(desk, passphrase_file) as bench:
                _ask(bench)
            return
        invitation = read_invitation(file.read_bytes(), read_code(words or _asked("The seven words: ")))
        with join_organisation(desk, _new_passphrase(passphrase_file), invitation, time.time).vault as vault:
            bench = Workbench.over(vault, None, time.time)
            _say(f"Compare with the admin, by voice: {_fingerprint(bench)}")
            _ask(bench)


@org.command()
def revoke(
    callsign: Annotated[str, typer.Argument(help="The helper, or the first digits of a device's id.")],
    desk: DeskFolder = DEFAULT_DESK,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Revoke a helper's devices: lost, stolen, or no longer trusted."""
    with _calm(), _opened(desk, passphrase_file) as bench:
        found = [d for d in bench.roster.helpers() if d.callsign == callsign or d.id.startswith(callsign.lower())]
        if not found:
            known = ", ".join(sorted({device.callsign for device in bench.roster.helpers()}))
            _stop(f"Nobody here is called {callsign}. Here are: {known}.")
        for device in found:
            revoke_device(bench, device.id)
            _say(f"{device.callsign} ({device.id[:8]}) is revoked: it reads nothing that is written from now on.")
        _push(bench)


@org.command()
def recover(
    organisation: Annotated[Path, typer.Argument(help="organisation.json.", exists=True, dir_okay=False)],
    relay: Annotated[str, typer.Option(help="Address of the relay.")],
    callsign: Callsign,
    desk: DeskFolder = DEFAULT_DESK,
    shares: Annotated[Path | None, typer.Option(help="File with one share a line; asked for if left out.")] = None,
    role: Annotated[
        str, typer.Option(help="admin; caseworker, who gets the letters and cases; or admin+caseworker.")
    ] = "admin",
    passphrase_file: PassphraseFile = None,
) -> None:
    """All desks of a kind are lost: bring the organisation back from the recovery shares."""
    if role not in RECOVERERS:
        _stop(f"A desk cannot be recovered as {role}. Choose one of: {', '.join(RECOVERERS)}.")
    with _calm():
        known = msgspec.json.decode(organisation.read_bytes(), type=Organisation)
        lines = (
            shares.read_text(encoding="utf-8").splitlines()
            if shares
            else _asked_lines("A share (empty line: no more): ")
        )
        with recover_organisation(
            desk,
            _new_passphrase(passphrase_file),
            [line for line in lines if line.strip()],
            organisation=known,
            relay=relay,
            callsign=callsign,
            clock=time.time,
            role=msgspec.convert(role, Role),
            connect=lambda device, seed: RelayClient(relay, device, seed, time.time),
        ).vault as vault:
            bench = Workbench.over(vault, None, time.time)
            _push(bench)
            _say(
                "This desk opens what its role may once it has synced. Revoke the devices that were lost: kunak org revoke."
            )


@org.command()
def mend(desk: DeskFolder = DEFAULT_DESK, passphrase_file: PassphraseFile = None) -> None:
    """A desk's vault is damaged on its disk: make it anew out of what is kept beside it."""
    with _calm():
        mended = mend_vault(desk, _passphrase(passphrase_file, "Passphrase of this desk: "))
        _say(
            f"Mended: the keys of {mended.compartments} compartments are here again, and {mended.unsent} things that were not sent yet. "
            "Start the desk: it sends them, and reads everything else again from the relay."
        )
        if mended.lost:
            _say(
                f"{mended.lost} records beside the vault were damaged too: tell your colleagues that something of yours may be missing."
            )


# --- what the commands share


@contextmanager
def _opened(desk: Path, passphrase_file: Path | None) -> Iterator[Workbench]:
    with Vault.open(desk, _passphrase(passphrase_file, "Passphrase of this desk: ")) as vault:
        yield Workbench.over(vault, None, time.time)


def _push(bench: Workbench) -> None:
    own = bench.keyring.own
    with RelayClient(own.relay, own.id, own.signing, time.time) as relay:
        state = Sync(bench, relay).push()
    if state.pending:
        _say(f"Not sent yet, the desk will do it: {state.now}")


def _ask(bench: Workbench) -> None:
    waiting = asking(bench)
    if waiting is None:
        _say("The request to join was sent. An admin's desk admits it with its next sync; then start this desk.")
        return
    try:
        with RelayClient(bench.keyring.own.relay, waiting.invitation, waiting.seed, time.time) as relay:
            ask_to_join(bench, relay)
    except Unreachable as away:
        _say(f"{away} The request to join waits in this desk: start it, and it is sent as soon as the relay answers.")
        return
    _say("Asked to join. An admin's desk admits this device with its next sync; then start this desk.")


def _fingerprint(bench: Workbench) -> str:
    return " ".join(fingerprint(bytes.fromhex(bench.keyring.own.organisation.root), "en"))


def _new_passphrase(file: Path | None) -> str:
    passphrase = _passphrase(file, "New passphrase for this desk (five words or more): ")
    if len(passphrase) < SHORTEST_PASSPHRASE:
        _stop(
            f"This passphrase is too short: {SHORTEST_PASSPHRASE} characters at least. Five words chosen by chance are good."
        )
    if file is None and getpass("The same again: ") != passphrase:
        _stop("The two differ. Run the command again.")
    return passphrase


def _passphrase(file: Path | None, prompt: str) -> str:
    if file is None:
        return getpass(prompt)
    return (file.read_text(encoding="utf-8").splitlines() or [""])[0]


def _asked(prompt: str) -> str:
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _asked_lines(prompt: str) -> list[str]:
    lines = []
    while line := _asked(prompt):
        lines.append(line)
    return lines


def _say(sentence: str) -> None:
    typer.echo(sentence)


def _stop(sentence: str) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


@contextmanager
def _calm() -> Iterator[None]:
    """Every failure is one sentence on stderr that says what to do."""
    try:
        yield
    except StillMending:
        _stop("This desk was mended and reads everything again first: start it, and wait until it is in sync.")
    except FileExistsError:
        _stop("There is already a desk in this folder. Choose another with --desk.")
    except CodeMistake as mistake:
        _stop(f"{mistake} Check the words, their order and spelling.")
    except msgspec.MsgspecError:
        _stop("organisation.json cannot be read. Take another copy, from the relay or an admin.")
    except (
        WrongPassphrase, DamagedVault, VaultInUse, NoVault, NotHeld, NotRecovered, InvitationMistake, SharesMistake,
        Unreachable, RelayRefused, LookupError, OSError,
    ) as trouble:  # fmt: skip
        _stop(str(trouble))
