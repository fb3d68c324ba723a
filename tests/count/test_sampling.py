"""Partitions drawn by the chances of the pairs: they differ where the links are in doubt, and nowhere else."""

from __future__ import annotations

import pytest

from bench.invented import invent
from kunak.count.engine import compare_on_duckdb
from kunak.count.linkage import Decided, Prepared, decide, prepare
from kunak.count.linkage.clusters import contradiction
from kunak.count.linkage.reading import Record
from kunak.count.linkage.sampling import drawn_partitions, pair_chances
from tests.count.known import names

MODEL = names()[1].model
Linked = tuple[Prepared, list[tuple[int, int, float]], Decided]


@pytest.fixture(scope="module")
def linked() -> Linked:
    records = [Record(*row) for row in invent(400, 9)[0]]
    prepared = prepare(records, names()[0], MODEL, dialect="duckdb")
    scored = compare_on_duckdb(prepared.columns, prepared.settings, prepared.frequencies, at_least=-6.0)
    decided = decide(prepared, scored.pairs(), MODEL)
    return prepared, pair_chances(scored, decided, MODEL), decided


def together(partition: object, prepared: Prepared, pair: tuple[int, int]) -> bool:
    a, b = (prepared.members[node][0] for node in pair)
    return bool(partition[a] == partition[b])  # type: ignore[index]


def test_a_seed_draws_the_same_partitions_and_another_seed_others(linked: Linked) -> None:
    prepared, chances, _ = linked
    one, again, other = (list(drawn_partitions(prepared, chances, MODEL, draws=4, seed=s)) for s in (1, 1, 2))
    assert one == again
    assert one != other
    assert len({tuple(p) for p in one}) == 4


def test_a_sure_pair_is_in_every_draw_and_a_doubtful_one_in_about_its_share(linked: Linked) -> None:
    prepared, chances, _ = linked
    partitions = list(drawn_partitions(prepared, chances, MODEL, draws=40, seed=1))
    shares = {(a, b): sum(together(p, prepared, (a, b)) for p in partitions) / len(partitions) for a, b, _ in chances}
    sure = [shares[a, b] for a, b, chance in chances if chance > 0.999]
    doubtful = [(chance, shares[a, b]) for a, b, chance in chances if 0.2 < chance < 0.8]
    assert sum(sure) / len(sure) > 0.97
    assert len(doubtful) > 10
    assert abs(sum(c - s for c, s in doubtful) / len(doubtful)) < 0.25


def test_no_draw_makes_one_person_of_two_given_names(linked: Linked) -> None:
    prepared, chances, decided = linked
    profiles, homes = decided.fate.profiles, decided.fate.cluster_of
    never = [
        (a, b) for a, b, _ in chances if contradiction(profiles[homes[a]], profiles[homes[b]], decided.fate.caution) == "given"
        and len(profiles[homes[a]].members) == len(profiles[homes[b]].members) == 1
    ]  # fmt: skip
    assert never
    for partition in drawn_partitions(prepared, chances, MODEL, draws=5, seed=3):
        assert not any(together(partition, prepared, pair) for pair in never)


def test_a_reviewers_word_binds_in_every_draw(linked: Linked) -> None:
    prepared, chances, _ = linked
    kept, parted = (chances[-1][:2], chances[0][:2])
    for partition in drawn_partitions(prepared, chances, MODEL, draws=5, seed=1, same=[kept], different=[parted]):
        assert together(partition, prepared, kept)
        assert not together(partition, prepared, parted)
