"""The panel that tells when not to trust a fit: one sentence, three plots, a table."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mdn_gui.core.calibration import Calibration
from mdn_gui.core.encoding import Encoding
from mdn_gui.session.calibrating import Unjudged
from mdn_gui.ui.calibration.plots import CoveragePlot, JudgingPlot, PitPlot, ReliabilityPlot
from mdn_gui.ui.calibration.table import RivalTable
from mdn_gui.ui.calibration.texts import (
    calibration_text,
    is_too_few,
    judge_tip,
    place_name,
    unjudged_text,
)
from mdn_gui.ui.labels import ElidedLabel, plain_label
from mdn_gui.ui.numbers import significant, tabular
from mdn_gui.ui.texts import one_line, tip_text
from mdn_gui.ui.theme import LIGHT, Theme

_LONGEST_NAME = 18


class _Cell(QWidget):
    """A plot below a line that names its marks."""

    def __init__(self, plot: JudgingPlot, tip: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._legends = ("", "")
        self._line = QLabel(self)
        self._line.setTextFormat(Qt.TextFormat.RichText)
        self._line.setFont(tabular(self._line.font()))
        self._line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._line.setToolTip(tip_text(tip))
        self._line.setIndent(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._line)
        layout.addWidget(plot, 1)

    def show_legend(self, legend: str, short: str = "") -> None:
        """Name the marks; ``legend`` may hold tags, ``short`` stands for it where there is little room."""
        self._legends = (legend, short or legend)
        self._fit_legend()

    @property
    def legend(self) -> str:
        """What names the marks."""
        return self._line.text()

    def _fit_legend(self) -> None:
        long, short = self._legends
        self._line.setText(long)
        if self._line.sizeHint().width() > self.width():
            self._line.setText(short)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as there is room for."""
        super().resizeEvent(event)
        self._fit_legend()


