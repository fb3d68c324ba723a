"""In which language the commands speak: KUNAK_LANGUAGE, then what the system says (LC_ALL, LC_MESSAGES, LANG; POSIX, section 8.2).

Loads nothing but the catalogue: every command may import it, whatever is installed.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

NAMES: Final = ("KUNAK_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def language(environment: Mapping[str, str] | None = None) -> str:
    """Two letters; `en` if the environment says nothing, or C, or POSIX."""
    known = os.environ if environment is None else environment
    said = next((known[name] for name in NAMES if known.get(name)), "")
    word = said.replace("-", "_").partition(".")[0].partition("_")[0].lower()
    return word if word not in ("", "c", "posix") else "en"


def spoken(*packages: str) -> gettext.NullTranslations:
    """The words of these packages; what no catalogue has stays English."""
    words = gettext.NullTranslations()
    for package in packages:
        compiled = files(package).joinpath("locale", f"{language()}.mo")
        if compiled.is_file():
            with compiled.open("rb") as mo:
                words.add_fallback(gettext.GNUTranslations(mo))
    return words
