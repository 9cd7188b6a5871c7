"""Excel workbooks to tables; runs in the child process that reads files."""

import math
import zipfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from mdn_gui.core.table import Table
from mdn_gui.errors import DataError, reason_of
from mdn_gui.files.cells import POINT, is_empty
from mdn_gui.files.names import listed, refuse_width, unique_names
from mdn_gui.files.options import PREVIEW_ROWS, Preview, ReadOptions, Unwatched, Watch
from mdn_gui.files.sampling import Reservoir
from mdn_gui.files.values import TypedColumn, column_of_values, table_of, text_of, texts_of_rows

FORM = "Excel workbook"
MOST_UNPACKED = 4 * 1024**3
"""Bytes that the members of a workbook may have together."""
MOST_RATIO = 250
"""Times that a large member may be longer than it is packed; real sheets stay far below."""

_LARGE = 64 * 1024**2
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_LEAD_ROWS = 20
_REPORT_ROWS = 1000
_BYTES_A_CELL = 120
_HINT = "Open it in a spreadsheet, save it again as .xlsx or as CSV (UTF-8), then open that file."
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})

Row = tuple[object, ...]


def preview_workbook(path: Path, options: ReadOptions) -> Preview:
    """Return the first rows of a sheet, with the names of all.

    Raises
    ------
    DataError
        When the workbook is damaged, is built to do harm, has no such sheet or no table in it.
    """
    with _opened(path) as book:
        sheet = _read_sheet(path, book, options, PREVIEW_ROWS, Unwatched())
        parts = tuple(book.sheets)
    typed = _typed(sheet, options, sheet.rows)
    used = replace(options, has_header=sheet.has_header, part=sheet.title)
    rows = round(len(sheet.rows) / sheet.part_read) if sheet.is_cut else len(sheet.rows)
    return Preview(
        path=path,
        form=FORM,
        options=used,
        table=table_of(path, typed, sheet.notes),
        cells=texts_of_rows([[_cell(row, place) for place in sheet.places] for row in sheet.rows]),
        parts=parts,
        doubts=sheet.doubts,
        num_rows=None if sheet.is_cut else len(sheet.rows),
        rows_estimate=rows,
        bytes_needed=_BYTES_A_CELL * rows * len(typed),
    )


def read_workbook(path: Path, options: ReadOptions, watch: Watch) -> Table:
    """Return the table in a sheet.

    Raises
    ------
    DataError
        When the workbook is damaged, is built to do harm, has no such sheet or no table in it.
    """
    with _opened(path) as book:
        sheet = _read_sheet(path, book, options, None, watch)
    return table_of(path, _typed(sheet, options, sheet.rows), sheet.notes)


@dataclass
class _Sheet:
    """The filled rows of one sheet."""

    title: str
    rows: list[Row] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    doubts: tuple[str, ...] = ()
    has_header: bool = True
    is_cut: bool = False
    part_read: float = 1.0
    """How much of the sheet the rows seen are, 0 to 1."""


@dataclass(frozen=True)
class _Book:
    """A workbook with the members of the archive that hold its sheets, by name."""

    workbook: Any
    archive: zipfile.ZipFile
    strings: Sequence[str]
    sheets: Mapping[str, str]


@contextmanager
def _opened(path: Path) -> Iterator[_Book]:
    """Open a workbook; whatever goes wrong with it inside the block becomes a DataError."""
    try:
        with path.open("rb") as file:
            yield _book(path, file)
    except (DataError, MemoryError):
        raise
    except Exception as error:  # a damaged workbook makes openpyxl raise almost anything
        raise _as_data_error(path, error) from error


