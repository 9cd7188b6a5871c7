"""What the fit plot draws, as numbers to take away."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from mdn_gui.core.reading import InputAxis, Section
from mdn_gui.files.tables import Column, DataTable
from mdn_gui.ui.fit.layers.frame import Frame
from mdn_gui.ui.fit.layers.layer import Layer


def drawn_table(frame: Frame, axis: InputAxis, layers: Mapping[str, Layer]) -> DataTable | None:
    """Return what layers draw of a model: a row for each x, or for each level of a category; None without a model.

    Parameters
    ----------
    frame : Frame
        What is seen.
    axis : InputAxis
        The column on the x axis.
    layers : mapping of str to Layer
        Those that are on.
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
    return DataTable("curves of the fit plot", tuple(names), tuple(columns), _comments(model))


def _comments(model: object) -> tuple[str, ...]:
    if not isinstance(model, Section):
        return ()
    line = model.line
    return tuple(f"{each.label} held at {line.text(place)}" for place, each in line.others())
