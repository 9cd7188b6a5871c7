"""The inputs that stay where they are in a parameter table: a list of boxes."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QFrame, QLabel, QScrollArea, QWidget

from mdn_gui.core.dataset import frozen_array
from mdn_gui.core.encoding import Encoding
from mdn_gui.core.reading import Line
from mdn_gui.errors import ConfigError
from mdn_gui.ui.exporting.value_field import ValueField
from mdn_gui.ui.importing.fields import choice_box
from mdn_gui.ui.texts import one_line

_MOST_WITHOUT_SCROLLING = 3
_WIDEST_LABEL = 160
"""Px; the first rows show the whole name."""
_SHOWN_WHEN_SCROLLING = 3.5
"""Half a box more says that there is more."""


class HeldValues(QScrollArea):
    """A box for each input but the one that moves; three are seen at once, more are scrolled.

    Parameters
    ----------
    line : Line
        Where the inputs are held at first.
    parent : QWidget, optional
        Owner.
    """

    changed = Signal()
    """A value was typed or chosen."""

    def __init__(self, line: Line, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._encodings, self._moving = line.encodings, line.place
        content = QWidget(self)
        self._form = QFormLayout(content)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(4)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.fields = [self._made(each, float(line.held[place])) for place, each in enumerate(line.encodings)]
        self.setWidget(content)
        self.show_moving(line.place)

    def show_moving(self, place: int) -> None:
        """Leave out the input that moves."""
        self._moving = place
        for row in range(len(self.fields)):
            self._form.setRowVisible(row, row != place)
        self._fit()

    def line(self) -> Line:
        """Return the line through the values of the boxes.

        Raises
        ------
        ConfigError
            When one of them states no value.
        """
        held = []
        for place, (encoding, field) in enumerate(zip(self._encodings, self.fields, strict=True)):
            if isinstance(field, QComboBox):
                held.append(float(field.currentIndex()))
                continue
            value = field.value()
            if value is None and place != self._moving:
                raise self._refusal(encoding, field)
            held.append(0.0 if value is None else value)
        return Line(self._encodings, self._moving, frozen_array(held))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the height that the boxes need, which fonts and styles change."""
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _made(self, encoding: Encoding, value: float) -> "QComboBox | ValueField":
        name = one_line(encoding.column)
        label = QLabel(self)
        label.setObjectName("muted")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setText(label.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, _WIDEST_LABEL))
        field: QComboBox | ValueField
        if encoding.levels:
            field = choice_box(self, name)
            for level in encoding.levels:
                field.addItem(one_line(level), level)
            field.setCurrentIndex(int(value))
            field.activated.connect(self.changed)
        else:
            field = ValueField(self)
            field.show_value(value, encoding)
            field.textChanged.connect(self.changed)
        field.setAccessibleName(self.tr("{name}, held at").format(name=name))
        self._form.addRow(label, field)
        return field

    def _fit(self) -> None:
        """Take the height of the boxes that are seen at once."""
        count, whole = len(self.fields) - 1, self._form.sizeHint().height()
        part = 1.0 if count <= _MOST_WITHOUT_SCROLLING else _SHOWN_WHEN_SCROLLING / count
        self.setFixedHeight(round(part * whole))

    def _refusal(self, encoding: Encoding, field: ValueField) -> ConfigError:
        name, text = one_line(encoding.column), field.text()
        if encoding.kind.is_date:
            message = self.tr("{name}: {text!r} is not a date.").format(name=name, text=text)
            return ConfigError(message, self.tr("Type a date such as 2020-06-01."))
        message = self.tr("{name}: {text!r} is not a number.").format(name=name, text=text)
        return ConfigError(message, self.tr("Type a number such as 1.25."))
