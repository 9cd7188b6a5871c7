"""The list of runs as a table to take away: every digit, every setting."""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
from PySide6.QtCore import QCoreApplication

from mdn_gui.core.training_run import TrainingRun
from mdn_gui.files.tables import Column, DataTable
from mdn_gui.ui.runs.shown import RunsShown, validation_nll
from mdn_gui.ui.runs.texts import rows_text

_Cell = float | str


def runs_table(runs: Sequence[TrainingRun], shown: RunsShown) -> DataTable | None:
    """Return one row a run in the order given, numbers as they are; None without runs.

    NLLs are in nats a row, times in seconds and UTC.
    """
    if not runs:
        return None
    rows = [_cells(run, shown) for run in runs]
    names = tuple(rows[0])
    columns = tuple(_column([row[name] for row in rows]) for name in names)
    comment = QCoreApplication.translate("Runs", "NLL: mean over the held-out rows, nats a row")
    return DataTable("runs", names, columns, (comment,))


def _cells(run: TrainingRun, shown: RunsShown) -> dict[str, _Cell]:
    history, seen = run.model.history, run.model.provenance
    none = float("nan")
    cells: dict[str, _Cell] = {
        "number": run.number,
        "name": run.name,
        "starred": float(run.is_starred),
        "components": run.model.num_components,
        "validation_nll": validation_nll(run),
        "nll_less_that_of_the_run_shown": shown.nll_difference(run),
        "best_epoch": none if history is None else history.best_epoch,
        "epochs_trained": none if history is None else history.epochs,
        "stop_reason": "" if history is None else history.stop_reason.value,
        "seconds": none if history is None else history.seconds,
        "ended": run.ended,
        "continues": run.continues or none,
        "sweep": run.sweep or none,
        "data": rows_text(shown.rows_of(run)),
        "source": seen.source,
        "rows": seen.num_rows,
        "data_digest": seen.data_digest,
        "notes": run.notes,
    }
    for config in (run.model.model_config, run.model.training_config):
        cells |= {f"setting_{name}": _setting(value) for name, value in asdict(config).items()}
    return cells


def _setting(value: object) -> _Cell:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return "automatic" if value is None else str(value)


def _column(cells: list[_Cell]) -> Column:
    """Return numbers where all cells are numbers, else texts."""
    if all(isinstance(cell, int | float) for cell in cells):
        return np.array(cells, dtype=np.float64)
    return tuple(cell if isinstance(cell, str) else repr(cell) for cell in cells)
