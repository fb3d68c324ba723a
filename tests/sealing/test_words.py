"""The word lists: whole, unlike each other, and never changed."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files

import pytest

from kunak.sealing.code import LANGUAGES, LIST_SIZE, word_list
from kunak.sealing.spelling import ALPHABETS, _one_slip
from tools.words.sound import russian
from tools.words.unwanted import Unwanted

# A code is spelled with these words. Whoever changes a list takes their mailbox from everybody who already holds a code.
DIGESTS = {
    "ru": "5869281db88e6a66a1268d1595bb4b330615b20ff3053cb17f340aed78e143da",
    "en": "1a6b32a7501daf20d0a5a9ddefd06dae591c4362d953bd2a1c5d232b73ad7c71",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_never_changes(language: str) -> None:
    raw = files("kunak.sealing").joinpath("words", f"{language}.txt").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == DIGESTS[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_has_7776_different_words_in_order_and_of_one_alphabet(language: str) -> None:
    words = word_list(language)
    assert len(words) == LIST_SIZE == len(set(words))
    assert list(words) == sorted(words)
    assert [word for word in words if not re.fullmatch(f"[{ALPHABETS[language]}]{{4,9}}", word)] == []
    assert sum(len(word) > 8 for word in words) < LIST_SIZE // 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_slip_never_turns_a_word_into_another(language: str) -> None:
    known = set(word_list(language))
    near = {word: found for word in known if (found := (_one_slip(word, ALPHABETS[language]) & known) - {word})}
    assert near == {}


def test_no_two_russian_words_sound_alike() -> None:
    words = word_list("ru")
    assert len({russian(word) for word in words}) == len(words)
    assert russian("балет") == russian("полёт")  # the key hears what a telephone leaves


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_unwanted_word_stands_in_a_list(language: str) -> None:
    unwanted = Unwanted(language)
    assert [word for word in word_list(language) if word in unwanted] == []
    assert {"ru": "тюрьма", "en": "prison"}[language] in unwanted
