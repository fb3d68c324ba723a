"""Every room's text catalogue (`<room>/locale/<language>.po`): compiled beside its source at install time, and kept complete.

`python catalogues.py` compiles. `python catalogues.py collect` reads the sentences of templates and code anew into every
catalogue: new ones stand there empty, ones that nobody uses any more are gone.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent / "src" / "kunak"
# `mark` is kunak.frame.words.mark, `step` and `must` say what the demo's check tried; the others are gettext's own names.
KEYWORDS: dict[str, Any] = {
    "_": None,
    "mark": None,
    "step": None,
    "must": (2,),
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def compile_all(root: Path = ROOT) -> int:
    """The number of catalogues compiled; a catalogue that cannot be read stops the build."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - Babel is there at build time only
    from babel.messages.pofile import read_po  # noqa: PLC0415

    count = 0
    for source in sorted(root.rglob("locale/*.po")):
        with source.open("rb") as po:
            catalogue = read_po(po, locale=source.stem, abort_invalid=True)
        # Written aside and moved: tests that run side by side must never read a half.
        aside = source.with_suffix(f".mo.{os.getpid()}")
        with aside.open("wb") as mo:
            write_mo(mo, catalogue)
        aside.replace(source.with_suffix(".mo"))
        count += 1
    return count


def sentences(room: Path) -> Any:
    """The sentences of one room, a `babel.messages.Catalog` without translations."""
    from babel.messages.catalog import Catalog  # noqa: PLC0415
    from babel.messages.extract import extract_from_dir  # noqa: PLC0415

    found = Catalog(project="kunak", charset="utf-8")
    # The commands stand beside the rooms.
    methods = [("templates/**.*", "jinja2"), ("**.py", "python")] if room != ROOT else [("*.py", "python")]
    options = {"templates/**.*": {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}}
    for name, line, message, comments, context in extract_from_dir(
        room, methods, options, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    ):
        found.add(message, None, [(f"{room.name}/{name}", line)], auto_comments=comments, context=context)
    return found


def collect(root: Path = ROOT) -> int:
    """Brings every catalogue of every room up to date; the number of catalogues written."""
    from babel.messages.pofile import read_po, write_po  # noqa: PLC0415

    count = 0
    for source in sorted([*root.glob("locale/*.po"), *root.glob("*/locale/*.po")]):
        with source.open("rb") as po:
            catalogue = read_po(po, locale=source.stem)
        catalogue.update(sentences(source.parent.parent), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        # The header stays as somebody wrote it, and no line numbers: dates and lines would change in every commit.
        header = source.read_bytes().partition(b"\n\n")[0]
        with source.open("wb") as po:
            po.write(header + b"\n\n")
            write_po(po, catalogue, width=120, no_location=True, sort_output=False, omit_header=True)
        count += 1
    return count


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # called by hand: `python catalogues.py`
    pass
else:

    class CatalogueHook(BuildHookInterface):  # type: ignore[misc]  # hatchling is not there to be checked
        PLUGIN_NAME = "custom"

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's own names
            compile_all()


if __name__ == "__main__":
    if sys.argv[1:] == ["collect"]:
        sys.stdout.write(f"{collect()} catalogues brought up to date\n")
    else:
        sys.stdout.write(f"{compile_all()} catalogues compiled\n")
