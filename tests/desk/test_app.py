"""The desk as a browser sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cast import Cast, Person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def cast(tmp_path: Path) -> Iterator[Cast]:
    cast = Cast(tmp_path)
    yield cast
    cast.close()


def test_the_first_letter_stands_in_the_inbox_and_becomes_a_case(cast: Cast) -> None:
    person = Person(cast)
    person.write("Здравствуйте. Моего брата задержали, я боюсь.")
    linden = cast.at_work("Linden")
    page = linden.see("/")
    assert "Моего брата" in page
    for path in (
        "/cases",
        "/tasks",
        "/call",
        "/wordings",
        "/help",
        "/sync",
        "/search?q=брат",
        f"/person/{person.mailbox}",
        f"/person/{person.mailbox}/merge",
        f"/cases/open?person={person.mailbox}",
    ):
        linden.see(path)
    case = linden.open_case(person)
    linden.see(f"/cases/{case}")
    linden.see(f"/cases/{case}/identity")
