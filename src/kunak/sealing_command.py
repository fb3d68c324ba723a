"""`kunak keygen`, `kunak seal`, `kunak open`: stdin to stdout, the age tool's files (docs/formats/sealed.md)."""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress

from kunak.frame.tongue import spoken
from kunak.frame.words import mark
from kunak.sealing import header
from kunak.sealing.age import Unwraps, Wraps, open_stream, seal_stream
from kunak.sealing.armor import BEGIN, Armored, Unarmored
from kunak.sealing.classic import ClassicIdentity, ClassicRecipient, Passphrase
from kunak.sealing.failure import Damaged, DamagedArmor, DamagedHeader, DamagedMac, DamagedPayload, NotForYou
from kunak.sealing.hybrid import Identity
from kunak.sealing.keys import (
    KeyMistake,
    NotAnIdentity,
    NotARecipient,
    read_identities,
    read_recipient,
    read_recipients,
    write_identity,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kunak.sealing.stream import Readable

_ = spoken("kunak").gettext

PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", help=_("Take the passphrase from this file's first line."), dir_okay=False),
]
# Shorter work needs no bar.
_LONG = 32 * 1024 * 1024
_MOST_IDENTITIES = 1024 * 1024
_KEY_MISTAKES: Final[dict[type[KeyMistake], str]] = {
    KeyMistake: mark("There is no key in this file. hint: take the file that kunak keygen wrote."),
    NotARecipient: mark("This is not a recipient. hint: recipients begin with age1pq1 or age1; copy it again, whole."),
    NotAnIdentity: mark(
        "This is not an identity. hint: identities begin with AGE-SECRET-KEY-PQ-1; copy it again, whole."
    ),
}
_OTHER_TROUBLE: Final = mark("{file} cannot be used ({why}). hint: try another file.")
_FILE_TROUBLES: Final = {
    errno.ENOENT: mark("{file} is not there. hint: look at its name and folder."),
    errno.EACCES: mark("{file} may not be read or written by you. hint: look at its owner and rights."),
    errno.EISDIR: mark("{file} is a folder. hint: name a file."),
    errno.ENOSPC: mark("The disk is full; what was written is not whole. hint: make room, then do it again."),
}


def keygen(
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help=_("Write the identity here; nobody else may read it."))
    ] = None,
    recipient_of: Annotated[
        Path | None, typer.Option("-y", help=_("Only print the recipients of this identity file."))
    ] = None,
    classic: Annotated[
        bool, typer.Option("--classic", help=_("An older kind, for age before 1.3. No shelter from quantum computers."))
    ] = False,
) -> None:
    """Make an identity. Keep it secret; give its recipient (age1pq1…) to who seals to you."""
    with _calm():
        if recipient_of is not None:
            for known in _identities_in(recipient_of, None):
                typer.echo(str(known.recipient))
            return
        identity = ClassicIdentity.generate() if classic else Identity.generate()
        if out is None:
            typer.echo(write_identity(identity), nl=False)
            return
        # Made anew and private from its first moment: an identity is never written over, nor readable for a while.
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(write_identity(identity))
        typer.echo(str(identity.recipient))


def seal(
    recipient: Annotated[
        list[str] | None, typer.Option("-r", "--recipient", help=_("Seal to this recipient (again for several)."))
    ] = None,
    recipients_file: Annotated[
        list[Path] | None, typer.Option("-R", "--recipients-file", help=_("Seal to the recipients in this file."))
    ] = None,
    passphrase: Annotated[
        bool, typer.Option("-p", "--passphrase", help=_("Seal with a passphrase; it is asked for."))
    ] = False,
    passphrase_file: PassphraseFile = None,
    armor: Annotated[bool, typer.Option("-a", "--armor", help=_("Write text instead of bytes."))] = False,
) -> None:
    """Seal what comes in, so that only its recipients can open it."""
    with _calm():
        recipients: list[Wraps] = []
        recipients.extend(_recipients(recipient or [], recipients_file or []))
        if passphrase or passphrase_file:
            if recipients:
                _stop(_("A passphrase stands alone. hint: seal once with the passphrase and once to the recipients."))
            recipients.append(Passphrase(_passphrase(passphrase_file, twice=True)))
        if not recipients:
            _stop(_("There is nobody to seal to. hint: name a recipient with -r, a file of them with -R, or use -p."))
        target = sys.stdout.buffer
        if target.isatty() and not armor:
            _stop(_("Sealed bytes would disturb the terminal. hint: send them into a file with > FILE, or add -a."))
        with _watched(sys.stdin.buffer) as source:
            if armor:
                armored = Armored(target)
                seal_stream(source, armored, recipients)
                armored.close()
            else:
                seal_stream(source, target, recipients)
        target.flush()


