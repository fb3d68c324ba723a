"""Sizes of files as people say them."""

from __future__ import annotations

from gettext import NullTranslations

_KB, _MB = 1_000, 1_000_000


def written_size(size: int, words: NullTranslations) -> str:
    """`340 kB`, `2.4 MB`: decimal units, as phones show them."""
    if size < _KB:
        return words.gettext("{number} bytes").format(number=size)
    if size < _MB:
        return words.gettext("{number} kB").format(number=round(size / _KB))
    return words.gettext("{number} MB").format(
        number=words.pgettext("decimal sign", ".").join(f"{size / _MB:.1f}".split("."))
    )
