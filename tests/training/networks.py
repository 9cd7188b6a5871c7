"""Random networks to compare forward passes on."""

import numpy as np

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel, Provenance
from mdn_gui.core.network import Network
from mdn_gui.core.scaling import Standardizer
from mdn_gui.training.mdn import Architecture
from mdn_gui.training.preparation import SMALLEST_SCALE

ACTIVATIONS = ("tanh", "relu", "softplus", "elu")


def random_architecture(seed):
    """Draw 1 to 3 inputs, 1 to 3 hidden layers of 1 to 40 units, 1 to 12 components."""
    rng = np.random.default_rng(seed)
    layers = tuple(int(units) for units in rng.integers(1, 41, rng.integers(1, 4)))
    return Architecture(int(rng.integers(1, 4)), layers, int(rng.integers(1, 13)), ACTIVATIONS[seed % 4])


def random_parameters(architecture, seed):
    """Draw a flat float32 vector [P] of the size that training gives."""
    return np.random.default_rng([seed, 1]).normal(0.0, 0.7, architecture.num_parameters).astype(np.float32)


def random_inputs(architecture, seed):
    """Draw inputs [14, D] of all sizes up to 1e6, both extremes included."""
    rng = np.random.default_rng([seed, 2])
    sizes = 10.0 ** rng.uniform(-3.0, 6.0, (12, architecture.num_inputs))
    extremes = np.full((2, architecture.num_inputs), 1e6) * ((1.0,), (-1.0,))
    return np.concatenate((sizes * rng.choice((-1.0, 1.0), sizes.shape), extremes))


def kernels_and_biases(architecture, parameters):
    """Return the arrays of a flat vector, first to last layer."""
    pieces = np.split(parameters, np.cumsum(architecture.sizes)[:-1])
    arrays = [piece.reshape(shape) for piece, shape in zip(pieces, architecture.shapes, strict=True)]
    return tuple(arrays[::2]), tuple(arrays[1::2])


def unscaled_model(architecture, parameters):
    """Return a fitted model with these parameters and no scaling, as the published recipe has it."""
    kernels, biases = kernels_and_biases(architecture, parameters)
    num_inputs = architecture.num_inputs
    names = tuple(f"x{column}" for column in range(num_inputs))
    return FittedModel(
        Network(kernels, biases, architecture.activation, SMALLEST_SCALE),
        Standardizer.identity(num_inputs),
        Standardizer.identity(1),
        Provenance.of(Dataset(np.eye(2, num_inputs), np.arange(2.0), names, "y")),
        ModelConfig(),
        TrainingConfig(),
    )
