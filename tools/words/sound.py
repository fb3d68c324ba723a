"""What a word sounds like on a bad line, to somebody who hears it once: words that share a key must not both be in a list."""

from __future__ import annotations

import re

# Unstressed Russian vowels fall together (о–а, е–и–я); stress is not written, so they fall together here everywhere.
_RU_VOWELS = str.maketrans("оёеэыия" + "ю", "аиииииа" + "у")
# Voiced consonants lose their voice at the end and before voiceless ones; a telephone takes it from the others too.
_RU_VOICE = str.maketrans("бвгджз", "пфктшс")
_RU_CLUSTERS = (
    ("стн", "сн"),
    ("здн", "сн"),
    ("стл", "сл"),
    ("лнц", "нц"),
    ("рдц", "рц"),
    ("вств", "ств"),
    ("тьс", "ц"),
    ("тс", "ц"),
    ("дс", "ц"),
    ("сч", "щ"),
    ("зч", "щ"),
    ("жч", "щ"),
    ("шч", "щ"),
    ("чн", "шн"),
    ("дж", "ж"),
    ("тч", "ч"),
    ("дч", "ч"),
)


def russian(word: str) -> str:
    """A key: equal for words that may be taken for each other by ear."""
    key = word
    for written, heard in _RU_CLUSTERS:
        key = key.replace(written, heard)
    key = key.replace("ь", "").replace("ъ", "").replace("й", "")
    key = key.translate(_RU_VOWELS).translate(_RU_VOICE).replace("щ", "ш")
    return re.sub(r"(.)\1+", r"\1", key)


# Learners' English: vowels that other languages do not tell apart, and consonants that they lack or a telephone blurs.
_EN_SAME = {
    "IY": "I", "IH": "I", "EH": "E", "AE": "E", "EY": "E", "AA": "A", "AH": "A", "AO": "O", "OW": "O", "UH": "U", "UW": "U",
    "AY": "1", "AW": "2", "OY": "3", "ER": "R", "TH": "S", "Z": "S", "DH": "S", "S": "S", "ZH": "H", "SH": "H", "JH": "C", "CH": "C",
    "V": "F", "F": "F", "W": "W", "B": "P", "P": "P", "D": "T", "T": "T", "G": "K", "K": "K", "NG": "N", "N": "N", "M": "M",
    "L": "L", "R": "R", "Y": "Y", "HH": "X",
}  # fmt: skip


def english(phonemes: list[str]) -> str:
    """A key from a pronunciation in ARPAbet (the CMU Pronouncing Dictionary)."""
    key = "".join(_EN_SAME[phoneme.rstrip("012")] for phoneme in phonemes)
    return re.sub(r"(.)\1+", r"\1", key)
