"""`kunak relay`: hands over to a process of its own that forgets what it freed, and that has loaded nothing of a desk."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from kunak.frame.tongue import spoken

_ = spoken("kunak").gettext

# Python's own allocator keeps what was freed; glibc's, asked so, overwrites it (DESIGN §2: 77 copies of a letter in memory
# without this, none with it). That overwriting passes by the small blocks of glibc's per-thread cache (malloc/malloc.c, _int_free
# before 2.42), which is therefore switched off: measured, letters stood in it. All must be set before a process starts, hence
# a second one in this one's place.
MEMORY_MEASURE: Final = {
    "PYTHONMALLOC": "malloc",
    "MALLOC_PERTURB_": "165",
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0",
}
# Each thread would get arenas of its own, which keep room that nobody uses: 20 MB of it.
FEW_ARENAS: Final = {"MALLOC_ARENA_MAX": "2"}


def start(options: dict[str, str | int | None]) -> None:
    """Become the server (relay_server.Options). Never returns."""
    # -P: nothing is imported from the folder in which the operator happens to stand.
    command = [sys.executable, "-P", "-m", "kunak.relay_server"]
    # Through the environment: a database's address holds a password, and everybody may read another's command line.
    environment = os.environ | MEMORY_MEASURE | FEW_ARENAS | {"KUNAK_RELAY_OPTIONS": json.dumps(options)}
    os.execve(sys.executable, command, environment)  # noqa: S606 - this very interpreter


def relay(
    data: Annotated[Path, typer.Option(help=_("Folder for the relay's database and files."))],
    organisation: Annotated[Path, typer.Option(help=_("organisation.json, made by `kunak org create`."))],
    host: Annotated[str, typer.Option(help=_("Address to listen on."))] = "127.0.0.1",
    port: Annotated[int, typer.Option(help=_("Port to listen on."), min=1, max=65_535)] = 8400,
    database: Annotated[
        str | None,
        typer.Option(help=_("postgresql:// address, instead of a file in the folder."), envvar="KUNAK_DATABASE"),
    ] = None,
    files: Annotated[
        str | None, typer.Option(help=_("s3:// address for files, instead of the folder."), envvar="KUNAK_FILES")
    ] = None,
    files_a_day: Annotated[
        int, typer.Option(help=_("GiB of files that persons may send in a day, all together."), min=0)
    ] = 4,
    keep_free: Annotated[int, typer.Option(help=_("GiB of disk that persons leave free for the desks."), min=0)] = 2,
    certificate: Annotated[Path | None, typer.Option(help=_("TLS certificate chain (PEM)."))] = None,
    key: Annotated[Path | None, typer.Option(help=_("TLS private key (PEM)."))] = None,
) -> None:
    """Run the relay: the mailbox pages for persons, and the log for desks."""
    if (certificate is None) != (key is None):
        typer.echo(_("TLS needs both: give --certificate and --key, or neither."), err=True)
        raise typer.Exit(1)
    options = {"data": data, "organisation": organisation, "certificate": certificate, "key": key}
    texts = {name: str(path) if path else None for name, path in options.items()}
    limits = {"files_a_day": files_a_day, "keep_free": keep_free}
    start({**texts, **limits, "host": host, "port": port, "database": database, "files": files})
