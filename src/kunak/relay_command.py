"""`kunak relay`: runs the front door with the memory measure, without an access log."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

# Python's own allocator keeps what was freed; glibc's, asked so, overwrites it (DESIGN §2: 77 copies of a letter in memory
# without this, none with it). That overwriting passes by the small blocks of glibc's per-thread cache (malloc/malloc.c, _int_free
# before 2.42), which is therefore switched off: measured, letters stood in it. All must be set before the process starts, hence
# the second start.
MEMORY_MEASURE: Final = {
    "PYTHONMALLOC": "malloc",
    "MALLOC_PERTURB_": "165",
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0",
}


def forget_freed_memory(options: list[str]) -> None:
    """Start this command again with the memory measure, unless it has it already.

    The second start is this module alone: the rooms of the desk, which `kunak.cli` knows, do not even stand in the memory of
    the process that is on the internet.
    """
    if all(os.environ.get(name) == value for name, value in MEMORY_MEASURE.items()):
        return
    command = [sys.executable, "-m", "kunak.relay_command", *options]
    os.execve(sys.executable, command, os.environ | MEMORY_MEASURE)  # noqa: S606 - ourselves


def relay(
    data: Annotated[Path, typer.Option(help="Folder for the relay's database and files.")],
    organisation: Annotated[Path, typer.Option(help="organisation.json, made by `kunak org create`.")],
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8400,
    database: Annotated[
        str | None,
        typer.Option(help="postgresql:// address, instead of a file in the folder.", envvar="KUNAK_DATABASE"),
    ] = None,
    certificate: Annotated[Path | None, typer.Option(help="TLS certificate chain (PEM).")] = None,
    key: Annotated[Path | None, typer.Option(help="TLS private key (PEM).")] = None,
) -> None:
    """Run the relay: the mailbox pages for persons, and the log for desks."""
    tls = [f"--certificate={certificate}"] if certificate else []
    tls += [f"--key={key}"] if key else []
    forget_freed_memory([f"--data={data}", f"--organisation={organisation}", f"--host={host}", f"--port={port}", *tls])
    import uvicorn  # noqa: PLC0415 - only this command needs a server; the desk's commands start faster without

    from kunak import front  # noqa: PLC0415 - as above
    from kunak.mailbox.forgetting import Forgetting  # noqa: PLC0415 - as above
    from kunak.relay.refusals import Refused  # noqa: PLC0415 - as above

    try:
        door = front.app(front.Settings(data=data, organisation=organisation, database=database))
    except (Refused, OSError) as trouble:
        typer.echo(str(trouble), err=True)
        raise typer.Exit(1) from trouble
    # The server raises the signal again once all is finished; being asked to stop is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    Forgetting.freeze()
    uvicorn.run(
        door,
        host=host,
        port=port,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        http="h11",  # the memory measure was tried with it; a parser with memory of its own would have to be tried first
        access_log=False,  # no address, no agent, no path is written anywhere
        log_level="warning",
        server_header=False,
        date_header=False,  # the relay's clock is nobody's business
        proxy_headers=False,
        timeout_graceful_shutdown=30,  # seconds that running requests get to finish
    )


if __name__ == "__main__":
    typer.run(relay)
