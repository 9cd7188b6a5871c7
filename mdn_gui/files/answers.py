"""What the child process sends back: lines of JSON followed by raw numbers, believed only after a check."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from io import BufferedIOBase
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.columns import Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import LeftOut
from mdn_gui.core.table import Table
from mdn_gui.files.options import Preview, ReadOptions

_LONGEST_LINE = 64 * 1024**2
_TEXTS_A_LINE = 1000
"""Few enough that one line does not hold up the other threads of the window."""
_BLOCK = 4 * 1024**2
_SMALL = ("form", "parts", "all_columns", "doubts", "num_rows", "rows_estimate", "bytes_needed")


class NonsenseError(Exception):
    """An answer is not what a reader sends."""


def options_as_json(options: ReadOptions) -> dict[str, Any]:
    """Return options as JSON values."""
    kinds = {name: kind.value for name, kind in options.kinds.items()}
    return {**asdict(options), "kinds": kinds}


def options_from_json(values: Mapping[str, Any]) -> ReadOptions:
    """Return the options that were made JSON values."""
    kinds = {name: ColumnKind(kind) for name, kind in values["kinds"].items()}
    columns = None if values["columns"] is None else tuple(values["columns"])
    return ReadOptions(**{**values, "kinds": kinds, "columns": columns})


class AnswerWriter:
    """The child's end of the pipe.

    Parameters
    ----------
    stream : binary file
        Where to write.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def line(self, **values: object) -> None:
        """Send one line of JSON now."""
        self._stream.write(json.dumps(values).encode("ascii") + b"\n")
        self._stream.flush()

    def table(self, table: Table) -> None:
        """Send a table."""
        columns = [
            {
                "name": column.name,
                "kind": column.kind.value,
                "origin": column.origin,
                "levels": len(column.levels),
                "oddities": len(column.oddities),
                "has_empty": bool(column.empty.any()),
            }
            for column in table.columns
        ]
        left_out = [{"reason": group.reason, "rows": len(group.rows)} for group in table.left_out]
        header = {name: getattr(table, name) for name in ("title", "source", "inputs", "target", "notes", "num_rows")}
        self.line(table={**header, "columns": columns, "left_out": left_out})
        for column in table.columns:
            self._numbers(column.values)
            if column.empty.any():
                self._numbers(column.empty)
            self._texts(column.levels)
            self._numbers(np.array(list(column.oddities), dtype=np.int64))
            self._texts(tuple(column.oddities.values()))
        for group in table.left_out:
            self._numbers(np.array(group.rows, dtype=np.int64))
        self._stream.flush()

    def preview(self, preview: Preview) -> None:
        """Send a preview."""
        small = {name: getattr(preview, name) for name in _SMALL}
        widths = [len(row) for row in preview.cells]
        self.line(preview={**small, "options": options_as_json(preview.options), "widths": widths})
        self._texts([cell for row in preview.cells for cell in row])
        self.table(preview.table)

    def _numbers(self, array: NDArray[Any]) -> None:
        self._stream.write(np.ascontiguousarray(array).data.cast("B") if array.size else b"")

    def _texts(self, texts: Sequence[str]) -> None:
        for start in range(0, len(texts), _TEXTS_A_LINE):
            self.line(texts=list(texts[start : start + _TEXTS_A_LINE]))


