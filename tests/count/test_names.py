"""One name in any script, case or form is one name; two names stay two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.invented.spelling import SCHOOLS as BY_SCHOOL
from bench.invented.spelling import case_of, patronymic_of, romanise
from bench.invented.words import OWN, RUSSIAN, STEMS, TAILS
from kunak.count.linkage.clusters import parts_differ
from kunak.count.names import read_tables
from tests.count.known import name, names, read

SCHOOLS = sorted(BY_SCHOOL)
GIVEN = [row["name"] for row in read_tables().given if row["name"] not in {"Яха", "Яхья"}]  # one sound in Latin


@pytest.mark.parametrize("school", SCHOOLS)
def test_every_given_name_is_known_in_every_romanisation(school: str) -> None:
    lost = [g for g in GIVEN if name(romanise(f"Дадаев {g}", school)).given.name != g]
    assert lost == []


SURNAMES = [stem + tail for stem in STEMS.split() for tail in TAILS.split()] + f"{OWN} {RUSSIAN}".split()
# Letters that mean two things where nothing else in the record tells: ph (ф, п-х), j between vowels (й, дж), rhaji (рх, рж).
TWOFOLD = {
    "informal": {"Успхажиев", "Успханаев"},
    "informal2": {"Успхажиев", "Успханаев"} | {x + y for x in ("Сай", "Тай", "Хай") for y in ("алхаев", "игаев")},
    "turkish": {"Успхажиев", "Успханаев", "Мархажиев"},
}


@pytest.mark.parametrize("school", SCHOOLS)
def test_a_surname_in_latin_has_the_skeleton_that_it_has_in_cyrillic(school: str) -> None:
    lost = {s for s in SURNAMES if name(romanise(f"{s} Чингисхан", school)).surname != name(f"{s} Чингисхан").surname}
    assert lost == TWOFOLD.get(school, set())


@pytest.mark.parametrize("case", [0, 1, 2])
def test_a_grammatical_case_is_the_same_name(case: int) -> None:
    for given_name in (g for g in GIVEN if g[-1] not in "еёиоуыэюяа" and len(g) > 3):
        if names()[0].sexes[given_name] == "m":
            bent = name(f"{case_of('Дадаев', False, True, case)} {case_of(given_name, False, False, case)}")
            assert bent.surname == "dadaev"
            assert given_name in bent.given.maybe


@pytest.mark.parametrize("given_name", [g for g in GIVEN if names()[0].sexes[g] == "m"])
def test_a_fathers_name_is_read_out_of_the_patronymic(given_name: str) -> None:
    for sex in "mf":
        father = name("Дадаев Чингисхан", patronymic_of(given_name, sex))
        assert given_name in {father.father.name, *father.father.maybe}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Мохьмад Исаев", "Магомед"), ("Ӏумар Исаев", "Умар"), ("1умар Исаев", "Умар"), ("Хьасан Исаев", "Хасан"),
        ("Оьмар Исаев", "Умар"), ("Мoхаммeд Исаев", "Магомед"), ("ИСАЕВ, Сайдэмин", "Саид-Эмин"), ("Issa Tschagajew", "Иса"),
        ("Хожахмад Исаев", "Хож-Ахмед"), ("Alexandre Isaiev", "Александр"), ("Исаеву Павлу", "Павел"),
    ],
)  # fmt: skip
def test_a_chechen_or_foreign_form_is_the_known_name(written: str, meant: str) -> None:
    assert name(written).given.name == meant


def test_a_short_form_stays_in_doubt_between_all_its_names() -> None:
    assert {"Абдул-Хаким", "Абдул-Халим"} <= set(name("Исаев Абдул").given.maybe)
    assert {"Тимур", "Тамерлан"} <= set(name("Исаев Тима").given.maybe)
    assert "Шамсуди" in name("Исаев Шамсик").given.maybe


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Халид", "Хамид"), ("Аслан", "Асламбек"), ("Зара", "Заур"), ("Иса", "Муса"), ("Умар", "Усман"), ("Хасан", "Хусейн"),
        ("Абдул-Хаким", "Абдул-Халим"), ("Саид-Магомед", "Магомед"), ("Тимур", "Тамерлан"), ("Амина", "Эмин"),
    ],
)  # fmt: skip
def test_brothers_names_that_look_alike_stay_two_names(a: str, b: str) -> None:
    for school in SCHOOLS:
        assert parts_differ(name(f"Исаев {a}").given, name(romanise(f"Исаев {b}", school)).given)


@pytest.mark.parametrize(
    ("full_name", "patronymic", "surname", "given_name", "father"),
    [
        ("Хасан Казбеков", "Адамович", "kasbekov", "Хасан", "Адам"),
        ("Гайригаев, Лечи Исмаила", "", "gairigaev", "Лечи", "Исмаил"),
        ("Хасанова Малика Адамовна", "", "hasanov", "Малика", "Адам"),
        ("Ихван Басумбаев", "сын Абдурахмана", "basumbaev", "Ихван", "Абдурахман"),
        ("Магомед Магомедов", "", "magomedov", "Магомед", ""),
        ("Русланова", "", "ruslanov", "", ""),
        ("Зелимхана", "", "", "Зелимхан", ""),
    ],
)
def test_a_full_name_is_taken_apart(
    full_name: str, patronymic: str, surname: str, given_name: str, father: str
) -> None:
    read_as = name(full_name, patronymic)
    assert (read_as.surname, read_as.given.name, read_as.father.name) == (surname, given_name, father)


@pytest.mark.parametrize(
    ("initial", "fits"),
    [("Д.", "Джабраил"), ("Dzh.", "Джабраил"), ("I.", "Юнус"), ("Ӏ.", "Умар"), ("X.", "Хамид"), ("Sh.", "Шамиль")],
)
def test_an_initial_fits_the_names_that_it_may_stand_for(initial: str, fits: str) -> None:
    surname = "Исаев" if initial in {"Д.", "Ӏ."} else "Isaev"
    assert not parts_differ(name(f"{initial} {surname}").given, name(f"Исаев {fits}").given)


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_no_text_is_too_dirty_to_be_read(full_name: str, patronymic: str, place: str) -> None:
    first, again = (
        read(full_name, patronymic, place=place, age=patronymic, birth_year=full_name, notes=full_name)
        for _ in range(2)
    )
    assert first == again
