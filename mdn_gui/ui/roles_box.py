"""Which columns are inputs, which one is the target."""

from PySide6.QtCore import QEvent, QObject, QPoint, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QMenu, QWidget, QWidgetAction

from mdn_gui.core.table import Table
from mdn_gui.ui.calm_wheel import calm
from mdn_gui.ui.check_list import CheckList
from mdn_gui.ui.texts import tip_text

_LEAST_FOR_SEVERAL = 3
_LIST_WIDTH = 240


class RolesBox(QFormLayout):
    """A box for the input, one for the target; several inputs are ticked in a list that the first one opens.

    Parameters
    ----------
    parent : QWidget
        Owner of the boxes.
    label_width : int
        Pixels kept for the labels, so that they stand in line with those below.
    """

    columns_chosen = Signal(object, str)
    """Tuple of input names, target name."""

    def __init__(self, parent: QWidget, label_width: int) -> None:
        super().__init__()
        self._usable: tuple[str, ...] = ()
        self._roles: tuple[tuple[str, ...], str] = ((), "")
        self.input = self._column_box(self.tr("Input x"), parent)
        self.target = self._column_box(self.tr("Target y"), parent)
        self.input.activated.connect(self._take_place)
        self.input.currentIndexChanged.connect(self._take_input)
        self.target.currentTextChanged.connect(self._take_target)
        self.setHorizontalSpacing(10)
        self.setVerticalSpacing(6)
        self.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, box in ((self.tr("Input x"), self.input), (self.tr("Target y"), self.target)):
            label = QLabel(text, parent)
            label.setObjectName("muted")
            label.setMinimumWidth(label_width)
            label.setBuddy(box)
            self.addRow(label, box)
        self.list = CheckList(self.tr("Inputs x"), parent)
        self.list.setFixedWidth(_LIST_WIDTH)
        self._popup = QMenu(parent)
        entry = QWidgetAction(self._popup)
        entry.setDefaultWidget(self.list)
        self._popup.addAction(entry)
        self._popup.aboutToHide.connect(self._take_list)
        self._popup.installEventFilter(self)
        self.list.list.installEventFilter(self)
        self._is_cancelled = False

    def show_table(self, table: Table) -> None:
        """Offer the columns of a table."""
        self._usable = table.input_names
        with QSignalBlocker(self.target):
            self.target.clear()
            self.target.addItems(list(table.numeric_names))
        self.show_roles(self._roles[0], self._roles[1])

    def show_roles(self, inputs: tuple[str, ...], target: str) -> None:
        """Show which columns have roles."""
        self._roles = (inputs, target)
        with QSignalBlocker(self.target):
            self.target.setCurrentText(target)
        with QSignalBlocker(self.input):
            self.input.clear()
            self.input.addItems(list(self._usable))
            if len(self._usable) >= _LEAST_FOR_SEVERAL:
                self.input.insertSeparator(len(self._usable))
                self.input.addItem(self._several_text(inputs))
            is_one = len(inputs) == 1 and inputs[0] in self._usable
            several = self.input.count() - 1 if inputs else 0
            self.input.setCurrentIndex(self._usable.index(inputs[0]) if is_one else several)
        self.input.setToolTip(tip_text("\n".join(inputs)))

    def set_locked(self, *, locked: bool) -> None:
        """Make the boxes read-only."""
        for box in (self.input, self.target):
            box.setEnabled(not locked and box.count() > 0)

    def _several_text(self, inputs: tuple[str, ...]) -> str:
        if len(inputs) < 2:
            return self.tr("Several…")
        return self.tr("{count} inputs…").format(count=len(inputs))

    @Slot(int)
    def _take_place(self, place: int) -> None:
        """Open the list where its entry was chosen, also where it stood there already."""
        if place < len(self._usable):
            return
        inputs, target = self._roles
        self.list.show_names(self._usable, inputs, {target})
        self._popup.popup(self.input.mapToGlobal(QPoint(0, self.input.height())))
        self.list.list.setFocus(Qt.FocusReason.PopupFocusReason)
        self.list.list.setCurrentIndex(self.list.list.model().index(0, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter take what is ticked, Escape leave the inputs as they were."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self._is_cancelled = event.key() == Qt.Key.Key_Escape
            if self._is_cancelled or event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._popup.close()
                return True
        return super().eventFilter(watched, event)

    @Slot()
    def _take_list(self) -> None:
        inputs, target = self._roles
        ticked = tuple(name for name in self.list.ticked() if name != target)
        is_cancelled, self._is_cancelled = self._is_cancelled, False
        if ticked and ticked != inputs and not is_cancelled:
            self.columns_chosen.emit(ticked, target)
        else:
            self.show_roles(inputs, target)

    @Slot(int)
    def _take_input(self, place: int) -> None:
        """Take one column for the input; choosing the target means to exchange the two where that is possible."""
        if not 0 <= place < len(self._usable):
            return
        inputs, target = self._roles
        chosen = self._usable[place]
        if chosen == target and self.target.findText(inputs[0]) >= 0:
            target = inputs[0]
        self.columns_chosen.emit((chosen,), target)

    @Slot(str)
    def _take_target(self, chosen: str) -> None:
        inputs, target = self._roles
        if chosen in inputs:
            inputs = tuple(name for name in inputs if name != chosen) or (target,)
        self.columns_chosen.emit(inputs, chosen)

    def _column_box(self, name: str, parent: QWidget) -> QComboBox:
        box = QComboBox(parent)
        box.setAccessibleName(name)
        box.setEnabled(False)
        box.setMinimumContentsLength(6)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        calm(box)
        return box
