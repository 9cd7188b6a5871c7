"""Flat parameter vectors as exported networks, or the other way round."""

import numpy as np

from mdn_gui.core.network import Network, NetworkAverage
from mdn_gui.training.mdn import Architecture
from mdn_gui.training.preparation import Float32Array


def network_of(
    parameters: Float32Array, architecture: Architecture, scale_floor: float, scale_ceiling: float
) -> Network:
    """Return the network with these ``parameters`` [P], limits in scaled units."""
    pieces = np.split(parameters, np.cumsum(architecture.sizes)[:-1])
    arrays = [piece.reshape(shape) for piece, shape in zip(pieces, architecture.shapes, strict=True)]
    return Network(tuple(arrays[::2]), tuple(arrays[1::2]), architecture.activation, scale_floor, scale_ceiling)


def parameters_of(network: Network | NetworkAverage) -> Float32Array:
    """Return the parameters [R, P] of each network of an average, or of the one network."""
    return np.stack(
        [
            np.concatenate([array.ravel() for layer in zip(each.kernels, each.biases, strict=True) for array in layer])
            for each in network.members
        ]
    )
