"""A list of column names to tick, fit for ten thousand of them."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QSortFilterProxyModel, Qt, Signal, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListView, QPushButton, QVBoxLayout, QWidget

from mdn_gui.ui.numbers import grouped
from mdn_gui.ui.texts import one_line, tip_text

_MANY = 12
"""Names above which a filter is offered."""
_MOST_LINES = 7
_FRAME = 6


class CheckList(QWidget):
    """Names with a box each; "All" and "None" act on those that the filter shows."""

    edited = Signal(object)
    """Tuple of the ticked names, in the order of the list."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._locked: frozenset[str] = frozenset()
        self._is_shown_anew = False
        self.names = QStandardItemModel(self)
        self._shown = QSortFilterProxyModel(self)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._shown.setFilterRole(Qt.ItemDataRole.UserRole)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(self.tr("Filter"))
        self.filter.setAccessibleName(self.tr("Filter of {name}").format(name=name))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._shown.setFilterFixedString)
        self.list = QListView(self)
        self.list.setObjectName("choices")
        self.list.setAccessibleName(name)
        self.list.setModel(self._shown)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.all = self._link(self.tr("All"), self.tr("Tick all of {name}").format(name=name))
        self.none = self._link(self.tr("None"), self.tr("Tick none of {name}").format(name=name))
        self.all.clicked.connect(lambda: self._tick_shown(Qt.CheckState.Checked))
        self.none.clicked.connect(lambda: self._tick_shown(Qt.CheckState.Unchecked))
        self._count = QLabel(self)
        self._count.setObjectName("muted")
        self._build()

    def _build(self) -> None:
        below = QHBoxLayout()
        below.setSpacing(14)
        below.addWidget(self._count, 1)
        below.addWidget(self.all)
        below.addWidget(self.none)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.filter)
        layout.addWidget(self.list)
        layout.addLayout(below)
        self._make_items()

    def show_names(self, names: Sequence[str], ticked: Collection[str], locked: Collection[str] = ()) -> None:
        """Show names, which of them are ticked, which cannot be."""
        ticked, locked = frozenset(ticked), frozenset(locked)
        self._is_shown_anew = True
        if tuple(names) != self._names:
            self._names = tuple(names)
            self._make_items()
        for item in self._items():
            item.setCheckState(Qt.CheckState.Checked if self._name(item) in ticked else Qt.CheckState.Unchecked)
            if self._name(item) in locked | self._locked:
                item.setEnabled(self._name(item) not in locked)
        self._locked = locked & set(self._names)
        self._is_shown_anew = False
        self._show_count()

    def ticked(self) -> tuple[str, ...]:
        """Return the ticked names."""
        return tuple(self._name(item) for item in self._items() if item.checkState() is Qt.CheckState.Checked)

    def _make_items(self) -> None:
        self._locked = frozenset()
        self.names.deleteLater()
        self.names = QStandardItemModel(self)
        for name in self._names:
            item = QStandardItem(one_line(name))
            item.setData(name, Qt.ItemDataRole.UserRole)
            item.setToolTip(tip_text(name))
            item.setCheckable(True)
            self.names.appendRow(item)
        self.names.itemChanged.connect(self._announce)
        self._shown.setSourceModel(self.names)
        self.filter.setVisible(len(self._names) > _MANY)
        line = max(self.list.sizeHintForRow(0), self.fontMetrics().height())
        self.list.setFixedHeight(line * min(max(len(self._names), 2), _MOST_LINES) + _FRAME)

    def _tick_shown(self, state: Qt.CheckState) -> None:
        self._is_shown_anew = True
        for row in range(self._shown.rowCount()):
            item = self.names.itemFromIndex(self._shown.mapToSource(self._shown.index(row, 0)))
            if item.isEnabled():
                item.setCheckState(state)
        self._is_shown_anew = False
        self._announce()

    @Slot()
    def _announce(self) -> None:
        if not self._is_shown_anew:
            self._show_count()
            self.edited.emit(self.ticked())

    def _show_count(self) -> None:
        text = self.tr("{count} of {all}")
        count, most = len(self.ticked()), len(self._names) - len(self._locked)
        self._count.setText(text.format(count=grouped(count), all=grouped(most)))

    def _items(self) -> list[QStandardItem]:
        return [self.names.item(row) for row in range(self.names.rowCount())]

    def _name(self, item: QStandardItem) -> str:
        return str(item.data(Qt.ItemDataRole.UserRole))

    def _link(self, text: str, description: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName("link")
        button.setAutoDefault(False)
        button.setAccessibleName(description)
        return button
