"""The fits of this sitting, one of which another is compared with."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel

MOST_FITS = 8


@dataclass(frozen=True, eq=False)
class NamedFit:
    """A finished fit.

    Parameters
    ----------
    number : int
        Which run it was, counted from 1.
    model : FittedModel
        What was kept of it.
    """

    number: int
    model: FittedModel

    def can_read(self, dataset: Dataset) -> bool:
        """Return whether the fit reads these columns, whatever rows it saw."""
        seen = self.model.provenance
        return (seen.encodings, seen.target_name) == (dataset.encodings, dataset.target_name)


class Comparison(QObject):
    """Keeps the newest finished fits, and which of them the one shown is compared with.

    Parameters
    ----------
    parent : QObject, optional
        Owner.
    """

    changed = Signal()
    """There is another fit, or another one is chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fits: tuple[NamedFit, ...] = ()
        self._count = 0
        self._chosen: NamedFit | None = None

    @property
    def fits(self) -> tuple[NamedFit, ...]:
        """The newest finished fits, oldest first."""
        return self._fits

    @property
    def chosen(self) -> NamedFit | None:
        """The fit that the one shown is compared with."""
        return self._chosen

    @Slot(object)
    def take(self, model: FittedModel | None) -> None:
        """Keep a finished fit; the one before it is what it is compared with."""
        if model is None:
            return
        self._count += 1
        newest = NamedFit(self._count, model)
        self._chosen = self._fits[-1] if self._fits else None
        self._fits = (*self._fits, newest)[-MOST_FITS:]
        self.changed.emit()

    def choose(self, number: int | None) -> None:
        """Compare with the fit of this number, or with none."""
        self._chosen = next((fit for fit in self._fits if fit.number == number), None)
        self.changed.emit()

    def other_than(self, model: object, dataset: Dataset | None) -> NamedFit | None:
        """Return the chosen fit where it can be compared: it is another than ``model`` and reads these columns."""
        chosen = self._chosen
        if chosen is None or dataset is None or chosen.model is model or not chosen.can_read(dataset):
            return None
        return chosen
