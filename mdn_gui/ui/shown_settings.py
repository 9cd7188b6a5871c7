"""The line above the settings that tells which run is shown where its settings are not those of the form."""

from dataclasses import fields

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from mdn_gui.core.config import ModelConfig, TrainingConfig, setting_of
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.ui.labels import ElidedLabel
from mdn_gui.ui.texts import tip_text

Configs = tuple[ModelConfig, TrainingConfig]


class ShownSettings(QWidget):
    """Such as "Shown: run 1, K = 3" with a link that takes its settings; hidden where form and fit agree."""

    settings_requested = Signal(int)
    """Number of the run whose settings the next one shall have."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._text = ElidedLabel(self, "muted")
        self._link = QPushButton(self.tr("Take its settings"), self)
        self._link.setObjectName("link")
        self._link.setAutoDefault(False)
        self._link.setCursor(Qt.CursorShape.PointingHandCursor)
        self._link.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._link.clicked.connect(self._request)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._link)
        self.hide()

    @property
    def text(self) -> str:
        """What is told; "" where nothing is."""
        return "" if self.isHidden() else self._text.text()

    def show_run(self, run: TrainingRun | None, configs: Configs) -> None:
        """Tell of the run that is shown where its settings are not ``configs``; None for no run."""
        names = differing_settings((run.model.model_config, run.model.training_config), configs) if run else ()
        self.setVisible(bool(names))
        self._number = run.number if run is not None else 0
        if run is None or not names:
            return
        text = self.tr("Shown: run {number}, K = {k}")
        self._text.show_text(text.format(number=run.number, k=run.model.model_config.num_components))
        tip = self.tr("The form has the settings of the next run. The run shown has others: {names}.")
        for widget in (self._text, self._link):
            widget.setToolTip(tip_text(tip.format(names=", ".join(names))))

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size: it makes the form no wider."""
        return QSize(0, super().minimumSizeHint().height())

    @Slot()
    def _request(self) -> None:
        self.settings_requested.emit(self._number)


def differing_settings(mine: Configs, its: Configs) -> tuple[str, ...]:
    """Return the labels of the settings that are not the same, in the order of the form."""
    pairs: list[tuple[ModelConfig | TrainingConfig, ModelConfig | TrainingConfig]]
    pairs = [(mine[0], its[0]), (mine[1], its[1])]
    return tuple(
        QCoreApplication.translate("Settings", setting_of(each).label)
        for one, other in pairs
        for each in fields(one)
        if getattr(one, each.name) != getattr(other, each.name)
    )
