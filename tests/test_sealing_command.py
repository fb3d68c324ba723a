"""`kunak keygen`, `seal` and `open` as a person meets them: stdin to stdout, one calm sentence when something is wrong."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from kunak.cli import app
from kunak.sealing.classic import Passphrase

REPOSITORY = Path(__file__).resolve().parents[1]


@dataclass
class Outcome:
    """What a command left behind."""

    status: int
    out: bytes
    sentence: str


@dataclass
class Shell:
    """Runs commands in one folder, in this process."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch

    def run(self, *arguments: str, into: bytes = b"") -> Outcome:
        (self.folder / ".in").write_bytes(into)
        trouble = io.StringIO()
        with (
            (self.folder / ".in").open() as stdin,
            (self.folder / ".out").open("w") as stdout,
            self.monkeypatch.context() as patch,
        ):
            for name, stream in (("stdin", stdin), ("stdout", stdout), ("stderr", trouble)):
                patch.setattr(sys, name, stream)
            try:
                app(list(arguments), prog_name="kunak")
            except SystemExit as end:
                status = end.code
        assert isinstance(status, int)
        return Outcome(status, (self.folder / ".out").read_bytes(), trouble.getvalue())

    def ok(self, *arguments: str, into: bytes = b"") -> bytes:
        done = self.run(*arguments, into=into)
        assert (done.status, done.sentence) == (0, "")
        return done.out

    def refused(self, *arguments: str, into: bytes = b"") -> str:
        done = self.run(*arguments, into=into)
        assert done.status == 1
        assert done.sentence.count("\n") == 1  # one sentence, no traceback
        return done.sentence


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    made = Shell(tmp_path, monkeypatch)
    for name, arguments in {"mine": [], "other": [], "old": ["--classic"]}.items():
        (tmp_path / f"{name}.recipient").write_bytes(made.ok("keygen", *arguments, "-o", f"{name}.key"))
    return made


def test_an_identity_is_private_from_its_first_moment_and_never_written_over(shell: Shell) -> None:
    before = (shell.folder / "mine.key").read_bytes()
    assert (shell.folder / "mine.key").stat().st_mode & 0o777 == 0o600
    assert "is there already and was left as it is" in shell.refused("keygen", "-o", "mine.key")
    assert (shell.folder / "mine.key").read_bytes() == before
    assert shell.ok("keygen", "-y", "mine.key") == (shell.folder / "mine.recipient").read_bytes()


def test_keygen_without_a_file_prints_an_identity_file(shell: Shell) -> None:
    lines = shell.ok("keygen").decode().splitlines()
    assert lines[0].startswith("# recipient: age1pq1")
    assert lines[1].startswith("AGE-SECRET-KEY-PQ-1")
    assert len(lines) == 2


@pytest.mark.parametrize("armour", [[], ["--armor"]], ids=["bytes", "text"])
@pytest.mark.parametrize("plain", [b"", "Привет\n".encode(), bytes(200_000)], ids=["nothing", "a line", "much"])
def test_what_is_sealed_to_a_recipient_opens_with_the_identity(shell: Shell, plain: bytes, armour: list[str]) -> None:
    recipient = (shell.folder / "mine.recipient").read_text().strip()
    sealed = shell.ok("seal", *armour, "-r", recipient, into=plain)
    assert sealed.startswith(b"-----BEGIN" if armour else b"age-encryption.org/v1\n")
    assert shell.ok("open", "-i", "other.key", "-i", "mine.key", into=sealed) == plain


def test_a_file_of_recipients_with_remarks_serves_all_of_them(shell: Shell) -> None:
    both = b"# the two of us\n\n" + b"".join(
        (shell.folder / f"{name}.recipient").read_bytes() for name in ("mine", "other")
    )
    (shell.folder / "both").write_bytes(both)
    sealed = shell.ok("seal", "-R", "both", into=b"a")
    assert [shell.ok("open", "-i", f"{name}.key", into=sealed) for name in ("mine", "other")] == [b"a", b"a"]


