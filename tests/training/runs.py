"""Small data, short settings, and what a test looks at in a whole run."""

import dataclasses

import numpy as np

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.split import split_of_run
from tests.laws import Cardioid

SMALL = ModelConfig(num_components=2, hidden_layers=(8,))
SHORT = TrainingConfig(epochs=12, patience=12, batch_size=32, restarts=1, distillation=False)
AVERAGED = dataclasses.replace(
    SHORT,
    restarts=3,
    combination="average",
    validation_fraction=0.4,
    epochs=80,
    patience=80,
    learning_rate=0.02,
)
"""Of its networks two have a good share in the average, on 200 rows of the cardioid."""


def cardioid(n=200, seed=0):
    """Return N rows of the cardioid."""
    x, y = Cardioid().sample(n, np.random.default_rng(seed))
    return Dataset(x[:, np.newaxis], y, ("x",), "y", "cardioid")


def drained(epochs):
    """Return all that a generator yields and what it returns."""
    yielded = []
    while True:
        try:
            yielded.append(next(epochs))
        except StopIteration as finished:
            return yielded, finished.value


def bits(model):
    """Return every weight of a model, with the shares, as bytes."""
    layers = [array for member in model.network.members for array in (*member.kernels, *member.biases)]
    return b"".join(array.tobytes() for array in layers) + np.array(model.network.shares).tobytes()


def held_out_nll(model, dataset):
    """Return the NLL of the rows that a run held out, data units."""
    _, held_out = split_of_run(model.training_config, len(dataset))
    return -float(np.mean(model.conditional(dataset.x[held_out]).log_pdf(dataset.y[held_out])))
