"""Tables of known values, written in every dialect."""

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

Value = float | str | bool | datetime | None


@dataclass(frozen=True)
class Written:
    """How a table is written."""

    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    thousands: str = ""
    has_header: bool = True
    packing: str = ""


def write_dialect(columns: Sequence[Sequence[Value]], names: Sequence[str], how: Written) -> bytes:
    rows = [[_cell(value, how) for value in row] for row in zip(*columns, strict=True)]
    if how.has_header:
        rows.insert(0, [_quoted(name) for name in names])
    text = "".join(how.delimiter.join(row) + "\n" for row in rows)
    mark = "\ufeff" if how.encoding in {"utf-16-le", "utf-16-be"} else ""
    return packed((mark + text).encode(how.encoding), how.packing)


def packed(content: bytes, packing: str) -> bytes:
    if packing == ".zip":
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("table.csv", content)
        return stream.getvalue()
    return {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, "": bytes}[packing](content)


def _cell(value: Value, how: Written) -> str:
    if value is None:
        return "NA"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        text = _number(repr(value), how)
        return _quoted(text) if how.delimiter in text or not text.isascii() else text
    return _quoted(str(value))


def _number(text: str, how: Written) -> str:
    figures = text.lstrip("-")
    whole, point, rest = figures.partition(".")
    if how.thousands and whole.isdecimal():
        first = len(whole) % 3
        groups = [whole[:first]] if first else []
        whole = how.thousands.join([*groups, *(whole[at : at + 3] for at in range(first, len(whole), 3))])
    return "-" * (len(text) - len(figures)) + whole + point.replace(".", how.decimal) + rest


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
