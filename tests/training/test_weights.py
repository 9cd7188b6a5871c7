"""Flat vectors and exported networks, one made of the other."""

import numpy as np
import pytest

from mdn_gui.core.network import NetworkAverage
from mdn_gui.training.weights import network_of, parameters_of
from tests.training.networks import kernels_and_biases, random_architecture, random_parameters


@pytest.mark.parametrize("seed", range(4))
def test_that_a_network_holds_the_kernels_and_biases_of_its_flat_vector(seed):
    architecture = random_architecture(seed)
    parameters = random_parameters(architecture, seed)
    network = network_of(parameters, architecture, 0.25, 4.0)
    for found, expected in zip(
        (network.kernels, network.biases), kernels_and_biases(architecture, parameters), strict=True
    ):
        for ours, theirs in zip(found, expected, strict=True):
            np.testing.assert_array_equal(ours, theirs)
    assert (network.activation, network.scale_floor, network.scale_ceiling) == (architecture.activation, 0.25, 4.0)


def test_that_the_flat_vectors_of_an_average_come_back_bit_by_bit():
    architecture = random_architecture(2)
    vectors = np.stack([random_parameters(architecture, seed) for seed in range(3)])
    networks = tuple(network_of(vector, architecture, 1e-3, np.inf) for vector in vectors)
    np.testing.assert_array_equal(parameters_of(NetworkAverage(networks, (0.5, 0.25, 0.25))), vectors)
    np.testing.assert_array_equal(parameters_of(networks[1]), vectors[1:2])
