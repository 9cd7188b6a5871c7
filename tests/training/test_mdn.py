"""The TensorFlow network and its likelihood."""

import numpy as np
import pytest
import tensorflow as tf

from mdn_gui.training.mdn import (
    Architecture,
    ScaleLimits,
    conditional_distribution,
    log_prob,
    mixture_outputs,
    mixture_parameters,
)
from tests.training.networks import random_parameters

ARCHITECTURE = Architecture(2, (7, 5), 4, "tanh")
LIMITS = ScaleLimits(tf.constant(0.05), tf.constant(0.8))


@pytest.fixture
def batch():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(9, 2)), rng.normal(size=9)
    return tf.constant(random_parameters(ARCHITECTURE, 0)), tf.constant(x, tf.float32), tf.constant(y, tf.float32)


def test_that_the_flat_vector_holds_every_kernel_and_bias():
    assert ARCHITECTURE.shapes == ((2, 7), (7,), (7, 5), (5,), (5, 12), (12,))
    assert ARCHITECTURE.num_parameters == 14 + 7 + 35 + 5 + 60 + 12


def test_that_the_loss_is_the_log_prob_of_the_distribution(batch):
    parameters, x, y = batch
    distribution = conditional_distribution(ARCHITECTURE, parameters, x, LIMITS)
    ours = log_prob(*mixture_outputs(ARCHITECTURE, parameters, x, LIMITS), y)
    np.testing.assert_allclose(ours, distribution.log_prob(y), rtol=1e-5, atol=1e-5)


def test_that_log_prob_gives_one_value_a_row(batch):
    parameters, x, y = batch
    assert log_prob(*mixture_outputs(ARCHITECTURE, parameters, x, LIMITS), y).shape == (9,)


def test_that_a_target_that_would_broadcast_is_refused(batch):
    parameters, x, y = batch
    outputs = mixture_outputs(ARCHITECTURE, parameters, x, LIMITS)
    with pytest.raises(ValueError, match="one value a row"):
        log_prob(*outputs, y[:, tf.newaxis])


def test_that_a_target_of_another_length_is_refused(batch):
    parameters, x, y = batch
    outputs = mixture_outputs(ARCHITECTURE, parameters, x, LIMITS)
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError)):
        log_prob(*outputs, y[:1])


def test_that_the_parameters_are_a_mixture_within_the_limits(batch):
    parameters, x, _ = batch
    distribution = conditional_distribution(ARCHITECTURE, 30.0 * parameters, x, LIMITS)
    weights, means, variances = mixture_parameters(distribution)
    assert weights.shape == means.shape == variances.shape == (9, 4)
    np.testing.assert_allclose(tf.reduce_sum(weights, axis=1), 1.0, rtol=1e-5)
    scales = np.sqrt(variances)
    assert scales.min() == pytest.approx(0.05)
    assert scales.max() == pytest.approx(0.8)


def test_that_the_log_prob_of_distant_targets_stays_finite_with_its_gradient(batch):
    parameters, x, y = batch
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        values = log_prob(*mixture_outputs(ARCHITECTURE, parameters, x, LIMITS), y * 1e6)
    assert np.isfinite(values).all()
    assert np.isfinite(tape.gradient(values, parameters)).all()
