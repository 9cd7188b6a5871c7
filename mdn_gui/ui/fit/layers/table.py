"""The layers of the fit plot, declared once: the plot makes its items from them, the panel its switches."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from mdn_gui.ui.fit.layers.bands import ComponentBands
from mdn_gui.ui.fit.layers.density_map import DensityMap
from mdn_gui.ui.fit.layers.difference import Difference
from mdn_gui.ui.fit.layers.draws import Draws
from mdn_gui.ui.fit.layers.fading import Fading
from mdn_gui.ui.fit.layers.fan import QuantileFan
from mdn_gui.ui.fit.layers.histograms import Histograms
from mdn_gui.ui.fit.layers.interval import IntervalLines
from mdn_gui.ui.fit.layers.layer import Layer
from mdn_gui.ui.fit.layers.means import ComponentMeans
from mdn_gui.ui.fit.layers.members import Members
from mdn_gui.ui.fit.layers.mixture_mean import MixtureMean
from mdn_gui.ui.fit.layers.modes import Modes
from mdn_gui.ui.fit.layers.other_runs import OtherRuns
from mdn_gui.ui.fit.layers.outside import OutsideData
from mdn_gui.ui.fit.layers.region import DensityRegion
from mdn_gui.ui.fit.layers.rows import Rows


@dataclass(frozen=True)
class LayerSpec:
    """A layer with its switch.

    Parameters
    ----------
    name : str
        By which it is switched, remembered.
    text, tip : str
        What the switch says, not yet translated.
    kind : type
        Draws it.
    is_on : bool
        On at first.
    """

    name: str
    text: str
    tip: str
    kind: type[Layer]
    is_on: bool = False

    @property
    def label(self) -> str:
        """What the switch says."""
        return QCoreApplication.translate("Layers", self.text)

    @property
    def explanation(self) -> str:
        """What the tool tip of the switch says."""
        return QCoreApplication.translate("Layers", self.tip)


def _marked(text: str) -> str:
    """Mark a text for translation in the context Layers."""
    return text


LAYERS = (
    LayerSpec("points", _marked("points"), _marked("The rows of the data"), Rows, is_on=True),
    LayerSpec("density", _marked("density"), _marked("p(y | x) as a picture"), DensityMap, is_on=True),
    LayerSpec(
        "means", _marked("means"), _marked("Mean of each component, fading with its weight"), ComponentMeans, is_on=True
    ),
    LayerSpec(
        "bands",
        _marked("bands"),
        _marked("Bands of one and two sds around each component mean"),
        ComponentBands,
        is_on=True,
    ),
    LayerSpec("average", _marked("mixture mean"), _marked("Mean of the whole mixture"), MixtureMean),
    LayerSpec("quantiles", _marked("quantiles"), _marked("Median, with nested bands between quantiles"), QuantileFan),
    LayerSpec("region", _marked("region"), _marked("Highest-density region, which may be in parts"), DensityRegion),
    LayerSpec("modes", _marked("modes"), _marked("Each local maximum of p(y | x)"), Modes),
    LayerSpec(
        "samples",
        _marked("samples"),
        _marked("A value drawn from the fit at the inputs of each row: do they look like the data?"),
        Draws,
    ),
    LayerSpec("histograms", _marked("histograms"), _marked("How many rows there are along x, along y"), Histograms),
    LayerSpec(
        "difference",
        _marked("difference"),
        _marked("Where the other run has more density, or less"),
        Difference,
    ),
    LayerSpec(
        "runs",
        _marked("other runs"),
        _marked("Component means of each run that is ticked, in its colour"),
        OtherRuns,
        is_on=True,
    ),
    LayerSpec(
        "members",
        _marked("restarts"),
        _marked("Mixture mean of each restart, with the range of their 5 %, 50 % and 95 % quantiles"),
        Members,
    ),
    LayerSpec(
        "interval",
        _marked("threshold"),
        _marked("The ends of the interval that is asked for"),
        IntervalLines,
        is_on=True,
    ),
    LayerSpec(
        "outside", _marked("outside"), _marked("Hatching where x lies outside the data"), OutsideData, is_on=True
    ),
    LayerSpec("fading", _marked("fading"), _marked("The model fades where there are few rows"), Fading, is_on=True),
)
"""In the order of the switches."""