class AnswerReader:
    """The parent's end of the pipe; reading lets other threads run.

    Parameters
    ----------
    stream : binary file
        Where to read.
    most_bytes : int
        An answer larger than that is nonsense.
    heard : callable
        Called without arguments whenever something has come.
    """

    def __init__(self, stream: BufferedIOBase, most_bytes: int, heard: Callable[[], None]) -> None:
        self._stream, self._left, self._heard = stream, most_bytes, heard

    def line(self) -> dict[str, Any]:
        """Return the next line.

        Raises
        ------
        EOFError
            When the child has gone.
        NonsenseError
            When it is no JSON object.
        """
        content = self._stream.readline(min(_LONGEST_LINE, self._left + 1))
        self._spend(len(content))
        if not content.endswith(b"\n"):
            if len(content) < _LONGEST_LINE:
                raise EOFError
            raise NonsenseError("a line without end")
        self._heard()
        try:
            values = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise NonsenseError("a line that is no JSON") from error
        if not isinstance(values, dict):
            raise NonsenseError("a line that is no JSON object")
        return values

    def table(self, header: Mapping[str, Any]) -> Table:
        """Return the table that follows its header.

        Raises
        ------
        EOFError
            When the child has gone.
        NonsenseError, KeyError, TypeError, ValueError, DataError
            When it is no table.
        """
        num_rows = _count(header["num_rows"])
        columns = tuple(self._column(outline, num_rows) for outline in header["columns"])
        left_out = tuple(self._left_out(outline, num_rows) for outline in header["left_out"])
        return Table(
            _text(header["title"]),
            columns,
            _text(header["source"]),
            tuple(map(_text, header["inputs"])),
            _text(header["target"]),
            tuple(map(_text, header["notes"])),
            left_out,
        )

    def preview(self, path: Path, header: Mapping[str, Any]) -> Preview:
        """Return the preview that follows its header; raises as :meth:`table`."""
        widths = [_count(width) for width in header["widths"]]
        texts = iter(self._texts(sum(widths)))
        cells = tuple(tuple(next(texts) for _ in range(width)) for width in widths)
        table = self.table(self.line()["table"])
        return Preview(
            path=path,
            form=_text(header["form"]),
            options=options_from_json(header["options"]),
            table=table,
            cells=cells,
            parts=tuple(map(_text, header["parts"])),
            all_columns=tuple(map(_text, header["all_columns"])),
            doubts=tuple(map(_text, header["doubts"])),
            num_rows=None if header["num_rows"] is None else _count(header["num_rows"]),
            rows_estimate=_count(header["rows_estimate"]),
            bytes_needed=_count(header["bytes_needed"]),
        )

    def _column(self, outline: Mapping[str, Any], num_rows: int) -> Column:
        values: NDArray[np.float64] = self._numbers(num_rows, np.float64)
        empty = np.zeros(num_rows, dtype=np.bool_)
        if outline["has_empty"]:
            empty = self._numbers(num_rows, np.uint8) != 0
        levels = tuple(self._texts(_count(outline["levels"])))
        num_oddities = _count(outline["oddities"])
        odd_rows = self._rows(num_oddities, 0, num_rows - 1)
        oddities = dict(zip(odd_rows, self._texts(num_oddities), strict=True))
        origin, kind = _text(outline["origin"]), ColumnKind(outline["kind"])
        if kind.is_date:
            datetime.fromisoformat(origin)
        if levels or not kind.is_numeric:
            given = values[~np.isnan(values)]
            if not ((given >= 0) & (given < len(levels)) & (given == np.floor(given))).all():
                raise NonsenseError("a level that is not there")
        return Column(_text(outline["name"]), values, empty, kind, levels, origin, oddities)

    def _left_out(self, outline: Mapping[str, Any], num_rows: int) -> LeftOut:
        return LeftOut(_text(outline["reason"]), tuple(self._rows(_count(outline["rows"]), 1, num_rows)))

    def _rows(self, count: int, least: int, most: int) -> list[int]:
        rows = self._numbers(count, np.int64)
        if count and not least <= rows.min() <= rows.max() <= most:
            raise NonsenseError("a row that is not there")
        found: list[int] = rows.tolist()
        return found

    def _numbers(self, count: int, kind: Any) -> NDArray[Any]:
        size = count * np.dtype(kind).itemsize
        self._spend(size)
        array = np.empty(count, dtype=kind)
        view = array.data.cast("B") if count else memoryview(b"")
        at = 0
        while at < size:
            got = self._stream.readinto(view[at : at + _BLOCK])
            if not got:
                raise EOFError
            at += got
            self._heard()
        return array

    def _texts(self, count: int) -> Iterable[str]:
        left = count
        while left > 0:
            texts = self.line()["texts"]
            if not texts or len(texts) > left:
                raise NonsenseError("too many texts")
            left -= len(texts)
            yield from map(_text, texts)

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise NonsenseError("an answer that is too large")


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise NonsenseError("a number out of range")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NonsenseError("a text that is none")
    return value
