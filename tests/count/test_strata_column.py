"""`--strata COLUMN`: whose stratum is whose, also where records say nothing of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kunak.count.estimate.linkage_error import LinkedPeople
from kunak.count.linkage.reading import Record, read_record
from kunak.count.linkage.skeleton import CYRILLIC
from kunak.count.lists import BadInputError
from kunak.count.strata import Strata, read_strata, thin_together
from tests.count.known import names

HEAD = "list,record_id,full_name,patronymic,birth_year,age,place,event_date,event_place,notes,district\n"


def asked(folder: Path, rows: list[tuple[str, int, str]], column: str = "district") -> Strata:
    """Rows of list, person and district."""
    path = folder / "lists.csv"
    path.write_text(HEAD + "".join(f"{name},r{i},,,,,,,,,{of}\n" for i, (name, _, of) in enumerate(rows)), "utf-8")
    records = [Record(name, f"r{i}", "") for i, (name, _, _) in enumerate(rows)]
    return read_strata(path, column, records, [], [person for _, person, _ in rows])


def test_a_person_has_the_stratum_that_most_records_say(tmp_path: Path) -> None:
    rows = [("a", 1, "hills"), ("b", 1, "town "), ("c", 1, "town"), ("a", 2, "hills"), ("a", 3, "hills")]
    strata = asked(tmp_path, rows)
    assert strata.names == ["hills", "town"]
    assert strata.of_record == [1, 1, 1, 0, 0]


def test_who_says_nothing_is_given_one_by_the_shares_of_those_on_as_many_lists(tmp_path: Path) -> None:
    rows = [("a", i, "town") for i in range(30)] + [("a", 30 + i, "hills") for i in range(10)]
    rows += [(name, 40 + i, "hills") for i in range(20) for name in "ab"]
    rows += [("a", 60 + i, "") for i in range(8)]
    strata = asked(tmp_path, rows)
    given = [strata.names[one] for one in strata.of_record[-8:]]
    assert strata.given == 8
    assert sorted(given) == ["hills"] * 2 + ["town"] * 6  # as among the forty on one list, not as among all


@pytest.mark.parametrize(
    ("column", "rows", "why"),
    [
        ("region", [("a", 1, "x")], "column region is missing"),
        ("district", [("a", 1, ""), ("b", 2, " ")], "empty in every row"),
        ("district", [("a", i, f"d{i}") for i in range(1001)], "too many strata"),
    ],
)
def test_a_column_that_makes_no_strata_gets_one_sentence(
    tmp_path: Path, column: str, rows: list[tuple[str, int, str]], why: str
) -> None:
    with pytest.raises(BadInputError, match=why):
        asked(tmp_path, rows, column)


def test_strata_too_thin_to_answer_stand_together() -> None:
    big = np.repeat([1, 2, 4, 3, 5, 6, 7], [50, 40, 30, 20, 15, 10, 5])
    thin = np.array([1, 2, 4, 3, 6] * 3)
    people = LinkedPeople(
        np.concatenate([big, thin, thin]), np.repeat([0, 1, 2], [len(big), len(thin), len(thin)]), [], 1.0, 0.0
    )
    strata = Strata("district", ["town", "hills", "plain"], [0, 1, 2], 0)
    together, linked = thin_together(strata, people, 3)
    assert together.names == ["town", "the rest together"]
    assert together.together == ["hills", "plain"]
    assert together.of_record == [0, 1, 1]
    assert np.bincount(linked.strata).tolist() == [len(big), 2 * len(thin)]


def test_a_place_that_nobody_knows_is_shown_as_most_records_write_it(tmp_path: Path) -> None:
    written = ["Верхний  Чобур", "Верхний Чобур", "ВЕРХНИЙ ЧОБУР", "Центарой", "Ахмат-Юрт"]
    records = [Record("a", f"r{i}", "Исаев", place=place) for i, place in enumerate(written)]
    readings = [read_record(record, names()[0]) for record in records]
    assert not CYRILLIC.search(readings[0].place)
    strata = read_strata(tmp_path / "lists.csv", "place", records, readings, [0, 1, 2, 3, 4])
    assert sorted(strata.names) == ["Верхний Чобур", "Центарой"]
