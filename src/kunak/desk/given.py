"""What is typed at `kunak org`, looked at before anything is made or undone: an organisation whose relay has no address, or a file of
another one written over, is found out too late. Each refusal is one sentence that says what to do."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from kunak.desk.terminal import stop
from kunak.frame.tongue import spoken
from kunak.journal.grants import is_admin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kunak.vault.roster import Device

_ = spoken("kunak.desk").gettext

LONGEST_NAME: Final = 80
LONGEST_CALLSIGN: Final = 40
# Fewer digits of a device's id may be those of several.
FEWEST_DIGITS: Final = 8
_DIGITS: Final = re.compile(f"[0-9a-f]{{{FEWEST_DIGITS},32}}")


def relay_address(typed: str) -> str:
    """Without a slash at its end."""
    try:
        parts = urlsplit(typed.strip())
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one or parts.query or parts.fragment or parts.username:
        stop(
            _(
                "{typed} is no address of a relay. It begins with https:// or http://, like https://relay.example: nothing was done."
            ).format(typed=typed)
        )
    return typed.strip().rstrip("/")


def callsign(typed: str) -> str:
    """One line that can be told from another."""
    return _line(typed, LONGEST_CALLSIGN, "--callsign")


def name(typed: str, option: str) -> str:
    return _line(typed, LONGEST_NAME, option)


def _line(typed: str, longest: int, option: str) -> str:
    shown = " ".join(typed.split())
    if not shown or len(shown) > longest or not shown.isprintable():
        stop(
            _("{option} takes 1 to {longest} letters, on one line: nothing was done.").format(
                option=option, longest=longest
            )
        )
    return shown


def new_file(out: Path) -> Path:
    """One that can be written, and is not there yet: what stands there may be another organisation's, or another helper's."""
    if not os.access(out.parent, os.W_OK):
        stop(
            _("There is no folder for {out} that you may write in. Choose another --out: nothing was done.").format(
                out=out
            )
        )
    if out.exists():
        stop(
            _("{out} is there already, and was left as it is. Choose another --out: nothing was done.").format(out=out)
        )
    return out


def devices_called(typed: str, devices: Sequence[Device]) -> list[Device]:
    """By callsign, or by the first digits of an id."""
    digits = typed.strip().lower()
    is_id = _DIGITS.fullmatch(digits) is not None
    found = [each for each in devices if each.callsign == typed.strip() or (is_id and each.id.startswith(digits))]
    if not found:
        known = ", ".join(sorted({f"{each.callsign} ({each.id[:FEWEST_DIGITS]})" for each in devices}))
        stop(_("Nobody here is called {callsign}. Here are: {known}.").format(callsign=typed, known=known))
    return found


def some_admin_stays(going: Sequence[Device], devices: Sequence[Device]) -> None:
    """Nobody else can admit or revoke anybody."""
    gone = {each.id for each in going}
    if any(is_admin(each.role) for each in going) and not any(
        is_admin(each.role) for each in devices if each.id not in gone
    ):
        stop(
            _(
                "This is the last admin: nobody could admit or revoke anybody any more. Invite another admin first. If this desk was taken from "
                "you, bring the organisation back from its recovery shares: kunak org recover."
            )
        )
