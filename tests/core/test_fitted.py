import dataclasses

import numpy as np
import pytest

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel, Provenance
from mdn_gui.core.network import Network
from mdn_gui.core.scaling import Standardizer
from mdn_gui.errors import DataError

DATASET = Dataset([[0.0, 5.0], [1.0, 7.0], [4.0, 6.0]], [10.0, 20.0, 60.0], ("a", "b"), "t", "a file")


def make_model(scale_floor: float = 0.01) -> FittedModel:
    rng = np.random.default_rng(0)
    kernels = rng.normal(size=(2, 8)), rng.normal(size=(8, 9))
    network = Network(kernels, (rng.normal(size=8), rng.normal(size=9)), "tanh", scale_floor)
    return FittedModel(
        network,
        Standardizer([2.0, 6.0], [1.5, 0.5]),
        Standardizer([30.0], [20.0]),
        Provenance.of(DATASET),
        ModelConfig(num_components=3, hidden_layers=(8,)),
        TrainingConfig(),
    )


def test_that_the_mixture_is_in_data_units():
    model, x = make_model(), np.array([[3.5, 5.0], [0.5, 6.5]])
    weights, locs, scales = model.network.parameters(np.array([[1.0, -2.0], [-1.0, 1.0]]))
    mixture = model.conditional(x)
    np.testing.assert_allclose(mixture.weights, weights, rtol=1e-14)
    np.testing.assert_allclose(mixture.locs, 30.0 + 20.0 * locs, rtol=1e-14)
    np.testing.assert_allclose(mixture.scales, 20.0 * scales, rtol=1e-14)


def test_that_a_row_gives_the_same_bits_in_any_batch():
    model, x = make_model(), np.random.default_rng(1).normal(3.0, 2.0, (200, 2))
    whole = model.conditional(x)
    order = np.random.default_rng(2).permutation(200)
    shuffled, alone = model.conditional(x[order]), model.conditional(x[137:138])
    for name in ("weights", "locs", "scales"):
        np.testing.assert_array_equal(getattr(shuffled, name), getattr(whole, name)[order])
        np.testing.assert_array_equal(getattr(alone, name)[0], getattr(whole, name)[137])


@pytest.mark.parametrize("x", [1.0, [1.0, 2.0], [[1.0]], [[1.0, 2.0, 3.0]], [[[1.0, 2.0]]]])
def test_that_x_of_another_shape_is_refused_with_the_right_one_named(x):
    with pytest.raises(DataError, match="has shape") as caught:
        make_model().conditional(x)
    assert "[N, 2]" in caught.value.hint


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_that_x_that_is_not_finite_is_refused(value):
    with pytest.raises(DataError, match="not a finite number"):
        make_model().conditional([[1.0, value]])


@pytest.mark.parametrize("value", [-1e12, -1e6, 1e6, 1e12, 1e300, 1.7e308])
def test_that_any_finite_x_can_be_read(value):
    mixture = make_model(scale_floor=0.0).conditional([[value, -value]])
    assert np.isfinite(mixture.mean()).all()
    assert (mixture.scales > 0).all()


def test_that_an_empty_batch_is_read_as_an_empty_mixture():
    mixture = make_model().conditional(np.empty((0, 2)))
    assert (len(mixture), mixture.num_components) == (0, 3)


def test_that_no_sd_is_below_the_smallest_one_stated():
    model = make_model(scale_floor=0.01)
    assert model.smallest_scale == pytest.approx(0.2)
    scales = model.conditional(np.random.default_rng(3).normal(0.0, 50.0, (300, 2))).scales
    assert scales.min() >= model.smallest_scale


def test_that_a_model_knows_its_sizes():
    assert (make_model().num_inputs, make_model().num_components) == (2, 3)


def test_that_provenance_keeps_names_with_ranges():
    provenance = Provenance.of(DATASET)
    assert (provenance.input_names, provenance.target_name, provenance.source) == (("a", "b"), "t", "a file")
    assert provenance.num_rows == 3
    assert provenance.input_ranges.tolist() == [[0.0, 1.0, 4.0], [5.0, 6.0, 7.0]]
    assert not provenance.input_ranges.flags.writeable


def test_that_each_restart_is_a_model_of_its_own():
    model, other = make_model(), make_model()
    first, second = model.network, Network(other.network.kernels, (other.network.biases[0], np.ones(9)), "tanh", 0.01)
    kept = dataclasses.replace(model, restarts=(first, second))
    one, two = kept.members()
    x = np.array([[3.5, 5.0], [0.5, 6.5]])
    assert one.conditional(x).locs.tobytes() == model.conditional(x).locs.tobytes()
    assert two.conditional(x).locs.tobytes() != one.conditional(x).locs.tobytes()
    np.testing.assert_allclose(
        two.y_scaler.restored(second.parameters(two.x_scaler.scaled(x))[1]), two.conditional(x).locs
    )
    assert (two.provenance, two.model_config, two.history) == (model.provenance, model.model_config, None)
    assert two.members() == model.members() == ()
