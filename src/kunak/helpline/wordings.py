"""Reply templates: those that the organisation wrote, and in a new organisation those that we propose.

A template is one text in each language; helpers change them at any time, and none is ever sent without being read first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from kunak.helpline.tables import PREFIX
from kunak.vault import multivalue

if TYPE_CHECKING:
    from kunak.vault.multivalue import Value
    from kunak.vault.store import Database


@dataclass(frozen=True)
class Wording:
    """`replaces`: the entries that the next text replaces; `proposed`: nobody of the organisation has written it yet."""

    wording: str
    language: str
    title: str
    text: str
    replaces: list[str]
    proposed: bool = False
    disputed: bool = False


@cache
def proposals(language: str) -> tuple[Wording, ...]:
    """What we propose: `replies/<language>.txt`, texts parted by lines of dashes, each beginning with `id: title`."""
    source = files("kunak.helpline").joinpath("replies", f"{language}.txt")
    if not source.is_file():
        return ()
    found = []
    for part in source.read_text("utf-8").split("\n----\n"):
        head, _, text = part.strip().partition("\n")
        wording, _, title = head.partition(":")
        found.append(Wording(wording.strip(), language, title.strip(), text.strip(), [], proposed=True))
    return tuple(found)


def all_in(db: Database, language: str) -> list[Wording]:
    """The templates of one language, by title."""
    found = {wording.wording: wording for wording in proposals(language)}
    written: dict[str, list[Value]] = {}
    rows = db.execute(
        f"SELECT DISTINCT subject FROM {PREFIX}_values WHERE field = ? AND head = 1 AND subject LIKE 'w-%'",  # noqa: S608
        (language,),
    ).fetchall()
    for (subject,) in rows:
        written[subject] = multivalue.heads(db, PREFIX, subject, language)
    for subject, values in written.items():
        title, text = msgspec.json.decode(values[0].value)
        found.pop(subject, None)
        if text:
            entries = [value.entry for value in values]
            found[subject] = Wording(subject, language, title, text, entries, disputed=len(values) > 1)
    return sorted(found.values(), key=lambda wording: wording.title)


def heads(db: Database, wording: str, language: str) -> list[str]:
    """The entries that the next text of a template replaces."""
    return [value.entry for value in multivalue.heads(db, PREFIX, wording, language)]
