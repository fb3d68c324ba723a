"""A person at a text browser: lynx in a real terminal, read from its screen and driven by keys, as somebody without a mouse would.

lynx numbers what can be chosen, `[3]Write to us`, so that a step is: look for the words, paging down until they stand on the
screen, and type their number.
"""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from fcntl import ioctl
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pyte

ROWS, COLUMNS = 40, 100
PATIENCE: Final = (
    60.0  # seconds after which a screen that did not come counts as lost; no step waits longer than it must
)
QUIET: Final = 0.3  # seconds without a byte after which the next screenful is asked for
RETYPE: Final = 5.0  # seconds after which a number that did nothing is typed again
TAB: Final = "\t"
HOME: Final = "\x01"  # Ctrl-A: the first screenful

# No file of its own but cookies in memory, every key its documented meaning, fields and links numbered (lynx.cfg(5)).
CONFIGURATION: Final = """\
ACCEPT_ALL_COOKIES:TRUE
PERSISTENT_COOKIES:FALSE
CHARACTER_SET:utf-8
DEFAULT_KEYPAD_MODE:LINKS_AND_FIELDS_ARE_NUMBERED
QUIT_DEFAULT_YES:TRUE
INFOSECS:0
MESSAGESECS:0
ALERTSECS:0
PREFERRED_LANGUAGE:{language}
"""


class Terminal:
    """`with Terminal(folder, address, "ru") as terminal:`"""

    def __init__(self, folder: Path, address: str, language: str) -> None:
        configuration = folder / "lynx.cfg"
        configuration.write_text(CONFIGURATION.format(language=language), encoding="utf-8")
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._line, inner = pty.openpty()
        ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        # A home of its own: no saved options of whoever runs the tests.
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TERM": "linux", "LANG": "C.UTF-8"}
        command = ["lynx", f"-cfg={configuration}", "-noreferer", address]
        self._lynx = subprocess.Popen(
            command, stdin=inner, stdout=inner, stderr=inner, env=environment, cwd=folder, start_new_session=True
        )
        os.close(inner)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lynx.send_signal(signal.SIGTERM)
        self._lynx.wait(10)
        os.close(self._line)

    @property
    def screen(self) -> str:
        return "\n".join(line.rstrip() for line in self._screen.display)

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._line], [], [], seconds)
        if not ready:
            return False
        try:
            self._stream.feed(os.read(self._line, 65_536))
        except OSError:  # lynx has ended
            return False
        return True

    def until(self, words: str) -> None:
        """Wait for a screen that shows these words."""
        self._wait(f"“{words}”", lambda: words in self.flat)

    def until_gone(self, words: str) -> None:
        """Wait for a screen without these words: lynx paints it line by line, from the top."""
        self._wait(f"a screen without “{words}”", lambda: words not in self.flat)

    def lines(self, pattern: str, number: int) -> list[str]:
        """What this expression's group finds in so many lines of the screen, once they all stand there."""

        def found() -> list[str]:
            matches = (re.fullmatch(pattern, line) for line in self.screen.splitlines())
            return [match[1] for match in matches if match]

        self._wait(f"{number} lines like {pattern}", lambda: len(found()) == number)
        return found()

    def _wait(self, what: str, there: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not there():
            if time.monotonic() > deadline:
                raise AssertionError(f"never saw {what} but:\n{self.screen}")
            self._read(0.2)

    @property
    def flat(self) -> str:
        """The screen as running text."""
        return " ".join(self.screen.split())

    @property
    def _sheet(self) -> tuple[int, int]:
        """Which screenful of how many, as lynx says in the corner."""
        said = re.search(r"\(p(\d+) of (\d+)\)", self._screen.display[0])
        return (int(said[1]), int(said[2])) if said else (1, 1)

    def keys(self, keys: str) -> None:
        os.write(self._line, keys.encode())

    def find(self, before: str, after: str = "") -> int:
        """The number that lynx gave to what has these words before and behind it, paging through the page from where it stands."""
        deadline = time.monotonic() + PATIENCE
        wanted = re.compile(rf"{re.escape(before)} ?\(?\[(\d+)\][ _]*{re.escape(after)}")
        while time.monotonic() < deadline:
            if found := wanted.search(self.flat):
                return int(found[1])
            at, of = self._sheet
            if not self._read(QUIET) and of > 1:
                self.keys(" " if at < of else HOME)
                while self._sheet == (at, of) and time.monotonic() < deadline:
                    self._read(0.2)
        raise AssertionError(f"nowhere “{before}[…]{after}” but at last:\n{self.screen}")

    def open(self, address: str) -> None:
        """Type an address."""
        self.keys(f"g{address}\n")

    def choose(self, words: str) -> None:
        """Go to a link or a button by its number, and press Enter."""
        self._stand_on(self.find("", words))
        self.keys("\n")

    def write(self, label: str, text: str, rows: int) -> None:
        """Type into the field under this label and leave it: each of its rows is a field of its own to lynx."""
        self._stand_on(self.find(label))
        self.keys(text + TAB * (rows - text.count("\n")))

    def _stand_on(self, number: int) -> None:
        """lynx throws away what was typed while it still painted: its number is typed until lynx shows that it stands there."""
        for _ in range(round(PATIENCE / RETYPE)):
            self.keys(f"{number}g\n")
            deadline = time.monotonic() + RETYPE
            while time.monotonic() < deadline:
                if self._stands_on(number):
                    return
                self._read(0.2)
        raise AssertionError(f"could not go to [{number}] of:\n{self.screen}")

    def _stands_on(self, number: int) -> bool:
        """What lynx stands on is bold; a field that it stands in holds the cursor."""
        for row, line in enumerate(self._screen.display):
            place = line.find(sign := f"[{number}]")
            if place >= 0:
                first = place + len(sign)
                cursor = self._screen.cursor
                return self._screen.buffer[row][first].bold or (cursor.y == row and cursor.x >= first)
        return False
