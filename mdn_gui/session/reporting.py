"""What a person is told about an error."""

import traceback

from PySide6.QtCore import QCoreApplication

from mdn_gui.errors import UserError
from mdn_gui.session.messages import Notice


def _tr(text: str) -> str:
    return QCoreApplication.translate("Reporting", text)


def notice_of(error: BaseException) -> Notice:
    """Return an expected error in its own words, any other with its details."""
    if isinstance(error, UserError):
        return Notice(error.message, error.hint)
    details = "".join(traceback.format_exception(error))
    message = _tr("Something unexpected went wrong: {error}").format(error=f"{type(error).__name__}: {error}")
    return Notice(message, _tr("Nothing was lost. Copy the details for a report."), details=details)
