"""Runs that are laid over the one shown: the component means of each along x."""

from collections.abc import Callable
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtGui import QPainter, QPolygonF

from mdn_gui.core.dataset import FloatArray
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.fit.layers.frame import Comparison, Frame, Subject
from mdn_gui.ui.fit.layers.layer import Ink, SlowLayer
from mdn_gui.ui.fit.layers.strokes import LEVELS, opacity_levels, polygon, runs
from mdn_gui.ui.fit.run_names import RunNames
from mdn_gui.ui.theme import Theme

LEAST_WEIGHT = 0.05
"""A component is drawn where its weight is at least this."""
QUANTILES = (0.05, 0.95)
"""Told in the table beside what is drawn."""
_STEP = 3
"""Every third place along x: the curves of a fit are smooth."""
_LEAST_SHARE = 0.35
"""How visible the faintest mean is."""


class Curves(NamedTuple):
    """Of one run at N places: x [N], component weights [N, K], component means [N, K]."""

    x: FloatArray
    weights: FloatArray
    locs: FloatArray


class Strokes(NamedTuple):
    """What is drawn of one run: pieces of its means, each with the level of its weight, faint ones first."""

    run: Comparison
    means: list[tuple[int, QPolygonF]]


class OtherRuns(SlowLayer):
    """The component means of each run, thin, in its colour, faint where they weigh little; its name above the view.

    The mean of the whole mixture would run between the branches of a law, where no y lies; the edges of regions of
    several runs would hide each other.
    """

    needs_model = False

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self.strokes: list[Strokes] = []
        self.names = RunNames()
        """Stands above the view."""

    @classmethod
    def is_offered(cls, subject: Subject) -> bool:
        """Return whether there are other runs."""
        return bool(subject.others)

    def set_shown(self, *, shown: bool) -> None:
        """Show the runs with their names, or hide them."""
        super().set_shown(shown=shown)
        self.names.set_visible(visible=shown)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        super().show_theme(theme)
        self.names.show_theme(theme)

    def draw(self, frame: Frame) -> None:
        """Name the runs; their curves follow."""
        super().draw(frame)
        self.names.show_runs(frame.subject.others)

    def depends_on(self, frame: Frame) -> tuple[object, ...]:
        """Return what the curves follow from; the fit shown is not of it."""
        others = frame.subject.others
        return (frame.view.getRect(), *((each.section.model, each.section.line, each.number) for each in others))

    def work(self, frame: Frame) -> Callable[[], tuple[Curves, ...]]:
        """Work out the curves of every run."""
        others = frame.subject.others
        x = frame.x if frame.has_levels else np.append(frame.x[:-1:_STEP], frame.x[-1])
        return lambda: tuple(_curves(each, x) for each in others)

    def take(self, frame: Frame, answer: tuple[Curves, ...]) -> None:
        """Draw the curves."""
        self.clear()
        for run, curves in zip(frame.subject.others, answer, strict=True):
            stretches = frame.stretches if frame.has_levels else (slice(0, len(curves.x)),)
            self.strokes.append(Strokes(run, _pieces(curves, stretches)))

    def clear(self) -> None:
        """Draw nothing."""
        self.strokes = []

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the lines."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for run, means in self.strokes:
            for level, line in means:
                share = max(level / LEVELS, _LEAST_SHARE)
                self.draw_line(painter, line, Ink(self._theme.run(run.number), 1.4, share))

    def drawn_table(self, frame: Frame) -> DataTable | None:
        """Return of each run the mixture mean, two quantiles, weight and mean of each component."""
        names: list[str] = []
        columns: list[FloatArray] = []
        for run in frame.subject.others:
            mixture = run.section.conditional(frame.x[:, np.newaxis])
            told = [("mixture mean", mixture.mean())]
            told += [(f"quantile {level:g}", mixture.quantile(level)) for level in QUANTILES]
            for k in range(mixture.num_components):
                told += [(f"weight {k + 1}", mixture.weights[:, k]), (f"mean {k + 1}", mixture.locs[:, k])]
            names += [f"{what} of {run.name}" for what, _ in told]
            columns += [values.copy() for _, values in told]
        return DataTable("other runs", tuple(names), tuple(columns)) if names else None


def _curves(run: Comparison, x: FloatArray) -> Curves:
    mixture = run.section.conditional(x[:, np.newaxis])
    return Curves(x, mixture.weights, mixture.locs)


def _pieces(curves: Curves, stretches: tuple[slice, ...]) -> list[tuple[int, QPolygonF]]:
    """Return the lines of the means, faint ones first, broken where a component weighs less than LEAST_WEIGHT."""
    x, weights, locs = curves
    levels = opacity_levels(0.5 * (weights[1:] + weights[:-1]))
    levels[np.minimum(weights[1:], weights[:-1]) < LEAST_WEIGHT] = 0
    found: list[tuple[int, QPolygonF]] = []
    for k, stretch in product(range(weights.shape[1]), stretches):
        for first, last in runs(levels[stretch.start : stretch.stop - 1, k]):
            piece = slice(stretch.start + first, stretch.start + last + 1)
            if level := int(levels[piece.start, k]):
                found.append((level, polygon(x[piece], locs[piece, k])))
    return sorted(found, key=lambda entry: entry[0])
