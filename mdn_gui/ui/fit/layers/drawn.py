"""What the fit plot draws, as numbers to take away."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from mdn_gui.core.reading import InputAxis
from mdn_gui.files.tables import Column, DataTable
from mdn_gui.ui.fit.layers.frame import Frame
from mdn_gui.ui.fit.layers.layer import Layer


def drawn_table(
    frame: Frame, axis: InputAxis, layers: Mapping[str, Layer], epoch: int | None = None
) -> DataTable | None:
    """Return what layers draw of a model: a row for each x, or for each level of a category; None without a model.

    Parameters
    ----------
    frame : Frame
        What is seen.
    axis : InputAxis
        The column on the x axis.
    layers : mapping of str to Layer
        Those that are on.
    epoch : int, optional
        That of a run in the past whose network is seen; None for the newest one.
    """
    model = frame.subject.model
    if model is None:
        return None
    names = [axis.name]
    columns: list[Column] = [frame.x]
    if axis.levels:
        x = np.arange(len(axis.levels), dtype=np.float64)
        frame = replace(frame, x=x, mixture=model.conditional(x[:, np.newaxis]))
        columns = [axis.levels]
    for layer in layers.values():
        table = layer.drawn_table(frame)
        if table is not None:
            names += table.names
            columns += table.columns
    return DataTable("curves of the fit plot", tuple(names), tuple(columns), _comments(frame, epoch))


def _comments(frame: Frame, epoch: int | None) -> tuple[str, ...]:
    """Return what the columns are of: model, data, where the others are held, what is asked."""
    subject, asked = frame.subject, frame.subject.questions
    source = "joint Gaussian mixture" if subject.is_preview else "network"
    lines = [f"p(y given x) of the {source}, along x; data units"]
    if epoch is not None:
        lines.append(f"epoch: {epoch} of the run, not the fit")
    if subject.dataset is not None:
        lines.append(f"data: {subject.dataset.source}, {len(subject.dataset)} rows")
        lines.append(f"target: {subject.dataset.target_name}")
    if subject.line is not None:
        line = subject.line
        lines += [f"{each.label} held at {line.text(place)}" for place, each in line.others()]
    lines.append(f"quantiles: {', '.join(map(repr, asked.levels)) or 'none'}")
    lines.append(f"highest-density region: {asked.mass!r}")
    if asked.has_interval:
        lines.append(f"interval: {asked.low!r} < y <= {asked.high!r}")
    return tuple(lines)
