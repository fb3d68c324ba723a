"""How `kunak org` speaks with a helper at a terminal: it asks, says, and tells every failure in one sentence."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import contextmanager
from getpass import getpass
from typing import TYPE_CHECKING, Final, NoReturn

import msgspec
import typer

from kunak.desk import hindrance
from kunak.desk.joining import InvitationMistake
from kunak.desk.recovering import NotRecovered
from kunak.desk.relay_client import RelayRefused, Unreachable
from kunak.frame.tongue import spoken
from kunak.frame.words import mark
from kunak.sealing.code import CodeMistake
from kunak.sealing.shares import SharesMistake
from kunak.vault.damage import DamagedVault, FullDisk, NoVault, VaultInUse, WrongPassphrase
from kunak.vault.keyring import NotHeld
from kunak.vault.mending import StillMending

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ = spoken("kunak.desk").gettext

# A test of length, not of wit: five or six words chosen by chance have it.
SHORTEST_PASSPHRASE: Final = 16
# What the floors below say in English, for whoever reads another language.
SENTENCES: Final[dict[type[Exception], str]] = {
    StillMending: mark(
        "This desk was mended and reads everything again first: start it, and wait until it is in sync."
    ),
    FileExistsError: mark("There is already a desk in this folder. Choose another with --desk."),
    CodeMistake: mark("These are not the words of an invitation. Check the words, their order and spelling."),
    msgspec.MsgspecError: mark("organisation.json cannot be read. Take another copy, from the relay or an admin."),
    WrongPassphrase: mark("This is not the passphrase of this vault. Look at the keyboard's language and Caps Lock."),
    VaultInUse: mark("This vault is open in another desk on this machine. Use that one, or close it first."),
    NoVault: mark("There is no vault in this folder. Join with an invitation first."),
    DamagedVault: mark(
        "This desk's vault is damaged on its disk. Its keys and what was not sent are kept once more beside it: kunak org mend. If that does "
        "not help, ask an admin for a new invitation."
    ),
    FullDisk: mark("The disk is full. Make room, then run the command again."),
    NotHeld: mark("This desk does not hold the key for that: only an admin's desk does this."),
    SharesMistake: mark(
        "These shares do not bring the organisation back. Check that they are enough, whole, and of one organisation."
    ),
    NotRecovered: mark(
        "These shares open nothing of this organisation. Check organisation.json, the shares, and the relay's address."
    ),
    InvitationMistake: mark(
        "These words do not open this invitation. Check that words and file belong together; if they do, ask for a new one."
    ),
}
FILES: Final = {
    errno.ENOENT: mark("There is no file {file}. Look at its name and folder."),
    errno.ENOSPC: mark("The disk is full. Make room, then run the command again."),
}
OTHER_FILE: Final = mark("{file} cannot be read or written ({why}). Look at its folder and its rights.")


@contextmanager
def calm() -> Iterator[None]:
    """Every failure is one sentence on stderr that says what to do, and exit status 1."""
    told: tuple[type[Exception], ...] = (*SENTENCES, Unreachable, RelayRefused, OSError)
    try:
        yield
    except BrokenPipeError:
        # Who reads us has gone. Python would complain once more at exit, when it empties stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None
    except told as trouble:
        stop(in_words(trouble))


def in_words(trouble: Exception) -> str:
    """One sentence, in the reader's language."""
    known = next((said for kind, said in SENTENCES.items() if isinstance(trouble, kind)), None)
    if known is not None:
        return _(known)
    if isinstance(trouble, RelayRefused):
        return _(hindrance.sentence_of(trouble))
    if isinstance(trouble, OSError):
        said = _(FILES.get(trouble.errno or 0, OTHER_FILE))
        return said.format(file=trouble.filename or "", why=trouble.strerror or trouble)
    return _(str(trouble))


def say(sentence: str) -> None:
    typer.echo(sentence)


def stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def new_passphrase(file: Path | None) -> str:
    passphrase = given_passphrase(file, _("New passphrase for this desk (five words or more): "))
    if len(passphrase) < SHORTEST_PASSPHRASE:
        stop(
            _(
                "This passphrase is too short: {shortest} characters at least. Five words chosen by chance are good."
            ).format(shortest=SHORTEST_PASSPHRASE)
        )
    if file is None and getpass(_("The same again: ")) != passphrase:
        stop(_("The two differ. Run the command again."))
    return passphrase


def given_passphrase(file: Path | None, prompt: str) -> str:
    """The first line of the file, or what is typed unseen."""
    if file is None:
        return getpass(prompt)
    return (file.read_text(encoding="utf-8").splitlines() or [""])[0]


def asked(prompt: str) -> str:
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def asked_lines(prompt: str) -> list[str]:
    """Lines until an empty one."""
    lines = []
    while line := asked(prompt):
        lines.append(line)
    return lines
