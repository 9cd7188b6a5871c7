"""The left panel: what the data are, which columns have roles, the settings."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from mdn_gui.core.score import Score
from mdn_gui.core.selection import Selection
from mdn_gui.core.table import Table
from mdn_gui.ui.checks_panel import ChecksPanel
from mdn_gui.ui.config_form import ConfigForm
from mdn_gui.ui.labels import plain_label
from mdn_gui.ui.roles_box import RolesBox
from mdn_gui.ui.shown_settings import ShownSettings
from mdn_gui.ui.texts import left_out_text, left_out_tip, rows_text, score_text, tip_text

_NARROWEST = 240
"""Pixels."""


class SetupPanel(QScrollArea):
    """Data and settings; shows values, emits wishes."""

    columns_chosen = Signal(object, str)
    """Tuple of input names, target name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = plain_label(self, "strong")
        self._title.setText(self.tr("No data yet"))
        self._rows = plain_label(self, "muted")
        self._score = plain_label(self, "strong")
        self.checks = ChecksPanel(self)
        self.shown = ShownSettings(self)
        """The run that is shown, where its settings are not those of the form."""
        self.form = ConfigForm(self)
        self.roles = RolesBox(self, self.form.label_width())
        self.roles.columns_chosen.connect(self.columns_chosen)
        content = QWidget(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(14, 4, 12, 12)
        layout.setSpacing(6)
        for widget in (self._title, self._rows, self._score):
            layout.addWidget(widget)
        layout.addLayout(self.roles)
        layout.addWidget(self.checks)
        layout.addSpacing(10)
        layout.addWidget(self.shown)
        layout.addWidget(self.form)
        layout.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumWidth(max(content.minimumSizeHint().width() + 12, _NARROWEST))
        self.show_score(None)

    def show_table(self, table: Table) -> None:
        """Offer the numeric columns of a table."""
        self._title.setText(table.title)
        self._title.setToolTip(tip_text("\n".join(line for line in (table.source, *table.notes) if line)))
        self.roles.show_table(table)
        self.checks.clear()
        self.show_score(None)

    def show_selection(self, selection: Selection) -> None:
        """Show which columns have roles, how many rows are used."""
        dataset = selection.dataset
        target = selection.target or dataset.target_name
        self.roles.show_roles(tuple(encoding.column for encoding in dataset.encodings), target)
        parts = [rows_text(len(dataset)), left_out_text(selection)]
        if selection.test is not None:
            parts.append(self.tr("{rows} for the test").format(rows=rows_text(len(selection.test))))
        self._rows.setText(" · ".join(parts))
        self._rows.setToolTip(tip_text(left_out_tip(selection)))

    @Slot(object)
    def show_score(self, score: Score | None) -> None:
        """Show how good the fit is on the rows of the test."""
        self._score.setVisible(score is not None)
        self._score.setText(score_text(score) if score is not None else "")

    def set_locked(self, *, locked: bool) -> None:
        """Make everything read-only while a run is under way."""
        self.form.set_locked(locked=locked)
        self.roles.set_locked(locked=locked)
        self.checks.set_locked(locked=locked)
