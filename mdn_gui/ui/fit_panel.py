"""The fit plot with the switches of its layers."""

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from mdn_gui.ui.fit_plot import FitPlot
from mdn_gui.ui.theme import Theme


def _marked(text: str) -> str:
    """Mark a text for translation in the context FitPanel."""
    return text


_LAYERS = (
    ("points", _marked("points"), _marked("The rows of the data"), True),
    ("density", _marked("density"), _marked("p(y | x) as a soft ground"), True),
    ("means", _marked("component means"), _marked("Mean of each component, fading with its weight"), True),
    ("bands", _marked("±1, ±2 sd"), _marked("Bands of one and two sds around each component mean"), True),
    ("average", _marked("mixture mean"), _marked("Mean of the whole mixture"), False),
)


class FitPanel(QWidget):
    """Heading, layer switches, plot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = FitPlot(self)
        self.switches: dict[str, QToolButton] = {}
        row = QHBoxLayout()
        row.setContentsMargins(14, 5, 10, 4)
        row.setSpacing(4)
        heading = QLabel(self.tr("FIT"), self)
        heading.setObjectName("heading")
        row.addWidget(heading)
        row.addSpacing(8)
        for name, text, tip, on in _LAYERS:
            button = QToolButton(self)
            button.setObjectName("layer")
            button.setText(QCoreApplication.translate("FitPanel", text))
            button.setToolTip(QCoreApplication.translate("FitPanel", tip))
            button.setCheckable(True)
            button.setChecked(on)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.toggled.connect(partial(self._switch, name))
            row.addWidget(button)
            self.switches[name] = button
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.plot, 1)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.plot.show_theme(theme)

    def _switch(self, name: str, on: object) -> None:
        self.plot.show_layer(name, visible=bool(on))
