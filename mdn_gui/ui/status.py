"""The status line: one sentence, a bar while something goes on, whether training is ready."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QStatusBar, QToolButton, QWidget

from mdn_gui.ui.numbers import tabular
from mdn_gui.ui.texts import tip_text


class StatusLine(QStatusBar):
    """Shows texts that others have worded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setFont(tabular(self._text.font()))
        self._text.setContentsMargins(8, 0, 0, 0)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._bar = QProgressBar(self)
        self._bar.setAccessibleName(self.tr("Progress of the run"))
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(140)
        self._bar.hide()
        self.engine_is_ready = False
        self._cancel = QToolButton(self)
        self._cancel.setObjectName("cancel")
        self._cancel.hide()
        self._engine = QLabel(self)
        self._engine.setObjectName("muted")
        self._engine.setContentsMargins(8, 0, 6, 0)
        self.addWidget(self._text, 1)
        self.addPermanentWidget(self._bar)
        self.addPermanentWidget(self._cancel)
        self.addPermanentWidget(self._engine)
        self.setMinimumHeight(28)

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._text.text()

    def show_text(self, text: str) -> None:
        """Show a sentence."""
        self._text.setText(text)
        self._text.setToolTip(tip_text(text))

    def show_state(self, text: str, *, is_busy: bool) -> None:
        """Show a sentence, with a moving bar while busy."""
        self.show_text(text)
        self._bar.setVisible(is_busy)
        self._bar.setRange(0, 0)

    def show_progress(self, text: str, share: float) -> None:
        """Show a sentence, with the share of the work that is done, 0 to 1."""
        self.show_text(text)
        self._bar.setVisible(True)
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * share))

    def offer(self, action: QAction | None) -> None:
        """Offer to end what the bar tells of, or nothing."""
        self._cancel.setVisible(action is not None)
        if action is not None:
            self._cancel.setDefaultAction(action)
            self._cancel.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)

    def show_engine_loading(self) -> None:
        """Say that training is being loaded in the background."""
        self._engine.setText(self.tr("loading TensorFlow …"))

    @Slot()
    def show_engine_ready(self) -> None:
        """Say that training can begin at once."""
        self.engine_is_ready = True
        self._engine.setText(self.tr("TensorFlow ready"))

    @Slot()
    def show_engine_missing(self) -> None:
        """Say that training could not be loaded; the next run tells why."""
        self._engine.setText(self.tr("TensorFlow could not be loaded"))
