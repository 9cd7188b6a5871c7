"""Everything a person has made of a table, as one value: what a project file holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.pin import NamedPlace
from mdn_gui.core.questions import Questions
from mdn_gui.core.table import Table
from mdn_gui.core.taken import Taken
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.files.options import ReadOptions


@dataclass(frozen=True)
class DataSource:
    """The file that the table was read from.

    Parameters
    ----------
    path : str
        Its absolute path when it was read; empty for a sample, for pasted cells.
    options : ReadOptions
        How it was read.
    test_path : str
        A second file with the rows of the test; empty for none.
    title : str
        What the table is called; the name of the file where empty.
    """

    path: str = ""
    options: ReadOptions = field(default_factory=ReadOptions)
    test_path: str = ""
    title: str = ""


@dataclass(frozen=True, eq=False)
class Project:
    """One document.

    Parameters
    ----------
    table : Table or None
        The rows; None where they are not kept in the file.
    taken : Taken or None
        What is taken from them; kept also where the rows are not in the file.
    source : DataSource
        Where they came from.
    model_config, training_config : ModelConfig, TrainingConfig
        Settings of the next run.
    runs : tuple of TrainingRun
        Oldest first, each with a number of its own.
    runs_made : int
        The greatest number that was ever given to a run.
    shown : int
        Number of the run that is shown; 0 for none.
    cursor : NamedPlace or None
        Where the cursor stands; without a name.
    pins : tuple of NamedPlace
        The newest last.
    questions : Questions
        What is asked of p(y given x).
    unknown : mapping
        Entries of a file written by a later version of this program, kept for it.
    """

    table: Table | None = None
    taken: Taken | None = None
    source: DataSource = field(default_factory=DataSource)
    model_config: ModelConfig = field(default_factory=ModelConfig)
    training_config: TrainingConfig = field(default_factory=TrainingConfig)
    runs: tuple[TrainingRun, ...] = ()
    runs_made: int = 0
    shown: int = 0
    cursor: NamedPlace | None = None
    pins: tuple[NamedPlace, ...] = ()
    questions: Questions = field(default_factory=Questions)
    unknown: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of_run(cls, run: TrainingRun) -> "Project":
        """Return a project without rows that shows one run, with the settings of that."""
        settings = (run.model.model_config, run.model.training_config)
        return cls(None, None, DataSource(), *settings, runs=(run,), runs_made=run.number, shown=run.number)

    def run(self, number: int) -> TrainingRun | None:
        """Return the run of a number; None where there is none."""
        return next((run for run in self.runs if run.number == number), None)

    @property
    def model(self) -> FittedModel | None:
        """The model of the run that is shown, else of the newest one; None without runs."""
        shown = self.run(self.shown) or (self.runs[-1] if self.runs else None)
        return None if shown is None else shown.model
