"""The pictures of a report: losses, fit, slices, calibration."""

import itertools

import numpy as np

from mdn_gui.core.calibration import MASSES, Calibration
from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import TrainingHistory
from mdn_gui.core.reading import Line, Section
from mdn_gui.core.transformed_mixture import ConditionalDensity
from mdn_gui.files.report.axes import Axis, input_axis, number_axis, range_of
from mdn_gui.files.report.drawing import Plot
from mdn_gui.files.report.ground import pictured_regions
from mdn_gui.files.report.look import component_class

MOST_POINTS = 3_000
"""Rows drawn at most."""
_WIDTH, _HEIGHT = 900.0, 380.0
_FRAME = 820.0
"""Width of the frame of a wide picture, px, about."""
_LEAST_NUMBERED = 0.1
"""Components that have so much weight somewhere have mark and number there."""
_PLACES = 161
"""Values of x along which a fit is drawn."""
_LEAST_WEIGHT = 0.01
"""Components with less weight are not drawn there."""
_TIERS = (
    (0.5, np.inf, "line", "area"),
    (0.15, 0.5, "line middling", "soft"),
    (_LEAST_WEIGHT, 0.15, "line light", "softest"),
)
"""Between such weights curve and band have such looks."""
_MASSES = (0.9, 0.5)
"""Of the regions that are the ground of a fit; the narrower one lies on the wider one."""
_SLICE_PLACES = 241


