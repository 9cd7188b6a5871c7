"""The NumPy read-out gives what TensorFlow Probability gives for the same weights."""

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_probability as tfp
import tf_keras

from mdn_gui.training.mdn import ScaleLimits, conditional_distribution, mixture_parameters
from tests.training.networks import (
    kernels_and_biases,
    random_architecture,
    random_inputs,
    random_parameters,
    unscaled_model,
)

# Where softplus is 0 in float64 the product keeps a scale of 1e-150: its variance is 0 to any purpose.
ABSOLUTE = {"weights": 1e-30, "means": 0.0, "variances": 1e-290}


def published_model(architecture):
    """Build the network of the published recipe, in float64."""
    mixture_normal, num_components = tfp.layers.MixtureNormal, architecture.num_components
    hidden = [
        tf_keras.layers.Dense(units, activation=architecture.activation, dtype="float64")
        for units in architecture.hidden_layers
    ]
    return tf_keras.Sequential(
        [
            tf_keras.Input([architecture.num_inputs], dtype="float64"),
            *hidden,
            tf_keras.layers.Dense(mixture_normal.params_size(num_components, [1]), dtype="float64"),
            mixture_normal(num_components, [1], dtype="float64"),
        ]
    )


def interleaved(architecture, parameters):
    """Return kernels and biases with the last layer in the order K logits, then (loc, raw scale) of each component."""
    first, count = np.arange(architecture.num_components), architecture.num_components
    order = np.concatenate((first, np.stack((first + count, first + 2 * count), axis=1).ravel()))
    kernels, biases = kernels_and_biases(architecture, parameters)
    kernels, biases = (*kernels[:-1], kernels[-1][:, order]), (*biases[:-1], biases[-1][order])
    return [array for layer in zip(kernels, biases, strict=True) for array in layer]


def assert_same_mixture(mixture, oracle, rtol):
    weights, means, variances = (np.asarray(part) for part in oracle)
    shape = mixture.weights.shape
    for name, ours, theirs in (
        ("weights", mixture.weights, weights),
        ("means", mixture.locs, means),
        ("variances", mixture.variances, variances),
    ):
        np.testing.assert_allclose(ours, theirs.reshape(shape), rtol=rtol, atol=ABSOLUTE[name], err_msg=name)


@pytest.mark.parametrize("shape", range(20))
def test_that_the_read_out_equals_the_published_layer_with_the_same_weights(shape):
    architecture = random_architecture(shape)
    model = published_model(architecture)
    for seed in range(5):
        parameters, x = random_parameters(architecture, seed), random_inputs(architecture, seed)
        model.set_weights(interleaved(architecture, parameters))
        mixture = unscaled_model(architecture, parameters).conditional(x)
        assert_same_mixture(mixture, mixture_parameters(model(tf.constant(x))), rtol=1e-5)


def test_that_the_read_out_equals_the_trained_distribution():
    for seed in range(40):
        architecture = random_architecture(seed)
        parameters, x = random_parameters(architecture, seed), random_inputs(architecture, seed)
        distribution = conditional_distribution(
            architecture,
            tf.constant(parameters, tf.float64),
            tf.constant(x),
            ScaleLimits(tf.constant(0.0, tf.float64), tf.constant(np.inf, tf.float64)),
        )
        mixture = unscaled_model(architecture, parameters).conditional(x)
        assert_same_mixture(mixture, mixture_parameters(distribution), rtol=1e-9)
