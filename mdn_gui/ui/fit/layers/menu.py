"""The menu of all layers of the fit plot, which stays open while they are ticked."""

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from mdn_gui.core.questions import Questions
from mdn_gui.errors import ConfigError
from mdn_gui.ui.fit.layers.fan import percents
from mdn_gui.ui.fit.layers.frame import COLOURS, SCALES, Look
from mdn_gui.ui.fit.layers.table import LAYERS
from mdn_gui.ui.labels import plain_label
from mdn_gui.ui.numbers import parsed

_MOST_LEVELS = 19
_WIDTH = 168


def percents_of(text: str) -> tuple[float, ...]:
    """Return the probabilities that a text states as per cents, such as "5 25 50 75 95 %".

    Raises
    ------
    ConfigError
        When a word is no number between 0 and 100, or there are more than 19.
    """
    words = text.replace("%", " ").replace(";", " ").split()
    found = []
    for word in words:
        value = parsed(word.rstrip(","))
        if value is None or not 0.0 < value < 100.0:
            message = QCoreApplication.translate("Layers", "“{word}” is no number between 0 and 100.")
            raise ConfigError(
                message.format(word=word[:40]), QCoreApplication.translate("Layers", "Write such as 5 25 50 75 95 %.")
            )
        found.append(value / 100.0)
    if len(found) > _MOST_LEVELS:
        message = QCoreApplication.translate("Layers", "That are {count} quantiles.")
        hint = QCoreApplication.translate("Layers", "Ask for at most {count}.")
        raise ConfigError(message.format(count=len(found)), hint.format(count=_MOST_LEVELS))
    return tuple(found)


class LayerMenu(QFrame):
    """A tick for each layer, below them the options: scale and colours of the density, quantiles, region."""

    look_chosen = Signal(object)
    """Look."""
    questions_chosen = Signal(object)
    """Questions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("card")
        self.setAccessibleName(self.tr("Layers of the fit plot"))
        self._questions, self._look = Questions(), Look()
        self.boxes: dict[str, QCheckBox] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(10)
        layout.addLayout(self._made_boxes())
        line = QFrame(self)
        line.setObjectName("line")
        layout.addWidget(line)
        layout.addLayout(self._made_options())
        self._error = plain_label(self, "error")
        self._error.setVisible(False)
        layout.addWidget(self._error)
        self.show_questions(self._questions)

    def _made_boxes(self) -> QGridLayout:
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(5)
        for spec in LAYERS:
            box = QCheckBox(spec.label, self)
            box.setToolTip(spec.explanation)
            box.setChecked(spec.is_on)
            self.boxes[spec.name] = box
        self.offer(set(self.boxes))
        return self._grid

    def offer(self, names: set[str]) -> None:
        """Show the ticks of these layers."""
        offered = [box for name, box in self.boxes.items() if name in names]
        rows = -(-len(offered) // 2)
        for name, box in self.boxes.items():
            self._grid.removeWidget(box)
            box.setVisible(name in names)
        for index, box in enumerate(offered):
            self._grid.addWidget(box, index % rows, index // rows)

    def _made_options(self) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        self.scale, self.colours = QComboBox(self), QComboBox(self)
        for box, values in ((self.scale, SCALES), (self.colours, COLOURS)):
            for value in values:
                box.addItem(QCoreApplication.translate("Layers", value), value)
            box.setFixedWidth(_WIDTH)
            box.activated.connect(self._choose_look)
        self.levels, self.mass = QLineEdit(self), QLineEdit(self)
        for editor in (self.levels, self.mass):
            editor.setFixedWidth(_WIDTH)
            editor.editingFinished.connect(self._ask)
        fields: tuple[tuple[str, QWidget], ...] = (
            (self.tr("Density scale"), self.scale),
            (self.tr("Density colours"), self.colours),
            (self.tr("Quantiles"), self.levels),
            (self.tr("Region holds"), self.mass),
        )
        for text, field in fields:
            label = QLabel(text, self)
            label.setBuddy(field)
            field.setAccessibleName(text)
            form.addRow(label, field)
        return form

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_questions(self, questions: Questions) -> None:
        """Show what is asked; what was typed wrong before is gone."""
        self._questions = questions
        self.levels.setText(percents(questions.levels))
        self.mass.setText(percents((questions.mass,)))
        self._tell(None, "")

    def show_look(self, look: Look) -> None:
        """Show in which scale and colours the density is drawn."""
        self._look = look
        self.scale.setCurrentIndex(SCALES.index(look.scale))
        self.colours.setCurrentIndex(COLOURS.index(look.colours))

    def open_below(self, button: QWidget) -> None:
        """Open at the lower left corner of a button, inside the screen."""
        self.adjustSize()
        place = button.mapToGlobal(QPoint(0, button.height() + 2))
        screen = button.screen().availableGeometry()
        place.setX(max(min(place.x(), screen.right() - self.width()), screen.left()))
        place.setY(max(min(place.y(), screen.bottom() - self.height()), screen.top()))
        self.move(place)
        self.show()
        next(iter(self.boxes.values())).setFocus()

    # -- what is chosen -----------------------------------------------------------------------------------------------

    @Slot()
    def _choose_look(self, *_: object) -> None:
        self._look = Look(str(self.scale.currentData()), str(self.colours.currentData()))
        self.look_chosen.emit(self._look)

    @Slot()
    def _ask(self) -> None:
        """Take what was typed; say what is wrong with it below."""
        for editor in (self.levels, self.mass):
            try:
                asked = self._asked(editor)
            except ConfigError as error:
                self._tell(editor, f"{error.message} {error.hint}")
                return
            if asked != self._questions:
                self.show_questions(asked)
                self.questions_chosen.emit(asked)
        self._tell(None, "")

    def _asked(self, editor: QLineEdit) -> Questions:
        values = percents_of(editor.text())
        if editor is self.levels:
            return replace(self._questions, levels=values)
        if len(values) != 1:
            raise ConfigError(self.tr("The region needs one number."), self.tr("Write such as 90 %."))
        return replace(self._questions, mass=values[0])

    def _tell(self, wrong: QLineEdit | None, text: str) -> None:
        for editor in (self.levels, self.mass):
            editor.setProperty("wrong", editor is wrong)
            editor.style().unpolish(editor)
            editor.style().polish(editor)
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self.adjustSize()
