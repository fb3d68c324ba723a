"""`kunak org create|invite|join|revoke|recover`: making an organisation, and who belongs to it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, get_args

import msgspec
import typer

from kunak.command_line import SpokenCommand, SpokenGroup
from kunak.desk import given
from kunak.desk.epochs import revoke as revoke_device
from kunak.desk.joining import ask_to_join, asking, read_invitation
from kunak.desk.joining import invite as invite_device
from kunak.desk.joining import join as join_organisation
from kunak.desk.organisation import create as create_organisation
from kunak.desk.recovering import recover as recover_organisation
from kunak.desk.relay_client import RelayClient, Unreachable
from kunak.desk.sync import Sync
from kunak.desk.terminal import asked, asked_lines, calm, given_passphrase, in_words, new_passphrase, say, stop
from kunak.desk.workbench import Workbench
from kunak.frame.tongue import spoken
from kunak.journal.grants import Role
from kunak.sealing.code import LANGUAGES, fingerprint, read_code
from kunak.vault.keyring import Organisation
from kunak.vault.mending import mend as mend_vault
from kunak.vault.store import Vault

if TYPE_CHECKING:
    from collections.abc import Iterator


_ = spoken("kunak", "kunak.desk").gettext

org = typer.Typer(
    cls=SpokenGroup,
    no_args_is_help=True,
    help=_("Make an organisation; invite, admit and revoke its helpers' devices."),
)

FOUNDERS: Final = ("admin", "admin+caseworker")
RECOVERERS: Final = (*FOUNDERS, "caseworker")
ROLES: Final = tuple(role for role in get_args(Role) if role != "recovery")

DeskFolder = Annotated[Path, typer.Option("--desk", help=_("The desk's folder."), file_okay=False)]
PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", help=_("Take the passphrase from this file's first line."), dir_okay=False),
]
Callsign = Annotated[str, typer.Option(help=_("What the other helpers call this one. Not a name."))]
DEFAULT_DESK: Final = Path.home() / ".kunak"


@org.command(cls=SpokenCommand, help=_("Make an organisation: this becomes its first admin's desk."))
def create(
    relay: Annotated[str, typer.Option(help=_("Address of the relay, as desks reach it."))],
    callsign: Callsign,
    name: Annotated[str, typer.Option(help=_("The helpline's name in English, as persons read it."))],
    name_ru: Annotated[str, typer.Option(help=_("The same in Russian; the English one if left out."))] = "",
    desk: DeskFolder = DEFAULT_DESK,
    out: Annotated[Path, typer.Option(help=_("Where to write organisation.json, for the relay."))] = Path(
        "organisation.json"
    ),
    needed: Annotated[int, typer.Option(help=_("Recovery shares needed together."), min=2, max=16)] = 3,
    shares: Annotated[int, typer.Option(help=_("Recovery shares given out."), min=2, max=16)] = 5,
    role: Annotated[str, typer.Option(help=_("admin, who reads no letter; or admin+caseworker."))] = "admin",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Make an organisation: this becomes its first admin's desk."""
    if needed > shares:
        stop(_("More shares are needed than are given out. Lower --needed."))
    if role not in FOUNDERS:
        stop(_("Who makes an organisation is its admin. Choose one of: {roles}.").format(roles=", ".join(FOUNDERS)))
    with calm():
        # Before anything is made: the shares are shown once, and a sentence about a file must not stand in their place.
        given.new_file(out)
        address, called = given.relay_address(relay), given.callsign(callsign)
        names = {"en": given.name(name, "--name"), "ru": given.name(name_ru or name, "--name-ru")}
        passphrase = new_passphrase(passphrase_file)
        made = create_organisation(
            desk,
            passphrase,
            name=names,
            callsign=called,
            relay=address,
            clock=time.time,
            role=msgspec.convert(role, Role),
            shares=(needed, shares),
        )
        with made.bench.vault:
            out.write_bytes(made.document)
            say(_("{out} is for the relay: kunak relay --organisation {out} …").format(out=out))
            say(_("Fingerprint, to read out and to print: {words}").format(words=_fingerprint(made.bench)))
            say("")
            say(
                _(
                    "Recovery shares: any {needed} of them bring back the organisation. Each goes to another person, on paper."
                ).format(needed=needed)
            )
            say(_("They are shown once and kept nowhere.") + "\n")
            for number, share in enumerate(made.shares, start=1):
                say(f"{number}. {share}\n")
            say(_("Start the relay, then the desk: what waits here is sent by itself."))
            if role == "admin":
                say(_("The pages for persons take letters once the first caseworker has joined: kunak org invite."))


