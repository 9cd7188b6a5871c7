"""Parquet files to tables; runs in the child process that reads files."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from mdn_gui.core.table import Table
from mdn_gui.errors import DataError, reason_of
from mdn_gui.files.arrow_columns import Collector, collector_for
from mdn_gui.files.names import chosen_places, listed, refuse_width, unique_names
from mdn_gui.files.options import PREVIEW_ROWS, Preview, ReadOptions, Watch
from mdn_gui.files.sampling import drawn_rows
from mdn_gui.files.values import TypedColumn, cells_of, table_of

FORM = "Parquet file"
MOST_BY_DEFAULT = 300
"""Columns that are read when none were chosen."""

_BATCH_ROWS = 128 * 1024
_STREAMED_ROWS = 64 * 1024
_BYTES_A_CELL = 18
_HINT = "Save it again where it comes from, or save the table as CSV (UTF-8)."


def preview_parquet(path: Path, options: ReadOptions) -> Preview:
    """Return the first rows of a Parquet file, with the names of all its columns.

    Raises
    ------
    DataError
        When the file is damaged, has no rows or does not have the columns.
    """
    with _opened(path) as file:
        source = _source(path, file, options)
        typed = source.first_rows()
    return Preview(
        path=path,
        form=FORM,
        options=options,
        table=table_of(path, typed, source.notes),
        cells=cells_of(typed),
        all_columns=source.all_names,
        doubts=source.doubts,
        num_rows=source.num_rows,
        rows_estimate=source.num_rows,
        bytes_needed=_BYTES_A_CELL * source.num_rows * len(typed),
    )


def read_parquet(path: Path, options: ReadOptions, watch: Watch) -> Table:
    """Return the chosen columns of a Parquet file.

    Raises
    ------
    DataError
        When the file is damaged, has no rows or does not have the columns.
    """
    with _opened(path) as file:
        source = _source(path, file, options)
        return table_of(path, source.all_rows(watch), source.notes)


def stream_parquet(path: Path, options: ReadOptions, watch: Watch) -> Iterator[Table]:
    """Yield the chosen columns of a Parquet file as tables of 65,536 rows at most, within bounded memory.

    Columns are chosen by the names that they have in a table. The kinds of dates are those of the options, otherwise
    those of the first rows; levels are those of the rows of each table.

    Raises
    ------
    DataError
        When the file is damaged, has no rows or does not have the columns.
    """
    with _opened(path) as file:
        all_names = file.schema_arrow.names
        known, _ = unique_names(all_names)
        given = tuple(all_names[place] for place in chosen_places(path.name, known, options.columns))
        source = _source(path, file, replace(options, columns=given))
        kinds = {each.column.name: each.column.kind for each in source.first_rows()}
        source = _source(path, file, replace(options, columns=given, kinds={**kinds, **options.kinds}))
        for typed in source.batches(watch):
            yield table_of(path, typed)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a Parquet file; whatever goes wrong with it inside the block becomes a DataError."""
    try:
        import pyarrow.parquet

        with pyarrow.parquet.ParquetFile(path) as file:
            yield file
    except (DataError, MemoryError):
        raise
    except Exception as error:  # a damaged file makes pyarrow raise almost anything
        message = f"{path.name} is a damaged Parquet file, or one that cannot be read ({reason_of(error)})."
        raise DataError(message, _HINT) from error


@dataclass(frozen=True)
class _Source:
    """The columns of a Parquet file that are read."""

    file: Any
    options: ReadOptions
    given: list[str]
    """Names in the file."""
    collectors: tuple[Callable[[int], Collector], ...]
    all_names: tuple[str, ...]
    notes: tuple[str, ...]
    doubts: tuple[str, ...]

    @property
    def num_rows(self) -> int:
        return int(self.file.metadata.num_rows)

    def first_rows(self) -> list[TypedColumn]:
        num_rows = min(PREVIEW_ROWS, self.num_rows)
        columns = [collector(num_rows) for collector in self.collectors]
        missing = num_rows
        for batch in self.file.iter_batches(num_rows, columns=self.given):
            _add(columns, batch.slice(0, missing))
            missing -= min(missing, batch.num_rows)
            if not missing:
                break
        return [column.column() for column in columns]

    def batches(self, watch: Watch) -> Iterator[list[TypedColumn]]:
        end = 0
        for batch in self.file.iter_batches(_STREAMED_ROWS, columns=self.given):
            columns = [collector(batch.num_rows) for collector in self.collectors]
            _add(columns, batch)
            yield [column.column() for column in columns]
            end += batch.num_rows
            watch.report(end / self.num_rows)

    def all_rows(self, watch: Watch) -> list[TypedColumn]:
        import pyarrow

        drawn = drawn_rows(self.num_rows, self.options.sample, self.options.seed)
        columns = [collector(self.num_rows if drawn is None else len(drawn)) for collector in self.collectors]
        start = 0
        for batch in self.file.iter_batches(_BATCH_ROWS, columns=self.given):
            end = start + batch.num_rows
            if drawn is not None:
                first, last = np.searchsorted(drawn, (start, end))
                _add(columns, batch.take(pyarrow.array(drawn[first:last] - start)))
            else:
                _add(columns, batch)
            watch.report(end / self.num_rows)
            start = end
        return [column.column() for column in columns]


def _add(columns: Sequence[Collector], batch: Any) -> None:
    for column, cells in zip(columns, batch.columns, strict=True):
        column.add(cells)


def _source(path: Path, file: Any, options: ReadOptions) -> _Source:
    """Return the columns to read: those chosen, otherwise the first ones that a table can hold."""
    fields = list(file.schema_arrow)
    all_names = tuple(field.name for field in fields)
    if file.metadata.num_rows < 1:
        raise DataError(f"{path.name} has no rows.", "Choose a file with rows.")
    chosen = frozenset(all_names if options.columns is None else options.columns)
    if not chosen <= frozenset(all_names):
        missing = min(chosen.difference(all_names))
        raise DataError(f"{path.name} has no column {missing!r}.", f"Its columns are {listed(all_names)}.")
    wanted = [field for field in fields if field.name in chosen]
    known = [(field.name, collector_for(field.type)) for field in wanted]
    fitting = [(name, collector) for name, collector in known if collector is not None]
    if not fitting:
        raise DataError(f"{path.name} has no column of numbers, dates or texts.", "Choose another file.")
    left_out = [name for name, collector in known if collector is None]
    notes = [f"columns of lists, records or bytes left out: {listed(left_out)}"] if left_out else []
    doubts: tuple[str, ...] = ()
    if options.columns is None and len(fitting) > MOST_BY_DEFAULT:
        doubts = (
            f"Only the first {MOST_BY_DEFAULT} of {len(fitting):,} columns are read; choose the ones that matter.",
        )
        notes.append(f"only the first {MOST_BY_DEFAULT} of {len(fitting):,} columns")
        fitting = fitting[:MOST_BY_DEFAULT]
    refuse_width(path.name, len(fitting))
    given = [name for name, _ in fitting]
    names, name_notes = unique_names(given)
    collectors = tuple(partial(collector, name, options) for name, (_, collector) in zip(names, fitting, strict=True))
    return _Source(file, options, given, collectors, all_names, (*notes, *name_notes), doubts)
