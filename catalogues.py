"""Compiles every room's text catalogue (`<room>/locale/<language>.po`) beside its source, at install time."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent / "src" / "kunak"


def compile_all(root: Path = ROOT) -> int:
    """The number of catalogues compiled; a catalogue that cannot be read stops the build."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - Babel is there at build time only
    from babel.messages.pofile import read_po  # noqa: PLC0415

    count = 0
    for source in sorted(root.rglob("locale/*.po")):
        with source.open("rb") as po:
            catalogue = read_po(po, locale=source.stem, abort_invalid=True)
        with source.with_suffix(".mo").open("wb") as mo:
            write_mo(mo, catalogue)
        count += 1
    return count


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # called by hand: `python catalogues.py`
    pass
else:

    class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling names no parameter
        PLUGIN_NAME = "custom"

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's own names
            compile_all()


if __name__ == "__main__":
    sys.stdout.write(f"{compile_all()} catalogues compiled\n")
