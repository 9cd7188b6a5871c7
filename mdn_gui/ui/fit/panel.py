"""The fit plot with the switches of its layers, the tools that pick rows."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from mdn_gui.core.questions import Questions
from mdn_gui.ui.fit.layers.frame import COLOURS, SCALES
from mdn_gui.ui.fit.layers.menu import LayerMenu
from mdn_gui.ui.fit.layers.table import LAYERS
from mdn_gui.ui.fit.pick_buttons import PickButtons
from mdn_gui.ui.fit.plot import FitPlot
from mdn_gui.ui.fit.row_picker import PickTool
from mdn_gui.ui.theme import Theme

_MARGINS = 44
"""Pixels at both ends and between the parts of the row."""
_SPACING = 2
_FEWEST = 3
"""Where there is room for fewer switches than this, all of them are in the menu only."""


class FitPanel(QWidget):
    """Heading, layer switches, the menu of all layers, tools, plot."""

    questions_changed = Signal(object)
    """Questions: other quantiles or another region are asked for."""
    layers_changed = Signal()
    """``states`` has changed by hand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = FitPlot(self)
        self._bar, self._is_arranging = QWidget(self), False
        self.switches: dict[str, QToolButton] = {}
        self.menu = LayerMenu(self)
        row = QHBoxLayout()
        row.setContentsMargins(14, 5, 10, 4)
        row.setSpacing(4)
        self._heading = QLabel(self.tr("FIT"), self)
        self._heading.setObjectName("heading")
        self._heading.setContentsMargins(0, 0, 8, 0)
        row.addWidget(self._heading)
        self._make_switches()
        self._layers = QToolButton(self)
        self._layers.setText(self.tr("Layers ▾"))
        self._layers.setToolTip(self.tr("Every layer of the plot, with its options"))
        self._layers.setObjectName("layer")
        self._layers.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._layers.clicked.connect(self._open_menu)
        self._bar.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # it makes nothing wider
        row.addWidget(self._bar, 100)
        row.addWidget(self._layers)
        row.addStretch(1)
        self.tools = PickButtons(self)
        self.tools.tool_chosen.connect(self._choose_tool)
        self.plot.picker.tool_changed.connect(self.tools.show_tool)
        row.addWidget(self.tools, 0, Qt.AlignmentFlag.AlignRight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.plot, 1)
        self._connect()

    def _make_switches(self) -> None:
        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(_SPACING)
        for spec in LAYERS:
            button = QToolButton(self._bar)
            button.setObjectName("layer")
            button.setText(spec.label)
            button.setToolTip(spec.explanation)
            button.setCheckable(True)
            button.setChecked(spec.is_on)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.toggled.connect(partial(self._switch, spec.name))
            bar.addWidget(button)
            self.switches[spec.name] = button

    def _connect(self) -> None:
        for name, box in self.menu.boxes.items():
            box.toggled.connect(self.switches[name].setChecked)
        self.plot.stack.offer_changed.connect(self._show_offer)
        self._show_offer()
        self.menu.look_chosen.connect(self.plot.show_look)
        self.menu.look_chosen.connect(self.layers_changed)
        self.menu.questions_chosen.connect(self._ask)

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_questions(self, questions: Questions) -> None:
        """Show what is asked: in the menu, in the plot."""
        self.menu.show_questions(questions)
        self.plot.show_questions(questions)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.plot.show_theme(theme)
        self.tools.show_theme(theme)

    def states(self) -> dict[str, bool | str]:
        """Return which layers are on, in which scale and colours the density is drawn; to be remembered."""
        look = self.plot.stack.subject.look
        states: dict[str, bool | str] = {name: button.isChecked() for name, button in self.switches.items()}
        return states | {"scale": look.scale, "colours": look.colours}

    def restore(self, states: Mapping[str, object]) -> None:
        """Take what was remembered; a name or a value that is not known is passed over."""
        for name, button in self.switches.items():
            if isinstance(states.get(name), bool):
                button.setChecked(bool(states[name]))
        look = self.plot.stack.subject.look
        if states.get("scale") in SCALES:
            look = replace(look, scale=str(states["scale"]))
        if states.get("colours") in COLOURS:
            look = replace(look, colours=str(states["colours"]))
        self.menu.show_look(look)
        self.plot.show_look(look)

    # -- switches -----------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many switches as there is room for; the heading goes first, then those at the end."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Arrange the row; showing a switch may bring another size on, which is then the one that counts."""
        if not self._is_arranging:
            self._is_arranging, width = True, -1
            while width != self.width():
                width = self.width()
                self._show_what_fits()
            self._is_arranging = False

    def _show_what_fits(self) -> None:
        fixed = self._layers.sizeHint().width() + self.tools.sizeHint().width() + _MARGINS
        room, heading = self.width() - fixed, self._heading.sizeHint().width()
        widths = {name: button.sizeHint().width() + _SPACING for name, button in self.switches.items()}
        offered = [name for name in self.switches if self.plot.stack.is_offered(name)]
        has_heading = sum(widths[name] for name in offered[: 2 * _FEWEST]) + heading <= room
        room -= heading if has_heading else 0
        shown: list[str] = []
        for name in offered:
            if sum(widths[each] for each in (*shown, name)) > room:
                break
            shown.append(name)
        if len(shown) < min(_FEWEST, len(offered)):
            shown = []
        for name, button in self.switches.items():
            button.setVisible(name in shown)
        self._bar.setVisible(bool(shown))
        self._bar.setMaximumWidth(sum(widths[name] for name in shown))
        self._heading.setVisible(has_heading or not shown)

    @Slot()
    def _show_offer(self) -> None:
        """Show the switches of the layers that have something to draw."""
        self.menu.offer({name for name in self.switches if self.plot.stack.is_offered(name)})
        self._arrange()

    @Slot()
    def _open_menu(self) -> None:
        self.menu.open_below(self._layers)

    @Slot(object)
    def _ask(self, questions: Questions) -> None:
        self.plot.show_questions(questions)
        self.questions_changed.emit(questions)

    @Slot(object)
    def _choose_tool(self, tool: PickTool) -> None:
        self.plot.picker.set_tool(tool)
        self.plot.setFocus()

    def _switch(self, name: str, on: object) -> None:
        self.menu.boxes[name].setChecked(bool(on))
        self.plot.show_layer(name, visible=bool(on))
        self.layers_changed.emit()
