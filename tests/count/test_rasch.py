"""The Rasch model with ties: its slope, its answers where people are unlike, its bounds."""

from __future__ import annotations

import numpy as np
import pytest

from kunak.count.estimate import rasch as model
from kunak.count.estimate.answer import NoEstimate
from kunak.count.estimate.decomposable import decomposable
from kunak.count.estimate.rasch import Effort, Posterior, rasch
from kunak.count.estimate.table import Table, canonical
from tests.count.lists import random_table, table_of


def unlike(people: int, rates: list[float], spread: float, seed: int) -> Table:
    """Lists that note people by how conspicuous they are."""
    random = np.random.default_rng(seed)
    odds = np.log(np.array(rates) / (1 - np.array(rates))) + spread * random.standard_normal((people, 1))
    codes = (random.random(odds.shape) < 1 / (1 + np.exp(-odds))) @ (1 << np.arange(len(rates)))
    cells = np.bincount(codes, minlength=2 ** len(rates)).astype(np.int64)
    cells[0] = 0
    return Table(tuple(f"list {i}" for i in range(len(rates))), cells)


@pytest.mark.parametrize("width", [3, 4, 6])
def test_the_slope_is_that_of_the_density(width: int) -> None:
    posterior = Posterior(random_table(width, 1))
    at = np.random.default_rng(2).normal(0, 0.5, (1, posterior.size))
    _, slope = posterior(at)
    for unknown in range(posterior.size):
        step = np.zeros_like(at)
        step[0, unknown] = 1e-5
        measured = (posterior(at + step)[0] - posterior(at - step)[0]) / 2e-5
        assert slope[0, unknown] == pytest.approx(measured[0], rel=1e-4, abs=1e-4)


def test_the_chances_of_all_patterns_sum_to_one_and_match_a_known_case() -> None:
    posterior = Posterior(random_table(3, 1))
    at = np.zeros((1, posterior.size))
    at[0, :3] = np.log([1.0, 1 / 3, 1 / 9])  # chances of 1/2, 1/4, 1/10, nobody unlike, no ties
    chance, _ = posterior.chances(at)
    assert chance.sum() == pytest.approx(1)
    assert chance[0, 0b000] == pytest.approx(0.5 * 0.75 * 0.9)
    assert chance[0, 0b101] == pytest.approx(0.5 * 0.75 * 0.1)


def test_it_finds_the_total_where_people_are_unlike_and_others_do_not() -> None:
    held, others = 0, 0
    for seed in range(5):
        table = unlike(3000, [0.2, 0.25, 0.15, 0.3], 1.0, seed)
        answer = rasch(canonical(table), np.random.default_rng(1), Effort(chains=24, burned=100, kept=100))
        graphs = decomposable(canonical(table))
        held += answer.lo < 3000 < answer.hi
        others += graphs.lo < 3000 < graphs.hi
        assert answer.estimate > graphs.estimate
    assert held >= 4
    assert others <= 2


def test_where_people_are_alike_it_agrees_with_the_truth() -> None:
    table = random_table(4, 3, people=2000)
    answer = rasch(canonical(table), np.random.default_rng(1))
    assert answer.lo < 2000 < answer.hi
    assert answer.diagnostics["r_hat"] < 1.1  # type: ignore[operator]


def test_two_seeds_tell_nearly_the_same() -> None:
    answers = [rasch(canonical(table_of("korea")), np.random.default_rng(seed)) for seed in (1, 2)]
    for figure in ("lo", "estimate", "hi"):
        one, other = (float(getattr(answer, figure)) for answer in answers)
        assert np.log(one) == pytest.approx(np.log(other), abs=0.12)


def test_chains_that_do_not_meet_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "STEP", 1e-3)
    answer = rasch(canonical(table_of("korea")), np.random.default_rng(1), Effort(chains=8, burned=0, kept=60))
    assert any("rasch disagree" in told for told in answer.warnings)


def test_beyond_eight_lists_it_declines() -> None:
    with pytest.raises(NoEstimate, match="at most 8"):
        rasch(random_table(9, 1), np.random.default_rng(1))
