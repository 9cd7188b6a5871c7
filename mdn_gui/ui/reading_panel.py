"""The read-out at x: value box, component table, moments, slice, pin."""

import numpy as np
from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.reading import InputAxis, Reading
from mdn_gui.session.messages import CursorOrigin
from mdn_gui.ui.component_table import ComponentTable
from mdn_gui.ui.density_plot import DensityPlot
from mdn_gui.ui.labels import ElidedLabel, NamedLabel
from mdn_gui.ui.numbers import counted, decimals_for, fixed, significant, tabular
from mdn_gui.ui.texts import rows_text
from mdn_gui.ui.theme import Theme
from mdn_gui.ui.x_box import XBox

_PAUSE_MS, _LATEST_MS = 30, 500
"""Median and region take longer than a mouse move may: they follow when it pauses, and now and then meanwhile."""
_FAINT_WEIGHT = 0.01


class ReadingPanel(QScrollArea):
    """Everything known about p(y given x) at one x; shows values, emits wishes.

    It scrolls where it is low; and a text that changes under the moving cursor lays out no more than this panel.
    """

    x_typed = Signal(float)
    x_stepped = Signal(int)
    """Up or Down in the value box: pixels to the right, to the left where negative."""
    x_escaped = Signal()
    """Escape in the value box: the keyboard goes back to the plot."""
    copy_requested = Signal()
    pin_requested = Signal()
    table_requested = Signal()
    unpin_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading: Reading | None = None
        self._pin: Reading | None = None
        self._y_decimals = 4
        self._input_name = ""
        self._has_levels = False
        self.x_box = XBox(self)
        self.x_box.typed.connect(self.x_typed)
        self.x_box.stepped.connect(self.x_stepped)
        self.x_box.escaped.connect(self.x_escaped)
        self._name = ElidedLabel(self, "strong")
        self._origin = QLabel(self)
        self._origin.setObjectName("muted")
        self._support = QLabel(self)
        self._support.setWordWrap(True)
        self._support.setObjectName("support")
        self.table = ComponentTable(self)
        self.density = DensityPlot(self)
        self._build()
        self._slow_figures = QTimer(self)
        self._slow_figures.setSingleShot(True)
        self._slow_figures.setInterval(_PAUSE_MS)
        self._slow_figures.timeout.connect(self._show_slow_figures)
        self._since_slow = QElapsedTimer()
        self._since_slow.start()
        self.show_reading(None, CursorOrigin.CURSOR)
        self.show_pin(None)

    def _build(self) -> None:
        content = QWidget(self)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(14, 4, 14, 10)
        layout.setSpacing(6)
        top = QHBoxLayout()
        top.addWidget(self._name, 1)
        top.addWidget(self._origin)
        layout.addLayout(top)
        layout.addWidget(self.x_box)
        layout.addWidget(self._support)
        layout.addWidget(self.table, 2)
        layout.addLayout(self._build_moments())
        layout.addWidget(_separator(self))
        self._slice_title = NamedLabel(self, "muted")
        layout.addWidget(self._slice_title)
        layout.addWidget(self.density, 3)
        layout.addLayout(self._build_buttons())
        layout.addLayout(self._build_pin())

    def _build_moments(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        self._values: dict[str, QLabel] = {}
        names = {
            "mean": self.tr("mixture mean"),
            "sd": self.tr("mixture sd"),
            "variance": self.tr("mixture variance"),
            "parts": self.tr("   within + between"),
            "median": self.tr("median"),
            "region": self.tr("90 % region"),
        }
        for row, (key, text) in enumerate(names.items()):
            name = QLabel(text, self)
            name.setObjectName("muted")
            value = QLabel(self)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            value.setFont(tabular(value.font()))
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(name, row, 0)
            grid.addWidget(value, row, 1)
            self._values[key] = value
        self._values["region"].setWordWrap(True)
        return grid

    def _build_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self._buttons = []
        for text, tip, signal in (
            (self.tr("Copy  C"), self.tr("Copy the read-out with all digits"), self.copy_requested),
            (self.tr("Pin  P"), self.tr("Keep this x for comparison"), self.pin_requested),
            (self.tr("Table…"), self.tr("Save the parameters over a grid of x"), self.table_requested),
        ):
            button = QPushButton(text, self)
            button.setToolTip(tip)
            button.clicked.connect(signal)
            row.addWidget(button)
            self._buttons.append(button)
        self._table_button = self._buttons[-1]
        return row

    def _build_pin(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._pin_text = NamedLabel(self)
        self._pin_text.setFont(tabular(self._pin_text.font()))
        self._pin_button = QPushButton(self.tr("Remove"), self)
        self._pin_button.setObjectName("link")
        self._pin_button.setAccessibleName(self.tr("Remove pin A"))
        self._pin_button.clicked.connect(self.unpin_requested)
        row.addWidget(self._pin_text, 1)
        row.addWidget(self._pin_button)
        return row

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_dataset(self, dataset: Dataset, axis: InputAxis) -> None:
        """Take names and number formats from the data."""
        self._input_name, self._has_levels = axis.name, bool(axis.levels)
        self._name.show_text(self._input_name)
        self.x_box.show_axis(axis)
        spread = dataset.target_sd
        self._y_decimals = decimals_for(spread)
        self.table.components.set_spread(spread)
        self.density.show_dataset(dataset)

    def show_reading(self, reading: Reading | None, origin: CursorOrigin) -> None:
        """Show the mixture at x, or an empty read-out."""
        self._reading = reading
        self.x_box.show_x(reading.x if reading is not None else None)
        for button in self._buttons:
            button.setEnabled(reading is not None)
        if reading is not None and reading.is_preview:
            self._table_button.setEnabled(False)  # a table of parameters to take away is one of the network's
        self.table.components.show_mixture(reading.mixture if reading else None)
        self._hide_faint_rows()
        self.density.show_reading(reading)
        self._show_texts(reading, origin)

    def _hide_faint_rows(self) -> None:
        """Show of a preview, which has many components, those that matter at x; of the network all."""
        reading = self._reading
        weights = reading.mixture.weights[0] if reading is not None else ()
        for k, weight in enumerate(weights):
            hidden = bool(reading and reading.is_preview and weight < _FAINT_WEIGHT)
            if self.table.isRowHidden(k) is not hidden:
                self.table.setRowHidden(k, hidden)

    def _show_texts(self, reading: Reading | None, origin: CursorOrigin) -> None:
        if reading is None:
            for value in self._values.values():
                value.setText("–")
                value.setEnabled(True)
            self._origin.clear()
            self._slice_title.show_named(self.tr("p(y | x)"), "")
            self._say_support(
                self.tr("Train a model, then move over the plot: the mixture at x appears here. A double-click pins x.")
            )
            return
        origins = {
            CursorOrigin.CURSOR: self.tr("● cursor"),
            CursorOrigin.LAST: self.tr("○ last x"),
            CursorOrigin.PIN: self.tr("◆ pin A"),
        }
        preview = reading.is_preview
        self._origin.setText(f"{self.tr('preview')} · {origins[origin]}" if preview else origins[origin])
        self._origin.setToolTip(self.tr("Read from a joint Gaussian mixture, not from the network") if preview else "")
        outside = self.tr("Outside the data: extrapolated") if reading.is_outside else ""
        parts = (outside, self.x_box.date_of(reading.x), self._rows_text(reading))
        self._say_support(" · ".join(part for part in parts if part), warns=reading.is_outside)
        self._show_moments(reading)
        title = self.tr("Preview: p(y | {name} = {x})") if preview else self.tr("p(y | {name} = {x})")
        title = title.format(name="{name}", x=self.x_box.text_of(reading.x))
        self._slice_title.show_named(title, self._input_name)

    def _rows_text(self, reading: Reading) -> str:
        if self._has_levels:
            return rows_text(reading.rows_near)
        one, many = self.tr("{count} row within ±{width}"), self.tr("{count} rows within ±{width}")
        return counted(reading.rows_near, one, many, width=significant(reading.half_width, 1))

    def _say_support(self, text: str, *, warns: bool = False) -> None:
        """State how much data stands behind the reading, as a warning where there is none."""
        self._support.setText(text)
        if self._support.property("warns") is not warns:
            self._support.setProperty("warns", warns)
            _restyle(self._support)

    def _show_moments(self, reading: Reading) -> None:
        mixture, decimals = reading.mixture, self._y_decimals
        variance = float(mixture.variance()[0])
        within, between = float(mixture.variance_within()[0]), float(mixture.variance_between()[0])
        texts = {
            "mean": fixed(float(mixture.mean()[0]), decimals),
            "sd": significant(float(mixture.sd()[0])),
            "variance": significant(variance),
            "parts": f"{significant(within)} + {significant(between)}",
        }
        for key, text in texts.items():
            self._values[key].setText(text)
        for key in ("median", "region"):
            self._values[key].setEnabled(False)  # greyed while they are those of another x
        if not self._slow_figures.isActive() or self._since_slow.elapsed() < _LATEST_MS:
            self._slow_figures.start()

    def show_now(self) -> None:
        """Show every figure at once, for a picture."""
        self._slow_figures.stop()
        self._show_slow_figures()

    @Slot()
    def _show_slow_figures(self) -> None:
        self._since_slow.start()
        if self._reading is not None:
            median = float(self._reading.mixture.quantile(0.5)[0])
            self._values["median"].setText(fixed(median, self._y_decimals))
            self._values["region"].setText(self._region_text(self._reading))
            for key in ("median", "region"):
                self._values[key].setEnabled(True)

    def _region_text(self, reading: Reading) -> str:
        region = reading.mixture.hdr(0.9)[0]
        narrowest = float(np.min(region[:, 1] - region[:, 0]))
        decimals = max(decimals_for(narrowest) - 2, 0)  # two digits of the narrowest interval
        return " ∪ ".join(f"[{fixed(low, decimals)},\u00a0{fixed(high, decimals)}]" for low, high in region)

    def show_pin(self, pin: Reading | None) -> None:
        """Show the pin with its difference to the cursor, or that there is none."""
        self._pin = pin
        self.density.show_pin(pin)
        self._pin_button.setVisible(pin is not None)
        self.show_pin_difference()

    def show_pin_difference(self) -> None:
        """State how the mixture mean at the cursor differs from the pin's."""
        if self._pin is None:
            self._pin_text.show_named("", "")
            return
        text = self.tr("◆ A   {name} = {x}").format(name="{name}", x=self.x_box.text_of(self._pin.x))
        if self._reading is not None:
            change = float(self._reading.mixture.mean()[0] - self._pin.mixture.mean()[0])
            sign = "+" if change >= 0 else ""
            text += self.tr("    Δ mean {change}").format(change=sign + fixed(change, self._y_decimals))
        self._pin_text.show_named(text, self._input_name)

    @property
    def pin_text(self) -> str:
        """The line about the pin."""
        return self._pin_text.text()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.table.components.show_theme(theme)
        self._hide_faint_rows()  # the rows were made anew
        self.density.show_theme(theme)


def _restyle(widget: QWidget) -> None:
    """Apply the style sheet anew, after a property that it reads has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _separator(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setObjectName("line")
    return line