def open_(
    identity: Annotated[
        list[Path] | None, typer.Option("-i", "--identity", help=_("Open with the identities in this file."))
    ] = None,
    passphrase: Annotated[
        bool, typer.Option("-p", "--passphrase", help=_("Open with a passphrase; it is asked for."))
    ] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Open what was sealed to you; bytes and text (armour) both serve."""
    with _calm():
        identities: list[Unwraps] = []
        for path in identity or []:
            identities.extend(_identities_in(path, passphrase_file))
        if passphrase or (passphrase_file and not identity):
            identities.append(Passphrase(_passphrase(passphrase_file)))
        if not identities:
            _stop(
                _(
                    "There is nothing to open it with. hint: name your identity file with -i, or use -p for a passphrase."
                )
            )
        with _watched(sys.stdin.buffer) as source:
            open_stream(Unarmored(source), sys.stdout.buffer, identities)
        sys.stdout.buffer.flush()


def _recipients(texts: list[str], files: list[Path]) -> list[Wraps]:
    found = [read_recipient(text.strip()) for text in texts]
    for path in files:
        found.extend(read_recipients(_text_of(path)))
    if len({isinstance(one, ClassicRecipient) for one in found}) > 1:
        # The file is as weak as its weakest recipient: https://c2sp.org/age says the same.
        _stop(
            _(
                "Recipients of both kinds cannot share a file: the older one would undo the newer one's shelter. hint: seal twice."
            )
        )
    return list(found)


def _identities_in(path: Path, passphrase_file: Path | None) -> list[Identity | ClassicIdentity]:
    """The identities of a file; one that is itself sealed with a passphrase is opened first."""
    with path.open("rb") as file:
        raw = file.read(_MOST_IDENTITIES)
    if raw.startswith(header.VERSION) or raw.lstrip().startswith(BEGIN):
        if "scrypt" not in _kinds_in(raw):
            raise KeyMistake  # sealed to a key: no passphrase opens it, and none is asked for
        opened = io.BytesIO()
        try:
            open_stream(Unarmored(io.BytesIO(raw)), opened, [Passphrase(_passphrase(passphrase_file))])
        except NotForYou:
            _stop(_("The passphrase does not open the identity file. hint: try again; mind the keyboard's language."))
        raw = opened.getvalue()
    try:
        return read_identities(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise KeyMistake from None


def _kinds_in(sealed: bytes) -> set[str]:
    """To which kinds of recipients. Raises DamagedArmor, DamagedHeader."""
    start = Unarmored(io.BytesIO(sealed)).read(_MOST_IDENTITIES)
    end = header.end_of(start)
    if end is None:
        raise DamagedHeader("the header does not end")
    return {stanza.kind for stanza in header.read(start[:end]).stanzas}


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise KeyMistake from None


def _passphrase(file: Path | None, *, twice: bool = False) -> str:
    if file is not None:
        given = (_text_of(file).splitlines() or [""])[0]
    else:
        given = getpass(_("Passphrase: "))
        if twice and getpass(_("The same again: ")) != given:
            _stop(_("The two passphrases differ; nothing was sealed. hint: try again."))
    if not given:
        _stop(_("The passphrase is empty. hint: take seven words that nobody can guess."))
    return given


@contextmanager
def _watched(source: BinaryIO) -> Iterator[Readable]:
    """`source`, with a bar on the terminal if it is a long file."""
    facts = os.fstat(source.fileno())
    console = Console(stderr=True)
    if not stat.S_ISREG(facts.st_mode) or facts.st_size < _LONG or not console.is_terminal:
        yield source
        return
    with Progress(console=console, transient=True) as progress:
        yield _Counted(source, progress, facts.st_size)


class _Counted:
    """A stream that tells the bar how far it is."""

    def __init__(self, source: BinaryIO, progress: Progress, size: int) -> None:
        self._source = source
        self._progress = progress
        self._task = progress.add_task("", total=size)

    def read(self, size: int) -> bytes:
        data = self._source.read(size)
        self._progress.advance(self._task, len(data))
        return data


@contextmanager
def _calm() -> Iterator[None]:
    """Every failure becomes one sentence on stderr that says what to do, and exit status 1."""
    try:
        yield
    except KeyMistake as mistake:
        place = "" if mistake.line is None else _("Line {number}: ").format(number=mistake.line)
        _stop(place + _(_KEY_MISTAKES[type(mistake)]))
    except NotForYou:
        _stop(
            _(
                "None of these keys opens it: it was sealed to somebody else. hint: try your other identities, or the passphrase."
            )
        )
    except DamagedPayload:
        _stop(
            _("The file was changed or is cut short. hint: fetch it again, and throw away what was written just now.")
        )
    except (DamagedHeader, DamagedMac, DamagedArmor, Damaged):
        _stop(_("This is not a whole sealed file, or it was changed. hint: fetch it again."))
    except FileExistsError as error:
        said = _("{file} is there already and was left as it is. hint: choose another name.")
        _stop(said.format(file=error.filename))
    except BrokenPipeError:
        # Who reads us has gone. Python would complain once more at exit, when it empties stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None
    except OSError as error:
        said = _(_FILE_TROUBLES.get(error.errno or 0, _OTHER_TROUBLE))
        _stop(said.format(file=error.filename or _("The file"), why=error.strerror))


def _stop(sentence: str) -> NoReturn:
    sys.stderr.write(sentence + "\n")
    raise typer.Exit(1)
