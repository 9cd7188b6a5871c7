"""How the formats of saved tables are offered to a person."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QWidget

from mdn_gui.files.table_formats import FORMATS, TableFormat
from mdn_gui.ui.importing.fields import choice_box


def _tr(text: str) -> str:
    return QCoreApplication.translate("Formats", text)


def format_label(each: TableFormat) -> str:
    """Return the name of a format, short."""
    names = {
        ".csv": _tr("CSV"),
        ".tsv": _tr("TSV"),
        ".xlsx": _tr("Excel workbook"),
        ".parquet": _tr("Parquet"),
        ".json": _tr("JSON"),
        ".jsonl": _tr("JSON lines"),
    }
    return names[each.ending]


def table_filter(first: str = ".csv") -> str:
    """Return the filter of a dialog that asks where to save a table, one format before the others.

    Parameters
    ----------
    first : str
        Ending of the format that is chosen already.
    """
    ordered = sorted(FORMATS, key=lambda each: each.ending != first)
    return ";;".join(f"{format_label(each)} (*{each.ending})" for each in ordered)


def format_box(parent: QWidget) -> QComboBox:
    """Return a box to choose a format; its data are endings such as ".csv"."""
    box = choice_box(parent, _tr("Format of the file"))
    for each in FORMATS:
        box.addItem(f"{format_label(each)} ({each.ending})", each.ending)
    return box
