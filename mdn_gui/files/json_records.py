"""JSON records to tables; runs in the child process that reads files."""

import codecs
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files.names import listed, refuse_width, unique_names
from mdn_gui.files.options import PREVIEW_ROWS, Preview, ReadOptions, Unwatched, Watch
from mdn_gui.files.sampling import Reservoir, drawn_rows
from mdn_gui.files.values import TypedColumn, column_of_values, table_of, texts_of_rows

FORM = "JSON records"

_BYTES_FOR_EACH = 12
"""Memory that a byte of JSON takes while it is read, about."""
_LINE_SUFFIXES = frozenset({".jsonl", ".ndjson"})
_REPORT_LINES = 2000
_LONGEST_WHOLE = 400
_LONGEST_LINE = 16 * 1024**2
_HINT = "Save it as a list of objects, one for each row, or as CSV (UTF-8)."


def preview_records(path: Path, options: ReadOptions) -> Preview:
    """Return the first rows of JSON records.

    Raises
    ------
    DataError
        When the file is no JSON or holds no records.
    """
    with _understood(path):
        records = _records(path, options, PREVIEW_ROWS, Unwatched())
        typed = records.typed(options)
    size = path.stat().st_size
    return Preview(
        path=path,
        form=FORM,
        options=replace(options, part=records.part),
        table=table_of(path, typed, records.notes),
        cells=texts_of_rows(zip(*records.columns.values(), strict=True)),
        parts=records.parts,
        num_rows=records.num_rows,
        rows_estimate=records.num_rows or records.estimate(size),
        bytes_needed=_BYTES_FOR_EACH * size,
    )


def read_records(path: Path, options: ReadOptions, watch: Watch) -> Table:
    """Return the table in JSON records.

    Raises
    ------
    DataError
        When the file is no JSON or holds no records.
    """
    with _understood(path):
        records = _records(path, options, None, watch)
        return table_of(path, records.typed(options), records.notes)


@dataclass(frozen=True, eq=False)
class _Records:
    """The cells of the records, column by column."""

    columns: Mapping[str, Sequence[object]]
    notes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    part: str | None = None
    num_rows: int | None = None
    bytes_read: int = 0

    def typed(self, options: ReadOptions) -> list[TypedColumn]:
        return [column_of_values(name, values, options) for name, values in self.columns.items()]

    def estimate(self, size: int) -> int:
        rows = len(next(iter(self.columns.values())))
        return rows * size // max(self.bytes_read, 1)


@contextmanager
def _understood(path: Path) -> Iterator[None]:
    """Turn what goes wrong with the file inside the block into a DataError."""
    try:
        yield
    except json.JSONDecodeError as error:
        message = f"{path.name} is no JSON: {error.msg}, line {error.lineno:,}, column {error.colno:,}."
        raise DataError(message, _HINT) from error
    except UnicodeDecodeError as error:
        message = f"{path.name}: byte {error.start:,} is not {error.encoding.upper()} text."
        raise DataError(message, "Save it as UTF-8, then open it again.") from error
    except RecursionError as error:
        raise DataError(f"{path.name} is nested too deeply.", _HINT) from error
    except (OSError, ValueError) as error:
        raise DataError(f"{path.name} cannot be read: {str(error)[:200]}.", _HINT) from error


def _records(path: Path, options: ReadOptions, most: int | None, watch: Watch) -> _Records:
    if _has_lines(path):
        return _from_lines(path, options, most, watch)
    content = path.read_bytes()
    watch.report(0.2)
    root = _parsed(content.removeprefix(codecs.BOM_UTF8))
    watch.report(0.7)
    parts, part, found = _part(path, root, options.part)
    notes: tuple[str, ...] = ()
    if isinstance(found, dict):
        lists, notes = _lists(path, found)
    else:
        lists = _by_column(path, found)
    num_rows = len(next(iter(lists.values())))
    drawn = None if most is not None else drawn_rows(num_rows, options.sample, options.seed)
    if drawn is not None:
        places = drawn.tolist()
        lists = {name: [values[place] for place in places] for name, values in lists.items()}
    lists, more_notes = _named({name: values[:most] for name, values in lists.items()})
    return _Records(lists, (*notes, *more_notes), parts, part, num_rows)


def _parsed(content: bytes) -> object:
    value: object = json.loads(content, parse_int=_whole)
    return value


def _whole(text: str) -> float:
    """Return a whole number; one that no float64 could hold as an infinite one."""
    return int(text) if len(text) <= _LONGEST_WHOLE else float(text)


