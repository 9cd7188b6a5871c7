"""Small multiples: the fit along the axis at several values of a second input."""

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPaintEngine,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mdn_gui.core import special
from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.encoding import Encoding
from mdn_gui.core.histogram import levels_of
from mdn_gui.core.interaction import Interaction, cell_values, interaction
from mdn_gui.core.reading import Section
from mdn_gui.files.options import Watch
from mdn_gui.files.tables import Column, DataTable
from mdn_gui.session.background import NewestJob
from mdn_gui.ui.dates import date_text
from mdn_gui.ui.inputs.interaction_picture import LEAST_WIDTHS, Layout, Scene, draw_cursor, draw_scene
from mdn_gui.ui.numbers import precise, significant, tabular
from mdn_gui.ui.texts import one_line, tip_text
from mdn_gui.ui.theme import LIGHT, Theme

_POINTS, _HEIGHTS = 81, 64
_TICKS_WIDTH = 60.0
_MARGIN = 0.04


@dataclass(frozen=True, eq=False)
class _Wanted:
    """What is to be read, in a pool thread."""

    dataset: Dataset
    section: Section
    second: int
    count: int

    def is_like(self, other: "_Wanted | None") -> bool:
        """Return whether the answers are the same: where the second input is held does not matter."""
        if other is None:
            return False
        line, before = self.section.line, other.section.line
        same = self.dataset is other.dataset and self.section.model is other.section.model
        same &= (line.place, self.second, self.count) == (before.place, other.second, other.count)
        places = np.arange(len(line.held))
        held = (places != self.second) & (places != line.place)
        return same and bool(np.array_equal(line.held[held], before.held[held]))

    def __call__(self, watch: Watch) -> Interaction | None:
        special.load()
        values = cell_values(self.dataset, self.second, self.count)
        grid = _axis_points(self.dataset, self.section.line.place), _heights(self.dataset)
        return interaction(self.section, self.second, values, grid, watch.is_cancelled)


