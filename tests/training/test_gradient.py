"""The gradient derived by hand is that of the loss."""

import numpy as np
import pytest
import tensorflow as tf

from mdn_gui.training.gradient import loss_and_gradient
from mdn_gui.training.mdn import Architecture, ScaleLimits, log_prob, mixture_outputs
from tests.training.networks import ACTIVATIONS, random_parameters

LIMITS = ScaleLimits(tf.constant(0.05), tf.constant(0.9))


def some_rows(networks=(), rows=17):
    return tf.constant(np.random.default_rng(3).normal(size=(*networks, rows, 3)), tf.float32)


def by_tape(architecture, parameters, rows):
    """Return loss and gradient of one network as TensorFlow differentiates them."""
    with tf.GradientTape() as tape:
        tape.watch(parameters)
        outputs = mixture_outputs(architecture, parameters, rows[:, :-1], LIMITS)
        loss = -tf.reduce_mean(log_prob(*outputs, rows[:, -1]))
    return loss, tape.gradient(loss, parameters)


def an_architecture(activation, num_components):
    return Architecture(2, (7, 5), num_components, activation)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("num_components", [1, 8])
def test_that_loss_and_gradient_of_one_network_are_those_of_the_log_prob(activation, num_components):
    architecture = an_architecture(activation, num_components)
    parameters, rows = tf.constant(random_parameters(architecture, 0)), some_rows()
    loss, gradient = loss_and_gradient(architecture, parameters, rows, LIMITS)
    expected_loss, expected = by_tape(architecture, parameters, rows)
    assert loss.shape == ()
    np.testing.assert_allclose(loss, expected_loss, rtol=1e-5)
    np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("num_components", [1, 8])
def test_that_each_of_several_networks_has_the_loss_and_gradient_of_its_own_rows(activation, num_components):
    architecture = an_architecture(activation, num_components)
    parameters = tf.constant(np.stack([random_parameters(architecture, seed) for seed in range(3)]))
    rows = some_rows((3,))
    losses, gradients = loss_and_gradient(architecture, parameters, rows, LIMITS)
    for place in range(3):
        loss, gradient = by_tape(architecture, parameters[place], rows[place])
        np.testing.assert_allclose(losses[place], loss, rtol=1e-5)
        np.testing.assert_allclose(gradients[place], gradient, rtol=1e-4, atol=1e-5)


def test_that_some_scales_are_at_the_ceiling_in_these_tests_and_some_are_not():
    architecture = an_architecture("tanh", 8)
    _, _, scales = mixture_outputs(
        architecture, tf.constant(random_parameters(architecture, 0)), some_rows()[:, :-1], LIMITS
    )
    at_ceiling = np.mean(np.equal(scales, 0.9))
    assert 0.1 < at_ceiling < 0.9


def test_that_a_scale_at_the_ceiling_has_no_gradient():
    architecture = Architecture(1, (), 1, "tanh")
    rows = tf.constant([[0.0, 3.0]])
    for raw_scale, moves in ((5.0, False), (-1.0, True)):
        parameters = tf.constant([0.0, 0.0, 0.0, 0.0, 0.0, raw_scale])
        _, gradient = loss_and_gradient(architecture, parameters, rows, LIMITS)
        assert (float(gradient[-1]) != 0) == moves


def test_that_the_gradient_is_that_of_differences_of_the_loss():
    architecture = an_architecture("softplus", 3)
    parameters = tf.constant(random_parameters(architecture, 1), tf.float64)
    rows, limits = tf.cast(some_rows(), tf.float64), ScaleLimits(*(tf.cast(each, tf.float64) for each in LIMITS))
    _, gradient = loss_and_gradient(architecture, parameters, rows, limits)
    for place in range(0, architecture.num_parameters, 7):
        moved = 1e-6 * np.eye(1, architecture.num_parameters, place)[0]
        up, down = (loss_and_gradient(architecture, parameters + m, rows, limits)[0] for m in (moved, -moved))
        assert float(up - down) / 2e-6 == pytest.approx(float(gradient[place]), rel=1e-4, abs=1e-8)


def test_that_distant_targets_have_a_finite_loss_with_a_finite_gradient():
    architecture = an_architecture("relu", 8)
    rows = some_rows() * (1.0, 1.0, 1e6)
    loss, gradient = loss_and_gradient(architecture, tf.constant(random_parameters(architecture, 0)), rows, LIMITS)
    assert np.isfinite(loss)
    assert np.isfinite(gradient).all()
