"""A table as members of an archive: raw columns, with what is said of them."""

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np

from mdn_gui.core.columns import MOST_LEVELS, MOST_ODDITIES, Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import LeftOut
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files.projects.archive import Member, array_bytes, check_sums, numbers_of
from mdn_gui.files.projects.descriptions import MOST_ROWS, checked_origin
from mdn_gui.files.projects.refusal import RefusedError
from mdn_gui.files.projects.section import Content, Section, json_bytes, parsed_json
from mdn_gui.files.projects.texts import TextReader, packed_texts, whole_numbers

LARGEST_DESCRIPTION = 2 * 1024**2
"""Bytes of what is said of a table."""
DESCRIPTION = "table.json"

_VALUES, _EMPTY = "values.f64", "empty.bits"
_TEXTS, _LENGTHS, _PLACES = "texts.utf8", "lengths.u32", "places.i64"
_MOST_COLUMNS = 100_000
_MOST_NOTES = 10_000
_BLOCK = 2**20
"""Rows that are checked together, so that a large table is not copied for it."""
_TOGETHER = 4096
"""Row numbers made Python's own in one go."""


def table_members(table: Table, folder: str) -> list[Member]:
    """Return a table as members of a folder, what is said of it first; that holds the sums of the others.

    Raises
    ------
    RefusedError
        When the description is too long.
    """
    columns, left_out = table.columns, table.left_out
    texts = chain.from_iterable(each for column in columns for each in (column.levels, column.oddities.values()))
    content, lengths = packed_texts(texts)
    rows = [*(tuple(column.oddities) for column in columns), *(group.rows for group in left_out)]
    parts: dict[str, Sequence[bytes | memoryview]] = {
        _VALUES: [array_bytes(column.values, "<f8") for column in columns],
        _EMPTY: [array_bytes(np.packbits(column.empty), "u1") for column in columns],
        _TEXTS: content,
        _LENGTHS: lengths,
        _PLACES: [part for numbers in rows for part in whole_numbers(numbers)],
    }
    members = [Member(folder + name, tuple(each)) for name, each in parts.items()]
    said = {
        "title": table.title,
        "source": table.source,
        "inputs": list(table.inputs),
        "target": table.target,
        "notes": list(table.notes),
        "num_rows": table.num_rows,
        "columns": [_said(column) for column in columns],
        "left_out": [{"reason": group.reason, "rows": len(group.rows)} for group in left_out],
        "sha256": {member.name.removeprefix(folder): member.sha256 for member in members},
    }
    return [Member(folder + DESCRIPTION, (json_bytes(said, LARGEST_DESCRIPTION),)), *members]


def _said(column: Column) -> Content:
    """Return what is said of a column, which for most is its name."""
    content: Content = {"name": column.name, "kind": column.kind.value}
    if column.origin:
        content["origin"] = column.origin
    if column.levels:
        content["levels"] = len(column.levels)
    if column.oddities:
        content["oddities"] = len(column.oddities)
    return content


def table_of(members: Mapping[str, memoryview]) -> Table:
    """Return the table whose members are in its folder.

    Parameters
    ----------
    members : mapping of str to memoryview
        The members of its folder, by their names there; the sum of what is said of it is right.

    Raises
    ------
    RefusedError
        When one is missing, foreign, or not as it should be.
    """
    if set(members) != {DESCRIPTION, _VALUES, _EMPTY, _TEXTS, _LENGTHS, _PLACES}:
        raise RefusedError(f"it holds {', '.join(sorted(members)) or 'nothing'} of a table")
    root = parsed_json(members[DESCRIPTION], DESCRIPTION, LARGEST_DESCRIPTION)
    check_sums(
        {name: each for name, each in members.items() if name != DESCRIPTION}, root.section("sha256").all_texts()
    )
    columns = root.sections("columns", _MOST_COLUMNS)
    if not columns:
        raise RefusedError("its table has no column")
    reader = _TableReader(members, len(columns), root.whole("num_rows", 0, MOST_ROWS))
    try:
        table = Table(
            title=root.text("title"),
            columns=tuple(reader.column(section, place) for place, section in enumerate(columns)),
            source=root.text("source"),
            inputs=root.texts("inputs", _MOST_COLUMNS),
            target=root.text("target"),
            notes=_notes(root),
            left_out=tuple(reader.left_out(section) for section in root.sections("left_out", _MOST_COLUMNS)),
        )
    except DataError as error:
        raise RefusedError(error.message.rstrip(".")) from error
    reader.check_finished()
    return table


