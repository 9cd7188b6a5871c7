"""The fields in which is typed what a table holds beside the mixture."""

from dataclasses import replace

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from mdn_gui.core.questions import Questions
from mdn_gui.errors import ConfigError
from mdn_gui.files.density_columns import NOTHING_ASKED
from mdn_gui.ui.exporting.levels import levels_text, typed_levels
from mdn_gui.ui.exporting.value_field import ValueField


class QuestionFields:
    """Levels of quantiles, c of P(y ≤ c).

    Parameters
    ----------
    questions : Questions
        What is proposed; an interval that is no P(y ≤ c) is not.
    parent : QWidget
        Owner of the fields.
    """

    def __init__(self, questions: Questions, parent: QWidget) -> None:
        self._levels = questions.levels
        self._levels_shown = levels_text(questions.levels)
        self.quantiles = QLineEdit(self._levels_shown, parent)
        self.quantiles.setAccessibleName(_tr("Levels of the quantiles, %"))
        is_threshold = questions.has_interval and questions.low == NOTHING_ASKED.low
        self.threshold = ValueField(parent)
        self.threshold.show_value(questions.high if is_threshold else None)
        self.threshold.setAccessibleName(_tr("c of P(y ≤ c)"))
        for field in (self.quantiles, self.threshold):
            field.setPlaceholderText(_tr("none"))

    def add_to(self, form: QFormLayout) -> None:
        """Put the fields below what is in a form."""
        form.addRow(_tr("Quantiles, %"), self.quantiles)
        form.addRow(_tr("P(y ≤ c) for c ="), self.threshold)

    def asked_levels(self) -> Questions:
        """Return the quantiles that are typed, without an interval; errors as :meth:`asked`."""
        is_untouched = self.quantiles.text() == self._levels_shown
        levels = self._levels if is_untouched else typed_levels(self.quantiles.text())
        return replace(NOTHING_ASKED, levels=levels)

    def asked(self) -> Questions:
        """Return what is typed, exactly what was proposed where that was not changed.

        Raises
        ------
        ConfigError
            When it cannot be read.
        """
        asked = self.asked_levels()
        if not self.threshold.text().strip():
            return asked
        value = self.threshold.value()
        if value is None:
            message = _tr("{text!r} is not a number.").format(text=self.threshold.text().strip())
            raise ConfigError(message, _tr("Type c such as 1.25, or nothing."))
        return replace(asked, high=value)


def _tr(text: str) -> str:
    return QCoreApplication.translate("QuestionFields", text)