def _book(path: Path, file: IO[bytes]) -> _Book:
    """Return the workbook in a file, read no further than its cells need."""
    import openpyxl
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.styles.stylesheet import apply_stylesheet

    if not openpyxl.DEFUSEDXML:
        raise DataError(f"{path.name} cannot be read safely.", "Install the package defusedxml.")
    reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
    _refuse_bomb(path, reader.archive.infolist())
    reader.read_manifest()
    reader.read_strings()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    members = frozenset(reader.valid_files)
    found = sorted(reader.parser.find_sheets(), key=lambda pair: pair[0].state != "visible")
    sheets = {
        sheet.name: link.target
        for sheet, link in found  # a hidden one is seldom meant
        if link.target in members and "chartsheet" not in link.Type
    }
    return _Book(reader.wb, reader.archive, reader.shared_strings, sheets)


def _as_data_error(path: Path, error: BaseException) -> DataError:
    chain = [error, error.__cause__, error.__context__]
    if any(type(each).__module__.startswith("defusedxml") for each in chain):
        return DataError(f"{path.name} defines XML entities, which can do harm; it was not read.", _HINT)
    return DataError(f"{path.name} is a damaged workbook ({reason_of(error)}).", _HINT)


def _refuse_bomb(path: Path, members: Sequence[zipfile.ZipInfo]) -> None:
    for member in members:
        if member.file_size > max(_LARGE, MOST_RATIO * member.compress_size):
            message = f"{path.name}: {member.filename[:100]!r} would unpack to {member.file_size / 1024**2:,.0f} MiB"
            message = f"{message}, more than {MOST_RATIO} times its size."
            raise DataError(message, _HINT)
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        message = f"{path.name} would unpack to more than {MOST_UNPACKED / 1024**3:.0f} GiB."
        raise DataError(message, "Save the sheet as CSV (UTF-8), then open that file.")


def _read_sheet(path: Path, book: _Book, options: ReadOptions, most: int | None, watch: Watch) -> _Sheet:
    """Return the sheet that the options name, otherwise the one to propose; at most so many rows."""
    if options.part is not None and options.part not in book.sheets:
        message = f"{path.name} has no sheet {options.part!r}."
        raise DataError(message, f"Its sheets are {listed(tuple(book.sheets))}.")
    title = options.part or _proposed_part(path, book, options, watch)
    if title is not None:
        sheet = _sheet(book, title, options, most, watch)
        refuse_width(f"{path.name}, sheet {title!r},", len(sheet.places))
        if sheet.rows:
            return sheet
    where = "no sheet has" if options.part is None else f"sheet {options.part!r} does not have"
    message = f"{path.name}: {where} rows below a header."
    raise DataError(message, "Choose a sheet with a header and rows of numbers.")


def _proposed_part(path: Path, book: _Book, options: ReadOptions, watch: Watch) -> str | None:
    """Return the first sheet whose first rows can be learned from, otherwise the first one with rows, if any."""
    filled = []
    for title in book.sheets:
        sheet = _sheet(book, title, options, PREVIEW_ROWS, watch)
        try:
            refuse_width(title, len(sheet.places))
            table_of(path, _typed(sheet, options, sheet.rows)).proposed_roles()
        except DataError:
            filled += [title] if sheet.rows else []
        else:
            return title
    return filled[0] if filled else None


def _sheet(book: _Book, title: str, options: ReadOptions, most: int | None, watch: Watch) -> _Sheet:
    sheet = _Sheet(title)
    rows = _filled_rows(book, sheet, watch)
    lead = list(islice(rows, _LEAD_ROWS))
    titles = _title_rows(lead)
    if titles:
        sheet.notes.append(f"title rows skipped: {titles}")
    first: Row = lead[titles] if lead else ()
    sheet.has_header = _is_header(first) if options.has_header is None else options.has_header
    if options.has_header is None and sheet.has_header and not all(each is None or type(each) is str for each in first):
        sheet.doubts = ("The first row holds texts and numbers; it was taken for the names of the columns.",)
    used = _filled_places(first)
    reservoir: Reservoir[Row] = Reservoir(options.sample if most is None else None, options.seed)
    for row in chain(lead[titles + sheet.has_header :], rows):
        if reservoir.seen == most:
            sheet.is_cut = True
            rows.close()
            break
        used |= _filled_places(row)
        reservoir.offer(row)
    sheet.rows, sheet.places = reservoir.rows(), sorted(used)
    sheet.names, notes = unique_names(
        [text_of(_cell(first, place)) if sheet.has_header else "" for place in sheet.places]
    )
    sheet.notes += notes if sheet.has_header else ["no header: the columns are numbered"]
    return sheet


