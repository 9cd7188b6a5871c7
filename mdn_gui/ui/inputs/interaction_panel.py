"""How inputs act together: their importance beside the interaction grid."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.importance import MOST_COLUMNS, LocalEffects, PermutedRises
from mdn_gui.core.reading import Section
from mdn_gui.ui.calm_wheel import calm
from mdn_gui.ui.inputs.importance_panel import ImportancePanel
from mdn_gui.ui.inputs.interaction_grid import InteractionGrid
from mdn_gui.ui.labels import ElidedLabel, plain_label
from mdn_gui.ui.theme import Theme

_LEAST_LEFT, _MOST_LEFT = 336, 480
_WIDE = 760


class InteractionPanel(QWidget):
    """Importance of each input on the left, the fit at several values of a second input on the right.

    Parameters
    ----------
    parent : QWidget, optional
        Owner.
    """

    axis_chosen = Signal(int)
    """Column counted from 0."""
    value_chosen = Signal(int, float)
    """Column counted from 0, value in data units; of a category the number of the level."""
    watched_changed = Signal(bool)
    """Whether the panel can be seen: what it shows need not be worked out while it cannot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dataset: Dataset | None = None
        self._section: Section | None = None
        self._second: int | None = None
        self._is_preview = self._is_watched = False
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._look_who_watches)
        self.importance, self.grid = ImportancePanel(self), InteractionGrid(self)
        self.second = QComboBox(self)
        self._name, self._note = ElidedLabel(self, "muted"), plain_label(self, "muted")
        self._set_up()
        self._lay_out()
        self._show_state()

    def _set_up(self) -> None:
        self.second.setAccessibleName(self.tr("Second input"))
        self.second.setToolTip(self.tr("The fit is drawn at several values of this input"))
        self.second.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.second.setMinimumContentsLength(8)
        self.second.activated.connect(self._take_second)
        calm(self.second)
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.importance.setMinimumWidth(_LEAST_LEFT)
        self.importance.setMaximumWidth(_MOST_LEFT)
        self.importance.axis_chosen.connect(self.axis_chosen)
        self.grid.value_chosen.connect(self.value_chosen)

    def _lay_out(self) -> None:
        self._values = QLabel(self.tr("at values of"), self)
        self._values.setObjectName("muted")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._name, 1)
        head.addWidget(self._values)
        head.addWidget(self.second)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addLayout(head)
        right.addWidget(self.grid, 1)
        self._content = QWidget(self)
        both = QHBoxLayout(self._content)
        both.setContentsMargins(14, 4, 12, 6)
        both.setSpacing(16)
        both.addWidget(self.importance, 2)
        both.addLayout(right, 3)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._content)
        for layer in (self._scroll.viewport(), self._content):
            layer.setAutoFillBackground(False)  # so that the panel behind them is painted, which tells that it is seen
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._note)
        self._pages.addWidget(self._scroll)

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_dataset(self, dataset: Dataset) -> None:
        """Take other data."""
        same = self._dataset is not None and self._dataset.encodings == dataset.encodings
        self._dataset, self._section = dataset, None
        if not same:
            self._second = None
        self.importance.show_dataset(dataset)
        self.grid.show_dataset(dataset)
        self._show_state()

    def show_section(self, section: Section | None, *, preview: bool = False) -> None:
        """Show a model along a line, or nothing; a ``preview`` is named."""
        self._look_who_watches()
        self._section, self._is_preview = section, preview
        dataset = self._dataset
        if section is not None and dataset is not None and section.line.encodings == dataset.encodings:
            self.importance.show_axis(section.line.place)
            self._offer_second(dataset, section.line.place)
        self.grid.show_section(section, self._second)
        self._show_state()

    @Slot(float)
    def show_cursor(self, x: float) -> None:
        """Draw the line of the cursor in each cell at x, data units; NaN for none."""
        self._look_who_watches()
        self.grid.show_cursor(x)

    @Slot(object)
    def show_local(self, effects: LocalEffects | None) -> None:
        """Show the effects around the point that is read, or none."""
        self.importance.show_local(effects)

    @Slot(object)
    def show_permuted(self, rises: PermutedRises | None) -> None:
        """Show the rise of the NLL when an input is permuted, or nothing."""
        self.importance.show_permuted(rises)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.grid.show_theme(theme)
        self.importance.table.viewport().update()

    def shut_down(self) -> None:
        """Wait for the thread that reads the model."""
        self.grid.shut_down()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _offer_second(self, dataset: Dataset, on_axis: int) -> None:
        """List the inputs that are not on the axis; the one chosen stays while it is among them."""
        places = [place for place in range(min(len(dataset.encodings), MOST_COLUMNS)) if place != on_axis]
        if self._second not in places:
            self._second = places[0] if places else None
        shown = [(self.second.itemText(i), self.second.itemData(i)) for i in range(self.second.count())]
        wanted = [(dataset.encodings[place].label, place) for place in places]
        if shown != wanted:
            self.second.clear()
            for label, place in wanted:
                self.second.addItem(label, place)
        self.second.setCurrentIndex(places.index(self._second) if self._second is not None else -1)
        text = self.tr("{target} along {input}: mean, central 90 %, density")
        if self._is_preview:
            text = self.tr("Preview: joint Gaussian mixture, not the network") + " · " + text
        self._name.show_text(text.format(target=dataset.target_name, input=dataset.encodings[on_axis].label))

    @Slot(int)
    def _take_second(self, index: int) -> None:
        self._second = int(self.second.itemData(index))
        self.grid.show_section(self._section, self._second)

    def _show_state(self) -> None:
        text = self._reason()
        self._note.setText(text)
        self._pages.setCurrentWidget(self._note if text else self._scroll)

    def _reason(self) -> str:
        """Return why there is nothing to see, or nothing."""
        if self._dataset is None:
            return self.tr("No data: nothing to read.")
        if len(self._dataset.encodings) == 1:
            return self.tr("One input: nothing to vary.")
        if self._section is None:
            return self.tr("No fit yet: train, or wait for the preview.")
        return ""

    # -- whether anybody looks ----------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what the list says too where there is little room."""
        super().resizeEvent(event)
        self._values.setVisible(self.width() >= _WIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Notice that somebody looks: a dock behind another one counts as visible, but is never painted."""
        super().paintEvent(event)
        if not self._is_watched:
            self._turn.start(0)

    def hideEvent(self, event: QHideEvent) -> None:
        """Notice that nobody looks."""
        super().hideEvent(event)
        self._look_who_watches()

    @Slot()
    def _look_who_watches(self) -> None:
        watched = not self.visibleRegion().isEmpty()
        if watched is not self._is_watched:
            self._is_watched = watched
            self.grid.watch(on=watched)
            self.watched_changed.emit(watched)
