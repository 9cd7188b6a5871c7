"""What tells how far a fit can be trusted: calibration, restarts, another run, components that are not needed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core.calibration import Calibration
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.identity import ComponentFinding
from mdn_gui.core.reading import Line, Section
from mdn_gui.session.calibrating import Calibrator
from mdn_gui.session.identifying import ComponentFinder
from mdn_gui.ui.calibration.panel import CalibrationPanel
from mdn_gui.ui.fit.layers.frame import Comparison
from mdn_gui.ui.overlaid import overlaid, run_name
from mdn_gui.ui.theme import Theme

if TYPE_CHECKING:
    from mdn_gui.session.session import Session
    from mdn_gui.ui.main_window import MainWindow


class TrustDesk(QObject):
    """Follows the finished fit; shows what is found of it in panels and plot.

    Parameters
    ----------
    session : Session
        What is open.
    window : MainWindow
        Its plot draws restarts and the other run, its read-out marks components.
    """

    findings_changed = Signal()
    """Other components are found that are not needed, or none."""

    def __init__(self, session: "Session", window: "MainWindow") -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.panel = CalibrationPanel(window)
        self._calibrator, self._finder = Calibrator(self), ComponentFinder(self)
        self._members: tuple[FittedModel | None, tuple[FittedModel, ...]] = (None, ())
        self._connect()

    @property
    def findings(self) -> tuple[ComponentFinding, ...]:
        """The components of the fit that are not needed."""
        findings: tuple[ComponentFinding, ...] = self._finder.answer
        return findings

    def calibration_of(self, model: FittedModel) -> Calibration | None:
        """Return how a fit did, where it is the one that was judged last."""
        answer = self._calibrator.answer
        return answer if isinstance(answer, Calibration) and self._session.fitted is model else None

    def _connect(self) -> None:
        session = self._session
        session.model_changed.connect(self._follow)
        session.selection_changed.connect(self._follow)
        session.baseline_changed.connect(self._follow)
        session.instrument.section_changed.connect(self._show_others)
        session.run_list.changed.connect(self._show_others)
        session.instrument.line_changed.connect(self._show_line)
        self._calibrator.changed.connect(self.panel.show_calibration)
        self._finder.changed.connect(self._show_findings)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.panel.show_theme(theme)

    def shut_down(self) -> None:
        """End every thread; returns when they have finished."""
        for worker in (self._calibrator, self._finder):
            worker.shut_down()

    @Slot()
    def _follow(self, *_: object) -> None:
        """Judge the finished fit on the rows that are open, where either is another."""
        session = self._session
        fitted = session.fitted
        joint = session.joint_mixture_of(fitted) if fitted is not None else None
        self._calibrator.follow(fitted, session.selection, joint)
        self._finder.follow(fitted if session.fit_saw_these_rows else None, session.dataset)

    @Slot(object)
    def _show_line(self, line: Line) -> None:
        self.panel.show_place(line.place)

    @Slot()
    def _show_others(self, *_: object) -> None:
        """Draw the restarts of the fit shown, which a snapshot has not, the run that it is compared with, others."""
        session, plot = self._session, self._window.fit_plot
        shown, line, fitted = session.model, session.instrument.line, session.fitted
        is_fit = shown is not None and shown is fitted and line is not None
        plot.show_members(tuple(Section(each, line) for each in self._members_of(fitted)) if is_fit and line else ())
        other = session.run_list.other_than(shown, session.dataset) if shown is not None else None
        if other is None or line is None:
            plot.show_comparison(None)
        else:
            plot.show_comparison(Section(other.model, line), run_name(other))
        laid = overlaid(session.run_list, shown) if session.dataset is not None else ()
        readable = [run for run in laid if session.dataset is not None and run.can_read(session.dataset)]
        plot.show_others(
            tuple(Comparison(Section(run.model, line), run_name(run), run.number) for run in readable) if line else ()
        )

    def _members_of(self, model: FittedModel | None) -> tuple[FittedModel, ...]:
        if self._members[0] is not model:
            self._members = model, model.members() if model is not None else ()
        return self._members[1]

    @Slot(object)
    def _show_findings(self, findings: tuple[ComponentFinding, ...]) -> None:
        self._window.reading_panel.show_findings(findings)
        self.findings_changed.emit()
