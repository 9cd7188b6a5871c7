"""The components of the newest fit that are not needed, found off the GUI thread."""

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core import special
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.identity import ComponentFinding, find_components
from mdn_gui.files.options import Watch
from mdn_gui.session.background import NewestJob


class ComponentFinder(QObject):
    """Keeps what is found of the newest fit; findings of an older one never come late.

    Parameters
    ----------
    parent : QObject, optional
        Owner.
    """

    changed = Signal(object)
    """tuple of ComponentFinding; empty where nothing is found, or nothing is known yet."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: tuple[FittedModel | None, Dataset | None] = (None, None)
        self._findings: tuple[ComponentFinding, ...] = ()
        self._job = NewestJob(self)
        self._job.finished.connect(self._take)
        self._job.failed.connect(self._give_up)

    @property
    def findings(self) -> tuple[ComponentFinding, ...]:
        """What is known of the newest fit."""
        return self._findings

    def follow(self, model: FittedModel | None, dataset: Dataset | None) -> None:
        """Look at the components of a finished fit over the rows of a data set, where they are not those of before."""
        if self._asked[0] is model and self._asked[1] is dataset:
            return
        self._asked = model, dataset
        self._job.drop()
        self._take(())
        if model is not None and dataset is not None:
            self._job.start(_Search(model, dataset))

    def shut_down(self) -> None:
        """Drop the search under way; return when its thread has ended."""
        self._job.shut_down()

    @Slot(object)
    def _take(self, findings: tuple[ComponentFinding, ...]) -> None:
        if findings != self._findings:
            self._findings = findings
            self.changed.emit(findings)

    @Slot(object)
    def _give_up(self, _: Exception) -> None:
        self._take(())  # such as rows that the fit cannot read: it is then not continued either


class _Search:
    def __init__(self, model: FittedModel, dataset: Dataset) -> None:
        self._model, self._dataset = model, dataset

    def __call__(self, _: Watch) -> tuple[ComponentFinding, ...]:
        """Look; called in a thread of the pool."""
        special.load()
        return find_components(self._model, self._dataset.x)
