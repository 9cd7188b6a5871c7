"""The fit plot with the switches of its layers, the tools that pick rows."""

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from mdn_gui.ui.fit_plot import FitPlot
from mdn_gui.ui.pick_buttons import PickButtons
from mdn_gui.ui.row_picker import PickTool
from mdn_gui.ui.theme import Theme


def _marked(text: str) -> str:
    """Mark a text for translation in the context FitPanel."""
    return text


_LAYERS = (
    ("points", _marked("points"), _marked("The rows of the data"), True),
    ("histograms", _marked("histograms"), _marked("How many rows there are along x, along y"), False),
    ("density", _marked("density"), _marked("p(y | x) as a soft ground"), True),
    ("means", _marked("means"), _marked("Mean of each component, fading with its weight"), True),
    ("bands", _marked("bands"), _marked("Bands of one and two sds around each component mean"), True),
    ("average", _marked("average"), _marked("Mean of the whole mixture"), False),
)


_MARGINS = 34
"""Pixels at both ends and between the parts of the row."""


class FitPanel(QWidget):
    """Heading, layer switches, tools, plot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = FitPlot(self)
        self._bar, self._menu = QWidget(self), QMenu(self)
        self.switches: dict[str, QToolButton] = {}
        row = QHBoxLayout()
        row.setContentsMargins(14, 5, 10, 4)
        row.setSpacing(4)
        self._heading = QLabel(self.tr("FIT"), self)
        self._heading.setObjectName("heading")
        self._heading.setContentsMargins(0, 0, 8, 0)
        row.addWidget(self._heading)
        self._make_switches()
        self._layers = QToolButton(self)
        self._layers.setText(self.tr("Layers ▾"))
        self._layers.setObjectName("layer")
        self._layers.setMenu(self._menu)
        self._layers.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._layers.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._bar.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # it makes nothing wider
        row.addWidget(self._bar, 1)
        row.addWidget(self._layers, 1, Qt.AlignmentFlag.AlignLeft)
        self.tools = PickButtons(self)
        self.tools.tool_chosen.connect(self._choose_tool)
        self.plot.picker.tool_changed.connect(self.tools.show_tool)
        row.addWidget(self.tools, 0, Qt.AlignmentFlag.AlignRight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.plot, 1)

    def _make_switches(self) -> None:
        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(2)
        for name, text, tip, on in _LAYERS:
            button = QToolButton(self._bar)
            button.setObjectName("layer")
            button.setText(QCoreApplication.translate("FitPanel", text))
            button.setToolTip(QCoreApplication.translate("FitPanel", tip))
            button.setCheckable(True)
            button.setChecked(on)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.toggled.connect(partial(self._switch, name))
            bar.addWidget(button)
            self.switches[name] = button
            entry = self._menu.addAction(button.text(), button.toggle)
            entry.setCheckable(True)
            entry.setChecked(on)
            button.toggled.connect(entry.setChecked)
        bar.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the switches into a menu where there is no room for them; the heading goes first."""
        super().resizeEvent(event)
        room = self.width() - self._bar.sizeHint().width() - self.tools.sizeHint().width() - _MARGINS
        self._bar.setVisible(room >= 0)
        self._layers.setVisible(room < 0)
        self._heading.setVisible(room < 0 or room >= self._heading.sizeHint().width())

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.plot.show_theme(theme)
        self.tools.show_theme(theme)

    @Slot(object)
    def _choose_tool(self, tool: PickTool) -> None:
        self.plot.picker.set_tool(tool)
        self.plot.setFocus()

    def _switch(self, name: str, on: object) -> None:
        self.plot.show_layer(name, visible=bool(on))
