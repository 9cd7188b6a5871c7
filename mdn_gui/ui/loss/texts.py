"""What the loss panel says of epochs, references, the numbers that it draws."""

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from mdn_gui.core.baselines import Rival
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.reference_lines import TRUTH, Reference
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.loss.others import OtherRun
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


def loss_table(
    record: RunRecord, references: tuple[Reference, ...], reach: float, others: Sequence[OtherRun] = ()
) -> DataTable:
    """Return the numbers of a run: nats a row, data units, as they are, whatever the axes show.

    Parameters
    ----------
    record : RunRecord
        The run shown; may be empty where there are others.
    references : tuple of Reference
        Told in the comments.
    reach : float
        Of the smoothing; 0 where it is off.
    others : sequence of OtherRun
        What is laid over it; where one has no such epoch, there is NaN.
    """
    best = np.zeros(len(record))
    if record.best is not None:
        best[record.best] = 1.0
    curves = [("train NLL", record.train), ("validation NLL", record.validation)] if len(record) else []
    told = [(name, values.copy()) for name, values in curves if values is not None]
    if reach:
        every = np.arange(len(record))
        told += [(f"smoothed {name}", smoothed(values, every, reach, record.seams)) for name, values in told]
    told.append(("best epoch", best))
    columns = [(name, record.epochs, values) for name, values in told]
    for run in others:
        kind = "train" if run.record.validation is None else "validation"
        columns.append((f"{kind} NLL of {run.name}", *run.curve()))
    known = [epochs for _, epochs, _ in columns if len(epochs)]
    epochs = np.arange(min(each[0] for each in known), max(each[-1] for each in known) + 1)
    aligned = [(name, _aligned(epochs, own, values)) for name, own, values in columns]
    comments = ["NLL: nats a row, data units; it may be negative"]
    comments += [f"reference: {each.name}, NLL {each.nll!r}" for each in references if math.isfinite(each.nll)]
    comments += [f"trained further from epoch {int(record.epochs[seam])} on" for seam in record.seams]
    comments += [f"{run.name}: {run.remark}" for run in others if run.remark]
    if reach:
        comments.append(f"smoothed: mean over the epochs that differ from its own by at most {reach:g} of it")
    names, values = zip(("epoch", epochs), *aligned, strict=True)
    return DataTable("loss of the run", names, values, tuple(comments))


def _aligned(epochs: FloatArray, own: FloatArray, values: FloatArray) -> FloatArray:
    """Return values [M] of the epochs ``own`` [M] at all ``epochs`` [N], neither with a gap; NaN elsewhere."""
    found = np.full(len(epochs), np.nan)
    if len(own):
        begin = int(own[0] - epochs[0])
        found[begin : begin + len(own)] = values
    return found
