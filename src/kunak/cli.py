"""The commands. Each is one sentence on success or failure; exit status 0 only for success."""

from __future__ import annotations

import typer

from kunak.count.count_command import count
from kunak.count.estimate_command import estimate
from kunak.count.link_command import link
from kunak.demo.command import demo
from kunak.desk.command import desk
from kunak.journeys.command import plan_command
from kunak.org_command import org
from kunak.relay_command import relay
from kunak.sealing_command import keygen, open_, seal

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def kunak() -> None:
    """Get hunted people to safety, and turn what was done to them into evidence."""


app.command()(demo)
app.add_typer(org, name="org")
app.command()(relay)
app.command()(desk)
app.command()(keygen)
app.command()(seal)
app.command("open")(open_)
app.command()(estimate)
app.command()(link)
app.command()(count)
app.command("plan")(plan_command)


def main() -> None:
    """Run the command that was asked for."""
    app()
