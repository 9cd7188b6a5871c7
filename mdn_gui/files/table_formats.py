"""The formats in which a table leaves the program: rows that come in blocks to the bytes of a file."""

import io
import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from mdn_gui.files.names import unique_names
from mdn_gui.files.saving import SaveError, checked_destination, replace_file
from mdn_gui.files.tables import Block, Outline, write_blocks

if TYPE_CHECKING:
    from os import PathLike

    from mdn_gui.files.tables import Column

Write = Callable[[BinaryIO, Outline, Iterable[Block]], None]
"""Writes every block of rows to a stream; raises SaveError where the format cannot hold them."""

_OTHER_FORMAT = "Save it as Parquet or CSV instead, which have no such limit."


@dataclass(frozen=True)
class TableFormat:
    """One kind of file.

    Parameters
    ----------
    name : str
        What it is called, such as "Excel workbook".
    ending : str
        By which it is known, such as ".xlsx".
    write : callable
        What writes it.
    most_rows, most_columns : float
        What it can hold below the header; infinite without a limit.
    """

    name: str
    ending: str
    write: Write
    most_rows: float = math.inf
    most_columns: float = math.inf

    @property
    def is_text(self) -> bool:
        """Whether it is text in which every cell is words."""
        return self.ending in {".csv", ".tsv"}

    def refuse(self, path: Path, num_rows: int | None, num_columns: int) -> None:
        """Refuse a table that the format cannot hold.

        Raises
        ------
        SaveError
            When it has too many rows, where their number is known, or too many columns.
        """
        too_many = (
            f"{num_rows:,} rows" if num_rows is not None and num_rows > self.most_rows else "",
            f"{num_columns:,} columns" if num_columns > self.most_columns else "",
        )
        for what, most in zip(too_many, (self.most_rows, self.most_columns), strict=True):
            if what:
                message = f"{path.name} was not saved: {what} are more than the {most:,} of a {self.name}."
                raise SaveError(message, _OTHER_FORMAT)


def _write_text(delimiter: str, stream: BinaryIO, outline: Outline, blocks: Iterable[Block]) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
    write_blocks(text, outline, blocks, delimiter)
    text.flush()
    text.detach()


def _write_csv(stream: BinaryIO, outline: Outline, blocks: Iterable[Block]) -> None:
    _write_text(",", stream, outline, blocks)


def _write_tsv(stream: BinaryIO, outline: Outline, blocks: Iterable[Block]) -> None:
    _write_text("\t", stream, outline, blocks)


def _write_workbook(stream: BinaryIO, outline: Outline, blocks: Iterable[Block]) -> None:
    from mdn_gui.files.workbook_writer import write_workbook  # a start need not wait for it

    write_workbook(stream, outline, blocks)


def _write_parquet(stream: BinaryIO, outline: Outline, blocks: Iterable[Block]) -> None:
    from mdn_gui.files.parquet_writer import write_parquet

    write_parquet(stream, outline, blocks)


def _write_json(stream: BinaryIO, outline: Outline, blocks: Iterable[Block]) -> None:
    """Write ``{"comments": [...], "rows": [{...}, ...]}``.

    A number that is NaN becomes null; an infinite one, which JSON does not have, the text "inf" or "-inf".
    """
    start = f'{{"comments": {_as_json(list(outline.comments))},\n"rows": ['
    stream.write(_bytes(start))
    mark = "\n"
    for records in map(_Records(outline.names).of, blocks):
        if records:
            stream.write(_bytes(mark + ",\n".join(records)))
            mark = ",\n"
    stream.write(b"\n]}\n")


def _write_json_lines(stream: BinaryIO, outline: Outline, blocks: Iterable[Block]) -> None:
    """Write one object a line, without the comments; numbers as :func:`_write_json`."""
    for records in map(_Records(outline.names).of, blocks):
        stream.write(_bytes("".join(f"{record}\n" for record in records)))


class _Records:
    """Makes blocks of rows JSON objects."""

    def __init__(self, names: Sequence[str]) -> None:
        self._keys = [f"{_as_json(name)}: " for name in unique_names(names)[0]]

    def of(self, block: Block) -> list[str]:
        """Return a JSON object for each row."""
        cells = [_with_key(key, column) for key, column in zip(self._keys, block, strict=True)]
        return ["{" + ", ".join(row) + "}" for row in zip(*cells, strict=True)]


def _with_key(key: str, column: "Column") -> Iterator[str]:
    if isinstance(column, tuple):
        return (key + _as_json(text) for text in column)
    return (key + _number(value) for value in column.tolist())


def _number(value: float) -> str:
    if math.isfinite(value):
        return repr(value)
    return "null" if math.isnan(value) else f'"{value}"'


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


CSV = TableFormat("CSV file", ".csv", _write_csv)
FORMATS = (
    CSV,
    TableFormat("TSV file", ".tsv", _write_tsv),
    TableFormat("Excel workbook", ".xlsx", _write_workbook, 1_048_575, 16_384),
    TableFormat("Parquet file", ".parquet", _write_parquet),
    TableFormat("JSON file", ".json", _write_json),
    TableFormat("JSON lines file", ".jsonl", _write_json_lines),
)
"""Every format, in the order in which they are offered."""
_BY_ENDING = {each.ending: each for each in FORMATS} | {".tab": FORMATS[1], ".ndjson": FORMATS[5]}


def format_of(path: "str | PathLike[str]") -> TableFormat:
    """Return the format that the ending of a path tells; CSV for endings that tell none."""
    return _BY_ENDING.get(Path(path).suffix.lower(), CSV)


def save_blocks(path: "str | PathLike[str]", outline: Outline, blocks: Iterable[Block]) -> None:
    """Write rows that come in blocks to a file, whole or not at all, in the format that its ending tells.

    Parameters
    ----------
    path : path
        Where the file belongs.
    outline : Outline
        What is known of the table before its rows.
    blocks : iterable of Block
        The rows, as many at a time as memory allows; what it raises leaves an earlier file unchanged.

    Raises
    ------
    SaveError
        When the file cannot be written, or its format cannot hold so many rows or columns; an earlier file of that
        name is then unchanged.
    """
    path = Path(path)
    chosen = format_of(path)
    checked_destination(path)
    chosen.refuse(path, outline.num_rows, len(outline.names))

    def counted() -> Iterator[Block]:
        num_rows = 0
        for block in blocks:
            num_rows += len(block[0]) if block else 0
            chosen.refuse(path, num_rows, len(outline.names))
            yield block

    replace_file(path, lambda stream: chosen.write(stream, outline, counted()))
