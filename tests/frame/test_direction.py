"""What people wrote is shown as text, and turns around nothing but itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from kunak.frame.direction import closed
from kunak.frame.render import Frame

OVERRIDE, POP, ISOLATE, POP_ISOLATE = "\u202e", "\u202c", "\u2067", "\u2069"


@pytest.mark.parametrize(
    ("typed", "added"),
    [
        ("Ясень", ""),
        (f"Ясень{OVERRIDE}ьнеся", POP),
        (f"{OVERRIDE}а{POP}б", ""),
        (f"{ISOLATE}а", POP_ISOLATE),
        (f"{OVERRIDE}{ISOLATE}а", POP_ISOLATE + POP),
        (f"{ISOLATE}{OVERRIDE}а{POP_ISOLATE}", ""),
        (f"{ISOLATE}{OVERRIDE}а{POP}", POP_ISOLATE),
        (f"{POP}{POP_ISOLATE}а", ""),
        ("שלום", ""),
        (OVERRIDE * 9_000, POP * 125),
    ],
)
def test_every_mark_is_ended_where_the_text_ends(typed: str, added: str) -> None:
    assert closed(typed) == typed + added


@given(st.text(alphabet="аб\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", max_size=60))
def test_what_is_ended_needs_no_further_end(typed: str) -> None:
    once = closed(typed)
    assert isinstance(once, str)
    assert once.startswith(typed)
    assert closed(once) == once


def test_markup_and_numbers_are_left_alone() -> None:
    assert closed(7) == 7
    assert closed(Markup(f"<b>{OVERRIDE}")) == f"<b>{OVERRIDE}"


def test_a_template_ends_what_a_text_begins() -> None:
    environment = Frame("mailbox")._environments["en"]
    page = environment.from_string("<h1>{{ name }} <b>{{ risk }}</b></h1>").render(name=f"<i>{OVERRIDE}а", risk="high")
    assert page == f"<h1>&lt;i&gt;{OVERRIDE}а{POP} <b>high</b></h1>"