def _part(path: Path, root: object, wanted: str | None) -> tuple[tuple[str, ...], str | None, Any]:
    """Return the lists of objects to choose from, which is taken, its content; or an object of lists."""
    if isinstance(root, list):
        return (), None, root
    if not isinstance(root, dict):
        raise DataError(f"{path.name} holds one value, not records.", _HINT)
    lists = tuple(
        key for key, value in root.items() if isinstance(value, list) and value and isinstance(value[0], dict)
    )
    part = lists[0] if wanted is None and lists else wanted
    if part is not None and part not in lists:
        raise DataError(f"{path.name} has no list of objects {part!r}.", f"It has: {listed(lists) or 'none'}.")
    return (lists if len(lists) > 1 else ()), part, root if part is None else root[part]


def _lists(path: Path, root: dict[str, Any]) -> tuple[Mapping[str, Sequence[object]], tuple[str, ...]]:
    """Return an object of lists, or of objects with the same keys, as columns."""
    keys = next((tuple(value) for value in root.values() if isinstance(value, dict)), None)
    lists = {name: value for name, value in root.items() if isinstance(value, list)}
    if not lists and keys is not None:
        lists = {
            name: list(each.values()) for name, each in root.items() if isinstance(each, dict) and tuple(each) == keys
        }
    lengths = {len(value) for value in lists.values()}
    if len(lengths) != 1 or not max(lengths):
        state = "no list of records" if not lists or lengths == {0} else "lists of different lengths"
        raise DataError(f"{path.name} holds {state}.", _HINT)
    refuse_width(path.name, len(lists))
    passed = [name for name in root if name not in lists]
    return lists, (f"values that are no lists passed over: {listed(passed)}",) if passed else ()


def _by_column(path: Path, rows: Sequence[object]) -> Mapping[str, Sequence[object]]:
    """Return a list of objects as columns; a key that an object does not have is an empty cell."""
    keys: dict[str, None] = {}
    records: list[dict[str, object]] = []
    for place, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise DataError(f"{path.name}: record {place:,} is no object.", _HINT)
        records.append(row)
        if not row.keys() <= keys.keys():
            keys.update(dict.fromkeys(row))
            refuse_width(path.name, len(keys))
    if not keys:
        raise DataError(f"{path.name} has no records with values.", _HINT)
    return {key: [record.get(key) for record in records] for key in keys}


def _named(columns: Mapping[str, Sequence[object]]) -> tuple[Mapping[str, Sequence[object]], tuple[str, ...]]:
    names, notes = unique_names(list(columns))
    return dict(zip(names, columns.values(), strict=True)), notes


def _has_lines(path: Path) -> bool:
    """Return True when the first line is a whole object with more below it, or the name says so."""
    if path.suffix.lower() in _LINE_SUFFIXES:
        return True
    with path.open("rb") as file:
        first = file.readline(_LONGEST_LINE).removeprefix(codecs.BOM_UTF8)
        if not first.endswith(b"\n") or not file.read(1):
            return False
    try:
        return isinstance(_parsed(first), dict)
    except (ValueError, RecursionError):
        return False


def _from_lines(path: Path, options: ReadOptions, most: int | None, watch: Watch) -> _Records:
    size = path.stat().st_size
    reservoir: Reservoir[object] = Reservoir(options.sample if most is None else None, options.seed)
    done = 0
    with path.open("rb") as file:
        while reservoir.seen != most and (line := file.readline(_LONGEST_LINE)):
            done += len(line)
            if line.strip():
                reservoir.offer(_record(path, line, reservoir.seen + 1, is_first=done == len(line)))
            if reservoir.seen % _REPORT_LINES == 0:
                watch.report(done / max(size, 1))
        is_whole = not file.read(1)
    columns, notes = _named(_by_column(path, reservoir.rows()))
    return _Records(columns, notes, num_rows=reservoir.seen if is_whole else None, bytes_read=done)


def _record(path: Path, line: bytes, place: int, *, is_first: bool) -> object:
    if len(line) == _LONGEST_LINE:
        message = f"{path.name}: record {place:,} is longer than {_LONGEST_LINE // 1024**2} MiB."
        raise DataError(message, _HINT)
    try:
        return _parsed(line.removeprefix(codecs.BOM_UTF8) if is_first else line)
    except json.JSONDecodeError as error:
        message = f"{path.name}: record {place:,} is no JSON ({error.msg}, column {error.colno:,})."
        raise DataError(message, "Each line must hold one object.") from error
