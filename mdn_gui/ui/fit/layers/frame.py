"""What a layer of the fit plot is given to draw."""

from dataclasses import dataclass, field, replace

import numpy as np
from PySide6.QtCore import QRectF, QSize

from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import InputAxis, Line, Readable, Section
from mdn_gui.core.support import Support
from mdn_gui.core.transformed_mixture import ConditionalDensity

SCALES = ("linear", "log")
"""How a density becomes ink: by itself, or by its logarithm."""
COLOURS = ("one hue", "viridis", "magma")
"""Colours of the density."""


@dataclass(frozen=True)
class Look:
    """How the density is drawn.

    Parameters
    ----------
    scale : str
        One of SCALES.
    colours : str
        One of COLOURS.
    """

    scale: str = SCALES[0]
    colours: str = COLOURS[0]

    @property
    def is_soft(self) -> bool:
        """Whether the ground is so soft that lines are seen on it as they are."""
        return self.scale == SCALES[0] and self.colours == COLOURS[0]


@dataclass(frozen=True)
class Comparison:
    """Another run beside the one that is shown.

    Parameters
    ----------
    section : Section
        Its p(y given x) along a line.
    name : str
        What it is called; may come from a person.
    number : int
        Which run it is, counted from 1; it gives the colour.
    """

    section: Section
    name: str
    number: int = 0


@dataclass(frozen=True, eq=False)
class Subject:
    """What is drawn, wherever the view is.

    Parameters
    ----------
    model : Readable or None
        p(y given x) along the line; a Section where the line is known.
    dataset, axis : Dataset, InputAxis or None
        The rows, the column on the x axis.
    questions : Questions
        What is asked of p(y given x).
    look : Look
        How the density is drawn.
    comparison : Comparison or None
        The run that is subtracted.
    members : tuple of Section
        Other restarts of the same fit.
    others : tuple of Comparison
        Runs that are laid over it.
    is_live, is_preview : bool
        A snapshot of a run; the joint mixture.
    is_held_outside : bool
        A column is held outside its range in the data.
    """

    model: Readable | None = None
    dataset: Dataset | None = None
    axis: InputAxis | None = None
    questions: Questions = field(default_factory=Questions)
    look: Look = field(default_factory=Look)
    comparison: Comparison | None = None
    members: tuple[Section, ...] = ()
    others: tuple[Comparison, ...] = ()
    is_live: bool = False
    is_preview: bool = False
    is_held_outside: bool = False

    @property
    def line(self) -> Line | None:
        """The line along which the model is read; None where that is not known."""
        return self.model.line if isinstance(self.model, Section) else None

    @property
    def whole_model(self) -> Readable | None:
        """The model, to be read at all its inputs."""
        return self.model.model if isinstance(self.model, Section) else self.model


@dataclass(frozen=True, eq=False)
class Frame:
    """A subject in a view.

    Parameters
    ----------
    subject : Subject
        What is drawn.
    view : QRectF
        The visible part of the plot, data units; its top is the least y.
    pixels : QSize
        Its size in logical pixels.
    fineness : float
        Device pixels in a logical pixel.
    x : array [N]
        Values of the column on the axis, evenly spaced from edge to edge; of a category two for each level, the ends
        of what is drawn of it.
    mixture : ConditionalDensity or None
        p(y given x) at them, a batch of N.
    fade : array [N]
        How visible the model is, 0 to 1: less where there are few rows.
    num_rows : int
        Cells of a picture along y.
    is_faded : bool
        Whether few rows make the model fade.
    is_dense : bool
        Whether the ground is drawn in colours in which lines would drown.
    """

    subject: Subject
    view: QRectF
    pixels: QSize
    fineness: float
    x: FloatArray
    mixture: ConditionalDensity | None
    fade: FloatArray
    num_rows: int
    is_faded: bool = False
    is_dense: bool = False

    @classmethod
    def of(cls, subject: Subject, view: QRectF, pixels: QSize, shape: tuple[int, int]) -> "Frame":
        """Return the frame in which the model is evaluated at shape[0] places; pictures have shape[1] rows."""
        num_levels = len(subject.axis.levels) if subject.axis is not None else 0
        x = level_ends(num_levels) if num_levels else np.linspace(view.left(), view.right(), shape[0])
        mixture = subject.model.conditional(x[:, np.newaxis]) if subject.model is not None else None
        return cls(subject, view, pixels, 1.0, x, mixture, np.ones(len(x)), shape[1])

    def faded(self, support: Support) -> "Frame":
        """Return the frame with the model faded where there are few rows."""
        line = self.subject.line
        axis = self.subject.axis
        if line is None and axis is not None and axis.encoding is not None:
            line = Line((axis.encoding,), 0, np.zeros(1))
        if line is None:
            return self
        fade = LEAST_FADE + (1.0 - LEAST_FADE) * support.along(line, self.x)
        return replace(self, fade=fade, is_faded=True)

    @property
    def has_levels(self) -> bool:
        """Whether a category is on the x axis."""
        return self.subject.axis is not None and bool(self.subject.axis.levels)

    @property
    def stretches(self) -> tuple[slice, ...]:
        """The stretches of x along which curves go on: all of it, or each level by itself, as nothing lies between."""
        if not self.has_levels:
            return (slice(0, len(self.x)),)
        return tuple(slice(first, first + 2) for first in range(0, len(self.x), 2))

    def area_of(self, stretch: slice) -> QRectF:
        """Return the part of the view, data units, that one of the stretches covers."""
        if not self.has_levels:
            return QRectF(self.view)
        left, right = self.x[stretch][[0, -1]].tolist()
        return QRectF(left, self.view.top(), right - left, self.view.height())

    @property
    def y(self) -> FloatArray:
        """The middles [M] of the cells of a picture along y, ascending, data units."""
        return self.view.top() + (np.arange(self.num_rows) + 0.5) / self.num_rows * self.view.height()


def level_ends(num_levels: int) -> FloatArray:
    """Return the two ends [2 L] of what is drawn of each level of a category, ascending."""
    ends = np.arange(num_levels)[:, np.newaxis] + np.array([-LEVEL_REACH, LEVEL_REACH])
    return np.asarray(ends.ravel())


LEVEL_REACH = 0.35
"""How far what is drawn of a level reaches to each side, where the next level is at 1."""
LEAST_FADE = 0.45
"""How visible a model is where there are no rows."""