class CalibrationPanel(QWidget):
    """What a fit promises against what the rows hold that it did not learn from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: Calibration | Unjudged = Unjudged.NO_FIT
        self._sentence = plain_label(self)
        policy = self._sentence.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Preferred)  # else its least height is that of a narrow column
        self._sentence.setSizePolicy(policy)
        self._sentence.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._sentence.setAccessibleName(self.tr("What the calibration means"))
        self.pit, self.coverage, self.reliability = PitPlot(self), CoveragePlot(self), ReliabilityPlot(self)
        self.table = RivalTable(self)
        self._figures = ""
        self._line = ElidedLabel(self, "muted")
        self._line.setFont(tabular(self._line.font()))
        for plot in self.plots:
            plot.pointed.connect(self._show_mark)
        self._make_cells()
        self._make_choice()
        self._nothing = plain_label(self, "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._nothing)
        self._pages.addWidget(self._judged_page())
        area = QScrollArea(self)  # where the dock is small it scrolls, so that it never makes the window larger
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setWidget(self._pages)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 4)
        layout.addWidget(area)
        self.show_theme(LIGHT)
        self.show_calibration(Unjudged.NO_FIT)

    @property
    def plots(self) -> tuple[JudgingPlot, ...]:
        """The plots, left to right."""
        return self.pit, self.coverage, self.reliability

    @property
    def sentence(self) -> str:
        """What is said of the fit, or why nothing is."""
        found = self._found
        return unjudged_text(found) if isinstance(found, Unjudged) else self._sentence.text()

    @Slot(object)
    def show_calibration(self, found: Calibration | Unjudged | None) -> None:
        """Show a calibration, or why there is none."""
        self._found = Unjudged.NO_FIT if found is None else found
        judged = None if isinstance(self._found, Unjudged) else self._found
        self._pages.setCurrentIndex(0 if judged is None else 1)
        self._nothing.setText(unjudged_text(self._found) if isinstance(self._found, Unjudged) else "")
        if judged is not None and (self.reliability.place or 0) >= len(judged.encodings):
            self.reliability.show_calibration(None)
            self.reliability.show_place(0)
        for plot in self.plots:
            plot.show_calibration(judged)
        self.table.show_calibration(judged)
        self._fit_table()
        self._fill_choice()
        self._show_sentence()

    @Slot(int)
    def show_place(self, place: int) -> None:
        """Follow the column on the axis of the fit plot, unless the median of the fit was chosen here."""
        if self.reliability.place not in (None, place):
            self._choose(place)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        for plot in self.plots:
            plot.show_theme(theme)
        self.table.show_theme(theme)
        first, second = self._mark("●", theme.accent), self._mark("■", theme.components[1])
        hollow = self._mark("□", theme.components[1])
        band = f'<span style="color:{theme.text}">┅</span>'
        long, short = self.tr("rows by PIT {band} 95 % of bars if uniform"), self.tr("rows by PIT {band} 95 % of bars")
        self._cells[0].show_legend(long.format(band=band), short.format(band=band))
        self._cells[1].show_legend(self.tr("{first} interval {second} region").format(first=first, second=hollow))
        self._cells[2].show_legend(self.tr("{first} in 90 % {second} mean PIT").format(first=first, second=second))

    @staticmethod
    def _mark(sign: str, colour: str) -> str:
        return f'<span style="color:{colour}">{sign}</span>'

    def _make_cells(self) -> None:
        tips = (
            self.tr(
                "Where in its density each row fell: flat for a fit that is right, high at both ends for one that is "
                "too narrow, in the middle for one that is too wide. 95 % of the bars of a uniform law lie between "
                "the lines, so one bar in twenty outside is no fault."
            ),
            self.tr(
                "Part of the rows inside the central interval, inside the highest-density region, of each nominal "
                "mass: on the line for a fit that is right. Bars are one standard error."
            ),
            self.tr(
                "Rows in up to 8 groups along x: part inside the 90 % interval, mean PIT value (below 0.5: the fit is "
                "too high there). Bars are one standard error."
            ),
        )
        self._cells = [_Cell(plot, tip, self) for plot, tip in zip(self.plots, tips, strict=True)]

    def _make_choice(self) -> None:
        self._choice = QToolButton(self)
        self._choice.setObjectName("layer")
        self._choice.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._choice.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._choice.setAccessibleName(self.tr("Column along which the rows are grouped"))
        self._menu = QMenu(self._choice)
        self._choice.setMenu(self._menu)

    def _judged_page(self) -> QWidget:
        page = QWidget(self)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for cell in self._cells:
            row.addWidget(cell, 1)
        row.addWidget(self.table)
        figures = QHBoxLayout()
        figures.setContentsMargins(0, 0, 0, 0)
        figures.addWidget(self._line, 1)
        figures.addWidget(self._choice)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._sentence)
        layout.addLayout(figures)
        layout.addLayout(row, 1)
        return page

    def _fill_choice(self) -> None:
        self._menu.clear()
        found = self._found
        encodings: tuple[Encoding, ...] = () if isinstance(found, Unjudged) else found.encodings
        self._choice.setVisible(bool(encodings))
        group = QActionGroup(self._menu)
        for place, encoding in (*enumerate(encodings), (None, None)):
            action = self._menu.addAction(place_name(encoding).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(place == self.reliability.place)
            action.setActionGroup(group)
            action.triggered.connect(lambda _=False, place=place: self._choose(place))
        self._name_choice(encodings)

    def _name_choice(self, encodings: tuple[Encoding, ...]) -> None:
        place = self.reliability.place
        name = place_name(None if place is None or not encodings else encodings[place])
        self._choice.setText(
            self.tr("groups by {name} ▾").format(name=one_line(name, _LONGEST_NAME)).replace("&", "&&")
        )
        self._choice.setToolTip(tip_text(self.tr("Rows are grouped by {name}").format(name=name)))

    def _choose(self, place: int | None) -> None:
        found = self._found
        if isinstance(found, Unjudged) or place is None or place < len(found.encodings):
            self.reliability.show_place(place)
            self._fill_choice()
            self._show_sentence()

    def _show_sentence(self) -> None:
        found = self._found
        if isinstance(found, Unjudged):
            self._sentence.setText("")
            return
        self._sentence.setText(calibration_text(found, self.reliability.place))
        self._sentence.setToolTip(tip_text(judge_tip(found)))
        width, p = significant(found.sharpness.value), significant(found.uniformity.p_value, 2)
        text = self.tr("90 % interval: {width} wide in the mean · PIT values uniform: p = {p} · NLL in nats a row")
        if is_too_few(found):  # a p-value would be a verdict
            text = self.tr("90 % interval: {width} wide in the mean · NLL in nats a row")
        self._figures = text.format(width=width, p=p)
        self._show_mark("")

    @Slot(str)
    def _show_mark(self, text: str) -> None:
        """Say what the mark pointed to shows; without one, what holds for all rows."""
        self._line.show_text(text or self._figures)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the table what it needs, but no more than two fifths."""
        super().resizeEvent(event)
        self._fit_table()

    def _fit_table(self) -> None:
        self.table.setFixedWidth(min(self.table.sizeHint().width(), 2 * self.width() // 5))
