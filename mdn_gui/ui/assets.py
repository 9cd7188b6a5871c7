"""The door of the interface to ``resources/``: pictures, translations."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from mdn_gui.core.resources import resource

_SIZES = (16, 32, 48)


def translations_folder() -> Path:
    """Return where translated texts lie.

    Raises
    ------
    FileNotFoundError
        When the installation lacks it.
    """
    return resource("translations")


def icon_url(name: str) -> str:
    """Return the path of an SVG as a style sheet wants it."""
    return resource("icons", f"{name}.svg").as_posix()


def icon(name: str, colour: str | QColor, disabled: str | QColor | None = None) -> QIcon:
    """Return an icon drawn in ``colour``, and in ``disabled`` where it cannot be used."""
    result = QIcon()
    for size in _SIZES:
        result.addPixmap(_drawn(name, QColor(colour), size))
        if disabled is not None:
            result.addPixmap(_drawn(name, QColor(disabled), size), QIcon.Mode.Disabled)
    return result


def application_icon() -> QIcon:
    """Return the icon of the window."""
    result = QIcon()
    for size in (16, 32, 64, 128, 256):
        result.addPixmap(_drawn("mdn-gui", QColor(), size))
    return result


def _drawn(name: str, colour: QColor, size: int) -> QPixmap:
    source = _source(name)
    if colour.isValid():
        source = source.replace("currentColor", colour.name())
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


@cache
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")
