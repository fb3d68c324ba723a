"""A village under its old, its new and its Chechen name; a date as far as it is known."""

from __future__ import annotations

import pytest

from bench.invented.spelling import SCHOOLS, romanise
from kunak.count.linkage.dates import Day, ImpossibleDate, read_age, read_birth_year, read_day
from kunak.count.names import read_tables
from tests.count.known import names, read

PLACES = [row["place"] for row in read_tables().places]


@pytest.mark.parametrize("school", sorted(SCHOOLS))
def test_every_place_is_known_in_every_romanisation(school: str) -> None:
    lost = [p for p in PLACES if read(romanise("Дадаев Шахид", school), place=romanise(p, school)).place != p]
    assert len(lost) <= 1, lost


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("г. Соьлжа-ГӀала", "Грозный"), ("Ахмат-Юрт", "Центарой"), ("с. Хьалха-Марта", "Урус-Мартан"), ("Ст. Атаги", "Старые Атаги"),
        ("село Алхан Юрт", "Алхан-Юрт"), ("AlkhanYurt", "Алхан-Юрт"), ("village of Šatoj", "Шатой"), ("Шуьйта", "Шатой"),
        ("Урсу-Мартан", "Урус-Мартан"), ("г. Орга", "Аргун"),
    ],
)  # fmt: skip
def test_an_old_or_chechen_or_mistyped_name_is_the_place(written: str, meant: str) -> None:
    assert read("Дадаев Шахид", place=written).place == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2017-10-29", Day(2017, 10, 29)), ("29.10.2017", Day(2017, 10, 29)), ("29/10/2017", Day(2017, 10, 29)),
        ("10/29/2017", Day(2017, 10, 29)), ("октябрь 2003", Day(2003, 10)), ("2 мая 2017 г.", Day(2017, 5, 2)),
        ("2 May 2017", Day(2017, 5, 2)), ("février 2001", Day(2001, 2)), ("2017-10", Day(2017, 10)), ("2017", Day(2017)),
        ("весной", Day()), ("", Day()), ("5.III.2017", Day(2017, 3, 5)), ("27/x-2003", Day(2003, 10, 27)), ("III.2017", Day(2017)),
        ("05.03.17", Day(2017, 3, 5)), ("9.I.02", Day(2002, 1, 9)), ("в ночь на 5 марта 2017 г.", Day(2017, 3, 5)),
        ("2017-03-05 14:30", Day(2017, 3, 5)), ("начало марта 2017", Day(2017, 3)), ("March 5, 2017", Day(2017, 3, 5)),
        ("20170305", Day(2017, 3, 5)), ("05032017", Day(2017, 3, 5)), ("20032017", Day(2017, 3, 20)), ("42799", Day()),
    ],
)  # fmt: skip
def test_a_date_is_read_as_far_as_it_is_known(written: str, meant: Day) -> None:
    assert read_day(written, names()[1].words["months"]) == meant


@pytest.mark.parametrize(
    "written",
    ["31.02.2017", "2017-13-40", "32.01.2001", "01.01.3017", "31.II.2017", "31.02.17", "20170231", "31022017"],
)
def test_a_date_that_no_calendar_has_is_refused(written: str) -> None:
    with pytest.raises(ImpossibleDate):
        read_day(written, names()[1].words["months"])


def test_years_and_ages_are_found_in_words() -> None:
    assert (read_birth_year("ок. 1986 г."), read_birth_year("198?"), read_birth_year("")) == (1986, 0, 0)
    assert (read_age("25-30"), read_age("20 – 24 лет")) == (27, 22)
    assert (read_age("about 25"), read_age("ок. 20 лет"), read_age("300"), read_age("")) == (25, 20, -1, -1)
