"""Pictures of a widget as on the screen, saved as PNG."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from mdn_gui.errors import UserError
from mdn_gui.files.saving import replace_file


def picture_of(widget: QWidget, scale: float) -> QPixmap:
    """Return a widget as on the screen, ``scale`` times as fine."""
    picture = QPixmap(widget.size() * scale)
    picture.setDevicePixelRatio(scale)
    QWidget.render(widget, picture)
    return picture


def save_picture(path: Path, picture: QPixmap) -> None:
    """Write a picture as PNG.

    Raises
    ------
    UserError
        When it cannot be written; an existing file is then as it was.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not picture.save(buffer, "PNG"):
        message = QCoreApplication.translate("Pictures", "The picture is empty or too large to be saved.")
        raise UserError(message, QCoreApplication.translate("Pictures", "Change the size of the window."))
    content = buffer.data().data()
    replace_file(path, lambda stream: stream.write(content))
