"""The words of a text, without their endings: so that a search for «задержали» finds «задержан», and «отец» finds «отца».

Text in, words out; Russian and English. Endings are cut by the Snowball stemmers (Porter 2001). Snowball keeps the fleeting vowel
of «отец / отца», «звонок / звонка», «денег / деньги» apart, in words that our people use daily, so it is cut here afterwards.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

WORD = re.compile(r"[^\W_]+")
# A phone number as people write it: seven digits and more, with spaces, brackets, hyphens.
PHONE = re.compile(r"\+?\d(?:[\s()\-.]{0,2}\d){6,}")
FLEETING = re.compile(r"(?<=.{2})(?:[еоь](?=[цкг]$)|е(?=р$))")
LONGEST = 40  # letters: what is longer is no word that anybody searches for

_russian = snowballstemmer.stemmer("russian")
_english = snowballstemmer.stemmer("english")


def plain(text: str) -> str:
    """The text in lower case, with е for ё, in one Unicode spelling."""
    return unicodedata.normalize("NFKC", text).lower().replace("ё", "е")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """A plain word without its ending."""
    word = word[:LONGEST]
    if word.isdecimal():
        return word
    if word.isascii():
        return str(_english.stemWord(word))
    return FLEETING.sub("", str(_russian.stemWord(word)))


def phone(digits: str) -> str:
    """The national part of a phone number: +7 928…, 8 928… and 928… are one number."""
    only = "".join(letter for letter in digits if letter.isdecimal())
    return only[-10:]


def stems(text: str) -> list[str]:
    """Every word of the text without its ending, in order; after them its phone numbers in one piece."""
    text = plain(text)
    words = [stem(word) for word in WORD.findall(text)]
    return words + [phone(number) for number in PHONE.findall(text)]


def match(asked: str) -> str:
    """What was typed, as an FTS5 expression: all words must occur; the last may be half typed. Empty if nothing can be searched."""
    text = plain(asked)
    parts = [f'"{phone(number)}"' for number in PHONE.findall(text)]
    words = WORD.findall(PHONE.sub(" ", text))
    parts += [f'"{stem(word)}"' for word in words[:-1]]
    if words:
        last = words[-1][:LONGEST]
        parts.append(f'("{stem(last)}" OR "{last}"*)')
    return " AND ".join(parts)


def spans(text: str, asked: str) -> list[tuple[int, int]]:
    """Where in the text the asked words stand, as (from, to): for marking what was found."""
    wanted = {stem(word) for word in WORD.findall(plain(asked))}
    return [hit.span() for hit in WORD.finditer(text) if stem(plain(hit.group())) in wanted]
