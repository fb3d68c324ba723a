"""Planning sees pseudonyms only: what a tired hand copies from a letter is refused where coordinators would read it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from kunak.journeys.known import records
from kunak.journeys.reckoning.pseudonyms import ADDRESS, NAME, PHONE, betrays, reaches
from tests.cast import COORDINATOR, Cast, Person
from tests.journeys.scenes import party, scene
from tests.journeys.test_pages import PLACE, bring
from tests.journeys.test_wrong_inputs import SHEET


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("+7 928 123-45-67", PHONE),
        ("8(928)1234567", PHONE),
        ("Верба 89281234567", PHONE),
        ("+49 30 901820", PHONE),
        ("ada.k@posteo.de", ADDRESS),
        ("@adamk_95", ADDRESS),
        ("t.me/adamk", ADDRESS),
        ("Ахмадов Мовсар Русланович", NAME),
        ("Зарема Исаевна", NAME),
        ("Movsar Ruslanovich", NAME),
    ],
)
def test_what_betrays(typed: str, said: str) -> None:
    assert betrays(typed) == said


@pytest.mark.parametrize(
    "typed",
    [
        "Верба", "Зяблик-3", "P0001", "flat-7", "haven-DE", "24a6e9aa0a686b62821c79994af93934", "Тихий Остров", "Петрович", "7K3-MQ2",
        "Группа 12 из 2017", "Белая ночь 2017-04-02", "19.04.2017", "12345678901234567890abcdef",
    ],
)  # fmt: skip
def test_what_does_not(typed: str) -> None:
    assert betrays(typed) == ""
    assert not reaches(typed)


def test_no_id_of_a_party_is_ever_taken_for_a_number() -> None:
    """16 random bytes in hex: of those with digits alone, one in 10^6 would be."""
    assert not any(
        betrays(f"{number:032x}") for number in range(10**30, 10**38, 10**34 + 7_919) if not f"{number:032x}".isdigit()
    )


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "Зарема Исаевна", "looks like a person"),
        ("name", "+7 928 123-45-67", "looks like a telephone number"),
        ("where", "У тёти, 8 928 123 45 67", "how to reach them"),
        ("avoid", "пишет брату на @adamk_95", "how to reach them"),
        ("note", "ada.k@posteo.de", "how to reach them"),
        ("documents-doc-0", "паспорт 4510 123456", "how to reach them"),
    ],
)
def test_a_sheet_with_it_is_not_kept_and_stays_in_the_form(cast: Cast, field: str, typed: str, words: str) -> None:
    person = Person(cast)
    person.write("Помогите")
    cast.everybody_syncs()
    linden = cast.at_work("Linden")
    linden.sync()
    case = linden.open_case(person)
    form = {key: text for key, text in SHEET.items() if key not in ("id", "what")} | {
        "name": "Верба",
        "replaces": "",
        field: typed,
    }
    answer = linden.post(f"/journeys/case/{case}", **form)
    assert answer.status_code == 400
    assert words in answer.text
    assert typed in answer.text
    assert records.parties(linden.bench.vault.db) == {}
    assert linden.post(f"/journeys/case/{case}", **form | {field: "Верба"}).status_code == 303


def test_neither_do_places_carriers_and_files_name_anybody(cast: Cast) -> None:
    aspen = cast.at_work(COORDINATOR)
    aspen.post("/journeys/begin")
    assert aspen.post("/journeys/place", **PLACE | {"place": "Зарема Исаевна"}).status_code == 400
    carrier: dict[str, Any] = {
        "id": "",
        "replaces": "",
        "kind": "host",
        "language": "ru",
        "note": "звонить +7 928 123-45-67",
    }
    assert aspen.post("/journeys/carrier", name="Ахмадов Мовсар Русланович", **carrier).status_code == 400
    assert aspen.post("/journeys/carrier", name="Ясень", **carrier).status_code == 303, (
        "how to reach a host they must know"
    )
    text = msgspec.json.encode(scene([party("+7 928 123-45-67")]))
    answer = bring(aspen, text)
    assert answer.status_code == 400
    assert "Party +7 928 123-45-67: This looks like a telephone number." in answer.text
    assert records.read(aspen.bench.vault.db).parties == {}