@org.command(
    cls=SpokenCommand, help=_("Invite one device: words to read out, and a file to send. By two different ways.")
)
def invite(
    callsign: Callsign,
    role: Annotated[str, typer.Option(help=_("One of: {roles}.").format(roles=", ".join(ROLES)))] = "caseworker",
    language: Annotated[str, typer.Option(help=_("Language of the words: en or ru."))] = "en",
    desk: DeskFolder = DEFAULT_DESK,
    out: Annotated[Path, typer.Option(help=_("Where to write the invitation's file."))] = Path("invitation.kunak"),
    passphrase_file: PassphraseFile = None,
) -> None:
    """Invite one device: words to read out, and a file to send. By two different ways."""
    if role not in ROLES:
        stop(_("There is no role {role}. Choose one of: {roles}.").format(role=role, roles=", ".join(ROLES)))
    if language not in LANGUAGES:
        stop(
            _("There are no words in {language}. Choose one of: {known}.").format(
                language=language, known=", ".join(LANGUAGES)
            )
        )
    with calm():
        given.new_file(out)
        called = given.callsign(callsign)
    with calm(), _opened(desk, passphrase_file) as bench:
        invitation = invite_device(bench, msgspec.convert(role, Role), called, language)
        out.write_bytes(invitation.file)
        say(_("The file: {out}. The words: {words}").format(out=out, words=invitation.code))
        say(_("Give them by two different ways, within 14 days. Whoever has both becomes this helper."))
        _push(bench)


