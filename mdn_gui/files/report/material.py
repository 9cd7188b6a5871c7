"""What a report is made of: a run, its rows where they are there, how it did on them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mdn_gui.core.automatic import ResolvedSettings, resolved
from mdn_gui.core.baselines import Rival
from mdn_gui.core.calibration import Calibration, calibrate, judging_rows, rivals_of
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.diagnostics import Conditional
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.joint_mixture import fit_joint_mixture
from mdn_gui.core.pin import NamedPlace
from mdn_gui.core.reading import Line
from mdn_gui.core.selection import Selection
from mdn_gui.core.split import num_held_out, split_of_run
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.errors import UserError
from mdn_gui.files.projects.project import Project
from mdn_gui.files.report.axes import cut

MOST_ROWS_FOR_JOINT = 5_000
"""Training rows up to which the joint mixture is fitted for a report, 3 s at most."""
_NUM_PLACES = 3
_QUARTILES = ("lower quartile of {name}", "median of {name}", "upper quartile of {name}")
_PLACES = ("below the middle of {name}", "the middle of {name}", "above the middle of {name}")
"""Where the rows are not there: half-way from the middle to the ends."""
_LONGEST = 40


@dataclass(frozen=True, eq=False)
class Material:
    """A run with what is known of it.

    Parameters
    ----------
    project : Project
        What it belongs to.
    run : TrainingRun
        What is reported.
    selection : Selection or None
        What is taken from the table now; None without rows, or where that is not possible.
    calibration : Calibration or None
        How the run did on rows that it did not learn from; None where its rows are not those of the project.
    """

    project: Project
    run: TrainingRun
    selection: Selection | None
    calibration: Calibration | None

    @classmethod
    def of(cls, project: Project, run: TrainingRun, calibration: Calibration | None = None) -> "Material":
        """Gather it; what is judged already need not be judged again."""
        selection = _selection(project)
        if calibration is None and selection is not None:
            calibration = _judged(run.model, selection)
        return cls(project, run, selection, calibration)

    @property
    def model(self) -> FittedModel:
        """The fit."""
        return self.run.model

    @property
    def rows(self) -> Dataset | None:
        """The rows that the run learned from; None where they are not there."""
        selection = self.selection
        return selection.dataset if selection is not None and self.run.saw(selection.dataset) else None

    @property
    def resolved(self) -> ResolvedSettings:
        """What the automatic settings came to."""
        model = self.model
        count = max(model.provenance.num_rows, 2)
        train = count - num_held_out(model.training_config, count)
        return resolved(model.model_config, model.training_config, train, model.num_inputs)

    def lines(self) -> tuple[Line, ...]:
        """Return the line along each input through the middle of the data."""
        seen = self.model.provenance
        return tuple(Line(seen.encodings, place, seen.middle) for place in range(len(seen.encodings)))

    def places(self) -> tuple[NamedPlace, ...]:
        """Return the pins that fit the inputs of the run; else quartiles of the first input, others in the middle."""
        return tuple(pin for pin in self.project.pins if self._fits(pin)) or tuple(self._quartiles())

    def _quartiles(self) -> Iterator[NamedPlace]:
        seen = self.model.provenance
        encoding, (low, high) = seen.encodings[0], seen.column_ranges[0].tolist()
        middle, others = float(seen.middle[0]), seen.middle[1:].tolist()
        if encoding.levels:
            for level in range(min(len(encoding.levels), _NUM_PLACES)):
                yield NamedPlace(cut(encoding.levels[level], _LONGEST), 0, (float(level), *others))
            return
        if self.rows is not None:
            found = np.quantile(self.rows.sorted_column(0), (0.25, 0.5, 0.75)).tolist()
        else:
            found = [low / 2.0 + middle / 2.0, middle, middle / 2.0 + high / 2.0]
        names = _QUARTILES if self.rows is not None else _PLACES
        places = {value: name for name, value in zip(names, found, strict=True)}
        places |= {found[1]: names[1]}  # of a constant input there is but the middle
        for value, name in places.items():
            yield NamedPlace(name.format(name=cut(encoding.column, _LONGEST)), 0, (value, *others))

    def _fits(self, pin: NamedPlace) -> bool:
        encodings = self.model.provenance.encodings
        return len(pin.values) == len(encodings) and all(
            not each.levels or 0 <= value < len(each.levels) for each, value in zip(encodings, pin.values, strict=True)
        )


def _selection(project: Project) -> Selection | None:
    if project.table is None or project.taken is None:
        return None
    try:
        return project.taken.selection(project.table)
    except UserError:
        return None


def _judged(model: FittedModel, selection: Selection) -> Calibration | None:
    rows = judging_rows(model, selection.dataset, selection.test)
    if rows is None:
        return None
    seed = model.training_config.seed
    try:
        return calibrate(model, rows, _rivals(model, selection.dataset), seed)
    except UserError:
        return None


def _rivals(model: FittedModel, dataset: Dataset) -> dict[Rival, Conditional]:
    """Return what the window compares a fit with; without the joint mixture where that takes long."""
    rivals = rivals_of(model, dataset)
    train, _ = split_of_run(model.training_config, len(dataset))
    if len(train) > MOST_ROWS_FOR_JOINT:
        return rivals
    try:
        rows = Dataset(dataset.x[train], dataset.y[train], dataset.input_names, dataset.target_name)
        joint = fit_joint_mixture(rows, model.training_config.seed, model.transform)
    except UserError:
        return rivals
    return {Rival.JOINT: joint, **rivals}
