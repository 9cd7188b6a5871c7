"""The parameters before the first step."""

import numpy as np
import pytest
from scipy.special import log_softmax

from mdn_gui.training.mdn import Architecture
from mdn_gui.training.start import data_driven_parameters, glorot_parameters, target_mixture
from tests.training.networks import kernels_and_biases

ARCHITECTURE = Architecture(1, (16,), 3, "tanh")
BRANCHES = np.concatenate([np.random.default_rng(0).normal(loc, 0.2, 300) for loc in (-2.0, 0.0, 3.0)])


def test_that_glorot_kernels_fill_their_range_with_zero_biases():
    (first, last), biases = kernels_and_biases(ARCHITECTURE, glorot_parameters(ARCHITECTURE, [0]))
    assert np.abs(first).max() == pytest.approx(np.sqrt(6 / 17), rel=0.2)
    assert np.abs(last).max() == pytest.approx(np.sqrt(6 / 25), rel=0.2)
    assert not np.concatenate(biases).any()


def test_that_the_start_follows_from_the_seed():
    one, same, other = data_driven_parameters(ARCHITECTURE, BRANCHES, 1e-3, [[1, 2], [1, 2], [2, 2]])
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_that_starts_differ_in_their_kernels_and_share_the_mixture_of_the_targets():
    one, other = data_driven_parameters(ARCHITECTURE, BRANCHES, 1e-3, [[0, 2], [0, 2, 1]])
    last = 3 * ARCHITECTURE.num_components
    np.testing.assert_array_equal(one[-last:], other[-last:])
    assert np.mean(one[:-last] == other[:-last]) < 0.5  # hidden biases are 0


def test_that_the_mixture_of_the_targets_finds_their_groups():
    weights, locs, scales = target_mixture(BRANCHES, 3)
    np.testing.assert_allclose(locs, [-2.0, 0.0, 3.0], atol=0.05)
    np.testing.assert_allclose(weights, 1 / 3, atol=0.02)
    np.testing.assert_allclose(scales, 0.2, atol=0.03)


def test_that_the_output_biases_are_the_mixture_of_the_targets():
    _, biases = kernels_and_biases(ARCHITECTURE, data_driven_parameters(ARCHITECTURE, BRANCHES, 0.05, [[0]])[0])
    logits, locs, raw_scales = np.split(biases[-1].astype(float), 3)
    weights, expected_locs, scales = target_mixture(BRANCHES, 3)
    np.testing.assert_allclose(log_softmax(logits), np.log(weights), rtol=1e-4)
    np.testing.assert_allclose(locs, expected_locs, rtol=1e-5)
    np.testing.assert_allclose(0.05 + np.logaddexp(0.0, raw_scales), scales, rtol=1e-4)


@pytest.mark.parametrize(
    "y",
    [np.zeros(6), np.array([0.0, 1.0]), np.array([-0.01] * 99 + [9.9]), np.full(3, 1e15), np.repeat([0.0, 1.0], 50)],
    ids=["constant", "two rows", "outlier", "huge", "two values"],
)
def test_that_the_start_is_finite_with_more_components_than_values(y):
    architecture = Architecture(1, (4,), 20, "relu")
    assert np.isfinite(data_driven_parameters(architecture, y, 1e-3, [[0]])).all()
    weights, _, scales = target_mixture(y, 20)
    assert weights.sum() == pytest.approx(1.0)
    assert weights.min() > 0
    assert scales.min() > 0
