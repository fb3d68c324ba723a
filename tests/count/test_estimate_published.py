"""Each named method gives the figures that its paper or package publishes; the sources stand in the vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kunak.count.estimate.answer import NoEstimate
from kunak.count.estimate.bootstrap import acceleration, leave_one_out
from kunak.count.estimate.coverage import estimates, sample_coverage
from kunak.count.estimate.decomposable import decomposable, graphs, unseen_grid
from kunak.count.estimate.latent_class import Effort, latent_classes
from kunak.count.estimate.loglinear import chosen_and_averaged, short_list
from kunak.count.estimate.poisson import fit
from kunak.count.estimate.stepwise import forward_stepwise, select
from kunak.count.estimate.table import canonical
from kunak.count.estimate.terms import hierarchies
from tests.count.lists import figures, table_of

QUICK_CHAINS = {"korea", "spina", "anomalies", "western"}


@pytest.mark.parametrize(("name", "figure"), figures("loglinear") + figures("loglinear-pairs"))
def test_the_model_of_least_bic_is_the_published_one(name: str, figure: dict[str, Any]) -> None:
    table = canonical(table_of(name))
    models, fits = short_list(table, only_pairs=figure["method"] == "loglinear-pairs")
    assert models
    assert table.observed + fits.unseen[0, 0] == pytest.approx(figure["estimate"], abs=0.6)


@pytest.mark.parametrize(
    ("name", "only_pairs", "lo", "hi"),
    [
        ("korea", False, 128, 349),
        ("kosovo", False, 6947, 18010),
        ("kosovo", True, 12451, 16273),
        ("uk5", False, 11456, 43894),
        ("uk6", False, 9643, 25508),
    ],
)
def test_bca_intervals_with_reselection_are_the_published_ones(name: str, only_pairs: bool, lo: int, hi: int) -> None:
    answer, _ = chosen_and_averaged(canonical(table_of(name)), np.random.default_rng(1), only_pairs=only_pairs)
    assert np.log([answer.lo, answer.hi]) == pytest.approx(np.log([lo, hi]), abs=0.1)  # both are bootstraps of 1,000


@pytest.mark.parametrize(("name", "figure"), figures("stepwise"))
def test_stepwise_totals_are_exact(name: str, figure: dict[str, Any]) -> None:
    table = canonical(table_of(name))
    assert select(table.cells[1:], table.width)[0] == pytest.approx(figure["estimate"], rel=1e-6)


def test_stepwise_jackknife_of_new_orleans_is_that_of_the_package() -> None:
    table = canonical(table_of("new-orleans5-first"))
    tables, weights = leave_one_out(table.cells[1:])
    totals = np.array([select(one, table.width)[0] for one in tables])
    assert acceleration(totals, weights) == pytest.approx(-0.0551615, abs=1e-6)  # SparseMSE 2.0.1
    answer = forward_stepwise(table, np.random.default_rng(1), 100)
    assert answer.lo < 750  # published: 589 to 1703
    assert answer.hi > 1400


@pytest.mark.parametrize(("name", "figure"), figures("dga"))
def test_decomposable_graphs_are_exact(name: str, figure: dict[str, Any]) -> None:
    answer = decomposable(canonical(table_of(name)))
    off = figure.get("loosely", 1e-3)
    assert [answer.lo, answer.estimate, answer.hi] == pytest.approx(
        [figure[key] for key in ("lo", "estimate", "hi")], rel=off
    )
    assert answer.diagnostics["mean"] == pytest.approx(figure["mean"], rel=off)
    assert answer.diagnostics["mode"] == pytest.approx(figure["mode"], rel=1e-3)


def test_madigan_and_york_got_731_with_their_informative_prior() -> None:
    table = canonical(table_of("spina"))
    unseen, _ = unseen_grid(table)
    total = unseen + table.observed
    a, b = 13.14, 55.17
    from scipy.special import gammaln  # noqa: PLC0415 - only their prior needs it

    prior = total * np.log(b) - (total + a) * np.log(1 + b) + gammaln(total + a) - gammaln(total + 1)
    answer = decomposable(table, delta=1.0, log_prior=prior)
    assert answer.diagnostics["mode"] == 728
    assert answer.diagnostics["least_relative_squared_error"] == pytest.approx(731, abs=0.5)
    assert answer.diagnostics["greatest_share_of_a_graph"] == pytest.approx(0.37, abs=0.005)


@pytest.mark.parametrize(("width", "number"), [(3, 8), (4, 61), (5, 822)])
def test_every_labelled_decomposable_graph_is_built(width: int, number: int) -> None:
    assert len(graphs(width)) == number  # OEIS A058862


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        pytest.param(*one.values, id=one.id, marks=[] if one.values[0] in QUICK_CHAINS else pytest.mark.prove)
        for one in figures("lcmcr")
    ],
)
def test_latent_classes_agree_with_the_package(name: str, figure: dict[str, Any]) -> None:
    effort = Effort(rounds=1) if name in QUICK_CHAINS else Effort()
    answer = latent_classes(canonical(table_of(name)), np.random.default_rng(1), effort)
    for key, off in (("lo", 0.12), ("estimate", 0.05), ("hi", 0.15)):  # a single chain of the package moves by as much
        least, greatest = figure[key]
        assert np.log(least) - off < np.log(getattr(answer, key)) < np.log(greatest) + off, key


def test_chains_that_disagree_are_told() -> None:
    answer = latent_classes(canonical(table_of("uk6")), np.random.default_rng(1), Effort(kept=300, rounds=1))
    assert any("disagree" in told for told in answer.warnings)


@pytest.mark.parametrize(("name", "figure"), figures("coverage"))
def test_sample_coverage_gives_the_figures_of_care(name: str, figure: dict[str, Any]) -> None:
    table = canonical(table_of(name))
    got = estimates(table.cells[None, :].astype(np.float64), table.width)
    assert round(float(got.coverage[0]), 3) == figure["coverage"]
    assert [round(float(one[0])) for one in (got.independent, got.full, got.one_step)] == [
        figure[key] for key in ("independent", "full", "one_step")
    ]
    answer = sample_coverage(table, np.random.default_rng(1))
    error = figure["full_error"] if answer.diagnostics["use"] == "full" else figure["one_step_error"]
    assert answer.diagnostics["standard_error"] == pytest.approx(error, rel=0.3)  # a bootstrap of 200 there


def test_estimates_that_do_not_exist_are_left_out() -> None:
    table = table_of("artificial3")
    fits = fit(table.cells[None, 1:], hierarchies(3), 3)
    assert 0 < np.isfinite(fits.unseen).sum() < 8


def test_more_than_six_lists_have_no_average_over_graphs() -> None:
    with pytest.raises(NoEstimate, match="at most 6 lists"):
        decomposable(table_of("new-orleans8"))
