"""Whether a pseudonym is none: what looks like a telephone number, an address of mail or a messenger, or a name with its patronymic. Pure.

Coordinators plan by pseudonyms (DESIGN §2: a coordinator's desk yields no name and no contact). Nobody can tell every name from a word;
these are the slips of a tired hand: the number copied from the letter, the person's name written where the pseudonym belongs.
"""

from __future__ import annotations

import re
from typing import Final

from kunak.frame.words import mark

PHONE: Final = mark(
    "This looks like a telephone number. Planning sees pseudonyms only: write a word that says nothing about the person."
)
ADDRESS: Final = mark(
    "This looks like an address of mail or of a messenger. Planning sees pseudonyms only: write a word that says nothing about the person."
)
NAME: Final = mark(
    "This looks like a person's name. Planning sees pseudonyms only: write a word that says nothing about the person."
)
CONTACT: Final = mark(
    "Coordinators read this, and it must not say who the person is or how to reach them. Take the number or the address out."
)

# Seven digits and more, with what people write between them; a mark of letters and digits (an id) is none.
_PHONE = re.compile(r"(?<![0-9A-Za-zА-яЁё])\+?\d(?:[ \u00a0().–-]{0,2}\d){6,}(?![0-9A-Za-zА-яЁё])")
_DAY = re.compile(r"\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4})\b")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w|(?:^|\s)@\w{4,}|\b(?:t\.me|wa\.me|vk\.com|instagram\.com)/", re.IGNORECASE)
_PATRONYMIC = re.compile(r"(?:ович|евич|ьич|овна|евна|ична|инична|ovich|evich|ovna|evna|ichna)$", re.IGNORECASE)


def reaches(text: str) -> bool:
    """Whether somebody could be reached by what stands in it."""
    return _phone(text) or _ADDRESS.search(text) is not None


def betrays(pseudonym: str) -> str:
    """What is wrong with it, a sentence to be translated; or empty."""
    if _phone(pseudonym):
        return PHONE
    if _ADDRESS.search(pseudonym):
        return ADDRESS
    words = re.findall(r"[^\W\d_]+", pseudonym)
    return NAME if len(words) > 1 and any(_PATRONYMIC.search(word) for word in words) else ""


def _phone(text: str) -> bool:
    return _PHONE.search(_DAY.sub(" ", text)) is not None
