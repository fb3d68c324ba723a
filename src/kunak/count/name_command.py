"""`kunak name`: how a name is read, so that a speaker sees what a correction of names/ does (docs/names.md)."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kunak.frame.tongue import spoken

if TYPE_CHECKING:
    from kunak.count.linkage.reading import Reading

_ = spoken("kunak.count").gettext

_LABELS = {
    "en": ("given name", "may also be", "father", "surname", "sex", "place"),
    "ru": ("имя", "может быть и", "отец", "фамилия", "пол", "место"),
}
_SEX = {"en": {"m": "man", "f": "woman"}, "ru": {"m": "мужчина", "f": "женщина"}}
_VERDICT = {
    "en": {"": "nothing in these names speaks against one person", "given": "two people: the given names differ",
           "father": "two people: the fathers' names differ", "sex": "two people: a man and a woman",
           "nobody": "one of them names nobody: no record like it is ever linked",
           "surname": "the surnames differ: only much else could make them one person"},
    "ru": {"": "в этих именах ничто не против того, что это один человек", "given": "разные люди: имена разные",
           "father": "разные люди: отчества разные", "sex": "разные люди: мужчина и женщина",
           "nobody": "одно из них никого не называет: такая запись ни с кем не связывается",
           "surname": "фамилии разные: одним человеком их сделает только многое другое"},
}  # fmt: skip


def name(
    written: Annotated[
        list[str], typer.Argument(metavar="NAME [NAME]", help=_("a full name as a list has it, in quotes"))
    ],
    place: Annotated[str, typer.Option(metavar="PLACE", help=_("where the person lives, as a list has it"))] = "",
    names: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help=_("your own given.csv, places.csv, letters.toml ..."))
    ] = None,
) -> None:
    """Show how a name is read; with two names, whether they may be one person's."""
    # The count extra is heavy and not everybody's: it is loaded when it is used.
    from kunak.count.complaints import BadInputError, in_terminal, language  # noqa: PLC0415
    from kunak.count.linkage.clusters import Caution, Profile, contradiction  # noqa: PLC0415
    from kunak.count.linkage.reading import Record, read_record  # noqa: PLC0415
    from kunak.count.linking import know_names  # noqa: PLC0415

    spoken = language()
    try:
        known, tables = know_names(names)
    except BadInputError as error:
        typer.echo(in_terminal(error.why), err=True)
        raise typer.Exit(2) from error
    readings = [read_record(Record("", "", one, place=place), known) for one in written]
    for one, reading in zip(written, readings, strict=True):
        typer.echo(f"{one}\n{_shown(reading, spoken)}")
    for first, second in itertools.pairwise(readings):
        profiles = Profile.of(0, first), Profile.of(1, second)
        differs = contradiction(*profiles, Caution(**tables.model["caution"]))
        if not differs and first.name.surname and second.name.surname and first.name.surname != second.name.surname:
            differs = "surname"
        typer.echo(_VERDICT[spoken][differs])


def _shown(reading: Reading, spoken: str) -> str:
    """What was understood, a line each; what was not given is left out. An unknown name shows its sounds."""
    person = reading.name
    others = [n for n in person.given.maybe if n != person.given.name]
    values = (
        person.given.name or person.given.initials, ", ".join(others[:8]), person.father.name or person.father.initials,
        person.surname, _SEX[spoken].get(person.sex, ""), reading.place,
    )  # fmt: skip
    return "\n".join(f"  {label:12} {value}" for label, value in zip(_LABELS[spoken], values, strict=True) if value)
