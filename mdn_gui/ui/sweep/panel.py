"""The panel of a sweep: what it says, its picture, its table."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mdn_gui.core.sweep import SweepResult
from mdn_gui.session.messages import SweepProgress
from mdn_gui.ui.labels import ElidedLabel, TwoLinesLabel, plain_label
from mdn_gui.ui.numbers import tabular
from mdn_gui.ui.sweep.plot import SweepPlot
from mdn_gui.ui.sweep.table import SweepTable
from mdn_gui.ui.sweep.texts import advice_text, failures_tip, progress_text
from mdn_gui.ui.texts import tip_text
from mdn_gui.ui.theme import LIGHT, Theme

_STEPS = 1000
_NOTHING, _EVERYTHING = 0, 1


class SweepPanel(QWidget):
    """How the validation NLL depends on K: recommendation, picture, table; grows while a sweep goes on."""

    sweep_requested = Signal()
    """A person wants to begin a sweep."""
    stop_requested = Signal()
    """Stop the one under way."""
    show_requested = Signal(int)
    """Show the fit of this run."""
    take_requested = Signal(int)
    """Take this K for the next run."""
    sweep_chosen = Signal(int)
    """Show the sweep of this number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: SweepResult | None = None
        self._progress: SweepProgress | None = None
        self._is_startable = self._is_takable = False
        self._can_compare = True
        self._better = ""
        self._theme = LIGHT
        self.plot, self.table = SweepPlot(self), SweepTable(self)
        self.plot.show_requested.connect(self.show_requested)
        self.table.show_requested.connect(self.show_requested)
        self.plot.pointed.connect(self._show_pointed)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._empty_page())
        self._pages.addWidget(self._full_page())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 4)
        layout.addWidget(self._pages)
        self.show_theme(LIGHT)
        self._show_all()

    # -- layout -------------------------------------------------------------------------------------------------------

    def _button(self, text: str, signal: SignalInstance) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: signal.emit())
        return button

    def _empty_page(self) -> QWidget:
        page = QWidget(self)
        self._nothing = plain_label(page, "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._begin = self._button(self.tr("Sweep over K…"), self.sweep_requested)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._begin)
        row.addStretch(1)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(24, 0, 24, 0)
        layout.setSpacing(10)
        layout.addStretch(1)
        layout.addWidget(self._nothing)
        layout.addLayout(row)
        layout.addStretch(1)
        return page

    def _full_page(self) -> QWidget:
        page = QWidget(self)
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(8)
        body.addLayout(self._made_picture(page), 1)
        body.addWidget(self.table)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._made_top(page))
        layout.addLayout(body, 1)
        return page

    def _made_top(self, page: QWidget) -> QHBoxLayout:
        self._sentence = TwoLinesLabel(page)
        self._sentence.setFont(tabular(self._sentence.font()))
        self._bar = QProgressBar(page)
        self._bar.setAccessibleName(self.tr("Progress of the sweep"))
        self._bar.setTextVisible(False)
        self._bar.setRange(0, _STEPS)
        self._bar.setFixedWidth(90)
        self._choice = QComboBox(page)
        self._choice.setAccessibleName(self.tr("Which sweep is shown"))
        self._choice.hide()
        self._choice.activated.connect(lambda at: self.sweep_chosen.emit(self._choice.itemData(at)))
        self._take = QPushButton(page)
        self._take.setAutoDefault(False)
        self._take.clicked.connect(self._request_take)
        self._stop = self._button(self.tr("Stop sweep"), self.stop_requested)
        self._again = self._button(self.tr("Sweep…"), self.sweep_requested)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(8)
        top.addWidget(self._sentence, 1)
        for widget in (self._bar, self._choice, self._take, self._stop, self._again):
            top.addWidget(widget)
        return top

    def _made_picture(self, page: QWidget) -> QVBoxLayout:
        self._legend = QLabel(page)
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._pointed = ElidedLabel(page, "muted")
        self._pointed.hide()
        picture = QVBoxLayout()
        picture.setContentsMargins(0, 0, 0, 0)
        picture.setSpacing(0)
        self._near = QToolButton(page)
        self._near.setObjectName("layer")
        self._near.setText(self.tr("near best"))
        self._near.setToolTip(tip_text(self.tr("Show what is near the best in full height; △ stands for a K above it")))
        self._near.setCheckable(True)
        self._near.setChecked(True)
        self._near.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._near.toggled.connect(self.plot.set_near)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        for label in (self._legend, self._pointed):
            label.setFont(tabular(label.font()))
            label.setIndent(6)
            line.addWidget(label, 1)
        line.addWidget(self._near)
        picture.addLayout(line)
        picture.addWidget(self.plot, 1)
        return picture

    # -- values in ----------------------------------------------------------------------------------------------------

    @Slot(object)
    def show_result(self, result: SweepResult | None, *, can_compare: bool = True) -> None:
        """Show what the finished runs of a sweep say, or that there is none.

        Parameters
        ----------
        result : SweepResult or None
            The runs so far.
        can_compare : bool
            False where a sweep is kept whose held-out rows are not those open, so that it cannot be judged again.
        """
        known = set(self._result.runs) if self._result is not None else set()
        self._result, self._can_compare = result, can_compare
        self.plot.show_result(result)
        self.table.show_result(result)
        if result is not None and not any(run in known for run in result.runs):
            self._near.setChecked(True)  # of another sweep: what is far above may flatten the rest again
        self._near.setVisible(self.plot.hides_some)
        self._show_legend()
        self._fit_table()
        self._show_all()

    @Slot(object)
    def show_progress(self, progress: SweepProgress | None, *, is_stopping: bool = False) -> None:
        """Show how far the sweep under way is; None where none is."""
        self._progress = progress
        self._stop.setEnabled(not is_stopping)
        self._stop.setText(self.tr("Stopping …") if is_stopping else self.tr("Stop sweep"))
        self._show_all()

    @Slot(int)
    def show_run(self, number: int) -> None:
        """Mark the run whose fit is shown; 0 for none."""
        self.plot.show_run(number)
        self.table.show_run(number)
        self._show_legend()

    def show_better(self, sentence: str) -> None:
        """Say that a run outside of the sweep is better than all of it; "" where none is."""
        if sentence != self._better:
            self._better = sentence
            self._show_all()

    def show_sweeps(self, numbers: Sequence[int], chosen: int) -> None:
        """Offer these sweeps, one of which is shown."""
        self._choice.clear()
        for number in numbers:
            self._choice.addItem(self.tr("sweep {number}").format(number=number), number)
        self._choice.setCurrentIndex(self._choice.findData(chosen))
        self._choice.setVisible(len(numbers) > 1)

    def allow(self, *, start: bool, take: bool) -> None:
        """Let a person begin a sweep, take a K for the next run, or not."""
        self._is_startable, self._is_takable = start, take
        self._show_all()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme
        self.plot.show_theme(theme)
        self._legend.setToolTip(
            tip_text(
                self.tr(
                    "Bars are one standard error of the difference from the best K, row by row on the same rows: a K "
                    "whose bar reaches the dashed line is within one standard error. Dots are single seeds."
                )
            )
        )
        self._show_legend()

    def _show_legend(self) -> None:
        """Say what the marks in the picture mean, of those that it has."""
        result, accent = self._result, self._theme.accent
        marks = [(accent, "☆", self.tr("best")), (accent, "●", self.tr("recommended"))]
        if result is not None and result.best is result.recommended:
            marks = [(accent, "★", self.tr("best, recommended"))]
        if self.plot.shown_components:
            marks.append((self._theme.cursor, "◯", self.tr("shown")))
        self._legend.setText(" &nbsp; ".join(f'<span style="color:{c}">{m}</span> {t}' for c, m, t in marks))

    # -- what follows -------------------------------------------------------------------------------------------------

    @property
    def sentence(self) -> str:
        """What the panel says now."""
        return self._sentence.text() if self._pages.currentIndex() == _EVERYTHING else self._nothing.text()

    def _show_all(self) -> None:
        result, progress = self._result, self._progress
        self._pages.setCurrentIndex(_NOTHING if result is None and progress is None else _EVERYTHING)
        self._nothing.setText(self._nothing_text())
        for button in (self._begin, self._again):
            button.setEnabled(self._is_startable)
        is_running = progress is not None
        for widget, is_seen in (
            (self._bar, is_running),
            (self._stop, is_running),
            (self._again, not is_running),
            (self._take, not is_running and result is not None),
        ):
            widget.setVisible(is_seen)
        if progress is not None:
            self._sentence.show_text(progress_text(progress))
            self._bar.setValue(round(_STEPS * progress.share))
        elif result is not None:
            advice = advice_text(result, self._better)
            self._sentence.show_text(advice)
            if result.failures:
                self._sentence.setToolTip(tip_text(f"{advice}\n{failures_tip(result.failures)}"))
        if result is not None:
            self._take.setText(self.tr("Take K = {k}").format(k=result.recommended.num_components))
            self._take.setEnabled(self._is_takable)
            tip = self.tr("Show the best run with this K, take its settings for the next run; nothing is trained yet")
            self._take.setToolTip(tip_text(tip))

    def _nothing_text(self) -> str:
        if not self._can_compare:
            return self.tr(
                "This sweep held out rows of other data than those open, so its runs cannot be compared here. They "
                "stay in the list of runs."
            )
        return self.tr(
            "How many components do the rows support? A sweep trains a run for each K in the background and compares "
            "them on the same held-out rows."
        )

    @Slot()
    def _request_take(self) -> None:
        if self._result is not None:
            self.take_requested.emit(self._result.recommended.num_components)

    @Slot(str)
    def _show_pointed(self, text: str) -> None:
        """Say what the mark pointed to shows in place of what the marks mean."""
        self._pointed.show_text(text)
        self._pointed.setVisible(bool(text))
        self._legend.setVisible(not text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the table what it needs, but no more than three fifths."""
        super().resizeEvent(event)
        self._fit_table()

    def _fit_table(self) -> None:
        self.table.setMaximumWidth(min(self.table.sizeHint().width(), 3 * self.width() // 5))
