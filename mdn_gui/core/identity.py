"""Which components of a model do nothing, or the same as another."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.fitted import FittedModel

MOST_ROWS = 2_000
_MATTERS = 1e-3
"""Weight from which on a component matters at a row."""
_MATTERS_ON_AVERAGE = 1e-4
_NEAR, _ALIKE = 0.1, 1.1
"""Twins: their locs are apart by at most this share of the smaller sd, one sd is at most so many times the other."""

Kind = Literal["dead", "duplicate"]


@dataclass(frozen=True)
class ComponentFinding:
    """A component that could be removed.

    Parameters
    ----------
    component : int
        Which one, counted from 0.
    kind : {"dead", "duplicate"}
        It has weight nowhere, or is the same as its twin wherever one of them matters.
    twin : int or None
        Of a duplicate the component that stays, which has the greater weight.
    weight : float
        Its mean weight over the rows.
    ratio : float
        Of a duplicate its mean weight over that of its twin, at most 1; 0 of a dead one.
    """

    component: int
    kind: Kind
    twin: int | None = None
    weight: float = 0.0
    ratio: float = 0.0


def find_components(model: FittedModel, inputs: FloatArray) -> tuple[ComponentFinding, ...]:
    """Return the components that are dead or duplicates, in their order.

    Parameters
    ----------
    model : FittedModel
        The model to look at.
    inputs : array [N, D]
        Inputs of the rows, data units; of more than 2,000 a sample is looked at, the same each time.

    Notes
    -----
    A component is dead where its weight is below 1e-3 at every row and below 1e-4 on average. Two are twins where, at
    every row where the weight of one of them is at least 1e-3, their locs are apart by at most a tenth of the smaller
    sd, and their sds differ by at most a tenth; the lighter one is the duplicate. They are compared in the transformed
    target, where components are Gaussian; in an average of networks, within each of them.
    """
    if not len(inputs):
        return ()
    if len(inputs) > MOST_ROWS:
        inputs = inputs[np.sort(np.random.default_rng(0).choice(len(inputs), MOST_ROWS, replace=False))]
    mixture = model.transformed_conditional(inputs)
    weights, locs, scales = mixture.weights, mixture.locs, mixture.scales
    mean_weights = weights.mean(axis=0)
    is_dead = (weights.max(axis=0) < _MATTERS) & (mean_weights < _MATTERS_ON_AVERAGE)
    is_dead[mean_weights.argmax()] = False  # in an average of very many networks none may matter much
    members = np.repeat(np.arange(len(model.network.members)), [each.num_components for each in model.network.members])
    findings = [ComponentFinding(k, "dead", weight=float(mean_weights[k])) for k in np.flatnonzero(is_dead).tolist()]
    kept: list[int] = []
    for k in sorted(np.flatnonzero(~is_dead).tolist(), key=lambda k: -mean_weights[k]):
        twin = next((t for t in kept if members[t] == members[k] and _are_twins(weights, locs, scales, (k, t))), None)
        if twin is None:
            kept.append(k)
        else:
            ratio = float(mean_weights[k] / mean_weights[twin])
            findings.append(ComponentFinding(k, "duplicate", twin, float(mean_weights[k]), ratio))
    return tuple(sorted(findings, key=lambda finding: finding.component))


def _are_twins(weights: FloatArray, locs: FloatArray, scales: FloatArray, pair: tuple[int, int]) -> bool:
    """Return whether two components are the same at each row where one of them matters."""
    rows = (weights[:, pair] >= _MATTERS).any(axis=1)
    loc, scale = locs[rows][:, pair], scales[rows][:, pair]
    smaller, larger = scale.min(axis=1), scale.max(axis=1)
    is_near = np.abs(loc[:, 0] - loc[:, 1]) <= _NEAR * smaller
    return bool(rows.any() and (is_near & (larger <= _ALIKE * smaller)).all())
