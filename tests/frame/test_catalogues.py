"""Everything that people read stands in every catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import catalogues

ROOMS = sorted(
    room
    for room in (catalogues.ROOT, *catalogues.ROOT.iterdir())
    if room.is_dir() and any(message.id for message in catalogues.sentences(room))
)
CATALOGUES = sorted([*catalogues.ROOT.glob("locale/*.po"), *catalogues.ROOT.glob("*/locale/*.po")])
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}")


def read(source: Path) -> Catalog:
    with source.open("rb") as po:
        return read_po(po, locale=source.stem)


def test_there_are_sentences_to_check() -> None:
    assert "frame" in [room.name for room in ROOMS]
    assert sum(1 for message in catalogues.sentences(catalogues.ROOT / "frame") if message.id) > 10


def both(text: object) -> tuple[str, ...]:
    """A sentence, or its singular and plural."""
    return tuple(map(str, text)) if isinstance(text, (tuple, list)) else (str(text or ""),)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_sentence_of_a_room_is_in_its_russian_catalogue(room: Path) -> None:
    russian = read(room / "locale" / "ru.po")
    untranslated = []
    for message in catalogues.sentences(room):
        known = russian.get(message.id, message.context) if message.id else message
        if message.id and (known is None or known.fuzzy or not all(both(known.string))):
            untranslated.append(message.id)
    assert untranslated == [], "run `python catalogues.py collect` and translate what stands there empty"


@pytest.mark.parametrize("source", CATALOGUES, ids=lambda source: f"{source.parent.parent.name}-{source.stem}")
def test_a_translation_keeps_the_places_of_its_sentence(source: Path) -> None:
    for message in read(source):
        wanted = set(PLACEHOLDER.findall(both(message.id)[-1]))
        if message.id:
            assert all(set(PLACEHOLDER.findall(string)) <= wanted for string in both(message.string)), message.id
            assert set(PLACEHOLDER.findall(both(message.string)[-1])) == wanted, message.id


def test_rooms_of_one_door_do_not_translate_one_sentence_differently() -> None:
    """The catalogues of a door are looked through in turn: two translations would hide one another."""
    words: dict[tuple[str, str | None, str], object] = {}
    for source in CATALOGUES:
        for message in read(source):
            if message.id:
                key = (str(message.id), message.context, source.stem)
                assert words.setdefault(key, message.string) == message.string, f"{source}: {key}"
