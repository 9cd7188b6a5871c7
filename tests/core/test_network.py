import itertools
import time

import numpy as np
import pytest
from scipy.special import softmax

from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.network import Network, NetworkAverage, averaged


def make_network(num_inputs=1, hidden=(64, 64), num_components=5, activation="tanh", seed=0, **limits) -> Network:
    rng = np.random.default_rng(seed)
    sizes = (num_inputs, *hidden, 3 * num_components)
    kernels = tuple(rng.normal(size=pair) / np.sqrt(pair[0]) for pair in itertools.pairwise(sizes))
    return Network(kernels, tuple(rng.normal(size=size) for size in sizes[1:]), activation, **limits)


def _identity(activation: str) -> Network:
    """Return a network whose loc is the activation of x, with K = 1."""
    return Network(([[1.0]], [[0.0, 1.0, 0.0]]), ([0.0], [0.0, 0.0, 0.0]), activation)


@pytest.mark.parametrize("activation", ["tanh", "relu", "softplus", "elu"])
@pytest.mark.parametrize("num_inputs", [1, 8])
def test_that_a_row_gives_the_same_bits_in_any_batch_at_any_place(activation, num_inputs):
    network = make_network(num_inputs, activation=activation)
    rng = np.random.default_rng(1)
    x = rng.normal(0.0, 2.0, (1000, num_inputs))
    whole = network.parameters(x)
    parts = [slice(n, n + size) for size in (1, 2, 63, 64, 65) for n in (0, 17, 900)]
    for rows in (*parts, rng.permutation(1000), np.arange(999, -1, -1), rng.integers(0, 1000, 130)):
        for array, expected in zip(network.parameters(x[rows]), whole, strict=True):
            np.testing.assert_array_equal(array, expected[rows])


@pytest.mark.parametrize(("hidden", "num_components"), [((12,), 1), ((7, 3), 64), ((512, 300), 40)])
def test_that_the_bits_do_not_depend_on_the_shape_of_the_network(hidden, num_components):
    network = make_network(2, hidden, num_components)
    x = np.random.default_rng(2).normal(size=(140, 2))
    whole = network.parameters(x)
    for row in (0, 63, 64, 139):
        for array, expected in zip(network.parameters(x[row : row + 1]), whole, strict=True):
            np.testing.assert_array_equal(array[0], expected[row])


def test_that_shapes_follow_rows_with_components():
    network = make_network(3, num_components=4)
    assert (network.num_inputs, network.num_components) == (3, 4)
    for rows in (0, 1, 64, 130):
        assert [array.shape for array in network.parameters(np.zeros((rows, 3)))] == [(rows, 4)] * 3


@pytest.mark.parametrize(
    ("activation", "function"),
    [
        ("tanh", np.tanh),
        ("relu", lambda z: z * (z > 0)),
        ("softplus", lambda z: np.log(1.0 + np.exp(z))),
        ("elu", lambda z: z if z > 0 else np.exp(z) - 1.0),
    ],
)
def test_that_activations_are_what_their_names_say(activation, function):
    for z in (-3.0, -0.5, 0.0, 0.25, 4.0):
        locs = _identity(activation).parameters(np.array([[z]]))[1]
        assert locs[0, 0] == pytest.approx(function(z), abs=1e-12)


def test_that_the_output_is_split_into_weights_locs_then_scales():
    bias = np.array([0.1, 0.9, -2.0, 3.0, -1.0, 2.0])
    network = Network((np.zeros((1, 6)),), (bias,), "relu", scale_floor=0.25)
    weights, locs, scales = network.parameters(np.zeros((1, 1)))
    single = bias.astype(np.float32).astype(np.float64)
    np.testing.assert_allclose(weights[0], softmax(single[:2]), rtol=1e-14)
    np.testing.assert_array_equal(locs[0], single[2:4])
    np.testing.assert_allclose(scales[0], 0.25 + np.log1p(np.exp(single[4:])), rtol=1e-14)


def test_that_scales_stay_between_floor_and_ceiling():
    network = Network((np.array([[0.0, 0.0, 1.0]]),), (np.zeros(3),), "relu", scale_floor=0.5, scale_ceiling=4.0)
    scales = network.parameters(np.array([[-1e4], [0.0], [1e4]]))[2][:, 0]
    assert scales == pytest.approx([0.5, 0.5 + np.log(2.0), 4.0])


