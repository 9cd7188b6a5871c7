"""The checks of the open data, made off the GUI thread."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core.checks import data_checks
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.findings import Finding
from mdn_gui.core.selection import Selection
from mdn_gui.files.options import Watch
from mdn_gui.session.background import NewestJob

Checks = Callable[[Selection, ModelConfig, TrainingConfig], tuple[Finding, ...]]
"""The signature of :func:`mdn_gui.core.checks.data_checks`."""


class DataChecker(QObject):
    """Keeps the findings on the newest selection under the newest settings; late answers are dropped.

    Parameters
    ----------
    checks : callable
        As :func:`mdn_gui.core.checks.data_checks`; called in a pool thread.
    parent : QObject, optional
        Owner.
    """

    checked = Signal(object)
    """tuple of Finding; empty at once when the data change, so that no remark outlives the rows it is about."""

    def __init__(self, checks: Checks = data_checks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._checks = checks
        self._wanted: tuple[Selection, ModelConfig, TrainingConfig] | None = None
        self._findings: tuple[Finding, ...] = ()
        self._job = NewestJob(self)
        self._job.finished.connect(self._take)
        self._job.failed.connect(self._give_up)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found last."""
        return self._findings

    def follow(self, selection: Selection, model_config: ModelConfig, training_config: TrainingConfig) -> None:
        """Check anew: other data at once, other settings soon, unless they change nothing that is checked."""
        before, self._wanted = self._wanted, (selection, model_config, training_config)
        work = partial(_checked, self._checks, self._wanted)
        if before is None or before[0] is not selection:
            self._take(())
            self._job.start(work)
        elif _relevant(*before[1:]) != _relevant(model_config, training_config):
            self._job.start_soon(work)

    def shut_down(self) -> None:
        """Drop the checks under way; return when their thread has ended."""
        self._job.shut_down()

    @Slot(object)
    def _take(self, findings: tuple[Finding, ...]) -> None:
        if findings != self._findings:
            self._findings = findings
            self.checked.emit(findings)

    @Slot(object)
    def _give_up(self, _: Exception) -> None:
        self._take(())  # it is in the log; training needs no remarks


def _checked(checks: Checks, wanted: tuple[Selection, ModelConfig, TrainingConfig], _: Watch) -> tuple[Finding, ...]:
    return checks(*wanted)


def _relevant(model_config: ModelConfig, training_config: TrainingConfig) -> tuple[object, ...]:
    """Return the settings that the checks look at."""
    model = model_config.num_components, model_config.scale_floor, model_config.target_transform
    return *model, training_config.seed, training_config.validation_fraction
