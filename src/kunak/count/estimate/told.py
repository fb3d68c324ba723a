"""What the brain says to its reader, in English and in Russian. A `Told` is the English sentence and knows the Russian one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kunak.count.estimate.sentences import SENTENCES


class Told(str):
    """A sentence for the reader: the English one, with the Russian beside it."""

    __slots__ = ("russian",)
    russian: str


def both(english: str, russian: str, **values: object) -> Told:
    """A sentence in both languages, filled with its values."""
    sentence = Told(english.format(**values))
    sentence.russian = russian.format(**{name: spoken(value, "ru") for name, value in values.items()})
    return sentence


def teller(sentences: Mapping[str, tuple[str, str]]) -> Callable[..., Told]:
    """Says the sentence of a key with its values. A value that is itself `Told` speaks the language of the sentence."""

    def say(key: str, **values: object) -> Told:
        english, russian = sentences[key]
        return both(english, russian, **values)

    return say


told = teller(SENTENCES)


def spoken(value: object, language: str) -> str:
    """A sentence in this language (en or ru); numbers, names and what has no Russian as they are."""
    return value.russian if language == "ru" and isinstance(value, Told) else str(value)


def people(number: float) -> str:
    """A number of people, as it is read in both languages."""
    return f"{number:,.0f}".replace(",", "\N{NARROW NO-BREAK SPACE}")