def _filled_rows(book: _Book, sheet: _Sheet, watch: Watch) -> Generator[Row, None, None]:
    """Yield the rows with a cell in them, each up to its last filled cell; empty cells in between are None."""
    from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

    uncalculated = 0

    class Parser(WorkSheetParser):
        def parse_cell(self, element: Any) -> "dict[str, Any]":
            nonlocal uncalculated
            cell: dict[str, Any] = super().parse_cell(element)
            if cell["value"] is None and element.find(FORMULA_TAG) is not None:
                uncalculated += 1
            return cell

    workbook, member = book.workbook, book.sheets[sheet.title]
    size = max(book.archive.getinfo(member).file_size, 1)
    with book.archive.open(member) as source:
        parser = Parser(
            source,
            book.strings,
            data_only=True,
            epoch=workbook.epoch,
            date_formats=workbook._date_formats,
            timedelta_formats=workbook._timedelta_formats,
        )
        try:
            for number, cells in parser.parse():
                if row := _row(number, cells):
                    yield row
                if number % _REPORT_ROWS == 0:
                    watch.report(source.tell() / size)
        finally:
            sheet.part_read = max(source.tell(), 1) / size
    if uncalculated:
        sheet.notes.append(f"formulas without a stored result, read as empty: {uncalculated:,}")
    if parser.merged_cells:
        sheet.notes.append("merged cells: only the first of each holds the value")


def _title_rows(lead: Sequence[Row]) -> int:
    """Return how many rows at the top hold one text each and stand above a wider table."""
    counts = [len(_filled_places(row)) for row in lead]
    if max(counts, default=0) < 2:
        return 0
    first = next(place for place, count in enumerate(counts) if count > 1)
    return first if all(isinstance(row[-1], str) for row in lead[:first]) else 0


def _is_header(row: Row) -> bool:
    """Return True but for a row of numbers, dates, empty cells."""
    texts = [cell for cell in row if isinstance(cell, str) and not is_empty(cell)]
    return any(POINT.value(text) is None for text in texts) or not any(cell is not None for cell in row)


def _filled_places(row: Row) -> set[int]:
    return {place for place, value in enumerate(row) if value is not None}


def _cell(row: Row, place: int) -> object:
    return row[place] if place < len(row) else None


def _typed(sheet: _Sheet, options: ReadOptions, rows: Sequence[Row]) -> list[TypedColumn]:
    return [
        column_of_values(name, [_cell(row, place) for row in rows], options)
        for name, place in zip(sheet.names, sheet.places, strict=True)
    ]


def _row(number: int, cells: Sequence[dict[str, Any]]) -> Row:
    """Return the values of a row as a tuple up to the last filled cell."""
    found = {cell["column"]: cell["value"] for cell in cells if cell["value"] is not None and cell["value"] != ""}
    if not found:
        return ()
    if not 1 <= number <= _LAST_ROW or not 1 <= min(found) <= max(found) <= _LAST_COLUMN:
        raise ValueError(f"row {number:,} has a cell outside the sheet")
    return tuple(_understood(found.get(column)) for column in range(1, max(found) + 1))


def _understood(value: object) -> object:
    if isinstance(value, str) and value in _ERRORS:
        return None if value == "#N/A" else _CellError(value)
    return None if isinstance(value, float) and math.isnan(value) else value


class _CellError:
    """An error that a formula left in a cell."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text
