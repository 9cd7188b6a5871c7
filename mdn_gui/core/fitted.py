"""The result of a fit: everything needed to read p(y given x), without TensorFlow."""

from dataclasses import dataclass, replace

import numpy as np

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset, FloatArray, checked_inputs, frozen_array
from mdn_gui.core.encoding import Encoding, collapsed, expanded
from mdn_gui.core.metrics import TrainingHistory
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.network import Network, NetworkAverage
from mdn_gui.core.scaling import Standardizer
from mdn_gui.core.transform import Transform, transform_named
from mdn_gui.core.transformed_mixture import ConditionalDensity, in_data_units


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
        Least, median and greatest value of each input, data units; the medians of the levels of a category are those
        of its most frequent level: 1 there, 0 elsewhere.
    encodings : tuple of Encoding
        How the inputs were made from C columns; by default each input is a column of numbers.
    data_digest : str
        SHA-256 of the rows, by which they are known again; empty where it was not recorded.
    """

    input_names: tuple[str, ...]
    target_name: str
    source: str
    num_rows: int
    input_ranges: FloatArray
    encodings: tuple[Encoding, ...] = ()
    data_digest: str = ""

    def __post_init__(self) -> None:
        """Take inputs of unknown origin for columns of numbers."""
        if not self.encodings:
            object.__setattr__(self, "encodings", tuple(Encoding(name) for name in self.input_names))

    @classmethod
    def of(cls, dataset: Dataset) -> "Provenance":
        """Summarise a data set."""
        middle = expanded(dataset.encodings, dataset.middle[np.newaxis])[0]
        summary = frozen_array(np.stack((dataset.x.min(axis=0), middle, dataset.x.max(axis=0)), axis=1))
        names, encodings = dataset.input_names, dataset.encodings
        return cls(names, dataset.target_name, dataset.source, len(dataset), summary, encodings, dataset.digest)

    @property
    def column_ranges(self) -> FloatArray:
        """Least and greatest value of each column [C, 2], data units; of a category 0 and 1."""
        starts = np.cumsum([0, *(encoding.width for encoding in self.encodings[:-1])])
        return frozen_array(self.input_ranges[starts][:, [0, 2]])

    @property
    def middle(self) -> FloatArray:
        """Median of each column [C], of a category the number of its most frequent level: where others are held."""
        middle: FloatArray = collapsed(self.encodings, self.input_ranges[np.newaxis, :, 1])[0]
        return middle


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
    restarts : tuple of Network
        What each of several restarts of the run had learned at its best epoch; empty where there was one, or where that
        is not known.
    """

    network: Network | NetworkAverage
    x_scaler: Standardizer
    y_scaler: Standardizer
    provenance: Provenance
    model_config: ModelConfig
    training_config: TrainingConfig
    history: TrainingHistory | None = None
    restarts: tuple[Network, ...] = ()

    def members(self) -> "tuple[FittedModel, ...]":
        """Return each restart as a model of its own, none where there are none.

        Their spread is that between restarts of one run on the same rows: what depends on the luck of the start, the
        order of the rows, the strength of the noise. It is not all that is uncertain.
        """
        return tuple(replace(self, network=each, history=None, restarts=()) for each in self.restarts)

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
        """The lower limit of a component's sd, units of the transformed target: data units without a transform."""
        return float(self.network.scale_floor * self.y_scaler.sd[0])

    @property
    def transform(self) -> Transform:
        """The transform of the target in which the network has Gaussian components."""
        return transform_named(self.model_config.target_transform)

    def conditional(self, x: object) -> ConditionalDensity:
        """Return p(y given x) at each row of ``x``.

        Parameters
        ----------
        x : array_like [N, D]
            Finite inputs, data units.

        Returns
        -------
        ConditionalDensity
            Batch of N, data units: a ConditionalMixture where the target is not transformed. A row gives the same
            bits in any batch.

        Raises
        ------
        DataError
            When the shape does not fit or a value is not finite.

        Notes
        -----
        Bishop (1994), Mixture Density Networks; the parameters are those that TensorFlow Probability reads from
        the same weights with ``probs_parameter()``, ``mean()`` and ``variance()``.
        """
        return in_data_units(self.transformed_conditional(x), self.transform)

    def transformed_conditional(self, x: object) -> ConditionalMixture:
        """Return p(z given x), z the transformed target, at each row of ``x``; as :meth:`conditional` otherwise."""
        inputs = checked_inputs(x, self.num_inputs)
        weights, locs, scales = self.network.parameters(self.x_scaler.scaled(inputs))
        return ConditionalMixture(weights, self.y_scaler.restored(locs), scales * self.y_scaler.sd)