class InteractionGrid(QWidget):
    """Cells beside each other, each with mean, central 90 %, density of the fit at one value of a second input.

    The nearest one to where that input is held is framed; a click, or Enter on the cell that the arrow keys choose,
    takes the value of a cell. A line in each follows the cursor, with the mean there, read between drawn points.

    Parameters
    ----------
    parent : QWidget, optional
        Owner.
    """

    value_chosen = Signal(int, float)
    """Column counted from 0, value in data units; of a category the number of the level."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Interaction grid: the arrow keys choose a cell, Enter takes its value"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFont(tabular(self.font()))
        self._theme = LIGHT
        self._dataset: Dataset | None = None
        self._section: Section | None = None
        self._second: int | None = None
        self._x = math.nan
        self._is_watched = False
        self._current = 0
        self._wanted: _Wanted | None = None
        self._drawn: tuple[_Wanted, Interaction] | None = None
        self._scene: Scene | None = None
        self._grounds: list[QImage] = []
        self._picture: QPixmap | None = None
        self._job = NewestJob(self)
        self._job.finished.connect(self._take)
        self._job.failed.connect(self._give_up)

    def sizeHint(self) -> QSize:
        """Return a size that fits a dock below the plots."""
        return QSize(460, 130)

    def minimumSizeHint(self) -> QSize:
        """Return room for three cells."""
        return QSize(220, 96)

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_dataset(self, dataset: Dataset) -> None:
        """Take the ranges of other data; nothing is drawn until there is a fit."""
        self._dataset, self._section = dataset, None
        self._clear()

    def show_section(self, section: Section | None, second: int | None) -> None:
        """Draw a model along a line at values of column number ``second``; nothing where either is missing."""
        self._section, self._second = section, second
        self._look()

    def show_cursor(self, x: float) -> None:
        """Draw the line of the cursor at x, data units."""
        if x != self._x:
            self._x = x
            self.update()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme
        self._grounds = self._scene.grounds(theme) if self._scene is not None else []
        self._redraw()

    def watch(self, *, on: bool) -> None:
        """Read what was asked for because somebody looks, or rest."""
        self._is_watched = on
        self._look()

    def shut_down(self) -> None:
        """Wait for the thread that reads the model."""
        self._job.shut_down()

    def drawn_table(self) -> DataTable | None:
        """Return what is drawn as numbers: a row for each x in each cell; None while nothing is drawn."""
        if self._drawn is None:
            return None
        wanted, made = self._drawn
        line, dataset, points = wanted.section.line, wanted.dataset, len(made.x)
        second, axis = (dataset.encodings[place] for place in (made.place, line.place))
        values: Column = np.repeat(made.values, points)
        if levels_of(second):
            values = tuple(levels_of(second)[int(value)] for value in values)
        columns = (values, np.tile(made.x, len(made.values)), made.mean.ravel(), made.low.ravel(), made.high.ravel())
        names = (second.label, axis.label, "mean", "quantile_0.05", "quantile_0.95")
        held = tuple(f"{each.label} = {line.text(place)}" for place, each in line.others() if place != made.place)
        return DataTable("interaction", names, columns, (f"target: {dataset.target_name}", *held))

    # -- reading the model --------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Ask for what is to be drawn, where it is not drawn or asked for already."""
        section, dataset, second = self._section, self._dataset, self._second
        if section is None or dataset is None or second is None or section.line.encodings != dataset.encodings:
            self._clear()
            return
        wanted = _Wanted(dataset, section, second, self._room())
        if wanted.is_like(self._wanted):
            self._make_scene(wanted)
        elif self._is_watched:
            self._wanted = wanted
            self._job.start_soon(wanted)

    def _room(self) -> int:
        width = self.width() - _TICKS_WIDTH
        return next((count for count, least in LEAST_WIDTHS.items() if width >= count * least), 3)

    @Slot(object)
    def _take(self, made: Interaction | None) -> None:
        if made is None or self._wanted is None:
            return
        self._drawn = self._wanted, made
        self._scene = None
        self._make_scene(self._wanted)

    @Slot(object)
    def _give_up(self, _: Exception) -> None:
        self._clear()  # it is in the log

    def _clear(self) -> None:
        self._job.drop()
        self._wanted, self._drawn, self._scene, self._grounds = None, None, None, []
        self._redraw()

    def _make_scene(self, wanted: _Wanted) -> None:
        """Mark where the second input is held now; draw anew where something has changed."""
        if self._drawn is None:
            return
        made, line = self._drawn[1], wanted.section.line
        held = _nearest(made.values, float(line.held[made.place])) if self._drawn[0].is_like(wanted) else None
        if self._scene is not None and self._scene.held == held:
            return
        ends = (float(made.x[0]), float(made.x[-1]))
        axis = wanted.dataset.encodings[line.place]
        levels = levels_of(axis)
        shown = (levels[0], levels[-1]) if levels else (_end_text(ends[0], axis), _end_text(ends[1], axis))
        names = tuple(_name(wanted.dataset, made.place, value) for value in made.values.tolist())
        fresh = self._scene is None
        self._scene = Scene(made, names, shown, held)
        if fresh:
            self._grounds = self._scene.grounds(self._theme)
        self._current = min(self._current, len(names) - 1) if self.hasFocus() or held is None else held
        self._describe()
        self._redraw()

    # -- drawing ------------------------------------------------------------------------------------------------------

    def _redraw(self) -> None:
        self._picture = None
        self.update()

    def _layout(self, scene: Scene) -> Layout:
        size = float(self.width()), float(self.height())
        return Layout.of(size, len(scene.names), self.fontMetrics(), [text for _, text in scene.ticks()])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the cells, which are kept as a picture, then the cursor."""
        painter = QPainter(self)
        painter.setFont(self.font())
        if self._scene is None:
            return
        layout = self._layout(self._scene)
        if painter.paintEngine().type() == QPaintEngine.Type.Raster:
            painter.drawPixmap(0, 0, self._kept_picture(self._scene, layout, painter.device().devicePixelRatio()))
        else:
            draw_scene(painter, self._scene, layout, self._theme, self._grounds)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_cursor(painter, self._scene, layout, self._theme, self._x)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.accent), 1.0, Qt.PenStyle.DashLine))
            painter.drawRect(layout.cell(self._current))

    def _kept_picture(self, scene: Scene, layout: Layout, fineness: float) -> QPixmap:
        size = self.size() * fineness
        if self._picture is None or self._picture.size() != size:
            self._picture = QPixmap(size)
            self._picture.setDevicePixelRatio(fineness)
            self._picture.fill(QColor(self._theme.window))
            painter = QPainter(self._picture)
            painter.setFont(self.font())
            draw_scene(painter, scene, layout, self._theme, self._grounds)
            painter.end()
        return self._picture

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many cells as there is room for."""
        super().resizeEvent(event)
        self._redraw()
        self._look()

    # -- choosing -----------------------------------------------------------------------------------------------------

    def _cell_at(self, point: QPointF) -> int | None:
        return self._layout(self._scene).at(point) if self._scene is not None else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the value of the cell under the mouse."""
        cell = self._cell_at(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        if cell is None:
            event.ignore()
        else:
            self._current = cell
            self._choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a cell with the arrows, Home, End; take its value with Enter or the space bar."""
        count = len(self._scene.names) if self._scene is not None else 0
        targets = {
            Qt.Key.Key_Left: self._current - 1,
            Qt.Key.Key_Right: self._current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: count - 1,
        }
        key = Qt.Key(event.key())
        if not count:
            event.ignore()
        elif key in targets:
            self._current = min(max(targets[key], 0), count - 1)
            self._describe()
            self.update()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self._choose()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which cell Enter takes."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keys go elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Tell the whole title of a cell in a tool tip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self._cell_at(QPointF(event.pos()))
            text = self._cell_text(cell) if cell is not None else ""
            QToolTip.showText(event.globalPos(), tip_text(text), self)
            return True
        return bool(super().event(event))

    def _choose(self) -> None:
        if self._drawn is not None:
            self._describe()
            made = self._drawn[1]
            self.value_chosen.emit(made.place, float(made.values[self._current]))

    def _cell_text(self, cell: int) -> str:
        if self._scene is None:
            return ""
        mean = float(self._scene.interaction.mean_at(self._x)[cell])
        title = " = ".join(self._scene.names[cell])
        if not math.isfinite(mean):
            return title
        return self.tr("{title}: mean about {mean} at the cursor").format(title=title, mean=significant(mean))

    def _describe(self) -> None:
        self.setAccessibleDescription(self._cell_text(self._current) if self._scene is not None else "")


