"""What the loss panel says of epochs, references, the numbers that it draws."""

import math

import numpy as np
from PySide6.QtCore import QCoreApplication

from mdn_gui.core.baselines import Rival
from mdn_gui.core.reference_lines import TRUTH, Reference
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.loss.record import RunRecord, smoothed
from mdn_gui.ui.numbers import counted, grouped


def _tr(text: str) -> str:
    return QCoreApplication.translate("Loss", text)


def reference_name(name: str) -> str:
    """Return the name of a reference as it is shown."""
    names = {
        Rival.GAUSSIAN.value: _tr("one Gaussian"),
        Rival.MIXTURE.value: _tr("unconditional mixture"),
        Rival.JOINT.value: _tr("joint mixture"),
        TRUTH: _tr("truth"),
    }
    return names.get(name, name)


def epoch_text(epoch: int, last: int) -> str:
    """Return such as "epoch 120 of 312"."""
    return _tr("epoch {epoch} of {last}").format(epoch=grouped(epoch), last=grouped(last))


def chip_text(epoch: int, *, is_live: bool) -> str:
    """Return what the button says that leads from an epoch of the past to the present."""
    text = _tr("Epoch {epoch} · back to the live fit") if is_live else _tr("Epoch {epoch} · back to the fit")
    return text.format(epoch=grouped(epoch))


def newest_text(count: int, *, is_live: bool) -> str:
    """Return what is shown where no epoch of the past is, with the number of snapshots to look back at."""
    snapshots = counted(count, _tr("{count} snapshot"), _tr("{count} snapshots"))
    return f"{_tr('live fit') if is_live else _tr('the fit')} · {snapshots}"


def loss_table(record: RunRecord, references: tuple[Reference, ...], reach: float) -> DataTable:
    """Return the numbers of a run: nats a row, data units, as they are, whatever the axes show.

    Parameters
    ----------
    record : RunRecord
        At least one epoch.
    references : tuple of Reference
        Told in the comments.
    reach : float
        Of the smoothing; 0 where it is off.
    """
    every = np.arange(len(record))
    best = np.zeros(len(record))
    if record.best is not None:
        best[record.best] = 1.0
    columns = [("epoch", record.epochs.copy())]
    curves = (("train NLL", record.train), ("validation NLL", record.validation))
    columns += [(name, values.copy()) for name, values in curves if values is not None]
    if reach:
        columns += [
            (f"smoothed {name}", smoothed(values, every, reach, record.seams))
            for name, values in curves
            if values is not None
        ]
    columns.append(("best epoch", best))
    comments = ["NLL: nats a row, data units; it may be negative"]
    comments += [f"reference: {each.name}, NLL {each.nll!r}" for each in references if math.isfinite(each.nll)]
    comments += [f"trained further from epoch {int(record.epochs[seam])} on" for seam in record.seams]
    if reach:
        comments.append(f"smoothed: mean over the epochs that differ from its own by at most {reach:g} of it")
    return DataTable(
        "loss of the run", tuple(name for name, _ in columns), tuple(values for _, values in columns), tuple(comments)
    )
