"""Files as bounded streams of bytes, whatever they are packed with."""

import bz2
import enum
import gzip
import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from mdn_gui.errors import DataError
from mdn_gui.files.faults import opening

LARGEST_UNPACKED = 64 << 30
"""Bytes that a packed file may unpack to."""
LARGEST_RATIO = 200
"""Times that a packed file may grow once it is larger than :data:`LARGEST_UNSUSPECTED`."""
LARGEST_UNSUSPECTED = 1 << 30
"""Bytes that a packed file may unpack to however small it is."""

_LARGEST_READ = 1 << 20
"""Bytes taken from a packed file at once; the list of members of a ZIP archive must fit, it is read in one piece."""
_MOST_XZ_MEMORY = 128 << 20
_DAMAGES = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError)


class Packing(enum.Enum):
    """How the bytes of a file are packed, told by its first bytes."""

    PLAIN = "plain"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZIP = "ZIP"
    """Archives, Excel workbooks too."""


_MARKS = {
    b"\x1f\x8b": Packing.GZIP,
    b"\xfd7zXZ\0": Packing.XZ,
    b"PK\x03\x04": Packing.ZIP,
    b"PK\x05\x06": Packing.ZIP,
}
_BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")


class ByteStream:
    """The bytes of a file, unpacked on the way, never more than the limits.

    Parameters
    ----------
    name : str
        Of the file, for messages.
    packed : file
        Where the bytes come from; its place tells how much is done.
    unpacked : file
        The same, unpacked; ``packed`` itself for plain files.
    """

    def __init__(self, name: str, packed: "_PackedFile", unpacked: "_Readable") -> None:
        self._name = name
        self._packed = packed
        self._unpacked = unpacked
        self._ahead = b""
        self._taken = 0

    @property
    def fraction(self) -> float:
        """How much of the file on disk has been read, 0 to 1."""
        return min(1.0, self._packed.tell() / max(self._packed.size, 1))

    def peek(self, size: int) -> bytes:
        """Return the next ``size`` bytes, fewer at the end of the file, and keep them for :meth:`read`.

        Raises
        ------
        DataError
            As :meth:`read`.
        """
        pieces = [self._ahead]
        missing = size - len(self._ahead)
        while missing > 0 and (piece := self._unpack(missing)):
            pieces.append(piece)
            missing -= len(piece)
        self._ahead = b"".join(pieces)
        return self._ahead[:size]

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes, none at the end of the file.

        Raises
        ------
        DataError
            When the file is damaged, cut off, larger than a packed file may be, or withheld by the system.
        """
        if self._ahead:
            piece, self._ahead = self._ahead[:size], self._ahead[size:]
            return piece
        return self._unpack(size)

    def _unpack(self, size: int) -> bytes:
        try:
            piece = self._unpacked.read(min(size, _LARGEST_READ))
        except _DAMAGES as error:
            raise _damaged(self._name, error, self._taken) from None
        except OSError as error:
            if error.errno is None:  # so bz2 reports damage
                raise _damaged(self._name, error, self._taken) from None
            raise DataError(f"{self._name} cannot be read: {error}.", "Check the disk and the connection.") from error
        self._taken += len(piece)
        if self._unpacked is not self._packed:
            self._refuse_bomb()
        return piece

    def _refuse_bomb(self) -> None:
        swollen = self._taken > LARGEST_UNSUSPECTED and self._taken > LARGEST_RATIO * self._packed.size
        if swollen or self._taken > LARGEST_UNPACKED:
            message = f"{self._name}: {self._packed.size:,} bytes unpack to more than {self._taken - 1:,}."
            raise DataError(message, "If this is wanted, unpack the file, then open what comes out.")


class _PackedFile(io.FileIO):
    """A file on disk that is never read in large pieces."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.size = os.fstat(self.fileno()).st_size

    def read(self, size: int | None = -1, /) -> bytes:
        """Return up to ``size`` bytes.

        Raises
        ------
        zipfile.BadZipFile
            When more is wanted than any sound archive needs.
        """
        wanted = _LARGEST_READ + 1 if size is None or size < 0 else size
        piece = super().read(min(wanted, _LARGEST_READ + 1)) or b""
        if len(piece) > _LARGEST_READ:
            raise zipfile.BadZipFile("its list of members is too long")
        return piece


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Xz:
    """Unpacks xz within a bound on memory, which the standard file object does not have."""

    def __init__(self, packed: _PackedFile) -> None:
        self._packed = packed
        self._unpacker: lzma.LZMADecompressor | None = None
        self._rest = b""

    def read(self, size: int) -> bytes:
        while True:
            if self._unpacker is None:
                self._rest = (self._rest or self._packed.read(_LARGEST_READ)).lstrip(b"\0")
                if not self._rest:
                    return b""
                self._unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_XZ_MEMORY)
            if not self._rest and self._unpacker.needs_input:
                self._rest = self._packed.read(_LARGEST_READ)
                if not self._rest:
                    raise EOFError("the end is missing")
            piece = self._unpacker.decompress(self._rest, size)
            self._rest = b""
            if self._unpacker.eof:
                self._rest, self._unpacker = self._unpacker.unused_data, None
            if piece:
                return piece


