"""Relatives and namesakes stay apart, whatever one pair seems to say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kunak.count.linkage.clusters import Caution, cluster
from kunak.count.linkage.reading import Reading
from tests.count.known import names, read

CAUTION = Caution(**names()[1].model["caution"])
AHMED = read("Дадаев Ахмед", "Русланович", birth_year="1990")
AHMED_IN_LATIN = read("Dadajew Achmed", birth_year="1990")
ISLAM = read("Дадаев Ислам", "Русланович", birth_year="1992")
SOMEBODY = read("Дадаев")


def parts(
    readings: list[Reading], pairs: list[tuple[int, int, float]], **decided: list[tuple[int, int]]
) -> list[set[int]]:
    """The clusters as sets of records."""
    homes, _ = cluster(readings, sorted(pairs, key=lambda p: -p[2]), CAUTION, **decided)
    return sorted(({i for i, h in enumerate(homes) if h == home} for home in set(homes)), key=min)


def test_brothers_stay_apart_however_heavy_the_pair() -> None:
    assert parts([AHMED, ISLAM], [(0, 1, 40.0)]) == [{0}, {1}]


def test_a_record_without_a_given_name_joins_no_two_brothers() -> None:
    assert parts([AHMED, ISLAM, SOMEBODY], [(0, 2, 9.0), (1, 2, 9.0)]) == [{0}, {1}, {2}]
    assert parts([AHMED, ISLAM, SOMEBODY], [(0, 2, 15.0), (1, 2, 9.0)]) == [{0, 2}, {1}]


def test_what_one_record_says_binds_its_whole_cluster() -> None:
    fathers = [read("Дадаев Ахмед"), read("Дадаев Ахмед", "Русланович"), read("Дадаев Ахмед", "Исаевич")]
    assert parts(fathers, [(0, 1, 12.0), (0, 2, 11.0), (1, 2, 10.0)]) in ([{0, 1}, {2}], [{0}, {1}, {2}])


def test_a_father_and_a_grandson_of_one_name_stay_two_by_their_ages() -> None:
    old, young = (read("Дадаев Ахмед", age=age, event_date="2017-05-01") for age in ("61", "19"))
    assert parts([old, young], [(0, 1, 20.0)]) == [{0}, {1}]


def test_a_reviewers_word_is_stronger_than_any_weight() -> None:
    assert parts([AHMED, ISLAM], [], same=[(0, 1)]) == [{0, 1}]
    assert parts([AHMED, AHMED_IN_LATIN], [(0, 1, 40.0)], different=[(0, 1)]) == [{0}, {1}]


def test_what_a_reviewer_holds_apart_meets_through_no_third_record() -> None:
    third = read("Ахмед Дадаев")
    readings, pairs = [AHMED, AHMED_IN_LATIN, third], [(0, 2, 20.0), (1, 2, 19.0), (0, 1, 18.0)]
    assert all(not {0, 1} <= part for part in parts(readings, pairs, different=[(0, 1)]))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.floats(-5, 40)), max_size=15))
def test_no_cluster_ever_holds_two_given_names(pairs: list[tuple[int, int, float]]) -> None:
    readings = [AHMED, AHMED_IN_LATIN, ISLAM, SOMEBODY, read("Дадаева Зара"), read("А. Дадаев")]
    for part in parts(readings, [(min(a, b), max(a, b), w) for a, b, w in pairs if a != b]):
        assert len({readings[i].name.given.name for i in part} & {"Ахмад", "Ислам", "Зара"}) <= 1
