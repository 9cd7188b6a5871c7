"""The read-out at x: value box, components, quantities, slice."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.identity import ComponentFinding
from mdn_gui.core.neighbours import NearbyRows
from mdn_gui.core.pin import Pin
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import InputAxis, Line, Reading
from mdn_gui.session.messages import CursorOrigin
from mdn_gui.ui.labels import ElidedLabel
from mdn_gui.ui.numbers import counted, significant
from mdn_gui.ui.reading.component_table import ComponentTable
from mdn_gui.ui.reading.findings_line import FindingsLine
from mdn_gui.ui.reading.nearby_lines import NearbyLines
from mdn_gui.ui.reading.quantity_table import QuantityTable
from mdn_gui.ui.reading.support_label import SupportLabel
from mdn_gui.ui.reading.x_box import XBox
from mdn_gui.ui.slice.panel import SlicePanel
from mdn_gui.ui.slice.plot import DensityPlot
from mdn_gui.ui.texts import one_line, rows_text
from mdn_gui.ui.theme import Theme

_FAINT_WEIGHT = 0.01
_NAMES_LISTED = 3
_REST_MS = 1000
_LONGEST_NAME = 12


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
    questions_changed = Signal(object)
    """Questions: a person wants other quantiles, another region, another interval."""
    removal_requested = Signal(object)
    """tuple of int: components, counted from 0, that shall be removed before training goes on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading: Reading | None = None
        self._pins: tuple[Pin, ...] = ()
        self._questions = Questions()
        self._nearby: NearbyRows | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._tidy)
        self._input_name = ""
        self._num_columns = 1
        self._has_levels = False
        self.x_box = XBox(self)
        self._name = ElidedLabel(self, "strong")
        self._origin = QLabel(self)
        self._origin.setObjectName("muted")
        self._origin.setTextFormat(Qt.TextFormat.PlainText)
        self._support = SupportLabel(self)
        self.nearby = NearbyLines(self)
        self.table = ComponentTable(self)
        self.findings = FindingsLine(self)
        self.quantities = QuantityTable(self)
        self.slice = SlicePanel(self)
        self._build()
        self._connect()
        self.show_reading(None, CursorOrigin.CURSOR)

    def _build(self) -> None:
        content = QWidget(self)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
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
        support = QVBoxLayout()
        support.setSpacing(2)
        support.addWidget(self._support)
        support.addWidget(self.nearby)
        layout.addLayout(support)
        layout.addWidget(self.table, 2)
        layout.addWidget(self.findings)
        layout.addWidget(self.quantities, 4)
        layout.addWidget(self.slice, 3)
        layout.addLayout(self._build_buttons())

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
        row.addStretch(1)
        self.configure = QPushButton(self.tr("Rows…"), self)
        self.configure.setObjectName("link")
        self.configure.setToolTip(self.tr("Configure the read-out: its rows, its quantiles, its region"))
        row.addWidget(self.configure)
        return row

    def _connect(self) -> None:
        self.x_box.typed.connect(self.x_typed)
        self.x_box.stepped.connect(self.x_stepped)
        self.x_box.escaped.connect(self.x_escaped)
        self.findings.removal_requested.connect(self.removal_requested)
        self.configure.clicked.connect(lambda _checked: self.quantities.configure())
        for part in (self.quantities, self.slice):
            part.questions_changed.connect(self.questions_changed)
        self.slice.level_requested.connect(self._ask_level)
        self.quantities.interval_edited.connect(self._edit_interval)

    @property
    def density(self) -> DensityPlot:
        """The plot of the slice."""
        return self.slice.plot

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_dataset(self, dataset: Dataset, axis: InputAxis) -> None:
        """Take names and number formats from the data."""
        self._input_name, self._has_levels = axis.name, bool(axis.levels)
        self._num_columns = len(dataset.encodings)
        self._name.show_text(self._input_name)
        self.x_box.show_axis(axis)
        greatest = max(map(abs, dataset.target_range))
        self.table.components.set_spread(dataset.target_sd, greatest)
        self.quantities.show_target(dataset.target_name, dataset.target_sd)
        self.slice.show_dataset(dataset)
        self.nearby.show_inputs(self._num_columns)
        self.show_nearby(None)

    def show_reading(self, reading: Reading | None, origin: CursorOrigin, pin_name: str = "") -> None:
        """Show the mixture at x, or an empty read-out; ``pin_name`` is the pin where it stands, if any."""
        self._reading = reading
        self.x_box.show_x(reading.x if reading is not None else None)
        for button in self._buttons:
            # a table of parameters to take away is one of the network's
            is_on = reading is not None and not (reading.is_preview and button is self._table_button)
            if button.isEnabled() is not is_on:
                button.setEnabled(is_on)
        self.table.components.show_mixture(reading.mixture if reading else None)
        self._hide_faint_rows()
        self.quantities.show_reading(reading)
        self.slice.show_reading(reading)
        if self._nearby is not None and not (reading is not None and self._nearby.is_at(reading)):
            self.nearby.show_stale()
        self._show_texts(reading, origin, pin_name)
        self._rest.start()

    def show_pins(self, pins: tuple[Pin, ...], line: Line | None = None) -> None:
        """Compare with the last pin, or the one chosen; ``line`` is where the cursor moves."""
        self._pins = pins
        self.quantities.show_pins(pins)
        self.slice.show_pins(pins)

    def show_compared_pin(self, name: str) -> None:
        """Compare with the pin of that name, as long as there is one."""
        self.quantities.show_compared_pin(name)

    def show_questions(self, questions: Questions) -> None:
        """Read other quantiles, another region, another interval."""
        self._questions = questions
        self.quantities.show_questions(questions)
        self.quantities.show_reading(self._reading)
        self.slice.show_questions(questions)

    def show_nearby(self, nearby: NearbyRows | None) -> None:
        """State how the rows near x fit; None takes that away."""
        self._nearby = nearby
        self.nearby.show_nearby(nearby)
        self.slice.show_nearby(nearby.targets if nearby is not None else None)
        if nearby is not None and not (self._reading is not None and nearby.is_at(self._reading)):
            self.nearby.show_stale()

    def show_findings(self, findings: Sequence[ComponentFinding]) -> None:
        """Mark the components that are not needed, offer to remove them."""
        self.table.components.show_findings(findings)
        self.findings.show_findings(findings)

    def show_now(self) -> None:
        """Show every figure at once, for a picture."""
        self.quantities.show_now()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.table.components.show_theme(theme)
        self._hide_faint_rows()  # the rows were made anew
        self.quantities.show_theme(theme)
        self.slice.show_theme(theme)

    @Slot()
    def _tidy(self) -> None:
        """Give back the room of longer texts once the cursor rests: while it moves nothing may jump."""
        self.table.tidy()
        self.quantities.tidy()

    # -- inside -------------------------------------------------------------------------------------------------------

    @Slot(float)
    def _ask_level(self, level: float) -> None:
        self.questions_changed.emit(replace(self._questions, levels=(*self._questions.levels, level)))

    @Slot()
    def _edit_interval(self) -> None:
        self.slice.interval.high.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hide_faint_rows(self) -> None:
        """Show of a preview, which has many components, those that matter at x; of the network all."""
        reading = self._reading
        weights = reading.mixture.weights[0] if reading is not None else ()
        for k, weight in enumerate(weights):
            hidden = bool(reading and reading.is_preview and weight < _FAINT_WEIGHT)
            if self.table.isRowHidden(k) is not hidden:
                self.table.setRowHidden(k, hidden)

    def _show_texts(self, reading: Reading | None, origin: CursorOrigin, pin_name: str) -> None:
        if reading is None:
            self._origin.clear()
            self.slice.show_title(self.tr("p(y | x)"))
            self._support.say(
                self.tr("Train a model, then move over the plot: the mixture at x appears here. A double-click pins x.")
            )
            return
        origins = {
            CursorOrigin.CURSOR: self.tr("● cursor"),
            CursorOrigin.LAST: self.tr("○ last x"),
            CursorOrigin.PIN: self.tr("◆ pin {name}").format(name=one_line(pin_name, _LONGEST_NAME)),
        }
        preview, epoch = reading.is_preview, reading.epoch
        what, why = self.tr("preview"), self.tr("Read from a joint Gaussian mixture, not from the network")
        if epoch is not None:
            what = self.tr("epoch {epoch}").format(epoch=epoch)
            why = self.tr("Read from a past epoch, not from the fit")
        is_other = preview or epoch is not None
        self._origin.setText(f"{what} · {origins[origin]}" if is_other else origins[origin])
        self._origin.setToolTip(why if is_other else "")
        warnings = self._warnings(reading)
        parts = (*warnings, self.x_box.date_of(reading.x), self._rows_text(reading))
        self._support.say(" · ".join(part for part in parts if part), warns=bool(warnings))
        title = self.tr("Preview: p(y | {name} = {x})") if preview else self.tr("p(y | {name} = {x})")
        if epoch is not None:
            title = self.tr("Epoch {epoch}: {title}").format(epoch=epoch, title=title)
        title = title.format(name="{name}", x=self.x_box.text_of(reading.x))
        self.slice.show_title(title, self._input_name)

    def _warnings(self, reading: Reading) -> tuple[str, ...]:
        """Return why the reading is extrapolated."""
        warnings = [self.tr("Outside the data: extrapolated")] if reading.is_outside else []
        if reading.held_outside:
            names = ", ".join(one_line(name, 30) for name in reading.held_outside[:_NAMES_LISTED])
            names += ", …" if len(reading.held_outside) > _NAMES_LISTED else ""
            warnings.append(self.tr("Held outside the data: {names}").format(names=names))
        return tuple(warnings)

    def _rows_text(self, reading: Reading) -> str:
        """Return how many rows are near; with several inputs that is known a moment later, and stated below."""
        if self._num_columns > 1:
            return ""
        if self._has_levels:
            return rows_text(reading.rows_near)
        one, many = self.tr("{count} row within ±{width}"), self.tr("{count} rows within ±{width}")
        return counted(reading.rows_near, one, many, width=significant(reading.half_width, 1))