def loss_picture(history: TrainingHistory) -> str:
    """Return the losses of a run, thinned; "" where no two epochs were finished."""
    if history.epochs < 2:
        return ""
    epochs = np.arange(1.0, history.epochs + 1.0)
    losses = [np.array(each) for each in (history.train_nll, history.validation_nll) if each]
    low = min(range_of(each)[0] for each in losses)
    # the first epochs are far above the others: they may leave the picture
    high = max(range_of(each[len(each) // 20 :])[1] for each in losses)
    if np.isfinite(history.best_nll):
        low = min(low, history.best_nll)
    x = number_axis("epoch", 1.0, float(history.epochs), margin=0.01, ticks=8)
    y = number_axis("NLL, nats a row", low, high)
    plot = Plot(_WIDTH, 300.0, x, y, "Losses of the run by epoch")
    for values, kind in zip(losses, ("line stroke-train", "line stroke-accent"), strict=False):
        plot.line(*_thinned(epochs, values), kind)
    if history.best_epoch:
        best = float(history.best_epoch)
        plot.segment((best, best), (y.low, y.high), "thin dashed stroke-region")
        if np.isfinite(history.best_nll):
            plot.mark(best, history.best_nll, 4, "fill-region", 6.0)
    return plot.svg()


def fit_picture(model: FittedModel, line: Line, data: Dataset | None) -> str:
    """Return rows, component means with bands, mixture mean, regions along a line through the inputs."""
    encoding = line.encodings[line.place]
    low, high = model.provenance.column_ranges[line.place].tolist()
    x_axis = input_axis(encoding, low, high, _FRAME)
    if encoding.levels:
        x = np.arange(float(len(encoding.levels)))
    else:
        x = np.linspace(max(x_axis.low, -1e300), min(x_axis.high, 1e300), _PLACES)
    density = Section(model, line).conditional(x[:, np.newaxis])
    interval = density.quantile([0.05, 0.5, 0.95]).T
    y_axis = _target_axis(model, data, interval)
    regions = pictured_regions(density, y_axis.low, y_axis.high, _MASSES)
    title = f"Fit along {encoding.label}"
    plot = Plot(_WIDTH, _HEIGHT, x_axis, y_axis, title)
    if data is not None:
        plot.points(*_shown_rows(data, line.place, is_level=bool(encoding.levels)))
    if encoding.levels:
        _draw_levels(plot, density, regions)
    else:
        _draw_ground(plot, x, regions)
        _draw_curves(plot, x, density)
    return plot.svg()


def slice_picture(density: ConditionalDensity, name: str, target: str) -> str:
    """Return p(y given x) at one place, with its components; a batch of one."""
    low, high = density.quantile([0.001, 0.999])[0].tolist()
    axis = number_axis(target, *range_of([low, high]), ticks=5)
    y = np.linspace(axis.low, axis.high, _SLICE_PLACES)
    # a narrow component would fall between those
    close = np.concatenate([density.component_points(deviate)[0] for deviate in np.linspace(-4.0, 4.0, 33)])
    y = np.unique(np.concatenate((y, close[(close > axis.low) & (close < axis.high)])))
    total = density.pdf(y[np.newaxis])[0]
    top = range_of(total[np.isfinite(total)])[1]
    plot = Plot(440.0, 250.0, axis, _from_zero("density", 1.1 * top or 1.0), f"Density at {name}")
    plot.band(y, np.zeros(len(y)), total, "area fill-accent")
    parts = density.component_pdf(y)[0]
    for k in range(density.num_components):
        if density.weights[0, k] >= _LEAST_WEIGHT:
            plot.line(y, parts[:, k], f"thin stroke-{component_class(k)}")
    plot.line(y, total, "line stroke-text")
    for k in np.flatnonzero(density.weights[0] >= _LEAST_NUMBERED).tolist():
        place = int(np.nan_to_num(parts[:, k]).argmax())
        _draw_number(plot, float(y[place]), float(parts[place, k]), k)
    return plot.svg()


def pit_picture(found: Calibration) -> str:
    """Return the histogram of the PIT values with the band of a fit that is right."""
    histogram = found.histogram()
    top = max(float(histogram.counts.max()), histogram.high)
    axis = number_axis("PIT value", 0.0, 1.0, margin=0.0, ticks=5)
    plot = Plot(430.0, 270.0, axis, _from_zero("rows", top), "Histogram of the PIT values")
    plot.bars(histogram.edges, histogram.counts, "fill-points")
    ends = np.array([0.0, 1.0])
    plot.band(ends, np.full(2, histogram.low), np.full(2, histogram.high), "strong fill-region")
    middle = found.num_rows / len(histogram.counts)
    plot.segment((0.0, 1.0), (middle, middle), "thin stroke-region")
    return plot.svg()


def coverage_picture(found: Calibration) -> str:
    """Return the part of the rows in central intervals against their mass."""
    masses = np.array(MASSES)
    estimates = [found.central(mass) for mass in MASSES]
    parts, errors = (np.array([getattr(each, name) for each in estimates]) for name in ("value", "standard_error"))
    x, y = (number_axis(name, 0.0, 1.0, margin=0.0, ticks=5) for name in ("mass of the interval", "part of the rows"))
    plot = Plot(430.0, 270.0, x, y, "Coverage of central intervals")
    plot.segment((0.0, 1.0), (0.0, 1.0), "thin dashed stroke-muted")
    plot.band(masses, parts - 2.0 * errors, parts + 2.0 * errors, "area fill-accent")
    plot.line(masses, parts, "line stroke-accent")
    return plot.svg()


def _from_zero(name: str, top: float) -> Axis:
    axis = number_axis(name, 0.0, top, ticks=4)
    return Axis(name, 0.0, axis.high, axis.ticks)


def _target_axis(model: FittedModel, data: Dataset | None, interval: FloatArray) -> Axis:
    """Return the axis of the target: the rows, and what of the interval is not absurdly far from them."""
    low, high = range_of(interval[[0, 2]])
    if data is not None:
        least, most = data.target_range
        reach = 0.5 * (most - least)
        low, high = min(max(low, least - reach), least), max(min(high, most + reach), most)
    return number_axis(model.provenance.target_name, low, high)


def _shown_rows(data: Dataset, place: int, *, is_level: bool) -> tuple[FloatArray, FloatArray]:
    """Return x and y of the rows that are drawn; on a level beside each other."""
    rows = np.arange(len(data))
    if len(rows) > MOST_POINTS:
        rows = np.sort(np.random.default_rng(0).choice(len(rows), MOST_POINTS, replace=False))
    x = data.column(place)[rows]
    if is_level:
        x = x + np.random.default_rng(1).uniform(-0.32, 0.32, len(x))
    return x, data.y[rows]


def _draw_ground(plot: Plot, x: FloatArray, found: list[list[FloatArray]]) -> None:
    """Fill the regions of highest density: as many bands beside each other as there are branches."""
    half = (x[1] - x[0]) / 2.0
    for regions in found:
        counts = np.array([len(region) for region in regions])
        ends = [0, *(np.flatnonzero(np.diff(counts)) + 1).tolist(), len(x)]
        for first, last in itertools.pairwise(ends):
            places = np.concatenate(([x[first] - half], x[first:last], [x[last - 1] + half]))  # they touch
            bounds = np.stack([regions[place] for place in (first, *range(first, last), last - 1)])  # [places, J, 2]
            for low, high in bounds.transpose(1, 2, 0):
                plot.band(places, low, high, "ground-area fill-accent")


def _draw_curves(plot: Plot, x: FloatArray, density: ConditionalDensity) -> None:
    low, high = density.component_points(-1.0), density.component_points(1.0)
    means, weights = density.locs, density.weights
    for k in range(density.num_components):
        for least, most, curve, ground in _TIERS:
            within = _widened((weights[:, k] >= least) & (weights[:, k] < most))
            if within.any():
                colour = component_class(k)
                plot.band(x, np.where(within, low[:, k], np.nan), high[:, k], f"{ground} fill-{colour}")
                plot.line(x, np.where(within, means[:, k], np.nan), f"{curve} stroke-{colour}")
    plot.line(x, density.mean(), "line dashed stroke-text")
    inside = range(len(x) // 20, len(x) - len(x) // 20)
    for k in np.flatnonzero(weights[inside].max(axis=0) >= _LEAST_NUMBERED).tolist():
        place = inside[int(weights[inside, k].argmax())]
        _draw_number(plot, float(x[place]), float(means[place, k]), k)


def _draw_number(plot: Plot, x: float, y: float, k: int) -> None:
    """Draw mark and number of component k, counted from 0."""
    if np.isfinite(y):
        plot.mark(x, y, k, f"fill-{component_class(k)}")
        plot.label(x, y, str(k + 1))


def _widened(within: np.ndarray) -> np.ndarray:
    """Return a stretch with the place after its end, so that stretches of one curve touch."""
    return within | np.concatenate(([False], within[:-1]))


def _draw_levels(plot: Plot, density: ConditionalDensity, regions: list[list[FloatArray]]) -> None:
    means = density.mean()
    for level in range(len(density)):
        place = np.array([level - 0.36, level + 0.36])
        for low, high in np.concatenate([each[level] for each in regions]):
            plot.band(place, np.full(2, low), np.full(2, high), "ground-area fill-accent")
        plot.line(place, np.full(2, means[level]), "line dashed stroke-text")
        for k in range(density.num_components):
            weight = density.weights[level, k]
            if weight >= _LEAST_WEIGHT and np.isfinite(density.locs[level, k]):
                size = 3.0 + 4.0 * float(np.sqrt(weight))
                plot.mark(float(level), float(density.locs[level, k]), k, f"fill-{component_class(k)}", size)


def _thinned(x: FloatArray, y: FloatArray, most: int = 1_000) -> tuple[FloatArray, FloatArray]:
    """Return least and greatest value of each stretch of a long curve."""
    if len(x) <= most:
        return x, y
    rows = []
    for part in np.array_split(np.arange(len(x)), most // 2):
        rows += sorted({int(part[np.nanargmin(y[part])]), int(part[np.nanargmax(y[part])])})
    return x[rows], y[rows]
