"""The page of an empty window: drop a file, take a sample, open a recent file."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from mdn_gui.core.samples import Sample
from mdn_gui.ui.assets import icon
from mdn_gui.ui.texts import tip_text
from mdn_gui.ui.theme import LIGHT, Theme

_THUMBNAIL_ROWS = 500
_PROJECT = ".mdn"
_ICON = 16


class WelcomePage(QScrollArea):
    """Shown until data are open; shows values, emits wishes."""

    open_requested = Signal()
    sample_requested = Signal(str)
    """Key of a sample."""
    file_requested = Signal(object)
    """Path of a recent file."""

    def __init__(self, samples: Sequence[Sample], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._theme = LIGHT
        self.cards = [SampleCard(sample, self) for sample in samples]
        page, column = QWidget(self), QWidget(self)
        column.setMaximumWidth(760)
        self._fill(QVBoxLayout(column))
        outer = QHBoxLayout(page)
        outer.setContentsMargins(24, 12, 24, 12)
        outer.addStretch(1)
        outer.addWidget(column, 20)
        outer.addStretch(1)
        self.setWidget(page)
        self.show_recent_files(())

    def _fill(self, layout: QVBoxLayout) -> None:
        layout.setSpacing(10)
        title = QLabel(self.tr("Read p(y given x) at every x"), self)
        title.setObjectName("title")
        lead = QLabel(
            self.tr("Open a table, press Train, then move the cursor: weights, means and variances appear beside it."),
            self,
        )
        lead.setObjectName("muted")
        lead.setWordWrap(True)
        layout.addStretch(1)
        for widget in (title, lead, self._drop_target()):
            layout.addWidget(widget)
        layout.addSpacing(6)
        layout.addWidget(_heading(self.tr("SAMPLE DATA"), self))
        grid = QGridLayout()
        grid.setSpacing(10)
        for index, card in enumerate(self.cards):
            card.chosen.connect(self.sample_requested)
            grid.addWidget(card, index // 2, index % 2)
        layout.addLayout(grid)
        layout.addSpacing(6)
        self._recent_heading = _heading(self.tr("RECENT FILES"), self)
        layout.addWidget(self._recent_heading)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        layout.addLayout(self._recent)
        shortcuts = QLabel(self.tr("Ctrl+O  open     F5  train     ?  all shortcuts"), self)
        shortcuts.setObjectName("muted")
        layout.addWidget(shortcuts)
        layout.addStretch(2)

    def _drop_target(self) -> QFrame:
        frame = QFrame(self)
        frame.setObjectName("drop")
        row = QHBoxLayout(frame)
        row.setContentsMargins(18, 16, 18, 16)
        text = QLabel(self.tr("Drop a table or a project here: CSV or other text, Excel, Parquet, NumPy, JSON"), self)
        button = QPushButton(self.tr("Open file…"), self)
        button.setDefault(True)
        button.clicked.connect(self.open_requested)
        row.addWidget(text, 1)
        row.addWidget(button)
        return frame

    def show_recent_files(self, paths: Iterable[Path]) -> None:
        """List the files opened lately: projects, tables."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        shown = list(paths)[:4]
        for path in shown:
            is_project = path.suffix.lower() == _PROJECT
            kind = self.tr("Project") if is_project else self.tr("Table")
            button = RecentButton(path, kind, "project" if is_project else "table", self)
            button.show_theme(self._theme)
            button.clicked.connect(lambda _=False, chosen=path: self.file_requested.emit(chosen))
            self._recent.addWidget(button)
        self._recent_heading.setVisible(bool(shown))

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme
        for card in self.cards:
            card.show_theme(theme)
        for button in self.findChildren(RecentButton):
            button.show_theme(theme)


class RecentButton(QPushButton):
    """Opens a file again; its icon tells a project from a table.

    Parameters
    ----------
    path : Path
        The file.
    kind : str
        What it is, for a screen reader, in the tool tip; translated.
    icon_name : str
        See ``assets.icon``.
    parent : QWidget
        Owner.
    """

    def __init__(self, path: Path, kind: str, icon_name: str, parent: QWidget) -> None:
        super().__init__(path.name.replace("&", "&&"), parent)
        self._icon_name = icon_name
        self.setObjectName("link")
        self.setIconSize(QSize(_ICON, _ICON))
        self.setAccessibleName(f"{kind}: {path.name}")
        self.setToolTip(tip_text(f"{kind}: {path}"))

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.setIcon(icon(self._icon_name, theme.accent))


class SampleCard(QFrame):
    """One sample: a thumbnail of its rows, its name, one sentence; a click or Enter chooses it."""

    chosen = Signal(str)

    def __init__(self, sample: Sample, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = sample.key
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(sample.title)
        self.setAccessibleDescription(sample.description)
        self.setToolTip(self.tr("Source: {source}").format(source=sample.source))
        texts = QVBoxLayout()
        texts.setSpacing(2)
        for text, name in ((sample.title, "strong"), (sample.description, "muted")):
            label = QLabel(text, self)
            label.setObjectName(name)
            label.setWordWrap(True)
            texts.addWidget(label)
        texts.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 10, 12, 10)
        row.setSpacing(12)
        self._thumbnail = _Thumbnail(sample, self)
        row.addWidget(self._thumbnail)
        row.addLayout(texts, 1)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._thumbnail.show_theme(theme)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the press, so that the release comes here too."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose this sample."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self._key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose this sample with Enter or Space."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.chosen.emit(self._key)
        else:
            super().keyPressEvent(event)


class _Thumbnail(QWidget):
    def __init__(self, sample: Sample, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(92, 66))
        self._sample = sample
        self._colour, self._ground = QColor(LIGHT.points), QColor(LIGHT.base)
        self._picture: QPixmap | None = None

    def show_theme(self, theme: Theme) -> None:
        self._colour, self._ground = QColor(theme.accent), QColor(theme.base)
        self._picture = None
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the rows; they are made at the first paint."""
        if self._picture is None or self._picture.devicePixelRatio() != self.devicePixelRatio():
            self._picture = self._drawn()
        QPainter(self).drawPixmap(0, 0, self._picture)

    def _drawn(self) -> QPixmap:
        picture = QPixmap(self.size() * self.devicePixelRatio())
        picture.setDevicePixelRatio(self.devicePixelRatio())
        picture.fill(self._ground)
        table = self._sample.table(_THUMBNAIL_ROWS if self._sample.is_simulated else None)
        x, y = (column.values for column in table.columns[:2])
        place = np.column_stack(
            (6 + (x - x.min()) / np.ptp(x) * (self.width() - 12), 6 + (y.max() - y) / np.ptp(y) * (self.height() - 12))
        )
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        for left, top in place.tolist():
            painter.drawEllipse(QPointF(left, top), 1.0, 1.0)
        painter.end()
        return picture


def _heading(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setObjectName("heading")
    return label