@pytest.mark.parametrize("activation", ["tanh", "relu", "softplus", "elu"])
@pytest.mark.parametrize("num_components", [1, 64])
def test_that_extreme_inputs_give_finite_mixtures(activation, num_components):
    network = make_network(2, (64, 64, 64), num_components, activation)
    sizes = (1.0, 1e6, 1e12, 1e300, np.inf)
    x = np.array([(a, b) for size in sizes for a in (-size, size) for b in (-size, size)])
    weights, locs, scales = network.parameters(x)
    assert np.isfinite(locs).all()
    assert np.isfinite(scales).all()
    assert (scales > 0).all()
    assert np.abs(weights.sum(axis=1) - 1.0).max() < 1e-12


def test_that_the_weights_given_are_copied_in_single_precision_then_frozen():
    kernel = np.full((1, 3), 0.1)
    network = Network((kernel,), (np.zeros(3),), "tanh")
    kernel[0, 0] = 7.0
    assert network.kernels[0].dtype == np.float32
    assert network.kernels[0][0, 0] == np.float32(0.1)
    assert not network.kernels[0].flags.writeable
    assert not network.biases[0].flags.writeable


def test_that_reading_keeps_up_with_the_mouse():
    network, x = make_network(), np.zeros((400, 1))

    def seconds(rows: int) -> float:
        began = time.perf_counter()
        network.parameters(x[:rows])
        return time.perf_counter() - began

    # 0.06 ms and 0.35 ms measured; the bounds only catch a change of kind
    assert min(seconds(1) for _ in range(50)) < 2e-3
    assert min(seconds(400) for _ in range(20)) < 20e-3


def test_that_an_average_is_the_mixture_of_all_components_of_its_members():
    members = make_network(2, num_components=3, seed=1), make_network(2, num_components=3, seed=2)
    average, x = NetworkAverage(members, (0.7, 0.3)), np.random.default_rng(0).normal(size=(100, 2))
    assert (average.num_inputs, average.num_components) == (2, 6)
    weights, locs, scales = average.parameters(x)
    for place, (member, share) in enumerate(zip(members, (0.7, 0.3), strict=True)):
        part = slice(3 * place, 3 * place + 3)
        alone = member.parameters(x)
        np.testing.assert_array_equal(weights[:, part], share * alone[0])
        np.testing.assert_array_equal(locs[:, part], alone[1])
        np.testing.assert_array_equal(scales[:, part], alone[2])
    np.testing.assert_allclose(weights.sum(axis=1), 1.0)


def test_that_the_density_of_an_average_is_the_average_of_the_densities():
    members = tuple(make_network(1, num_components=2, seed=seed) for seed in range(3))
    shares = (0.5, 0.3, 0.2)
    x, y = np.linspace(-2.0, 2.0, 40)[:, np.newaxis], np.linspace(-3.0, 3.0, 40)
    density = ConditionalMixture(*NetworkAverage(members, shares).parameters(x)).pdf(y)
    each = [ConditionalMixture(*member.parameters(x)).pdf(y) for member in members]
    np.testing.assert_allclose(density, np.average(each, axis=0, weights=shares), rtol=1e-12)


def test_that_a_row_gives_the_same_bits_in_any_batch_of_an_average():
    average = NetworkAverage((make_network(seed=1), make_network(seed=2)), (0.25, 0.75))
    x = np.random.default_rng(3).normal(size=(200, 1))
    whole = average.parameters(x)
    for array, expected in zip(average.parameters(x[137:138]), whole, strict=True):
        np.testing.assert_array_equal(array[0], expected[137])


def test_that_an_average_has_the_limits_and_the_activation_of_its_members():
    limits = {"scale_floor": 0.25, "scale_ceiling": 3.0, "activation": "elu"}
    average = averaged((make_network(seed=1, **limits), make_network(seed=2, **limits)), (0.5, 0.5))
    assert (average.activation, average.scale_floor, average.scale_ceiling) == ("elu", 0.25, 3.0)


def test_that_the_average_of_one_network_is_that_network():
    network = make_network()
    assert averaged((network,), (1.0,)) is network
    assert (network.members, network.shares) == ((network,), (1.0,))
