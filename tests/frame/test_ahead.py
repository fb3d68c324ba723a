"""A constant sentence is translated once; every page reads as if it had been translated just then."""

from __future__ import annotations

import gettext

import pytest
from jinja2 import Environment

from kunak.frame.ahead import SpokenAhead, speak

TEMPLATES = {
    '{{ _("Send") }}': "SEND",
    '<b>{{ _("100 %% <sure>") }}</b>': "<b>100 % <SURE></b>",
    '{{ gettext("a") }}{{ pgettext("of a door", "open") }}': "AOPEN/of a door",
    '{{ name }}{{ _("a") }}{{ name }}': "&lt;x&gt;A&lt;x&gt;",
    '{{ _("of %(name)s", name=name) }}': "OF &lt;x&gt;",
    '{{ _("a") if name else _("b") }}': "A",
    '{{ _("a")|lower }}': "a",
    '{% set said = _("a") %}{{ said }}': "A",
    "{{ _(name) }}": "<X>",
    '{{ len("four") }}{{ _("b") }}': "4B",
    '{{ {{ "_(" }}': None,
}  # fmt: skip


class Loud(gettext.NullTranslations):
    """Says everything in capitals, and counts."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def gettext(self, message: str) -> str:
        self.asked += 1
        return message.upper().replace("%(NAME)S", "%(name)s")

    def pgettext(self, context: str, message: str) -> str:
        self.asked += 1
        return f"{message.upper()}/{context}"


def environment(words: Loud, *, ahead: bool) -> Environment:
    made = Environment(autoescape=True, extensions=["jinja2.ext.i18n", *([SpokenAhead] if ahead else [])])
    made.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    made.globals["len"] = len
    if ahead:
        speak(made, words)
    return made


@pytest.mark.parametrize("source", [source for source, said in TEMPLATES.items() if said is not None])
def test_a_page_reads_the_same_whether_its_sentences_were_translated_ahead_or_not(source: str) -> None:
    pages = [environment(Loud(), ahead=ahead).from_string(source).render(name="<x>") for ahead in (True, False)]
    assert pages == [TEMPLATES[source]] * 2


def test_a_broken_template_is_refused_as_ever() -> None:
    broken = next(source for source, said in TEMPLATES.items() if said is None)
    with pytest.raises(Exception, match=r"expected|unexpected"):
        environment(Loud(), ahead=True).from_string(broken)


def test_a_constant_sentence_is_looked_up_once() -> None:
    words = Loud()
    template = environment(words, ahead=True).from_string(
        '{{ _("a") }}{{ pgettext("c", "b") }}{{ _("of %(name)s", name=name) }}'
    )
    asked = words.asked
    assert asked == 2
    for _ in range(3):
        template.render(name="x")
    assert words.asked == asked + 3
