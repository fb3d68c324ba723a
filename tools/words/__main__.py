"""Chooses 7,776 words a language and writes the lists."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tools.words import english, russian
from tools.words.distance import Near
from tools.words.unwanted import Unwanted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.words.candidate import Candidate

SIZE = 7_776
TARGET = Path(__file__).resolve().parents[2] / "src" / "kunak" / "sealing" / "words"


def choose(candidates: Iterable[Candidate], unwanted: Unwanted, size: int = SIZE) -> list[str]:
    """The best words of which no two are one slip apart, and no two sound alike. Earlier tiers first; frequent before rare."""
    near, sounds, prefixes, chosen = Near(1), set[str](), set[str](), list[str]()
    wanted = [one for one in candidates if one.word not in unwanted]
    for tier in sorted({one.tier for one in wanted}):
        group = sorted((one for one in wanted if one.tier == tier), key=lambda one: -one.frequency)
        # Two rounds: first the words whose beginning of four letters is still free, because a hint or a paper's edge shows that much.
        for fresh in (True, False):
            for one in group:
                if len(chosen) == size:
                    return chosen
                if fresh != (one.word[:4] not in prefixes) and fresh:
                    continue
                if near.has_near(one.word) or not sounds.isdisjoint(one.sounds):
                    continue
                near.add(one.word)
                sounds.update(one.sounds)
                prefixes.add(one.word[:4])
                chosen.append(one.word)
    return chosen


def main() -> None:
    for language, candidates in (("ru", russian.candidates()), ("en", english.candidates())):
        words = choose(candidates, Unwanted(language))
        (TARGET / f"{language}.txt").write_text("\n".join(sorted(words)) + "\n", "utf-8")
        beginnings = [len({word[:length] for word in words}) for length in (4, 5)]
        sys.stdout.write(
            f"{language}: {len(words)} words, {beginnings[0]} beginnings of 4 letters, {beginnings[1]} of 5; last: {words[-8:]}\n"
        )


if __name__ == "__main__":
    main()
