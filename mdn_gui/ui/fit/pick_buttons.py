"""The buttons that choose what dragging in the fit plot does."""

from functools import partial

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from mdn_gui.ui.fit.row_picker import PickTool
from mdn_gui.ui.theme import Theme

_SIZE = 14
_FINENESS = 3


def _marked(text: str) -> str:
    """Mark a text for translation in the context PickButtons."""
    return text


_TOOLS = (
    (PickTool.CURSOR, _marked("Cursor"), _marked("Cursor: move to read, drag to move the view (Esc)")),
    (
        PickTool.RECTANGLE,
        _marked("Rectangle"),
        _marked("Pick rows with a rectangle; Shift adds, Ctrl or Alt removes, a click picks none"),
    ),
    (
        PickTool.LASSO,
        _marked("Lasso"),
        _marked("Pick rows with a lasso; Shift adds, Ctrl or Alt removes, a click picks none"),
    ),
)


class PickButtons(QWidget):
    """Cursor, rectangle, lasso: one of them is on."""

    tool_chosen = Signal(object)
    """PickTool."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[PickTool, QToolButton] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for tool, name, tip in _TOOLS:
            button = QToolButton(self)
            button.setObjectName("layer")
            button.setCheckable(True)
            button.setChecked(tool is PickTool.CURSOR)
            button.setAccessibleName(QCoreApplication.translate("PickButtons", name))
            button.setToolTip(QCoreApplication.translate("PickButtons", tip))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(partial(self.tool_chosen.emit, tool))
            self._group.addButton(button)
            row.addWidget(button)
            self.buttons[tool] = button

    @Slot(object)
    def show_tool(self, tool: PickTool) -> None:
        """Press the button of a tool."""
        self.buttons[tool].setChecked(True)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        for tool, button in self.buttons.items():
            button.setIcon(_icon(tool, theme.text))


def _icon(tool: PickTool, colour: str) -> QIcon:
    picture = QPixmap(_SIZE * _FINENESS, _SIZE * _FINENESS)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(_FINENESS, _FINENESS)
    pen = QPen(QColor(colour), 1.3)
    if tool is not PickTool.CURSOR:
        pen.setDashPattern([2.2, 1.6])
    painter.setPen(pen)
    painter.drawPath(_shape(tool))
    painter.end()
    picture.setDevicePixelRatio(_FINENESS)
    return QIcon(picture)


def _shape(tool: PickTool) -> QPainterPath:
    """Return what stands for a tool: a line with a dot on it, a rectangle, a loop with its end."""
    path = QPainterPath()
    if tool is PickTool.CURSOR:
        path.moveTo(7.0, 1.0)
        path.lineTo(7.0, 13.0)
        path.addEllipse(QPointF(7.0, 6.0), 2.2, 2.2)
    elif tool is PickTool.RECTANGLE:
        path.addRect(QRectF(1.5, 2.5, 11.0, 9.0))
    else:
        path.addEllipse(QRectF(1.5, 1.5, 11.0, 7.5))
        path.moveTo(4.5, 8.5)
        path.quadTo(QPointF(3.2, 11.0), QPointF(6.0, 13.0))
    return path
