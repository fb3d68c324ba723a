"""`kunak desk`: a helper's desk on 127.0.0.1."""

from __future__ import annotations

import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kunak.frame.tongue import spoken

if TYPE_CHECKING:
    from kunak.desk.app import Desk

_ = spoken("kunak.desk").gettext

DEFAULT_DESK: Final = Path.home() / ".kunak"  # where `kunak org` puts it, if it is not told otherwise


def desk(
    vault: Annotated[
        Path, typer.Option("--desk", "--vault", help=_("This desk's folder, made by `kunak org create` or `join`."))
    ] = DEFAULT_DESK,
    port: Annotated[int, typer.Option(help=_("Port on 127.0.0.1; 0 takes a free one."), min=0, max=65_535)] = 0,
    lock_after: Annotated[
        int, typer.Option(help=_("Minutes without a key or a click after which the desk locks itself."), min=1)
    ] = 10,
) -> None:
    """Open the desk in a browser of this machine. It is locked until you give the passphrase there."""
    import uvicorn  # noqa: PLC0415 - only this command needs a server

    from kunak.desk.app import Desk  # noqa: PLC0415 - as above
    from kunak.desk.settling import settle  # noqa: PLC0415 - as above

    if not any((vault / name).is_file() for name in ("vault.json", "vault.copy.json")):
        typer.echo(
            _("There is no vault in {folder}. Join an organisation first: kunak org join.").format(folder=vault),
            err=True,
        )
        raise typer.Exit(1)
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as taken:
        typer.echo(
            _("Port {port} is taken by another program. Choose another with --port, or leave it out.").format(
                port=port
            ),
            err=True,
        )
        raise typer.Exit(1) from taken
    door = Desk(vault, int(listening.getsockname()[1]), lock_after=lock_after * 60)
    _print_address(door)
    if sys.stdin.isatty():
        threading.Thread(target=_print_addresses, args=(door,), daemon=True).start()
    config = uvicorn.Config(
        door, access_log=False, log_level="warning", server_header=False, timeout_graceful_shutdown=3
    )
    settle()
    uvicorn.Server(config).run(sockets=[listening])


def _print_address(door: Desk) -> None:
    typer.echo(_("Open this address in a browser of this machine. It works once, within ten minutes:"))
    typer.echo(f"  {door.guard.address()}")
    typer.echo(_("For another one press Enter here. Ctrl-C closes the desk."))


def _print_addresses(door: Desk) -> None:
    for _line in sys.stdin:
        _print_address(door)