def _notes(root: Section) -> tuple[str, ...]:
    values = root.values.get("notes")
    if not isinstance(values, list) or len(values) > _MOST_NOTES or not all(isinstance(each, str) for each in values):
        raise RefusedError(f"{root.name}.notes is not a list of texts")
    return tuple(values)


def _check_numbers_of_levels(values: np.ndarray, count: int) -> None:
    """Refuse values that are neither NaN nor the number of one of ``count`` levels."""
    for begin in range(0, len(values), _BLOCK):
        some = values[begin : begin + _BLOCK]
        with np.errstate(invalid="ignore"):
            fits = np.isnan(some) | ((some >= 0) & (some < count) & (np.floor(some) == some))
        if not fits.all():
            raise RefusedError("a cell has a text that is not there")


class _TableReader:
    """Takes columns, then rows left out, from the members of a table, in their order."""

    def __init__(self, members: Mapping[str, memoryview], num_columns: int, num_rows: int) -> None:
        values = numbers_of(members[_VALUES], "<f8", num_columns * num_rows, _VALUES)
        empty = numbers_of(members[_EMPTY], "u1", num_columns * -(-num_rows // 8), _EMPTY)
        self._num_rows = num_rows
        self._values = values.reshape(num_columns, num_rows)
        self._empty = empty.reshape(num_columns, -(-num_rows // 8))
        lengths = numbers_of(members[_LENGTHS], "<u4", len(members[_LENGTHS]) // 4, _LENGTHS)
        self._texts = TextReader(members[_TEXTS], lengths)
        self._places = numbers_of(members[_PLACES], "<i8", len(members[_PLACES]) // 8, _PLACES)
        self._taken = 0

    def column(self, section: Section, place: int) -> Column:
        kind = ColumnKind(section.choice("kind", tuple(kind.value for kind in ColumnKind)))
        origin = section.text("origin") if "origin" in section.values else ""
        levels = self._levels(section, kind, self._values[place])
        count = section.whole("oddities", 1, MOST_ODDITIES) if "oddities" in section.values else 0
        rows = self._rows(count, least=0)
        oddities = dict(zip(rows, self._texts.take(count), strict=True))
        if len(oddities) < count:
            raise RefusedError("a cell that was not understood is given twice")
        return Column(
            section.text("name"),
            self._values[place],
            np.unpackbits(self._empty[place], count=self._num_rows).view(np.bool_),
            kind,
            levels,
            checked_origin(origin, kind, "a column"),
            oddities,
        )

    def _levels(self, section: Section, kind: ColumnKind, values: np.ndarray) -> tuple[str, ...]:
        """Return the texts that the values of a column count; each value has one, or is NaN."""
        most = MOST_LEVELS if kind is ColumnKind.CATEGORY else max(self._num_rows, 1)
        count = section.whole("levels", 1, most) if "levels" in section.values else 0
        if count or not kind.is_numeric:
            _check_numbers_of_levels(values, count)
        return self._texts.take(count)

    def left_out(self, section: Section) -> LeftOut:
        return LeftOut(section.text("reason"), self._rows(section.whole("rows", 0, MOST_ROWS), least=1))

    def _rows(self, count: int, *, least: int) -> tuple[int, ...]:
        """Return the next numbers of rows, counted from ``least``."""
        rows = self._places[self._taken : self._taken + count]
        if len(rows) < count:
            raise RefusedError("it holds fewer numbers of rows than are needed")
        self._taken += count
        if count and not (least <= rows.min() and rows.max() < self._num_rows + least):
            raise RefusedError("it names a row that the table does not have")
        blocks = (rows[begin : begin + _TOGETHER].tolist() for begin in range(0, count, _TOGETHER))
        return tuple(chain.from_iterable(blocks))

    def check_finished(self) -> None:
        """Refuse texts or numbers of rows that nothing asked for."""
        if self._taken < len(self._places) or self._texts.left:
            raise RefusedError("it holds texts or numbers of rows that belong to no column")
