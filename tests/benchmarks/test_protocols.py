"""The protocols of the benchmarks are the published ones; the laws are densities of what they draw."""

import hashlib
import re

import numpy as np
import pytest
from scipy import stats

from tests import laws
from tests.benchmarks import large_peers, protocols, reports

NODES = 20_000
PUBLISHED = {
    1030: "b8e44f64b602e130d305106a18e17e9e8b757bdd9d2e46f8a841eff1cd4c9b24",
    308: "1d8d786681fcb47d9796cd2e614b074efe0458281efeb84124dee3c733e700f6",
}
"""SHA-256 of the published test rows of concrete and yacht, a split to a line, by the number of rows."""


@pytest.mark.parametrize("num_rows", PUBLISHED)
def test_that_the_splits_are_the_published_ones(num_rows):
    splits = protocols.published_splits(num_rows)
    text = "\n".join(" ".join(map(str, test)) for _, test in splits)
    assert hashlib.sha256(text.encode()).hexdigest() == PUBLISHED[num_rows]
    for train, test in splits:
        assert sorted([*train, *test]) == list(range(num_rows))


@pytest.mark.parametrize("num_rows", [133, 272, 299])
def test_that_every_row_is_held_out_in_one_fold_and_learned_from_in_the_others(num_rows):
    folds = protocols.folds(num_rows)
    assert sorted(row for _, test in folds for row in test) == list(range(num_rows))
    for train, test in folds:
        assert sorted([*train, *test]) == list(range(num_rows))


def masses_below_and_above(law, x, y, width):
    """Return the mass of p(y | x) on either side of each y, by the midpoint rule on y + width tan(u)."""
    u = (np.arange(NODES) + 0.5) / NODES * np.pi / 2.0
    distances, weights = width * np.tan(u), width / np.square(np.cos(u)) * np.pi / 2.0 / NODES
    at = [np.repeat(row[np.newaxis], NODES, axis=0) for row in x]
    return [
        np.array(
            [weights @ np.exp(law.log_p(each, middle + side * distances)) for each, middle in zip(at, y, strict=True)]
        )
        for side in (-1.0, 1.0)
    ]


@pytest.mark.parametrize("name", laws.OTHER_LAWS)
def test_that_a_law_integrates_to_one_and_is_that_of_its_sample(name):
    law = laws.OTHER_LAWS[name]
    x, y = law.sample(100, np.random.default_rng(1))
    below, above = masses_below_and_above(law, x, y, width=np.std(y) / 5.0)
    np.testing.assert_allclose(below + above, 1.0, atol=0.01)
    assert stats.kstest(below, "uniform").pvalue > 0.01


def test_that_the_cardioid_and_the_inverse_sine_have_their_known_entropies():
    for law in (laws.Cardioid(), laws.InverseSine()):
        mean, error = protocols.mean_and_error(-law.log_p(*law.sample(20_000, np.random.default_rng(0))))
        assert abs(mean - law.entropy) < 3.0 * error


class Normal:
    """A model that says N(0, 1) at every x."""

    def conditional(self, x):
        return self

    def log_pdf(self, y):
        return stats.norm().logpdf(y)


def test_that_a_trial_judges_a_model_by_rows_it_does_not_learn_from():
    x, y = np.arange(40.0)[:, None], np.linspace(-3.0, 3.0, 40)
    for trial in (protocols.split_trial(x, y, 3), protocols.fold_trial(x, y, 3)):
        assert len(trial.dataset) == 36
        held_out = np.setdiff1d(y, trial.dataset.y)
        np.testing.assert_allclose(np.mean(trial.judge(Normal())), np.mean(-stats.norm().logpdf(held_out)))


def test_that_the_exact_law_has_no_excess_and_a_wrong_one_has_its_divergence():
    standard = laws.MixtureLaw(lambda n, rng: rng.normal(size=n), lambda x: ((1.0,), (0.0,), (1.0,)))
    shifted = laws.MixtureLaw(lambda n, rng: rng.normal(size=n), lambda x: ((1.0,), (1.0,), (1.0,)))
    assert protocols.law_trial(standard, 50, 0).judge(Normal()) == pytest.approx([0.0], abs=1e-12)
    assert protocols.law_trial(shifted, 50, 0).judge(Normal()) == pytest.approx([0.5], abs=0.03)


@pytest.mark.parametrize(("errors", "verdict"), [(2.1, "worse"), (1.9, "as good"), (-1.9, "as good"), (-2.1, "better")])
def test_that_the_verdict_is_by_two_standard_errors_of_the_paired_difference(errors, verdict):
    theirs = np.array([40.0, -7.0])
    comparison = protocols.Comparison(list(theirs + 0.5 * (errors + np.array([1.0, -1.0]))), list(theirs))
    assert comparison.difference == pytest.approx((0.5 * errors, 0.5))
    assert comparison.verdict == verdict


def test_that_large_data_are_drawn_alike_whole_or_by_their_first_rows():
    x, y = large_peers.draw(300, block=100)
    fewer_x, fewer_y = large_peers.draw(100, block=100)
    assert x.shape == (300, 2)
    assert np.isfinite(y).all()
    assert np.array_equal(x[:100], fewer_x)
    assert np.array_equal(y[:100], fewer_y)


def test_that_a_table_is_markdown_with_a_cell_for_every_column():
    lines = reports.table("title", {"a": {"first": 1.23456}, "longer": {"second": None, "first": "x"}}).splitlines()
    assert re.split(r"\s*\|\s*", lines[0].strip("| ")) == ["title", "first", "second"]
    assert {line.count("|") for line in lines} == {4}
    assert len({len(line) for line in lines}) == 1
    assert "1.23" in lines[2]
