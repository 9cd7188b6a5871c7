"""The weights of a model as raw numbers, with what they must give."""

from collections.abc import Iterable
from weakref import WeakKeyDictionary

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.network import Network
from mdn_gui.core.transform import NONE
from mdn_gui.errors import DataError
from mdn_gui.files.projects.archive import array_bytes, numbers_of
from mdn_gui.files.projects.descriptions import Description
from mdn_gui.files.projects.refusal import RefusedError

_TOLERANCE = 1e-5
_references: "WeakKeyDictionary[FittedModel, bytes]" = WeakKeyDictionary()
"""What a model gives, as it was first saved: a project is saved again and again, on other machines too."""


def weights_bytes(networks: Iterable[Network]) -> tuple[bytes | memoryview, ...]:
    """Return the kernel, then the bias, of each layer of each network, float32."""
    layers = [layer for each in networks for layer in zip(each.kernels, each.biases, strict=True)]
    return tuple(array_bytes(array, "<f4") for layer in layers for array in layer)


def networks_of(description: Description, content: memoryview, name: str, count: int) -> tuple[Network, ...]:
    """Return the ``count`` networks in a member.

    Raises
    ------
    RefusedError
        When the member has another length, or a weight is not finite.
    """
    size = sum((fan_in + 1) * fan_out for fan_in, fan_out in description.layer_shapes)
    weights = numbers_of(content, "<f4", size * count, name)
    if not np.isfinite(weights).all():
        raise RefusedError("a weight is not a finite number")
    return tuple(_network(description, part) for part in weights.reshape(count, size))


def _network(description: Description, weights: np.ndarray) -> Network:
    kernels, biases = [], []
    for fan_in, fan_out in description.layer_shapes:
        kernel, bias, weights = np.split(weights, [fan_in * fan_out, (fan_in + 1) * fan_out])
        kernels.append(kernel.reshape(fan_in, fan_out))
        biases.append(bias)
    limits = (description.scale_floor, description.scale_ceiling)
    return Network(tuple(kernels), tuple(biases), description.activation, *limits)


def reference_bytes(model: FittedModel) -> bytes:
    """Return the parameters of a model at five places, then those of each restart: what they must give again.

    Raises
    ------
    RefusedError
        When it cannot be evaluated.
    """
    if model not in _references:
        try:
            with np.errstate(all="ignore"):
                parts = [_reference(each, _places(each)) for each in (model, *model.members())]
        except DataError as error:
            raise RefusedError(error.message.rstrip(".")) from error
        _references[model] = b"".join(part.astype("<f8").tobytes() for part in parts)
    return _references[model]


def check_references(model: FittedModel, content: memoryview, name: str) -> None:
    """Refuse a model that does not give the parameters that were saved with it, nor its restarts theirs.

    Raises
    ------
    RefusedError
        When a parameter differs by more than 1e-5 of its size, or of the sd of the target.
    """
    models = (model, *model.members())
    shapes = [(len(_places(each)), each.num_inputs + 3 * each.num_components) for each in models]
    sizes = [rows * width for rows, width in shapes]
    parts = np.split(numbers_of(content, "<f8", sum(sizes), name), np.cumsum(sizes)[:-1])
    for each, part, shape in zip(models, parts, shapes, strict=True):
        _check_reference(each, part.reshape(shape))


def keep_references(model: FittedModel, content: memoryview) -> None:
    """Let a model be saved with the very parameters that it was saved with before."""
    _references[model] = bytes(content)


def _places(model: FittedModel) -> FloatArray:
    low, median, high = model.provenance.input_ranges.T
    return np.stack([low, low / 2 + median / 2, median, median / 2 + high / 2, high])


def _reference(model: FittedModel, x: FloatArray) -> FloatArray:
    """Return x with the parameters there, [R, D + 3 K]."""
    mixture = model.conditional(x)
    return np.column_stack([x, mixture.weights, mixture.locs, mixture.scales])


def _check_reference(model: FittedModel, expected: FloatArray) -> None:
    unit = np.ones(expected.shape[1])
    unit[model.num_inputs + model.num_components :] = model.y_scaler.sd[0] if model.transform is NONE else 0.0
    try:
        with np.errstate(all="ignore"):  # what overflows or is NaN is refused below
            found = _reference(model, expected[:, : model.num_inputs])
            close = np.abs(found - expected) <= _TOLERANCE * (unit + np.abs(expected))
            close |= found == expected  # moments of a transformed target may be infinite
    except DataError as error:
        raise RefusedError(f"it cannot be evaluated ({error.message})") from error
    if not close.all():
        raise RefusedError("it does not give the parameters that were saved with it")
