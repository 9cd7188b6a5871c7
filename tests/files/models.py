"""Models made without training, for tests of what happens to them afterwards."""

import itertools

import numpy as np

from mdn_gui.core.config import Activation, ModelConfig, TrainingConfig
from mdn_gui.core.dataset import frozen_array
from mdn_gui.core.fitted import FittedModel, Provenance
from mdn_gui.core.metrics import StopReason, TrainingHistory
from mdn_gui.core.network import Network
from mdn_gui.core.scaling import Standardizer

HISTORY = TrainingHistory((1.5, 0.25, 0.2), (1.6, 0.3, 0.35), 2, StopReason.PATIENCE, 1.25)


def random_model(
    seed: int = 0,
    *,
    names: tuple[str, ...] = ("x",),
    target: str = "y",
    source: str = "data.csv",
    components: int = 3,
    hidden: tuple[int, ...] = (4, 5),
    activation: Activation = "tanh",
    ceiling: float = float("inf"),
    history: TrainingHistory | None = HISTORY,
) -> FittedModel:
    """Return a model with random weights and odd scalers."""
    rng = np.random.default_rng(seed)
    units = (len(names), *hidden, 3 * components)
    shapes = list(itertools.pairwise(units))
    network = Network(
        tuple(rng.normal(size=shape) for shape in shapes),
        tuple(rng.normal(size=fan_out) for _, fan_out in shapes),
        activation,
        1e-3,
        ceiling,
    )
    low = rng.normal(size=len(names))
    ranges = np.column_stack([low, low + 0.3, low + 1.0 / 3.0])
    return FittedModel(
        network,
        Standardizer(rng.normal(size=len(names)), rng.uniform(0.5, 2.0, len(names))),
        Standardizer([0.1 + seed], [1.7]),
        Provenance(names, target, source, 123, frozen_array(ranges)),
        ModelConfig(num_components=components, hidden_layers=hidden, activation=activation),
        TrainingConfig(seed=seed, epochs=3),
        history,
    )
