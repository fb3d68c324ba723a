"""The commands. Each is one sentence on success or failure; exit status 0 only for success.

A command's parts are loaded when it is asked for: what stands on the internet has `kunak[relay]` installed and nothing of a desk.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import typer
from typer.core import TyperGroup

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
        "kunak.demo.command", "demo", "relay,desk", mark("Run a whole invented organisation on this machine.")
    ),
    "org": Command("kunak.org_command", "org", "desk", mark("Make an organisation, invite, join, revoke, recover.")),
    "relay": Command(
        "kunak.relay_command", "relay", "relay", mark("Run the relay: the mailbox pages, and the log for desks.")
    ),
    "desk": Command("kunak.desk.command", "desk", "desk", mark("Open the desk in a browser of this machine.")),
    "keygen": Command("kunak.sealing_command", "keygen", "", mark("Make a key pair, as the age tool does.")),
    "seal": Command("kunak.sealing_command", "seal", "", mark("Seal standard input to recipients.")),
    "open": Command("kunak.sealing_command", "open_", "", mark("Open what was sealed.")),
    "plan": Command(
        "kunak.journeys.command", "plan_command", "plan", mark("Plan all journeys together, with a proven bound.")
    ),
    "link": Command("kunak.count.link_command", "link", "count", mark("Find the records that are one person.")),
    "name": Command(
        "kunak.count.name_command", "name", "count", mark("Show how a name is read, or whether two are one.")
    ),
    "estimate": Command(
        "kunak.count.estimate_command", "estimate", "count", mark("Say how many people are on no list.")
    ),
    "count": Command(
        "kunak.count.count_command", "count", "count", mark("From lists to a report: link, then estimate.")
    ),
}


class Commands(TyperGroup):
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
        # The command's own text says more, in English.
        said = _(known.help)
        alone.command(cmd_name, help=said if said != known.help else None)(found)
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