def test_passphrases_seal_files_and_guard_identities(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    # The true work (2^18, a second each) is held by the vectors and by Debian's age.
    monkeypatch.setattr("kunak.sealing_command.Passphrase", partial(Passphrase, work=4))
    (shell.folder / "words").write_text("семь слов\n", "utf-8")
    sealed = shell.ok("seal", "--passphrase-file", "words", into=b"a")
    assert shell.ok("open", "--passphrase-file", "words", into=sealed) == b"a"
    (shell.folder / "guarded.key").write_bytes(
        shell.ok("seal", "--passphrase-file", "words", into=(shell.folder / "mine.key").read_bytes())
    )
    for_me = shell.ok("seal", "-R", "mine.recipient", into=b"b")
    assert shell.ok("open", "-i", "guarded.key", "--passphrase-file", "words", into=for_me) == b"b"
    (shell.folder / "words").write_text("other\n", "utf-8")
    assert "does not open the identity file" in shell.refused(
        "open", "-i", "guarded.key", "--passphrase-file", "words", into=for_me
    )


def test_a_sealed_file_in_an_identitys_place_asks_for_no_passphrase(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_prompt: str) -> str:
        raise AssertionError("asked for a passphrase that opens nothing")

    monkeypatch.setattr("kunak.sealing_command.getpass", never)
    for armour in ([], ["-a"]):
        sealed = shell.ok("seal", "-R", "mine.recipient", *armour, into=b"a")
        (shell.folder / "sealed").write_bytes(sealed)
        assert shell.refused("open", "-i", "sealed", into=sealed).startswith("There is no key in this file.")


def test_a_passphrase_is_asked_for_twice_before_sealing(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["seven words", "seven word"])
    monkeypatch.setattr("kunak.sealing_command.getpass", lambda _: next(answers))
    assert "differ" in shell.refused("seal", "-p", into=b"a")


def test_the_age_tool_and_we_read_each_other(shell: Shell) -> None:
    age = shutil.which("age")
    assert age, "the tests need Debian's age: make system"
    sealed = shell.ok("seal", "-R", "old.recipient", into=b"ours")
    assert subprocess.run([age, "-d", "-i", "old.key"], input=sealed, capture_output=True, check=True).stdout == b"ours"
    theirs = subprocess.run([age, "-a", "-R", "old.recipient"], input=b"theirs", capture_output=True, check=True).stdout
    assert shell.ok("open", "-i", "old.key", into=theirs) == b"theirs"


def test_each_mistake_gets_one_sentence_that_says_what_to_do(shell: Shell) -> None:
    sealed = shell.ok("seal", "-R", "mine.recipient", into=b"a")
    (shell.folder / "junk").write_bytes(b"\xff\xfe")
    (shell.folder / "remarks").write_text("# nothing\n")
    mixed = ["seal", "-R", "mine.recipient", "-R", "old.recipient"]
    cases: list[tuple[list[str], bytes, str]] = [
        (["open", "-i", "other.key"], sealed, "sealed to somebody else"),
        (["open", "-i", "mine.key"], sealed[:-1], "fetch it again"),
        (["open", "-i", "mine.key"], sealed[:100], "not a whole sealed file"),
        (["open", "-i", "mine.key"], b"hello", "not a whole sealed file"),
        (["open", "-i", "mine.key"], b"", "not a whole sealed file"),
        (["open"], sealed, "with -i"),
        (["open", "-i", "nowhere.key"], sealed, "nowhere.key is not there"),
        (["open", "-i", "mine.recipient"], sealed, "Line 1: This is not an identity"),
        (["open", "-i", "junk"], sealed, "no key in this file"),
        (["open", "-i", "remarks"], sealed, "no key in this file"),
        (["seal"], b"a", "nobody to seal to"),
        (["seal", "-r", "age1pq1broken"], b"a", "not a recipient"),
        (["seal", "-R", "mine.key"], b"a", "Line 2: This is not a recipient"),
        (["seal", "-p", "-R", "mine.recipient"], b"a", "stands alone"),
        (mixed, b"a", "seal twice"),
    ]
    for arguments, into, words in cases:
        assert words in shell.refused(*arguments, into=into)


def test_a_sentence_never_repeats_a_secret(shell: Shell) -> None:
    secret = (shell.folder / "mine.key").read_text().splitlines()[1]
    (shell.folder / "broken.key").write_text(secret[:-3] + "QQQ\n")
    assert secret[20:40] not in shell.refused("open", "-i", "broken.key", into=b"")


def test_nothing_is_written_to_a_terminal_that_would_disturb_it(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    main, other = os.openpty()
    with os.fdopen(other, "w") as terminal, (shell.folder / ".in").open() as stdin:
        trouble = io.StringIO()
        for name, stream in (("stdin", stdin), ("stdout", terminal), ("stderr", trouble)):
            monkeypatch.setattr(sys, name, stream)
        with pytest.raises(SystemExit, match="1"):
            app(["seal", "-R", "mine.recipient"], prog_name="kunak")
        monkeypatch.undo()
    os.close(main)
    assert "disturb the terminal" in trouble.getvalue()


def test_the_real_command_works_in_a_pipe_and_stops_quietly_when_its_reader_leaves(shell: Shell) -> None:
    program = [sys.executable, "-c", "from kunak.cli import main; main()"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
    recipient = (shell.folder / "mine.recipient").read_text().strip()
    with (
        subprocess.Popen(
            [*program, "seal", "-r", recipient], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        ) as sealing,
        subprocess.Popen(
            [*program, "open", "-i", "mine.key"], stdin=sealing.stdout, stdout=subprocess.PIPE, env=environment
        ) as opening,
    ):
        assert sealing.stdin
        sealing.stdin.write(b"through two pipes" * 20_000)
        sealing.stdin.close()
        assert opening.communicate()[0] == b"through two pipes" * 20_000
    with subprocess.Popen(
        [*program, "seal", "-r", recipient],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as leaving:
        assert leaving.stdin
        assert leaving.stdout
        assert leaving.stderr
        leaving.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            leaving.stdin.write(bytes(10_000_000))
            leaving.stdin.close()
        assert leaving.wait() == 1
        assert leaving.stderr.read() == b""
