"""The commands. Each is one sentence on success or failure; exit status 0 only for success.

A command's parts are loaded when it is asked for: what stands on the internet has `kunak[relay]` installed and nothing of a desk.
"""

from __future__ import annotations

import contextlib
import importlib
import signal
import sys
from collections.abc import Callable
from typing import Any, Final, NamedTuple

if sys.argv[1:2] == ["plan"] and hasattr(signal, "pthread_sigmask"):
    # Who stops a planner gets the best plan so far, also in the half second in which the rest is being loaded: a signal
    # waits until the command is there to hear it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})

import typer

from kunak.command_line import SpokenCommand, SpokenGroup
from kunak.frame.tongue import spoken
from kunak.frame.words import mark


class Command(NamedTuple):
    """Where a command lives, which extra brings what it needs, and what it does in a line."""

    module: str
    name: str
    extra: str
    help: str


_ = spoken("kunak").gettext

COMMANDS: Final = {
    "demo": Command(
        "kunak.demo.command",
        "demo",
        "relay,desk",
        mark("Run a whole invented organisation on this machine: a relay and three desks, with one year behind them."),
    ),
    "org": Command("kunak.org_command", "org", "desk", mark("Make an organisation, invite, join, revoke, recover.")),
    "relay": Command(
        "kunak.relay_command",
        "relay",
        "relay",
        mark("Run the relay: the mailbox pages for persons, and the log for desks."),
    ),
    "desk": Command(
        "kunak.desk.command",
        "desk",
        "desk",
        mark("Open the desk in a browser of this machine. It is locked until you give the passphrase there."),
    ),
    "keygen": Command(
        "kunak.sealing_command",
        "keygen",
        "",
        mark("Make an identity. Keep it secret; give its recipient (age1pq1…) to who seals to you."),
    ),
    "seal": Command(
        "kunak.sealing_command",
        "seal",
        "",
        mark("Seal what comes in, so that only its recipients can open it: kunak seal -r … < in > out."),
    ),
    "open": Command(
        "kunak.sealing_command",
        "open_",
        "",
        mark("Open what was sealed to you; bytes and text (armour) both serve: kunak open -i FILE < in > out."),
    ),
    "plan": Command(
        "kunak.journeys.command",
        "plan_command",
        "plan",
        mark("Plan every open case together: who leaves when, by which leg, who sleeps where, who waits and why."),
    ),
    "link": Command(
        "kunak.count.link_command",
        "link",
        "count",
        mark("Find the records that are one person, in any script, without merging relatives or namesakes."),
    ),
    "name": Command(
        "kunak.count.name_command",
        "name",
        "count",
        mark("Show how a name is read; with two names, whether they may be one person's."),
    ),
    "estimate": Command(
        "kunak.count.estimate_command",
        "estimate",
        "count",
        mark("Estimate how many people are on no list, from how the lists overlap."),
    ),
    "count": Command(
        "kunak.count.count_command",
        "count",
        "count",
        mark("Say how many people there are in all, out of lists that overlap, with a report in Russian and English."),
    ),
}


class Commands(SpokenGroup):
    """The table above as a group of commands."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - typer's own signature
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - typer's own signature
        known = COMMANDS.get(cmd_name)
        if known is None:
            return None
        try:
            found = getattr(importlib.import_module(known.module), known.name)
        except ModuleNotFoundError as missing:
            found = _not_installed(known, missing)
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        if isinstance(found, typer.Typer):
            alone.add_typer(found, name=cmd_name)
            group: Any = typer.main.get_command(alone)
            return group.commands[cmd_name]
        alone.command(cmd_name, cls=SpokenCommand, help=_(known.help))(found)
        return typer.main.get_command(alone)


def _not_installed(known: Command, missing: ModuleNotFoundError) -> Callable[[], None]:
    """A command that says what to install. A part of our own that is missing is a mistake, and is raised."""
    if (missing.name or "kunak").partition(".")[0] == "kunak":
        raise missing

    def sorry() -> None:
        typer.echo(
            _("This command needs parts that are not installed. Install them: {command}").format(
                command=f"pip install 'kunak[{known.extra}]'"
            ),
            err=True,
        )
        raise typer.Exit(1)

    sorry.__doc__ = known.help
    return sorry


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback(help=_("Get hunted people to safety, and turn what was done to them into evidence."))
def kunak() -> None:
    """Get hunted people to safety, and turn what was done to them into evidence."""


def main() -> None:
    """Run the command that was asked for."""
    try:
        app()
    except ModuleNotFoundError as missing:
        # Some commands load their parts only when they run.
        known = next((COMMANDS[word] for word in sys.argv[1:] if word in COMMANDS), None)
        if known is None:
            raise
        with contextlib.suppress(typer.Exit):
            _not_installed(known, missing)()
        sys.exit(1)
