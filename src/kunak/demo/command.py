"""`kunak demo`: an invented organisation on this machine, to look at and to play with."""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from kunak.frame.tongue import spoken
from kunak.frame.words import mark

if TYPE_CHECKING:
    from kunak.demo.house import DeskDoor

_ = spoken("kunak.demo").gettext

# The founding and the joining take this share of the time, before the year begins.
FOUNDING: Final = 0.15
PEOPLE: Final = 170


def demo(
    check: Annotated[
        bool, typer.Option("--check", help=_("Walk the way of one person over HTTP, say what held, and end."))
    ] = False,
    people: Annotated[int, typer.Option(help=_("How many people the invented year has."), min=1, max=PEOPLE)] = PEOPLE,
) -> None:
    """Run a whole invented organisation on this machine: a relay and three desks, with one year behind them."""
    # Whoever ends it with `kill` leaves nothing behind either.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    folder = Path(tempfile.mkdtemp(prefix="kunak-demo-"))
    try:
        (walk_once if check else live)(folder, people)
    except KeyboardInterrupt:
        typer.echo("")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def walk_once(folder: Path, _people: int) -> None:
    """Prints each step; exit status 0 only if all held."""
    from kunak.demo.browser import Lost  # noqa: PLC0415 - the other commands need no demo
    from kunak.demo.check import walk  # noqa: PLC0415 - as above
    from kunak.demo.step import NotSo  # noqa: PLC0415 - as above

    try:
        for step in walk(folder):
            typer.echo(f"ok   {_(step.said)}")
    except (NotSo, Lost) as trouble:
        typer.echo(f"NOT  {_(str(trouble))}", err=True)
        raise typer.Exit(1) from trouble
    typer.echo(_("All held."))


def live(folder: Path, people: int) -> None:
    """Lives the year, then keeps relay and desks open until Ctrl-C."""
    from kunak.demo.house import CHEAP, Clock, DeskDoor, found  # noqa: PLC0415 - the other commands need no demo
    from kunak.demo.play import ADMIN, CASEWORKERS, COORDINATOR, DAY, SECOND_COORDINATOR, Year  # noqa: PLC0415 - as above
    from kunak.demo.year import LAST_DAY, invent  # noqa: PLC0415 - as above
    from kunak.desk.app import ROOMS  # noqa: PLC0415 - as above

    began = time.monotonic()
    today = int(time.time() // DAY)
    clock = Clock((today - LAST_DAY) * DAY)
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(_("founding the organisation"), total=1.0)
        house = found(folder, clock, ROOMS, callsign=ADMIN)
        for callsign in CASEWORKERS:
            house.join("caseworker", callsign)
        house.join("coordinator", COORDINATOR)
        house.join("coordinator", SECOND_COORDINATOR, CHEAP)  # only to approve: nobody sits at this desk later
        bar.update(task, completed=FOUNDING, description=_("living one year"))
        year = Year(
            house,
            clock,
            invent(people=people),
            today - LAST_DAY,
            lambda part: bar.update(task, completed=FOUNDING + part * (1 - FOUNDING)),
        )
        year.live()
    for desk in house.desks.values():
        desk.close()
    house.desks.clear()
    # Before noon the invented day is longer than the real one: a clock that went back would be an alarm on every desk.
    clock.set(max(time.time(), clock()))
    clock.run()
    seats = (("caseworker", CASEWORKERS[0]), ("coordinator", COORDINATOR), ("admin", ADMIN))
    doors = [(role, callsign, DeskDoor(folder / callsign, clock).start()) for role, callsign in seats]
    try:
        tell(house.door.address, doors, time.monotonic() - began, {each.name: each.code for each in year.bearers})
        threading.Event().wait()
    finally:
        for served in doors:
            served[-1].stop()
        house.close()


# Under these headings stand the addresses; in what is tried, {…} are filled in.
DESKS: Final = {
    "caseworker": mark("the caseworker's desk ({callsign})"),
    "coordinator": mark("the coordinator's desk ({callsign})"),
    "admin": mark("the admin's desk ({callsign})"),
}
TO_TRY: Final = (
    mark(
        "Write to the helpline, without JavaScript if you like, keep the code, and find your letter on the caseworker's desk.\n"
        "Answer it there, and read the answer with the code."
    ),
    mark(
        "Open a case from it and give it a pseudonym. Then look for your words on the coordinator's desk: they are not there."
    ),
    mark(
        "On the caseworker's desk press ? for the keys, / to search all that this desk may read, and look who else may read a page."
    ),
    mark(
        "On the coordinator's desk open the plan that is in force: who leaves next and why not sooner. Then press on a place that it is compromised."
    ),
    mark(
        "An alarm stands on the coordinator's desk. Under Journeys, What is next: read with these codes what they were told,\n"
        "write that they have arrived, confirm it at the desk, and read again."
    ),
)
COLUMN: Final = 41  # in which the addresses begin


def tell(relay: str, doors: list[tuple[str, str, DeskDoor]], seconds: float, codes: dict[str, str]) -> None:
    """The addresses, and five things to try."""
    from kunak.demo.house import PASSPHRASE  # noqa: PLC0415 - the other commands need no demo

    say = typer.echo
    say("\n" + _("Ready in {seconds} seconds. Everybody in it is invented.").format(seconds=round(seconds)) + "\n")
    say("  " + _("the pages for people who seek help").ljust(COLUMN - 2) + f"{relay}/")
    tell_desks(doors)
    say("\n  " + _("passphrase of every desk: {passphrase}").format(passphrase=PASSPHRASE))
    say(
        "  "
        + _(
            "A desk's address lets one browser in, once. Press Enter here for new ones; Ctrl-C ends the demo and deletes it."
        )
        + "\n"
    )
    say(_("Five things to try"))
    for number, said in enumerate(TO_TRY, start=1):
        say(f"  {number}. " + _(said).replace("\n", "\n     "))
    for name, code in codes.items():
        say(f"       {name}: {code}")
    if sys.stdin.isatty():
        threading.Thread(target=tell_again, args=(doors,), daemon=True).start()


def tell_desks(doors: list[tuple[str, str, DeskDoor]]) -> None:
    for role, callsign, door in doors:
        typer.echo("  " + _(DESKS[role]).format(callsign=callsign).ljust(COLUMN - 2) + door.one_use_address())


def tell_again(doors: list[tuple[str, str, DeskDoor]]) -> None:
    for _line in sys.stdin:
        tell_desks(doors)
