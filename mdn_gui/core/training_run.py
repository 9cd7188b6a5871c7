"""A finished training, kept: what it made, when, with what, what a person calls it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from types import MappingProxyType

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.libraries import library_versions


@dataclass(frozen=True, eq=False)
class TrainingRun:
    """One finished run. The model holds its settings, the digest of its rows, its history; it never changes.

    Parameters
    ----------
    number : int
        Counted from 1 in its project; never given twice, also when a run is deleted.
    model : FittedModel
        What was kept, with the settings, the provenance, the history.
    ended : str
        When it ended, UTC, ISO 8601 to the second, such as "2026-11-23T03:10:00Z"; empty where it is not known.
    libraries : mapping of str to str
        Versions by name.
    continues : int
        Number of the run that it continues; 0 where it began anew.
    sweep : int
        Number of the sweep that it belongs to, counted from 1; 0 where it is none's.
    name, notes : str
        What a person calls it, writes about it; may be empty.
    is_starred : bool
        Whether a person has marked it.
    unknown : mapping
        Entries of a file written by a later version of this program, kept for it.
    """

    number: int
    model: FittedModel
    ended: str = ""
    libraries: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    continues: int = 0
    sweep: int = 0
    name: str = ""
    notes: str = ""
    is_starred: bool = False
    unknown: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def just_ended(cls, number: int, model: FittedModel, *, continues: int = 0, sweep: int = 0) -> "TrainingRun":
        """Return the run that ended now with this model, made with the libraries of this process."""
        now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        return cls(number, model, now, library_versions(), continues, sweep)

    @property
    def nll(self) -> float:
        """Judged NLL of what was kept, nats a row, data units; NaN where no epoch was finished."""
        history = self.model.history
        return float("nan") if history is None else history.best_nll

    def can_read(self, dataset: Dataset) -> bool:
        """Return whether the fit reads these columns, whatever rows it saw."""
        seen = self.model.provenance
        return (seen.encodings, seen.target_name) == (dataset.encodings, dataset.target_name)

    def saw(self, dataset: Dataset) -> bool:
        """Return whether the fit learned from these very rows."""
        return self.model.provenance.data_digest == dataset.digest