def packing_of(path: Path) -> Packing:
    """Return how a file is packed, by its first bytes.

    Raises
    ------
    DataError
        When it is no regular file or cannot be read.
    """
    with _opened(path) as packed:
        return _packing(packed)


def members_of(path: Path) -> tuple[str, ...]:
    """Return the names of the files in a ZIP archive, without folders or what a Mac adds.

    Raises
    ------
    DataError
        When it is no sound archive or cannot be read.
    """
    with _opened(path) as packed:
        return tuple(_members(_archive(packed, path.name)))


@contextmanager
def open_bytes(path: Path, part: str | None = None) -> Iterator[ByteStream]:
    """Open a file, plain or packed with gzip, bzip2, xz or ZIP, as one stream.

    Parameters
    ----------
    path : Path
        The file.
    part : str, optional
        Which member of a ZIP archive; needed when there are several.

    Raises
    ------
    DataError
        When the file cannot be opened, is damaged, or the member is not there or encrypted.
    """
    with _opened(path) as packed:
        packing = _packing(packed)
        if part is not None and packing is not Packing.ZIP:
            raise DataError(f"{path.name} has no parts, so no {part!r}.", "Choose no part.")
        try:
            unpacked = _unpacked(packed, packing, part, path.name)
        except _DAMAGES as error:
            raise _damaged(path.name, error, 0) from None
        yield ByteStream(path.name, packed, unpacked)


@contextmanager
def _opened(path: Path) -> Iterator[_PackedFile]:
    with opening(path):
        packed = _PackedFile(path)
    with packed:
        yield packed


def _packing(packed: _PackedFile) -> Packing:
    start = packed.read(10)
    packed.seek(0)
    for mark, packing in _MARKS.items():
        if start.startswith(mark):
            return packing
    return Packing.BZIP2 if start[:3] == b"BZh" and start[4:] in _BZIP2_BLOCKS else Packing.PLAIN


def _unpacked(packed: _PackedFile, packing: Packing, part: str | None, name: str) -> _Readable:
    if packing is Packing.GZIP:
        return io.BufferedReader(gzip.GzipFile(fileobj=packed, mode="rb"))
    if packing is Packing.BZIP2:
        return bz2.BZ2File(packed)
    if packing is Packing.XZ:
        return _Xz(packed)
    return _member(_archive(packed, name), part, name) if packing is Packing.ZIP else packed


def _archive(packed: _PackedFile, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(packed)
    except (*_DAMAGES, ValueError) as error:
        raise _damaged(name, error, 0) from None


def _members(archive: zipfile.ZipFile) -> list[str]:
    names = [each.filename for each in archive.infolist() if not each.is_dir()]
    return [name for name in names if not name.startswith("__MACOSX/")]


def _member(archive: zipfile.ZipFile, part: str | None, name: str) -> _Readable:
    names = _members(archive)
    listed = ", ".join(repr(each) for each in names[:10]) + (" and more" if len(names) > 10 else "")
    if not names:
        raise DataError(f"{name} is a ZIP archive without files.", "Choose another file.")
    if part is not None and part not in names:
        raise DataError(f"{name} has no member {part!r}.", f"Its members are {listed}.")
    if part is None and len(names) > 1:
        raise DataError(f"{name} holds {len(names):,} files.", f"Choose one of {listed}, or unpack it.")
    info = archive.getinfo(part if part is not None else names[0])
    if info.flag_bits & 1:
        raise DataError(f"{name}: {info.filename!r} is encrypted.", "Unpack it with its password, then open the file.")
    return archive.open(info)


def _damaged(name: str, error: Exception, taken: int) -> DataError:
    message = f"{name} is damaged or cut off after {taken:,} unpacked bytes ({error})."
    return DataError(message, "Get the file again; if it still fails, unpack it with another program.")