@org.command(cls=SpokenCommand, help=_("Join with an invitation: makes this device's own keys and vault."))
def join(
    file: Annotated[Path, typer.Argument(help=_("The invitation's file."), exists=True, dir_okay=False)],
    desk: DeskFolder = DEFAULT_DESK,
    words: Annotated[str, typer.Option(help=_("The invitation's words; asked for if left out."))] = "",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Join with an invitation: makes this device's own keys and vault."""
    with calm():
        if (desk / "vault.json").exists():
            # A second try of the same: the request may not have reached the relay.
            with _opened(desk, passphrase_file) as bench:
                _ask(bench)
            return
        invitation = read_invitation(file.read_bytes(), read_code(words or asked(_("The seven words: "))))
        with join_organisation(desk, new_passphrase(passphrase_file), invitation, time.time).vault as vault:
            bench = Workbench.over(vault, None, time.time)
            say(_("Compare with the admin, by voice: {words}").format(words=_fingerprint(bench)))
            _ask(bench)


@org.command(cls=SpokenCommand, help=_("Revoke a helper's devices: lost, stolen, or no longer trusted."))
def revoke(
    callsign: Annotated[str, typer.Argument(help=_("The helper, or the first digits of a device's id."))],
    desk: DeskFolder = DEFAULT_DESK,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Revoke a helper's devices: lost, stolen, or no longer trusted."""
    with calm(), _opened(desk, passphrase_file) as bench:
        helpers = bench.roster.helpers()
        found = given.devices_called(callsign, helpers)
        given.some_admin_stays(found, helpers)
        for device in found:
            revoke_device(bench, device.id)
            say(
                _("{callsign} ({device}) is revoked: it reads nothing that is written from now on.").format(
                    callsign=device.callsign, device=device.id[:8]
                )
            )
        _push(bench)


@org.command(
    cls=SpokenCommand, help=_("All desks of a kind are lost: bring the organisation back from the recovery shares.")
)
def recover(
    organisation: Annotated[Path, typer.Argument(help=_("organisation.json."), exists=True, dir_okay=False)],
    relay: Annotated[str, typer.Option(help=_("Address of the relay."))],
    callsign: Callsign,
    desk: DeskFolder = DEFAULT_DESK,
    shares: Annotated[Path | None, typer.Option(help=_("File with one share a line; asked for if left out."))] = None,
    role: Annotated[
        str, typer.Option(help=_("admin; caseworker, who gets the letters and cases; or admin+caseworker."))
    ] = "admin",
    passphrase_file: PassphraseFile = None,
) -> None:
    """All desks of a kind are lost: bring the organisation back from the recovery shares."""
    if role not in RECOVERERS:
        stop(
            _("A desk cannot be recovered as {role}. Choose one of: {roles}.").format(
                role=role, roles=", ".join(RECOVERERS)
            )
        )
    with calm():
        address, called = given.relay_address(relay), given.callsign(callsign)
        known = msgspec.json.decode(organisation.read_bytes(), type=Organisation)
        lines = (
            shares.read_text(encoding="utf-8").splitlines()
            if shares
            else asked_lines(_("A share (empty line: no more): "))
        )
        with recover_organisation(
            desk,
            new_passphrase(passphrase_file),
            [line for line in lines if line.strip()],
            organisation=known,
            relay=address,
            callsign=called,
            clock=time.time,
            role=msgspec.convert(role, Role),
            connect=lambda device, seed: RelayClient(address, device, seed, time.time),
        ).vault as vault:
            bench = Workbench.over(vault, None, time.time)
            _push(bench)
            say(
                _(
                    "This desk opens what its role may once it has synced. Revoke the devices that were lost: kunak org revoke."
                )
            )


@org.command(
    cls=SpokenCommand, help=_("A desk's vault is damaged on its disk: make it anew out of what is kept beside it.")
)
def mend(desk: DeskFolder = DEFAULT_DESK, passphrase_file: PassphraseFile = None) -> None:
    """A desk's vault is damaged on its disk: make it anew out of what is kept beside it."""
    with calm():
        mended = mend_vault(desk, given_passphrase(passphrase_file, _("Passphrase of this desk: ")))
        say(
            _(
                "Mended: keys of {keys} compartments are here again, and what was not sent yet ({unsent}). Start the desk: it sends that, and reads everything else again from the relay."
            ).format(keys=mended.compartments, unsent=mended.unsent)
        )
        if mended.lost:
            say(
                _(
                    "Records beside the vault that were damaged too: {lost}. Tell your colleagues that something of yours may be missing."
                ).format(lost=mended.lost)
            )


# --- what the commands share


@contextmanager
def _opened(desk: Path, passphrase_file: Path | None) -> Iterator[Workbench]:
    with Vault.open(desk, given_passphrase(passphrase_file, _("Passphrase of this desk: "))) as vault:
        yield Workbench.over(vault, None, time.time)


def _push(bench: Workbench) -> None:
    own = bench.keyring.own
    with RelayClient(own.relay, own.id, own.signing, time.time) as relay:
        state = Sync(bench, relay).push()
    if state.pending:
        say(_("Not sent yet, the desk will do it: {why}").format(why=_(state.now) if state.now else ""))


def _ask(bench: Workbench) -> None:
    waiting = asking(bench)
    if waiting is None:
        say(_("The request to join was sent. An admin's desk admits it with its next sync; then start this desk."))
        return
    try:
        with RelayClient(bench.keyring.own.relay, waiting.invitation, waiting.seed, time.time) as relay:
            ask_to_join(bench, relay)
    except Unreachable as away:
        say(in_words(away))
        say(_("The request to join waits in this desk: start it, and it is sent as soon as the relay answers."))
        return
    say(_("Asked to join. An admin's desk admits this device with its next sync; then start this desk."))


def _fingerprint(bench: Workbench) -> str:
    """In every language in which a person may see it."""
    root = bytes.fromhex(bench.keyring.own.organisation.root)
    return " / ".join(" ".join(fingerprint(root, language)) for language in LANGUAGES)
