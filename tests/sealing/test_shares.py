"""The recovery secret comes back from enough people, and from no fewer."""

from __future__ import annotations

from itertools import combinations

import pytest

from kunak.sealing.shares import SharesMistake, combine, split

SECRET = bytes(range(32))


def test_any_three_of_five_bring_the_secret_back() -> None:
    shares = split(SECRET, 3, 5)
    assert {len(share.split()) for share in shares} == {33}
    assert all(combine(list(some)) == SECRET for some in combinations(shares, 3))


def test_two_of_three_are_too_few_and_one_too_many_is_no_harm() -> None:
    shares = split(SECRET, 3, 5)
    with pytest.raises(SharesMistake):
        combine(shares[:2])
    assert combine([shares[4], shares[0], shares[2]]) == SECRET


def test_capitals_and_line_ends_do_not_matter() -> None:
    assert combine([f"\n {share.upper()}  \n".replace(" ", "\n ") for share in split(SECRET, 2, 2)]) == SECRET


def test_a_mistyped_word_is_named_as_a_mistake() -> None:
    one, two = split(SECRET, 2, 2)
    words = one.split()
    for typed in (["academia", *words[1:]], [*words[:5], "zzzz", *words[6:]], words[:-1]):
        with pytest.raises(SharesMistake):
            combine([" ".join(typed), two])


def test_shares_of_two_secrets_do_not_mix() -> None:
    with pytest.raises(SharesMistake):
        combine([split(SECRET, 2, 2)[0], split(bytes(32), 2, 2)[0]])


def test_nothing_is_no_share() -> None:
    with pytest.raises(SharesMistake):
        combine([])


def test_only_a_secret_of_32_bytes_is_split() -> None:
    with pytest.raises(ValueError, match="32"):
        split(b"short", 2, 3)
