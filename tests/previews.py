"""Previews made by hand, by a reader that does as the test says."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np

from mdn_gui.core.columns import Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.table import Table
from mdn_gui.files.options import Preview, ReadOptions, Watch

GUESS = ReadOptions("utf-8", ",", ".", "", has_header=True)
CSV = """dose,extra,site,response
1.0,5,a,0.1
2.5,,b,0.4
3.0,7,a,0.2
4.5,much,b,0.9
5.0,9,a,0.7
"""


def made_column(name: str, cells: Sequence[str], kind: ColumnKind | None = None) -> Column:
    """Return numbers where at least half of the cells are some, categories otherwise."""
    values, empty = np.full(len(cells), np.nan), np.array([not cell for cell in cells])
    for row, cell in enumerate(cells):
        try:
            values[row] = float(cell)
        except ValueError:
            continue
    is_number = 2 * int(np.isfinite(values).sum()) >= int((~empty).sum())
    if kind is ColumnKind.NUMBER or (kind is None and is_number):
        return Column(name, values, empty)
    levels = tuple(sorted({cell for cell in cells if cell}))
    codes = [levels.index(cell) if cell else np.nan for cell in cells]
    return Column(name, codes, empty, kind or ColumnKind.CATEGORY, levels)


def made_preview(path: Path, text: str = CSV, options: ReadOptions = GUESS, num_rows: int | None = None) -> Preview:
    """Return the preview of some text: its first row holds the names, nothing is doubtful."""
    used = {name: value for name, value in vars(options).items() if value is not None}
    options = replace(GUESS, **used)
    header, *rows = csv.reader(text.splitlines(), delimiter=options.delimiter or "\0")
    cells = list(zip(*rows, strict=True))
    columns = tuple(made_column(name, cells[i], options.kinds.get(name)) for i, name in enumerate(header))
    table = Table(path.name, columns, str(path), notes=("delimiter: comma",))
    count = len(rows) if num_rows is None else num_rows
    return Preview(path, "delimited text", options, table, tuple(map(tuple, rows)), num_rows=count, rows_estimate=count)


class FakePreviews:
    """Makes previews of ``text``, as ``changed`` says; ``asked`` records the options, ``held`` makes one wait.

    ``errors`` are raised, by the delimiter that was asked for.
    """

    def __init__(self, text: str = CSV) -> None:
        self.text = text
        self.changed: dict[str, object] = {}
        self.errors: dict[str | None, Exception] = {}
        self.held: dict[str | None, Event] = {}
        self.asked: list[ReadOptions] = []
        self.made: list[ReadOptions] = []

    def __call__(self, path: Path, options: ReadOptions, _watch: Watch) -> Preview:
        self.asked.append(options)
        if options.delimiter in self.held:
            self.held[options.delimiter].wait()
        self.made.append(options)
        if options.delimiter in self.errors:
            raise self.errors[options.delimiter]
        return replace(made_preview(path, self.text, options), **self.changed)

    def hold(self, delimiter: str | None) -> Event:
        """Make previews with this delimiter wait for the event."""
        return self.held.setdefault(delimiter, Event())

    def release(self) -> None:
        """Let all go on."""
        for event in self.held.values():
            event.set()
