"""Sentences that never change are translated when a template is compiled, not each time a page is shown.

Each language has an environment of its own (render.py), so `{{ _("Send") }}` is a constant there. What takes values, or stands inside an
expression, is translated when the page is made, as Jinja does it.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from typing import Final

from jinja2 import Environment
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

_BEGINS: Final = ("variable_begin", "name", "lparen", "string")
_SENTENCE: Final = (*_BEGINS, "rparen", "variable_end")
_WITH_CONTEXT: Final = (*_BEGINS, "comma", "string", "rparen", "variable_end")


class SpokenAhead(Extension):
    """Replaces `{{ _("…") }}` and `{{ pgettext("…", "…") }}` by their words; `speak` gives them to an environment."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens of a template, with translated text in the place of constant calls."""
        held: list[Token] = []
        for token in stream:
            held.append(token)
            kinds = tuple(each.type for each in held)
            if kinds in (_SENTENCE, _WITH_CONTEXT):
                said = self._said(held)
                if said is not None:
                    yield Token(held[0].lineno, "data", said)
                    held = []
            if held and not any(kinds == known[: len(kinds)] for known in (_SENTENCE, _WITH_CONTEXT)):
                # Whatever begins anew with this token is looked at again from it on.
                again = token.type == "variable_begin" and len(held) > 1
                yield from held[:-1] if again else held
                held = [token] if again else []
        yield from held

    def _said(self, call: list[Token]) -> str | None:
        """What the call says; as the i18n extension does it, the words are a format without values."""
        words: gettext.NullTranslations | None = getattr(self.environment, "spoken_ahead", None)
        if words is None:
            return None
        strings = [token.value for token in call if token.type == "string"]
        match call[1].value, len(strings):
            case "_" | "gettext", 1:
                return words.gettext(strings[0]) % {}
            case "pgettext", 2:
                return words.pgettext(*strings) % {}
        return None


def speak(environment: Environment, words: gettext.NullTranslations) -> None:
    """From now on this environment compiles templates in this language."""
    environment.extend(spoken_ahead=words)
