"""Which components of a model it could do without."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mdn_gui.core.dataset import FloatArray, checked_inputs
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.thinning import ThinnedNetwork, thin

MOST_ROWS = 2_000

Kind = Literal["dead", "duplicate"]


@dataclass(frozen=True)
class ComponentFinding:
    """A component that could be removed.

    Parameters
    ----------
    component : int
        Which one, counted from 0.
    kind : {"dead", "duplicate"}
        It can be left out, or be one with its twin.
    twin : int or None
        Of a duplicate the component that stays, which has the greater weight.
    weight : float
        Its mean weight over the rows.
    ratio : float
        Of a duplicate its mean weight over that of its twin, at most 1; 0 of a dead one.
    loss : float
        What it costs in the mean log density of the rows, nats a row; the costs of what is found together add up.
    """

    component: int
    kind: Kind
    twin: int | None = None
    weight: float = 0.0
    ratio: float = 0.0
    loss: float = 0.0


def find_components(model: FittedModel, inputs: FloatArray, targets: FloatArray) -> tuple[ComponentFinding, ...]:
    """Return the components that could be removed, all of them together, in their order.

    Parameters
    ----------
    model : FittedModel
        The model to look at.
    inputs : array [N, D]
        Inputs of the rows, data units; of more than 2,000 a sample is looked at, the same each time.
    targets : array [N]
        Targets of the rows, data units.

    Raises
    ------
    DataError
        When the inputs do not fit the model.

    Notes
    -----
    One component after another is left out, its weight given to the others, or joined with one that is near, as
    :func:`mdn_gui.core.pruning.without_components` does it: each time the one that changes the mean log density of
    the rows least. It ends before one changes it by 0.001 nats a row, or all of them by 0.005. In an average of
    networks as many are found in each of them, or none.
    """
    if len(inputs) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(0).choice(len(inputs), MOST_ROWS, replace=False))
        inputs, targets = inputs[rows], targets[rows]
    if not len(inputs):
        return ()
    x = model.x_scaler.scaled(checked_inputs(inputs, model.num_inputs))
    y = model.y_scaler.scaled(model.transform.forward(np.asarray(targets, float))[:, np.newaxis])[:, 0]
    shared = zip(model.network.members, model.network.shares, strict=True)
    networks = [ThinnedNetwork(network, x, y, share) for network, share in shared]
    thin(networks)
    found, start = [], 0
    for network in networks:
        for k, (twin, loss) in network.removed.items():
            weight = float(network.mean_weights[k])
            if twin is None:
                found.append(ComponentFinding(start + k, "dead", weight=weight, loss=loss))
            else:
                ratio = float(weight / network.mean_weights[twin])
                found.append(ComponentFinding(start + k, "duplicate", start + twin, weight, ratio, loss))
        start += network.num_components
    return tuple(sorted(found, key=lambda finding: finding.component))
