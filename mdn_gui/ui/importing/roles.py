"""The form of the import dialog that says which column is used for what."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mdn_gui.files.options import Preview
from mdn_gui.session.importing import ImportChoice
from mdn_gui.ui.check_list import CheckList
from mdn_gui.ui.importing.fields import choice_box, muted_label, show_items


class RolesForm(QWidget):
    """Inputs to tick, the target to choose."""

    edited = Signal(object, str)
    """Tuple of input names, target name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice: ImportChoice | None = None
        self.target = choice_box(self, self.tr("Target y"))  # stands above the inputs, so that Tab comes here first
        self.target.activated.connect(self._take_target)
        self.inputs = CheckList(self.tr("Inputs x"), self)
        self.inputs.edited.connect(self._take_inputs)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(muted_label(self, self.tr("Target y"), self.target))
        row.addWidget(self.target, 1)
        layout.addLayout(row)
        layout.addWidget(muted_label(self, self.tr("Inputs x"), self.inputs.list))
        layout.addWidget(self.inputs)

    def show_choice(self, preview: Preview, choice: ImportChoice) -> None:
        """Offer the columns that can have a role; the target cannot be an input too."""
        self._choice = choice
        show_items(self.target, preview.table.numeric_names, choice.target)
        self.inputs.show_names(preview.table.input_names, choice.inputs, {choice.target})

    @Slot(object)
    def _take_inputs(self, names: tuple[str, ...]) -> None:
        if self._choice is not None:
            self.edited.emit(names, self._choice.target)

    @Slot()
    def _take_target(self) -> None:
        if self._choice is not None:
            target = str(self.target.currentData())
            self.edited.emit(tuple(name for name in self._choice.inputs if name != target), target)
