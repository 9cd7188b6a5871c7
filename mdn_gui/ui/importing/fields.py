"""The small parts that the forms of the import dialog are made of."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QSpinBox, QWidget

from mdn_gui.ui.calm_wheel import calm
from mdn_gui.ui.importing.texts import OPTIONS, option_label
from mdn_gui.ui.numbers import reader_locale
from mdn_gui.ui.texts import one_line


def choice_box(parent: QWidget, name: str) -> QComboBox:
    """Return a box to choose from, as wide as its place."""
    box = QComboBox(parent)
    box.setAccessibleName(name)
    box.setMinimumContentsLength(8)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMaxVisibleItems(16)
    calm(box)
    return box


def count_box(parent: QWidget, name: str, limits: tuple[int, int], value: int) -> QSpinBox:
    """Return a box for a whole number."""
    box = QSpinBox(parent)
    box.setAccessibleName(name)
    box.setLocale(reader_locale())
    box.setKeyboardTracking(False)
    box.lineEdit().setTextMargins(6, 0, 0, 0)
    box.setRange(*limits)
    box.setValue(value)
    calm(box)
    return box


def muted_label(parent: QWidget, text: str, buddy: QWidget) -> QLabel:
    """Return the label of a field, as wide as the widest, so that the fields are in line."""
    label = QLabel(text, parent)
    label.setObjectName("muted")
    label.setBuddy(buddy)
    label.setMinimumWidth(max(label.fontMetrics().horizontalAdvance(option_label(option)) for option in OPTIONS))
    return label


def page_of(parent: QWidget, *rows: tuple[QWidget, QWidget]) -> QWidget:
    """Return pairs of widgets below each other, the second ones as wide as can be."""
    page = QWidget(parent)
    grid = QGridLayout(page)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for place, (first, second) in enumerate(rows):
        grid.addWidget(first, place, 0)
        grid.addWidget(second, place, 1)
    return page


def line_of(parent: QWidget, wide: QWidget, narrow: QWidget) -> QWidget:
    """Return two widgets beside each other, the first one as wide as can be."""
    line = QWidget(parent)
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    layout.addWidget(wide, 1)
    layout.addWidget(narrow)
    return line


def show_items(box: QComboBox, names: Sequence[str], current: str) -> None:
    """Offer names that may come from a file, long or many; show one of them, or none where it is not there."""
    if [box.itemData(index) for index in range(box.count())] != list(names):
        box.clear()
        for name in names:
            box.addItem(one_line(name), name)
    box.setCurrentIndex(box.findData(current))
