"""What the table of quantities shows, for tests."""

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mdn_gui.core.encoding import Encoding
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.pin import Pin
from mdn_gui.core.reading import Line, Reading
from mdn_gui.core.transformed_mixture import ConditionalDensity
from mdn_gui.ui.reading.quantity_model import DIFFERENCE, NAME, PIN, VALUE, QuantityRow
from mdn_gui.ui.reading.quantity_table import QuantityTable
from mdn_gui.ui.theme import LIGHT

LINE = Line((Encoding("dose"), Encoding("age <b>")), 0, np.array([1.0, 28.0]))
TWO = ConditionalMixture([[0.4, 0.6]], [[-2.0, 3.0]], [[0.5, 1.0]])
ONE = ConditionalMixture([[0.5, 0.5]], [[0.0, 0.1]], [[1.0, 1.0]])
USUAL = ["mean", "sd", "5 % quantile", "25 % quantile", "median", "75 % quantile", "95 % quantile", "90 % region"]
USUAL += ["modes", "variance", "within", "between"]


def row(table: QuantityTable, key: str) -> QuantityRow:
    return next(each for each in table.quantities.rows if each.quantity.key == key)


def texts(table: QuantityTable, key: str) -> tuple[str, str, str]:
    """Return what stands at the cursor, at the pin, as their difference."""
    cells = row(table, key).cells
    return cells[VALUE].text(), cells[PIN].text(), cells[DIFFERENCE].text()


def names(table: QuantityTable) -> list[str]:
    return [each.cells[NAME].text().strip() for each in table.quantities.rows]


def grey_keys(table: QuantityTable) -> set[str]:
    """Return the keys of the rows whose value belongs to another place."""
    role = Qt.ItemDataRole.ForegroundRole
    return {each.quantity.key for each in table.quantities.rows if each.cells[VALUE].data(role) is not None}


def reading(mixture: ConditionalDensity, x: float = 1.0) -> Reading:
    return Reading(x, mixture, 3, 0.1, is_outside=False, line=LINE)


def pin(name: str, mixture: ConditionalDensity | None, x: float = 2.0) -> Pin:
    return Pin(name, LINE, x, reading(mixture, x) if mixture is not None else None)


def shown_table(qtbot: QtBot) -> QuantityTable:
    made = QuantityTable()
    qtbot.addWidget(made)
    made.resize(336, 400)
    made.show_target("response", 0.7)
    made.show_theme(LIGHT)
    made.show()
    return made
