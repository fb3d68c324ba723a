"""A person's code: seven words, and what follows from them (docs/formats/code.md)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from typing import Self

from nacl.pwhash import argon2id

from kunak.sealing.derive import derive
from kunak.sealing.hybrid import Identity
from kunak.sealing.spelling import ALPHABETS, suggestions, typed_words

LANGUAGES = ("ru", "en")
WORDS = 7
LIST_SIZE = 7_776
ROOT_SIZE = 32
# RFC 9106 has no smaller profile; OWASP's for 19 MiB. With 90 bits in the words it only has to slow down who saw some of them.
MEMORY = 19 * 1024 * 1024
PASSES = 2
_FINGERPRINT_WORDS = 6


class CodeMistake(Exception):
    """What was typed is not a code.

    `words` as read; `count` of them; `suggestions`: place of each word that is in no list → words that may be meant (perhaps none),
    best first; `language`: in which it was read.
    """

    def __init__(self, words: list[str], suggestions: dict[int, list[str]], language: str = LANGUAGES[0]) -> None:
        unknown = ", ".join(str(place + 1) for place in sorted(suggestions))
        # The sentence names places, never words: it may end in a log.
        super().__init__(
            f"A code has seven words; {len(words)} were given."
            if len(words) != WORDS
            else f"Not in the list: word {unknown}."
        )
        self.words = words
        self.suggestions = suggestions
        self.count = len(words)
        self.language = language


@dataclass(frozen=True, slots=True)
class Code:
    """Seven words of one language's list, as spelled there."""

    words: tuple[str, ...]
    language: str

    @property
    def spelling(self) -> str:
        return " ".join(self.words)

    def __str__(self) -> str:
        return self.spelling

    def __repr__(self) -> str:
        return "Code(…)"


@cache
def word_list(language: str) -> tuple[str, ...]:
    """7,776 words, sorted."""
    text = files("kunak.sealing").joinpath("words", f"{language}.txt").read_text("utf-8")
    return tuple(text.split())


@cache
def _known(language: str) -> frozenset[str]:
    return frozenset(word_list(language))


def new_code(language: str) -> Code:
    """A code of about 90 bits."""
    words = word_list(language)
    return Code(tuple(secrets.choice(words) for _ in range(WORDS)), language)


def read_code(text: str, language: str | None = None) -> Code:
    """The code that was typed, however generously. Raises CodeMistake, which says what may be meant; nothing is guessed."""
    readings = {one: typed_words(text, one, _known(one)) for one in ([language] if language else LANGUAGES)}
    for candidate, words in readings.items():
        if len(words) == WORDS and all(word in _known(candidate) for word in words):
            return Code(tuple(words), candidate)
    # The language in which most of it makes sense; then the one in whose letters most of it is written.
    likely = max(readings, key=lambda one: (_understood(readings[one], one), _written_in(readings[one], one)))
    words = readings[likely]
    doubts = {
        place: suggestions(word, likely, _known(likely), word_list(likely))
        for place, word in enumerate(words)
        if word not in _known(likely)
    }
    raise CodeMistake(words, doubts, likely)


def root_of(code: Code, organisation: bytes) -> bytes:
    """32 bytes by Argon2id; `organisation` is its id (16 bytes), so that no table serves against two helplines."""
    return argon2id.kdf(ROOT_SIZE, code.spelling.encode(), organisation, opslimit=PASSES, memlimit=MEMORY)


class MailboxKeys:
    """What follows from a code's root: where the mailbox is, what opens it."""

    def __init__(self, root: bytes) -> None:
        self.root = bytes(root)
        self.mailbox = derive(root, "kunak/1 mailbox id", size=16)
        self.letter_key = derive(root, "kunak/1 mailbox letter key")
        self.state_key = derive(root, "kunak/1 mailbox state key")
        self.access = derive(root, "kunak/1 mailbox access")

    @classmethod
    def from_root(cls, root: bytes) -> Self:
        return cls(root)

    @cached_property
    def identity(self) -> Identity:
        """Opens replies. Costs more than the rest, and posting does not need it."""
        return Identity.from_seed(derive(self.root, "kunak/1 mailbox age seed"))

    def __repr__(self) -> str:
        return "MailboxKeys(…)"


def fingerprint(root_public: bytes, language: str) -> list[str]:
    """Six words that stand for the organisation's root key: read over the phone, printed, asked of a friend."""
    first_bits = int.from_bytes(sha256(b"kunak/1 fingerprint" + root_public).digest()[:10], "big") >> 2
    number = first_bits % LIST_SIZE**_FINGERPRINT_WORDS
    words = []
    for _ in range(_FINGERPRINT_WORDS):
        number, place = divmod(number, LIST_SIZE)
        words.append(word_list(language)[place])
    return words[::-1]


def _understood(words: list[str], language: str) -> int:
    return sum(word in _known(language) for word in words)


def _written_in(words: list[str], language: str) -> int:
    return sum(letter in ALPHABETS[language] for word in words for letter in word)
