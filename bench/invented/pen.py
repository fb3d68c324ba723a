"""How a pen slips: typing and reading errors, variants and short forms of a name."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

NEAR = {
    "а": "оэ",
    "о": "ае",
    "е": "ис",
    "и": "еын",
    "у": "оц",
    "м": "и",
    "н": "ип",
    "р": "п",
    "с": "з",
    "т": "г",
    "л": "п",
}


@dataclass
class Pen:
    """Spoils words; `forms` holds the variants and the short forms of a name."""

    rng: random.Random
    forms: Mapping[str, tuple[list[str], list[str]]]

    def slip(self, word: str) -> str:
        """One typing or reading error."""
        if len(word) < 4:
            return word
        at, kind = self.rng.randrange(1, len(word)), self.rng.random()
        if kind < 0.25 and at < len(word) - 1:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if kind < 0.45:
            return word[:at] + word[at + 1 :]
        if kind < 0.65:
            return word[:at] + word[at] + word[at:]
        letters = "abdeiklmnorstuvy" if word.isascii() else NEAR.get(word[at], "аеоинтсрвлку")
        return word[:at] + self.rng.choice(letters) + word[at + 1 :]

    def variant(self, name: str) -> str:
        variants = self.forms.get(name, ([], []))[0]
        if variants and self.rng.random() < 0.7:
            return self.rng.choice(variants)
        soft = {"д": "т", "т": "д", "и": "е", "е": "и", "о": "а", "у": "о", "х": "хь", "к": "къ", "б": "п", "а": "аь"}
        spots = [i for i, c in enumerate(name) if i and c in soft]
        if not spots:
            return name
        at = self.rng.choice(spots)
        return name[:at] + soft[name[at]] + name[at + 1 :]

    def short(self, name: str) -> str:
        shorts = self.forms.get(name, ([], []))[1]
        return (
            self.rng.choice(shorts)
            if shorts and self.rng.random() < 0.8
            else name.split("-", maxsplit=1)[0][:4].rstrip("аеиоуья") + "ик"
        )
