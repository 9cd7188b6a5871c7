"""Places in the inputs of a model, for what shows several of them."""

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.pin import Pin
from mdn_gui.core.reading import InputAxis, Line, Reading, Section


def reading_at(x: float, model: FittedModel, dataset: Dataset, line: Line | None = None) -> Reading:
    """Return what a model reads at x on a line, the one through the middle of the first column by default."""
    line = line or Line.through(dataset)
    return Reading.at(x, Section(model, line), InputAxis.of(dataset, line.place))


def pin_at(name: str, x: float, model: FittedModel, dataset: Dataset, line: Line | None = None) -> Pin:
    """Return a pin with what the model reads there."""
    return Pin(name, line or Line.through(dataset), x, reading_at(x, model, dataset, line))
