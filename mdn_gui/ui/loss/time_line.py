"""The bar below the loss plot with which a run is looked at again."""

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QHideEvent, QIcon, QKeyEvent, QPainter, QPixmap, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QStackedWidget, QToolButton, QWidget

from mdn_gui.session.replay import Replay
from mdn_gui.ui.calm_wheel import calm
from mdn_gui.ui.loss.texts import chip_text, newest_text
from mdn_gui.ui.numbers import tabular
from mdn_gui.ui.theme import LIGHT, Theme

_SPEEDS = ((400, "0.5×"), (200, "1×"), (100, "2×"))
"""Milliseconds from one snapshot to the next: ten a second at most."""
_ICON = 12


class TimeLine(QWidget):
    """Play, a slider over the snapshots with the fit at its end, speed, the way back to the fit."""

    epoch_requested = Signal(int)
    """Show the fit as it was after this epoch."""
    fit_requested = Signal()
    """Show the fit itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._replay = Replay()
        self._theme = LIGHT
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._advance)
        self._speed = 1
        self.play = self._button(self.tr("Play the run"))
        self.play.setCheckable(True)
        self.play.toggled.connect(self._take_play)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setAccessibleName(self.tr("Snapshots of the run, the fit at the end"))
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setTickInterval(1)
        self.slider.setPageStep(5)
        calm(self.slider)
        self.slider.valueChanged.connect(self._take_slider)
        self.slider.sliderReleased.connect(self._update)
        self.speed = self._button(self.tr("Speed of the replay"))
        self.speed.clicked.connect(self._next_speed)
        self.chip = QToolButton(self)
        self.chip.setObjectName("cancel")
        self.chip.setFont(tabular(self.chip.font()))
        self.chip.clicked.connect(self.return_to_fit)
        self._newest = QLabel(self)
        self._newest.setObjectName("muted")
        self._newest.setFont(tabular(self._newest.font()))
        self._told = QStackedWidget(self)
        self._told.addWidget(self._newest)
        self._told.addWidget(self.chip)
        self.nothing = QLabel(self.tr("Only the kept epoch of this run is stored: there is nothing to play"), self)
        self.nothing.setObjectName("muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 3)
        row.setSpacing(8)
        for widget, stretch in ((self.nothing, 1), (self.play, 0), (self.slider, 1), (self.speed, 0), (self._told, 0)):
            row.addWidget(widget, stretch)
        self._show_speed()
        self.show_theme(LIGHT)
        self.setMinimumHeight(self.sizeHint().height())  # also where it has no slider: nothing above it jumps
        self._update()

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("layer")
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    @property
    def is_playing(self) -> bool:
        """Whether snapshots are shown one after the other."""
        return self._clock.isActive()

    def show_replay(self, replay: Replay) -> None:
        """Show which snapshots there are, which one is shown; playing ends where the fit is shown or a run begins."""
        begins = replay.is_live and not self._replay.is_live
        self._replay = replay
        if begins or replay.shown is None:
            self.stop()
        if not self.slider.isSliderDown():  # a handle under the mouse must not move away
            self._update()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme
        self._show_play()

    def stop(self) -> None:
        """Pause at the epoch shown."""
        self.play.setChecked(False)

    @Slot()
    def toggle(self) -> None:
        """Play, or pause."""
        if self.play.isEnabled():
            self.play.toggle()

    @Slot()
    def return_to_fit(self) -> None:
        """Ask for the fit itself."""
        self.stop()
        self.fit_requested.emit()

    # -- what is drawn ------------------------------------------------------------------------------------------------

    @Slot()
    def _update(self) -> None:
        replay, count = self._replay, len(self._replay.epochs)
        at = count if replay.shown is None else sum(epoch < replay.shown for epoch in replay.epochs)
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, count)
            self.slider.setValue(at)
        for widget in (self.play, self.slider, self.speed):
            widget.setEnabled(count > 0)
            widget.setVisible(count > 0 or replay.is_live)
        self.nothing.setVisible(not (count or replay.is_live))
        self.chip.setText(chip_text(replay.shown or 0, is_live=replay.is_live))
        self._newest.setText(newest_text(count, is_live=replay.is_live) if count else "")
        self._told.setCurrentWidget(self._newest if replay.shown is None else self.chip)
        self.chip.setEnabled(replay.shown is not None)
        widest = chip_text(max(replay.epochs, default=0), is_live=replay.is_live)
        self._told.setFixedWidth(self.chip.fontMetrics().horizontalAdvance(widest) + 26 if count else 0)

    def _show_play(self) -> None:
        self.play.setIcon(_play_icon(self._theme.text, self.devicePixelRatioF(), is_playing=self.play.isChecked()))
        self.play.setIconSize(QSize(_ICON, _ICON))
        name = self.tr("Pause") if self.play.isChecked() else self.tr("Play the run")
        self.play.setAccessibleName(name)
        self.play.setToolTip(name)

    def _show_speed(self) -> None:
        self.speed.setText(_SPEEDS[self._speed][1])
        self._clock.setInterval(_SPEEDS[self._speed][0])

    # -- what the person does -----------------------------------------------------------------------------------------

    @Slot(int)
    def _take_slider(self, place: int) -> None:
        self.stop()
        self._show_place(place)

    def _show_place(self, place: int) -> None:
        if place < len(self._replay.epochs):
            self.epoch_requested.emit(self._replay.epochs[place])
        else:
            self.fit_requested.emit()

    @Slot(bool)
    def _take_play(self, on: object) -> None:
        self._show_play()
        if not on:
            self._clock.stop()
            return
        if self._replay.shown is None:
            self._show_place(0)
        self._clock.start()

    @Slot()
    def _next_speed(self) -> None:
        self._speed = (self._speed + 1) % len(_SPEEDS)
        self._show_speed()

    @Slot()
    def _advance(self) -> None:
        later = [epoch for epoch in self._replay.epochs if epoch > (self._replay.shown or 0)]
        if later:
            self.epoch_requested.emit(later[0])
        else:
            self.return_to_fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Play or pause by the space bar, return to the fit by Escape."""
        if event.key() == Qt.Key.Key_Space:
            self.toggle()
        elif event.key() == Qt.Key.Key_Escape and self._replay.shown is not None:
            self.return_to_fit()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Pause: nobody watches."""
        super().hideEvent(event)
        self.stop()


def _play_icon(colour: str, fineness: float, *, is_playing: bool) -> QIcon:
    """Return a triangle, or two bars while the run is played."""
    pixmap = QPixmap(round(_ICON * fineness), round(_ICON * fineness))
    pixmap.setDevicePixelRatio(fineness)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    if is_playing:
        for left in (2.0, 7.0):
            painter.drawRect(QRectF(left, 1.0, 3.0, 10.0))
    else:
        painter.drawPolygon(QPolygonF([QPointF(2.0, 1.0), QPointF(11.0, 6.0), QPointF(2.0, 11.0)]))
    painter.end()
    return QIcon(pixmap)
