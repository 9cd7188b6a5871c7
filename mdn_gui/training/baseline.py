"""Rows drawn from the joint Gaussian mixture, for a network to learn from."""

import numpy as np

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.joint_mixture import fit_joint_mixture
from mdn_gui.core.split import IndexArray
from mdn_gui.training.preparation import Float32Array, PreparedData

_DRAWN_ROWS = 20_000
_BLOCK = 2_000
_SPREAD = 0.5
"""Sd of the inputs about those of the rows, over n^(-1/(4 + D)): a network that sees few different inputs again and
again is free between them."""


def drawn_rows(dataset: Dataset, train: IndexArray, data: PreparedData, seed: int) -> Float32Array:
    """Return rows [M, D + 1], scaled units: inputs about those of training rows, targets from the joint mixture there.

    Parameters
    ----------
    dataset : Dataset
        Data units.
    train : int array [N]
        The training rows, which alone the joint mixture is fitted to.
    data : PreparedData
        Their scaling, the transform of their target.
    seed : int
        The same seed gives the same rows.

    Notes
    -----
    A network that learns from so many rows comes close to the joint mixture. Where that is nearly the law, and the
    rows are few, it is closer to the law than one that learns from the rows.
    """
    rows = Dataset(dataset.x[train], dataset.y[train], dataset.input_names, dataset.target_name)
    mixture = fit_joint_mixture(rows, seed, data.transform)
    rng = np.random.default_rng([seed, 5])
    spread = _SPREAD * len(train) ** (-1.0 / (4.0 + dataset.num_inputs)) * data.spread[:-1]
    drawn = np.empty((_DRAWN_ROWS, data.train.shape[2]), np.float32)
    for begin in range(0, _DRAWN_ROWS, _BLOCK):
        some = data.train_rows[rng.integers(len(train), size=_BLOCK), :-1]
        inputs = some + spread * rng.normal(size=some.shape)
        targets = mixture.transformed_conditional(data.x_scaler.restored(inputs)).sample(rng, 1)
        drawn[begin : begin + _BLOCK, :-1] = inputs
        drawn[begin : begin + _BLOCK, -1:] = data.y_scaler.scaled(targets)
    return drawn
