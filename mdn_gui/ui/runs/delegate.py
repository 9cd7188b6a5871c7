"""How a row of the list of runs is painted, edited."""

import math

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from mdn_gui.core.training_run import TrainingRun
from mdn_gui.session.run_list import LONGEST_NAME, LONGEST_NOTES
from mdn_gui.ui.runs.columns import Place
from mdn_gui.ui.runs.model import RunsModel
from mdn_gui.ui.runs.shown import Rows, RunsShown
from mdn_gui.ui.runs.texts import number_text
from mdn_gui.ui.runs.thumbnails import SIZE, Thumbnails
from mdn_gui.ui.theme import LIGHT, Theme

Index = QModelIndex | QPersistentModelIndex
_BOX = 13.0
_STAR = 6.5
"""Radius, logical pixels."""
_TRIANGLE = ((-3.5, -5.0), (5.0, 0.0), (-3.5, 5.0))


class RunsDelegate(QStyledItemDelegate):
    """Paints star, tick, mark, picture; the rest is text.

    Parameters
    ----------
    runs : RunsModel
        Whose rows are painted.
    thumbnails : Thumbnails
        Their pictures.
    parent : QWidget
        The view.
    """

    def __init__(self, runs: RunsModel, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._runs, self._thumbnails, self._theme = runs, thumbnails, LIGHT

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        super().paint(painter, option, index)
        run = self._runs.run_at(index.row())
        place = index.column()
        if run is None or place > Place.PICTURE:
            return
        area = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if place == Place.STAR:
            self._paint_star(painter, QPointF(QRectF(area).center()), run)
        elif place == Place.OVERLAY:
            self._paint_tick(painter, QPointF(QRectF(area).center()), run)
        elif place == Place.MARK:
            self._paint_mark(painter, area, run)
        else:
            self._paint_picture(painter, area, run)
        painter.restore()

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Return a field that takes no more than is kept."""
        editor = QLineEdit(parent)
        run = self._runs.run_at(index.row())
        if index.column() == Place.NAME:
            editor.setMaxLength(LONGEST_NAME)
            editor.setAccessibleName(self.tr("Name of the run"))
            editor.setPlaceholderText(number_text(run.number) if run is not None else "")
        else:
            editor.setMaxLength(LONGEST_NOTES)
            editor.setAccessibleName(self.tr("Notes"))
        return editor

    # -- inside -------------------------------------------------------------------------------------------------------

    @property
    def _shown(self) -> RunsShown:
        return self._runs.shown

    def _paint_star(self, painter: QPainter, centre: QPointF, run: TrainingRun) -> None:
        colour = QColor(self._theme.caution if run.is_starred else self._theme.points)
        painter.setPen(QPen(colour, 1.0))
        painter.setBrush(colour if run.is_starred else Qt.BrushStyle.NoBrush)
        painter.drawPolygon(_star(centre))

    def _paint_tick(self, painter: QPainter, centre: QPointF, run: TrainingRun) -> None:
        """Paint a box that has the colour of the run where it is laid over."""
        box = QRectF(0.0, 0.0, _BOX, _BOX)
        box.moveCenter(centre)
        if run.number not in self._shown.ticked:
            can_read = self._shown.rows_of(run) not in {None, Rows.OTHER_COLUMNS}
            painter.setPen(QPen(QColor(self._theme.points if can_read else self._theme.border), 1.0))
            painter.drawRoundedRect(box, 3.0, 3.0)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.run(run.number))
        painter.drawRoundedRect(box, 3.0, 3.0)
        pen = QPen(QColor(self._theme.base), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        corners = ((0.25, 0.52), (0.43, 0.70), (0.76, 0.31))
        painter.drawPolyline(QPolygonF([box.topLeft() + QPointF(x * _BOX, y * _BOX) for x, y in corners]))

    def _paint_mark(self, painter: QPainter, area: QRect, run: TrainingRun) -> None:
        """Paint a triangle at the run shown, a delta at the one subtracted from it."""
        if run.number == self._shown.shown:
            centre = QPointF(QRectF(area).center())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.accent))
            painter.drawPolygon(
                QPolygonF([centre + QPointF(*each) for each in ((-3.5, -5.0), (5.0, 0.0), (-3.5, 5.0))])
            )
        elif run.number == self._shown.chosen:
            font = QFont(painter.font())
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(QColor(self._theme.other))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "Δ")

    def _paint_picture(self, painter: QPainter, area: QRect, run: TrainingRun) -> None:
        place = QRect(0, 0, SIZE.width(), SIZE.height())
        place.moveCenter(area.center())
        found = self._thumbnails.picture_of(run.model, painter.device().devicePixelRatioF())
        if found is not None:
            painter.drawPixmap(place.topLeft(), found)


def _star(centre: QPointF) -> QPolygonF:
    """Return a star with five points, the first one up."""
    corners = []
    for corner in range(10):
        radius, angle = _STAR * (0.45 if corner % 2 else 1.0), corner * math.pi / 5.0
        corners.append(centre + QPointF(radius * math.sin(angle), 0.4 - radius * math.cos(angle)))
    return QPolygonF(corners)