def _axis_points(dataset: Dataset, place: int) -> FloatArray:
    """Return x [P] over the range of a column; around each of its levels where it has such."""
    low, high = dataset.column_ranges[place].tolist()
    if levels := levels_of(dataset.encodings[place]):
        return np.linspace(-0.5, len(levels) - 0.5, max(_POINTS, 8 * len(levels)))
    if not high > low:
        low, high = low - 0.5 * (abs(low) or 1.0), high + 0.5 * (abs(high) or 1.0)
    return np.linspace(low, high, _POINTS)


def _heights(dataset: Dataset) -> FloatArray:
    low, high = dataset.target_range
    margin = _MARGIN * (high - low) or 0.5 * (abs(high) or 1.0)
    return np.linspace(low - margin, high + margin, _HEIGHTS)


def _nearest(values: FloatArray, held: float) -> int:
    return int(np.abs(values - held).argmin())


def _end_text(end: float, encoding: Encoding) -> str:
    return date_text(end, encoding) or _brief(end, 3)


def _brief(value: float, digits: int) -> str:
    """Return at most so many significant digits, without noughts at the end."""
    return precise(float(f"{value:.{digits}g}"))


def _name(dataset: Dataset, place: int, value: float) -> tuple[str, str]:
    encoding = dataset.encodings[place]
    levels = levels_of(encoding)
    shown = levels[int(value)] if levels else date_text(value, encoding) or _brief(value, 4)
    return one_line(encoding.column, 60), one_line(shown, 60)
