"""NumPy arrays to tables; runs in the child process that reads files."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import RowArray
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError, reason_of
from mdn_gui.files.dates import column_of_dates
from mdn_gui.files.names import listed, refuse_width, unique_names
from mdn_gui.files.options import PREVIEW_ROWS, Preview, ReadOptions, Watch
from mdn_gui.files.sampling import drawn_rows
from mdn_gui.files.values import (
    IN_SECONDS,
    ROUNDED,
    TypedColumn,
    are_rounded,
    cells_of,
    column_of_numbers,
    column_of_texts,
    table_of,
    text_of,
)

FORM = "NumPy array"
ALL_COLUMNS = "all arrays as columns"
"""The part of an archive that takes arrays of one length together."""

_BYTES_A_CELL = 27
_HINT = "Save it again with numpy.save or numpy.savez, or as CSV (UTF-8)."
_NO_OBJECTS = "Save arrays of numbers, dates or texts; objects are stored as pickles, which can hold harmful code."

AnyArray = NDArray[Any]


def preview_arrays(path: Path, options: ReadOptions) -> Preview:
    """Return the first rows of an array or of an archive of arrays.

    Raises
    ------
    DataError
        When the file is damaged, has no such array, or holds objects.
    """
    with _source(path, options) as source:
        typed = source.typed(np.arange(min(PREVIEW_ROWS, source.num_rows)))
    return Preview(
        path=path,
        form=FORM,
        options=replace(options, part=source.part),
        table=table_of(path, typed, source.notes),
        cells=cells_of(typed),
        parts=source.parts,
        num_rows=source.num_rows,
        rows_estimate=source.num_rows,
        bytes_needed=_BYTES_A_CELL * source.num_rows * len(typed),
    )


def read_arrays(path: Path, options: ReadOptions, watch: Watch) -> Table:
    """Return the table in an array or in an archive of arrays.

    Raises
    ------
    DataError
        When the file is damaged, has no such array, or holds objects.
    """
    with _source(path, options) as source:
        watch.report(0.5)
        rows = drawn_rows(source.num_rows, options.sample, options.seed)
        return table_of(path, source.typed(rows), source.notes)


@dataclass(frozen=True, eq=False)
class _Source:
    """The columns of an array or of several."""

    options: ReadOptions
    columns: Mapping[str, AnyArray]
    notes: tuple[str, ...]
    parts: tuple[str, ...] = ()
    part: str | None = None

    @property
    def num_rows(self) -> int:
        return min(len(column) for column in self.columns.values())

    def typed(self, rows: RowArray | None) -> list[TypedColumn]:
        given = self.columns.items()
        return [_typed(name, cells if rows is None else cells[rows], self.options) for name, cells in given]


@contextmanager
def _source(path: Path, options: ReadOptions) -> Iterator[_Source]:
    """Open the file; whatever goes wrong with it inside the block becomes a DataError."""
    try:
        loaded = _loaded(path.name, lambda: np.load(path, mmap_mode="r", allow_pickle=False))
        if isinstance(loaded, np.ndarray):
            yield _Source(options, *_columns(path.name, loaded))
        else:
            with loaded:
                yield _archive(path, loaded, options)
    except (DataError, MemoryError):
        raise
    except Exception as error:  # a damaged file makes NumPy raise almost anything
        message = f"{path.name} is a damaged NumPy file ({reason_of(error)})."
        raise DataError(message, _HINT) from error


def _loaded(what: str, load: Callable[[], Any]) -> Any:
    try:
        return load()
    except ValueError as error:
        if "allow_pickle" in str(error) or "Python objects" in str(error):
            raise DataError(f"{what} holds Python objects.", _NO_OBJECTS) from error
        raise


def _archive(path: Path, archive: Any, options: ReadOptions) -> _Source:
    names = tuple(archive.files)
    if not names:
        raise DataError(f"{path.name} holds no array.", _HINT)
    arrays: dict[str, AnyArray] = {}

    def array(name: str) -> AnyArray:
        if name not in arrays:
            arrays[name] = _loaded(f"{path.name}, array {name!r},", lambda: archive[name])
        return arrays[name]

    together = len(names) > 1 and _fit_together(archive, names)
    parts = ((ALL_COLUMNS,) if together else ()) + (names if len(names) > 1 else ())
    part = options.part if options.part is not None else (parts or names)[0]
    if part == ALL_COLUMNS and together:
        refuse_width(path.name, len(names))
        columns, notes = _named(path.name, {name: array(name) for name in names})
        return _Source(options, columns, notes, parts, part)
    if part not in names:
        raise DataError(f"{path.name} has no array {part!r}.", f"Its arrays are {listed(names)}.")
    return _Source(
        options, *_columns(f"{path.name}, array {part!r},", array(part), part), parts, part if parts else None
    )


def _fit_together(archive: Any, names: tuple[str, ...]) -> bool:
    """Return True when all arrays are plain, have one axis and one length, told by their headers alone."""
    headers = [_header(archive, name) for name in names]
    shapes = {shape for shape, _ in headers}
    return len(shapes) == 1 and len(headers[0][0]) == 1 and all(kind.names is None for _, kind in headers)


def _header(archive: Any, name: str) -> tuple[tuple[int, ...], "np.dtype[Any]"]:
    member = name if name in archive.zip.namelist() else f"{name}.npy"
    with archive.zip.open(member) as stream:
        version = np.lib.format.read_magic(stream)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, kind = read(stream)
    return shape, kind


def _columns(what: str, array: AnyArray, name: str = "column 1") -> tuple[Mapping[str, AnyArray], tuple[str, ...]]:
    """Return the columns of an array with one or two axes, or with fields; what was assumed."""
    if array.ndim not in {1, 2} or 0 in array.shape:
        message = f"{what} has the shape {array.shape}."
        raise DataError(message, "A table needs one or two axes, none of them empty: rows, then columns.")
    if array.dtype.names is not None:
        if array.ndim != 1:
            raise DataError(f"{what} has fields on two axes.", "Save each field as an array of its own.")
        refuse_width(what, len(array.dtype.names))
        return _named(what, {field: array[field] for field in array.dtype.names})
    if array.ndim == 1:
        return _named(what, {name: array})
    refuse_width(what, array.shape[1])
    columns, _ = _named(what, {f"column {place}": column for place, column in enumerate(array.T, 1)})
    return columns, ("no names: the columns are numbered",)


def _named(what: str, arrays: Mapping[str, AnyArray]) -> tuple[Mapping[str, AnyArray], tuple[str, ...]]:
    fitting = {name: array for name, array in arrays.items() if array.ndim == 1 and array.dtype.kind in "biufmMUS"}
    if not fitting:
        raise DataError(f"{what} holds no real numbers, dates or texts.", _HINT)
    names, notes = unique_names(list(fitting))
    unfit = [name for name in arrays if name not in fitting]
    left = (f"columns of other kinds left out: {listed(unfit)}",) if unfit else ()
    return dict(zip(names, fitting.values(), strict=True)), (*notes, *left)


def _typed(name: str, cells: AnyArray, options: ReadOptions) -> TypedColumn:
    kind = cells.dtype.kind
    if kind == "M":
        moments = cells.astype("datetime64[us]")
        return TypedColumn(column_of_dates(name, moments, np.isnat(moments), {}, options.kinds.get(name)))
    if kind == "m":
        found = column_of_numbers(name, cells / np.timedelta64(1, "s"), options)
        return replace(found, remarks=(IN_SECONDS,))
    if kind in "US":
        texts = (cell.decode("utf-8", "replace") if isinstance(cell, bytes) else cell for cell in cells.tolist())
        return column_of_texts(name, map(text_of, texts), options)
    values = cells.astype(np.float64)
    found = column_of_numbers(name, values, options, ColumnKind.BOOLEAN if kind == "b" else ColumnKind.NUMBER)
    return replace(found, remarks=(ROUNDED,)) if kind in "iu" and are_rounded(cells) else found
