"""Random models of every kind, with places to read them at: for what takes a model elsewhere."""

from dataclasses import replace

import numpy as np

from mdn_gui.core.config import TargetTransform
from mdn_gui.core.dataset import FloatArray, frozen_array
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.network import Network, NetworkAverage
from mdn_gui.core.scaling import Standardizer
from tests.files.models import random_model

HOSTILE = (
    "a\"b'c",
    '"""',
    "'''\nimport os\nos.abort()\n'''",
    "back\\slash\\",
    "\\N{BULLET} \\x41 \\",
    "\u202eright to left\u2066",
    "\u05d0\u05d1\u0627",
    "nul\0tab\tline\r\n",
    "{braces} %s %(x)s",
    "=HYPERLINK(1)",
    "\ud800 lone",
    "\U0001f600 </script><b>&amp;",
    "\u6c34",
)
"""Texts that must stay texts wherever they are written."""

MIXED = (
    Encoding("age"),
    Encoding("colour", ColumnKind.CATEGORY, ("red", "green", "3")),
    Encoding("day", ColumnKind.DAYS, (), "2020-01-01"),
    Encoding("smokes", ColumnKind.BOOLEAN),
)


def encoded_model(encodings: tuple[Encoding, ...], model: FittedModel | None = None) -> FittedModel:
    """Return a model, random by default, whose inputs are made from columns like these."""
    names = tuple(name for encoding in encodings for name in encoding.names)
    model = model or random_model(4, names=names, components=4)
    ranges = np.array(model.provenance.input_ranges)
    start = 0
    for encoding in encodings:
        if encoding.levels:
            ranges[start : start + encoding.width] = (0.0, 0.0, 1.0)
            ranges[start, 1] = 1.0
        start += encoding.width
    seen = replace(model.provenance, input_names=names, encodings=encodings, input_ranges=frozen_array(ranges))
    return replace(model, provenance=seen)


def averaged_model(model: FittedModel, count: int = 3) -> FittedModel:
    """Return a model whose network is the average of several, with odd shares."""
    networks = tuple(random_like(model, seed) for seed in range(count))
    shares = np.random.default_rng(7).dirichlet(np.ones(count))
    return replace(model, network=NetworkAverage(networks, tuple(shares.tolist())))


def random_like(model: FittedModel, seed: int) -> Network:
    """Return a network of the same layers as that of a model."""
    network, rng = model.network.members[0], np.random.default_rng([seed, 11])
    return replace(
        network,
        kernels=tuple(rng.normal(size=kernel.shape) for kernel in network.kernels),
        biases=tuple(rng.normal(size=bias.shape) for bias in network.biases),
    )


def transformed_model(transform: TargetTransform, model: FittedModel) -> FittedModel:
    """Return a model that has learned a transform of its target."""
    return replace(model, model_config=replace(model.model_config, target_transform=transform))


def small_sds_model(raw: float) -> FittedModel:
    """Return a model with this raw scale everywhere: at -30 its sds are tiny, at -800 they are the smallest ones."""
    model = random_model(12)
    network = model.network.members[0]
    kernel, bias = network.kernels[-1].copy(), network.biases[-1].copy()
    kernel[:, 6:], bias[6:] = 0.0, raw
    kernels, biases = (*network.kernels[:-1], kernel), (*network.biases[:-1], bias)
    return replace(model, network=replace(network, kernels=kernels, biases=biases, scale_floor=0.0))


def models() -> dict[str, FittedModel]:
    """Return one model of each kind by a name."""
    hostile = (*map(Encoding, HOSTILE[:-1]), Encoding("c", ColumnKind.CATEGORY, HOSTILE))
    hostile_names = tuple(name for encoding in hostile for name in encoding.names)
    several = random_model(2, names=("a", "b", "c"), components=5, ceiling=10.0)
    one = random_model(5, components=4, ceiling=3.0)
    steep = replace(one, x_scaler=Standardizer([1e5], [1e-3]), y_scaler=Standardizer([-1e6], [1e-5]))
    return {
        **{name: random_model(1, activation=name) for name in ("tanh", "relu", "softplus", "elu")},
        "several inputs": several,
        "one component": random_model(3, components=1),
        "64 components": random_model(6, components=64),
        "average": averaged_model(several),
        "mixed columns": encoded_model(MIXED),
        "hostile texts": encoded_model(
            hostile, random_model(8, names=hostile_names, target=HOSTILE[2], source=HOSTILE[1])
        ),
        "log": transformed_model("log", random_model(9, activation="relu", ceiling=10.0)),
        "logit": transformed_model("logit", random_model(10, ceiling=10.0)),
        "log, averaged": transformed_model("log", averaged_model(one)),
        "logit, averaged": transformed_model("logit", averaged_model(several)),
        "odd scales": steep,
        "no limit, no floor": replace(one, network=replace(one.network.members[0], scale_floor=0.0)),
    }


def places(model: FittedModel, count: int = 40) -> FloatArray:
    """Return values of the columns [N, C]: inside the data, far outside them, at 1e12."""
    encodings, rng = model.provenance.encodings, np.random.default_rng(0)
    low, high = model.provenance.column_ranges.T
    inside = rng.uniform(low, high, (count, len(encodings)))
    far = inside * rng.normal(scale=1e3, size=inside.shape)
    farthest = np.vstack([np.full(len(encodings), 1e12), np.full(len(encodings), -1e12)])
    columns = np.vstack([inside, far, farthest])
    for place, encoding in enumerate(encodings):
        if encoding.levels:
            columns[:, place] = rng.integers(0, len(encoding.levels), len(columns))
    return columns
