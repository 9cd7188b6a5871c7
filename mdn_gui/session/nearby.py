"""The rows near the cursor with how the model fits them, found off the GUI thread."""

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core import special
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.neighbours import NearbyRows, Neighbours, judged_nearby
from mdn_gui.core.reading import Section
from mdn_gui.files.options import Watch
from mdn_gui.session.background import NewestJob


class Nearby(QObject):
    """Follows the place that is read; rows near an older place never come late.

    Parameters
    ----------
    parent : QObject, optional
        Owner.
    """

    changed = Signal(object)
    """NearbyRows once they are known; None as soon as there is nothing to know: no data, no model, other inputs."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: tuple[Dataset, Section, float] | None = None
        self._index = _Index()
        self._rows: NearbyRows | None = None
        self._job = NewestJob(self)
        self._job.finished.connect(self._take)
        self._job.failed.connect(self._give_up)

    @property
    def rows(self) -> NearbyRows | None:
        """The newest answer; while another one is under way that of the place before."""
        return self._rows

    def follow(self, dataset: Dataset | None, section: Section | None, x: float) -> None:
        """Ask about the rows of a data set near ``x`` on the line of a section, under its model.

        The answer comes when nothing else is asked for within 100 ms.
        """
        if dataset is None or section is None:
            self._asked = None
            self._job.drop()
            self._take(None)
        elif not self._is_asked(dataset, section, x):
            self._asked = (dataset, section, x)
            self._job.start_soon(_Question(self._index, dataset, section, x))

    def shut_down(self) -> None:
        """Drop the job under way; return when its thread has ended."""
        self._job.shut_down()

    def _is_asked(self, dataset: Dataset, section: Section, x: float) -> bool:
        if self._asked is None:
            return False
        known, before, at = self._asked
        return known is dataset and before.model is section.model and before.line is section.line and at == x

    @Slot(object)
    def _take(self, rows: NearbyRows | None) -> None:
        if rows is not None or self._rows is not None:
            self._rows = rows
            self.changed.emit(rows)

    @Slot(object)
    def _give_up(self, _: Exception) -> None:
        self._take(None)  # such as a fit that reads other columns than the data have: nothing to judge it on


class _Index:
    """The neighbours of the newest data set; only the one thread of the job uses it."""

    def __init__(self) -> None:
        self._of: tuple[Dataset, Neighbours] | None = None

    def of(self, dataset: Dataset) -> Neighbours:
        if self._of is None or self._of[0] is not dataset:
            self._of = None  # not two at the same time: they are as large as the inputs
            self._of = dataset, Neighbours(dataset)
        return self._of[1]


class _Question:
    def __init__(self, index: _Index, dataset: Dataset, section: Section, x: float) -> None:
        self._index, self._dataset, self._section, self._x = index, dataset, section, x

    def __call__(self, watch: Watch) -> NearbyRows | None:
        """Answer; called in a thread of the pool."""
        special.load()
        place = self._section.line.holding(self._section.line.place, self._x).held
        neighbours = self._index.of(self._dataset)
        return judged_nearby(self._dataset, neighbours, place, self._section.model, watch.is_cancelled)
