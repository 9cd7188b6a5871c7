"""The result of a fit: everything needed to read p(y given x), without TensorFlow."""

from dataclasses import dataclass

import numpy as np

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset, FloatArray, checked_inputs, frozen_array
from mdn_gui.core.metrics import TrainingHistory
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.network import Network, NetworkAverage
from mdn_gui.core.scaling import Standardizer


@dataclass(frozen=True, eq=False)
class Provenance:
    """The data a model learned from, in summary.

    Parameters
    ----------
    input_names : tuple of str
        Names of the D inputs.
    target_name : str
        Name of the target.
    source : str
        Where the rows came from, for people.
    num_rows : int
        Rows in the data set: training and validation together.
    input_ranges : array [D, 3]
        Least, median and greatest value of each input, data units.
    """

    input_names: tuple[str, ...]
    target_name: str
    source: str
    num_rows: int
    input_ranges: FloatArray

    @classmethod
    def of(cls, dataset: Dataset) -> "Provenance":
        """Summarise a data set."""
        ranges = np.quantile(dataset.x, (0.0, 0.5, 1.0), axis=0).T
        return cls(dataset.input_names, dataset.target_name, dataset.source, len(dataset), frozen_array(ranges))


@dataclass(frozen=True, eq=False)
class FittedModel:
    """A trained mixture density network that speaks data units.

    Parameters
    ----------
    network : Network or NetworkAverage
        The exported weights.
    x_scaler, y_scaler : Standardizer
        The scaling inside the model; it never leaves it.
    provenance : Provenance
        What it learned from.
    model_config, training_config : ModelConfig, TrainingConfig
        The settings of the run.
    history : TrainingHistory or None
        The record of the run; None for a snapshot of a run that goes on.
    """

    network: Network | NetworkAverage
    x_scaler: Standardizer
    y_scaler: Standardizer
    provenance: Provenance
    model_config: ModelConfig
    training_config: TrainingConfig
    history: TrainingHistory | None = None

    @property
    def num_inputs(self) -> int:
        """Number of inputs D."""
        return self.network.num_inputs

    @property
    def num_components(self) -> int:
        """Number of components K."""
        return self.network.num_components

    @property
    def smallest_scale(self) -> float:
        """The lower limit of a component's sd, data units."""
        return float(self.network.scale_floor * self.y_scaler.sd[0])

    def conditional(self, x: object) -> ConditionalMixture:
        """Return p(y given x) at each row of ``x``.

        Parameters
        ----------
        x : array_like [N, D]
            Finite inputs, data units.

        Returns
        -------
        ConditionalMixture
            Batch of N, data units. A row gives the same bits in any batch.

        Raises
        ------
        DataError
            When the shape does not fit or a value is not finite.

        Notes
        -----
        Bishop (1994), Mixture Density Networks; the parameters are those that TensorFlow Probability reads from
        the same weights with ``probs_parameter()``, ``mean()`` and ``variance()``.
        """
        inputs = checked_inputs(x, self.num_inputs)
        weights, locs, scales = self.network.parameters(self.x_scaler.scaled(inputs))
        return ConditionalMixture(weights, self.y_scaler.restored(locs), scales * self.y_scaler.sd)
