"""How much each input matters, worked out off the GUI thread."""

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core import special
from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.importance import LocalEffects, PermutedRises, Spans, local_effects, permuted_rises
from mdn_gui.core.reading import Readable, Section
from mdn_gui.files.options import Watch
from mdn_gui.session.background import NewestJob


class Importance(QObject):
    """Keeps the importance of each input: around the point that is read, over all rows; no older answer comes late.

    Nothing is worked out while nobody watches, nor the rise over all rows while a run goes on.

    Parameters
    ----------
    parent : QObject, optional
        Owner.
    """

    local_changed = Signal(object)
    """LocalEffects, or None: there is nothing to read."""
    permuted_changed = Signal(object)
    """PermutedRises, or None: there is no fit, or it is not judged yet."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dataset: Dataset | None = None
        self._test: Dataset | None = None
        self._section: Section | None = None
        self._x, self._is_live, self._is_watched = math.nan, False, False
        self._spans: Spans | None = None
        self._near: _Nearby | None = None
        """The newest point that was asked for."""
        self._judged: tuple[Readable, Dataset] | None = None
        self._local, self._permuted = NewestJob(self), NewestJob(self)
        self._local.finished.connect(self._take_local)
        self._local.failed.connect(self._give_up_local)
        self._permuted.finished.connect(self._take_permuted)
        self._permuted.failed.connect(self._give_up_permuted)

    def take_rows(self, dataset: Dataset, test: Dataset | None = None) -> None:
        """Take other data; columns are permuted among the rows of the test, where there are any."""
        self._dataset, self._test, self._spans = dataset, test, None
        self._forget()

    def follow(self, section: Section | None, *, is_live: bool = False) -> None:
        """Read another model, or along another line; that of a run that goes on is ``is_live``."""
        self._section, self._is_live = section, is_live
        self._look()

    @Slot(float)
    def move_to(self, x: float) -> None:
        """Stand at x on the line, data units."""
        if x != self._x:
            self._x = x
            self._look()

    @Slot(bool)
    def watch(self, on: object) -> None:
        """Begin to work because somebody looks, or rest."""
        self._is_watched = bool(on)
        self._look()

    def shut_down(self) -> None:
        """Drop what is under way; return when the threads have ended."""
        self._local.shut_down()
        self._permuted.shut_down()

    def _look(self) -> None:
        if self._section is None or self._dataset is None or not _fits(self._section, self._dataset):
            self._forget()
            return
        if not self._is_watched:
            return
        self._look_near(self._section, self._dataset)
        rows = self._test if self._test is not None else self._dataset
        wanted = None if self._is_live else (self._section.model, rows)
        before, self._judged = self._judged, wanted
        if wanted is not None and (before is None or wanted[0] is not before[0] or wanted[1] is not before[1]):
            self.permuted_changed.emit(None)
            self._permuted.start_soon(_Judgement(*wanted))
        elif wanted is None and before is not None:
            self._permuted.drop()
            self.permuted_changed.emit(None)

    def _look_near(self, section: Section, dataset: Dataset) -> None:
        point = np.array(section.line.held)
        if math.isfinite(self._x):
            point[section.line.place] = self._x
        near = _Nearby(section, point, dataset, self._spans)
        if self._near is None or not near.is_at(self._near):
            self._near = near
            self._local.start_soon(near)

    def _forget(self) -> None:
        """Show nothing: data or model are gone."""
        self._local.drop()
        self._permuted.drop()
        self._near, self._judged = None, None
        self.local_changed.emit(None)
        self.permuted_changed.emit(None)

    @Slot(object)
    def _take_local(self, answer: tuple[Spans, LocalEffects] | None) -> None:
        if answer is not None:
            self._spans = answer[0]
            self.local_changed.emit(answer[1])

    @Slot(object)
    def _take_permuted(self, rises: PermutedRises | None) -> None:
        if rises is not None:
            self.permuted_changed.emit(rises)

    @Slot(object)
    def _give_up_local(self, _: Exception) -> None:
        self.local_changed.emit(None)  # it is in the log; reading needs no importance

    @Slot(object)
    def _give_up_permuted(self, _: Exception) -> None:
        self.permuted_changed.emit(None)


@dataclass(frozen=True, eq=False)
class _Nearby:
    """The effects around a point."""

    section: Section
    point: FloatArray
    dataset: Dataset
    spans: Spans | None

    def is_at(self, other: "_Nearby") -> bool:
        return self.section.model is other.section.model and bool(np.array_equal(self.point, other.point))

    def __call__(self, watch: Watch) -> tuple[Spans, LocalEffects] | None:
        special.load()
        spans = self.spans or Spans.of(self.dataset)
        found = local_effects(self.section.model, self.dataset.encodings, self.point, spans, watch.is_cancelled)
        return None if found is None else (spans, found)


@dataclass(frozen=True, eq=False)
class _Judgement:
    """The rise over all rows."""

    model: Readable
    rows: Dataset

    def __call__(self, watch: Watch) -> PermutedRises | None:
        special.load()
        return permuted_rises(self.model, self.rows, is_cancelled=watch.is_cancelled)


def _fits(section: Section, dataset: Dataset) -> bool:
    """Return whether the line goes through these columns; while data are exchanged it may not."""
    return section.line.encodings == dataset.encodings
