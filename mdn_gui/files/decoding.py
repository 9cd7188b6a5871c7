"""Bytes to blocks of whole lines."""

import codecs
import io
from collections.abc import Iterator

from mdn_gui.errors import DataError
from mdn_gui.files.streams import ByteStream

LONGEST_LINE = 16 << 20
"""Characters that a line may have; the first lines, a guess is made from, must be shorter."""
HEAD = 1 << 20
"""Bytes that a guess is made from."""

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""The longer marks come first: the UTF-16 mark begins the UTF-32 one."""
_ZEROS = {"x000": "utf-32-le", "000x": "utf-32-be", "x0x0": "utf-16-le", "0x0x": "utf-16-be"}
"""Which of four bytes are zero in plain letters."""
_BLOCK = 1 << 20
_KNOWN_BINARIES = {
    b"PAR1": "a Parquet file",
    b"\x93NUMPY": "a NumPy array",
    b"\x89HDF": "an HDF5 file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF-": "a PDF document",
}


class _Decoder:
    """Decodes bytes piece by piece, line ends of every kind as one; knows where it is."""

    def __init__(self, name: str, encoding: str) -> None:
        self._name = name
        self._encoding = encoding
        try:
            "a".encode(encoding)  # refuses encodings that are not for text
            self._decoder = codecs.getincrementaldecoder(encoding)()
        except (LookupError, ValueError):
            hint = "Choose utf-8, utf-16, cp1252 or another encoding."
            raise DataError(f"{name}: there is no text encoding {encoding!r}.", hint) from None
        self._ends = io.IncrementalNewlineDecoder(None, translate=True)
        self._bytes = 0
        self.lines = 0

    def decode(self, piece: bytes, *, is_last: bool) -> str:
        kept = self._decoder.getstate()[0]
        try:
            text = self._decoder.decode(piece, is_last)
        except UnicodeDecodeError as error:
            raise self._not_text(error, self._bytes - len(kept)) from None
        except UnicodeError as error:
            raise DataError(f"{self._name} is not {self._encoding} text ({error}).", "Choose its encoding.") from None
        if "\0" in text:
            place = self._bytes - len(kept) + len(text[: text.index("\0")].encode(self._encoding, "replace"))
            message = f"{self._name} is not text: byte {place} is 0."
            raise DataError(message, "Export the table as CSV (UTF-8), or choose the encoding of the file.")
        if not self._bytes:
            text = text.removeprefix("\ufeff")
        self._bytes += len(piece)
        text = self._ends.decode(text, is_last)
        self.lines += text.count("\n")
        return text

    def _not_text(self, error: UnicodeDecodeError, start: int) -> DataError:
        line = self.lines + error.object[: error.start].decode(self._encoding, "replace").count("\n") + 1
        where = f"byte {start + error.start} (0x{error.object[error.start]:02x}, line {line})"
        message = f"{self._name}: {where} is not {self._encoding.upper()} text."
        hint = "Save the file as UTF-8 (in a spreadsheet: CSV UTF-8), or choose its encoding, such as cp1252."
        return DataError(message, hint)


def guessed_encoding(head: bytes) -> str | None:
    """Return the encoding that the first bytes of a text tell by a byte order mark, zeros or sound UTF-8, else None."""
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding
    if len(head) >= 8:
        zeros = [head[place : place + 4000 : 4] for place in range(4)]
        shares = [piece.count(0) / len(piece) for piece in zeros]
        found = _ZEROS.get("".join("0" if share > 0.7 else "x" for share in shares))
        if found:
            return found
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return None
    return "utf-8"


def offered_encoding(head: bytes) -> str:
    """Return what a text may be that :func:`guessed_encoding` cannot tell; only a person can say whether it is."""
    try:
        head.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def head_lines(stream: ByteStream, name: str, encoding: str) -> list[str]:
    """Return the whole lines in the first MiB of a file, and leave the stream where it is.

    Raises
    ------
    DataError
        As :func:`line_blocks`; when the first line is longer.
    """
    head = stream.peek(HEAD + 1)
    is_whole = len(head) <= HEAD
    text = _Decoder(name, encoding).decode(head[:HEAD], is_last=is_whole)
    lines = text.split("\n")
    if not is_whole and len(lines) == 1:
        raise too_long(name, 1, HEAD)
    return lines if is_whole else lines[:-1]


def line_blocks(stream: ByteStream, name: str, encoding: str) -> Iterator[list[str]]:
    """Yield the lines of a file, without their ends, in blocks of about 1 MiB; bounded in memory.

    Raises
    ------
    DataError
        When the encoding is unknown or does not fit, a character is zero, a line is too long, the file cannot be read.
    """
    decoder = _Decoder(name, encoding)
    rest = ""
    done = False
    while not done:
        piece = stream.read(_BLOCK)
        done = not piece
        text = decoder.decode(piece, is_last=done)
        if not done and "\n" not in text:
            rest += text
        else:
            *lines, rest = (rest + text).split("\n")
            yield [*lines, rest] if done else lines
        if len(rest) > LONGEST_LINE:
            raise too_long(name, decoder.lines + 1, LONGEST_LINE)


def refuse_binary(head: bytes, name: str) -> None:
    """Refuse bytes of well-known files that are no text.

    Raises
    ------
    DataError
        When they are.
    """
    for start, kind in _KNOWN_BINARIES.items():
        if head.startswith(start):
            message = f"{name} is {kind}, not delimited text."
            raise DataError(message, "Export the table as CSV (UTF-8), then open that file.")


def too_long(name: str, line: int, length: int) -> DataError:
    """Return the refusal of a line that has more bytes than it may."""
    message = f"{name}: line {line:,} is longer than {length:,} bytes."
    return DataError(message, "Check that each row ends with a line end, and which encoding the file has.")
