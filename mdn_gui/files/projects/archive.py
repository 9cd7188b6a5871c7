"""The container of a project file: a ZIP archive of stored members, read without unpacking."""

import hashlib
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import SEEK_END
from typing import BinaryIO

import numpy as np

from mdn_gui.files.projects.refusal import RefusedError

LARGEST_FILE = 2**31 - 1
"""Bytes of a project file: what every program that reads ZIP archives can read."""
MOST_MEMBERS = 6000

_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")
_SIGNATURES = (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06")
_VERSION, _UNIX = 20, 3
_DATE = 33
"""1980-01-01: the same content gives the same file."""
_ATTRIBUTES = 0o600 << 16
_ENCRYPTED, _NAME_IS_UTF8 = 1, 1 << 11


@dataclass(frozen=True, eq=False)
class Member:
    """One member of an archive.

    Parameters
    ----------
    name : str
        Its path in the archive.
    parts : tuple of bytes or memoryview
        Its bytes, piece by piece, so that large arrays are never copied; views are of single bytes.
    """

    name: str
    parts: tuple[bytes | memoryview, ...]

    @property
    def size(self) -> int:
        """Number of bytes."""
        return sum(map(len, self.parts))

    @cached_property
    def sha256(self) -> str:
        """SHA-256 in hexadecimal digits."""
        summary = hashlib.sha256()
        for part in self.parts:
            summary.update(part)
        return summary.hexdigest()

    @cached_property
    def crc32(self) -> int:
        """The sum that the format of the archive asks for."""
        found = 0
        for part in self.parts:
            found = zlib.crc32(part, found)
        return found


def array_bytes(array: "np.ndarray", kind: str) -> bytes | memoryview:
    """Return the numbers of an array, in C order, as bytes; not copied where they are of that kind already."""
    numbers = np.ascontiguousarray(array, dtype=kind)
    return numbers.data.cast("B") if numbers.size else b""


def numbers_of(content: memoryview, kind: str, count: int, name: str) -> np.ndarray:
    """Return a view of the ``count`` numbers in a member.

    Raises
    ------
    RefusedError
        When the member has another length.
    """
    size = np.dtype(kind).itemsize * count
    if len(content) != size:
        raise RefusedError(f"{name} has {len(content):,} bytes where {size:,} belong")
    return np.frombuffer(content, dtype=kind)


def check_sums(members: Mapping[str, memoryview], sums: Mapping[str, str]) -> None:
    """Refuse members that are not those whose SHA-256 is given.

    Raises
    ------
    RefusedError
        When one is another, or none is given.
    """
    for name, content in members.items():
        if Member(name, (content,)).sha256 != sums.get(name):
            raise RefusedError(f"the checksum of {name} is wrong")


def write_archive(stream: BinaryIO, members: Sequence[Member]) -> None:
    """Write members one after the other to a stream, without going back.

    Raises
    ------
    OSError
        When the stream refuses.
    """
    directory, position = [], 0
    for member in members:
        name, size = member.name.encode("ascii"), member.size
        common = (_VERSION, 0, 0, 0, _DATE, member.crc32, size, size, len(name), 0)
        stream.write(_LOCAL.pack(_SIGNATURES[0], *common) + name)
        for part in member.parts:
            stream.write(part)
        places = (0, 0, 0, _ATTRIBUTES, position)
        directory.append(_CENTRAL.pack(_SIGNATURES[1], _UNIX << 8 | _VERSION, *common, *places) + name)
        position += _LOCAL.size + len(name) + size
    entries, count = b"".join(directory), len(members)
    stream.write(entries)
    stream.write(_END.pack(_SIGNATURES[2], 0, 0, count, count, len(entries), position, 0))


def archive_size(members: Iterable[Member]) -> int:
    """Return how many bytes :func:`write_archive` writes."""
    headers = _LOCAL.size + _CENTRAL.size
    return _END.size + sum(headers + 2 * len(member.name) + member.size for member in members)


@dataclass(frozen=True)
class _Entry:
    """What the directory says of a member."""

    letters: bytes
    common: tuple[int, ...]
    """Flags, method, sum, size as stored, size."""
    begin: int
    """Where its local header begins."""

    @property
    def name(self) -> str:
        return self.letters.decode("ascii", "backslashreplace")

    @property
    def crc32(self) -> int:
        return self.common[2]

    @property
    def size(self) -> int:
        return self.common[-1]


class Archive:
    """An archive whose members are read one by one, so that a large file is never in memory as a whole.

    Parameters
    ----------
    stream : BinaryIO
        The file; it can be read anywhere.

    Raises
    ------
    RefusedError
        When it is no archive, or one that this program does not write: members that are compressed, encrypted, given
        twice, too many, that overlap or reach beyond the file, whose headers differ.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._size = stream, stream.seek(0, SEEK_END)
        if self._size < _END.size or bytes(self._at(0, 2)) != b"PK":
            raise RefusedError("it is not a project file", "Choose a .mdn file.")
        self._places: dict[str, tuple[int, _Entry]] = {}
        entries, end = self._directory()
        free = 0
        for entry in sorted(entries, key=lambda entry: entry.begin):
            if entry.begin < free:
                raise RefusedError(f"{entry.name} overlaps another member")
            start = self._start(entry)
            free = start + entry.size
            if free > end:
                raise RefusedError(f"{entry.name} ends behind the members")
            self._places[entry.name] = (start, entry)
        if len(self._places) < len(entries):
            raise RefusedError("it holds a member twice")

    @property
    def names(self) -> tuple[str, ...]:
        """What its members are called, in the order of the file."""
        return tuple(self._places)

    def read(self, name: str) -> memoryview:
        """Return the bytes of a member.

        Raises
        ------
        RefusedError
            When its sum is wrong.
        """
        start, entry = self._places[name]
        content = self._at(start, entry.size)
        if len(content) < entry.size or zlib.crc32(content) != entry.crc32:
            raise RefusedError(f"its archive is damaged (the sum of {entry.name} is wrong)")
        return content

    def _directory(self) -> tuple[list[_Entry], int]:
        """Return the entries of the directory, and where it begins."""
        end = self._size - _END.size
        signature, disk, first_disk, here, count, size, begin, comment = _END.unpack(self._at(end, _END.size))
        if signature != _SIGNATURES[2] or disk or first_disk or here != count or comment or begin + size != end:
            raise RefusedError("its archive is damaged (the end is not one)")
        if count > MOST_MEMBERS:
            raise RefusedError(f"it holds {count:,} members, more than {MOST_MEMBERS:,}")
        directory, position, entries = self._at(begin, size), 0, []
        for _ in range(count):
            entry, position = _entry(directory, position)
            entries.append(entry)
        if position != size:
            raise RefusedError("its archive is damaged (the directory is longer than its entries)")
        return entries, begin

    def _start(self, entry: _Entry) -> int:
        """Return where the bytes of a member begin, behind a local header that says what the directory says."""
        header = self._at(entry.begin, _LOCAL.size + len(entry.letters))
        if len(header) < _LOCAL.size + len(entry.letters):
            raise RefusedError(f"its archive is damaged ({entry.name} has no header)")
        signature, _, flags, method, _, _, crc, stored, size, name, extra = _LOCAL.unpack_from(header)
        said = (signature, (flags, method, crc, stored, size), name, bytes(header[_LOCAL.size :]))
        if said != (_SIGNATURES[0], entry.common, len(entry.letters), entry.letters):
            raise RefusedError(f"its archive is damaged (the headers of {entry.name} differ)")
        return int(entry.begin + len(header) + extra)

    def _at(self, position: int, count: int) -> memoryview:
        """Return the bytes at a place, fewer where the file ends."""
        self._stream.seek(position)
        return memoryview(self._stream.read(count))


def _entry(directory: memoryview, position: int) -> tuple[_Entry, int]:
    """Return the entry that begins at a place of the directory, and where the next one begins."""
    if position + _CENTRAL.size > len(directory):
        raise RefusedError("its archive is damaged (an entry is cut off)")
    head = _CENTRAL.unpack_from(directory, position)
    signature, _, _, flags, method, _, _, crc, stored, size, name, extra, comment, disk, _, _, begin = head
    name_end = position + _CENTRAL.size + name
    after = name_end + extra + comment
    if signature != _SIGNATURES[1] or disk or after > len(directory):
        raise RefusedError("its archive is damaged (an entry is not one)")
    entry = _Entry(bytes(directory[position + _CENTRAL.size : name_end]), (flags, method, crc, stored, size), begin)
    if flags & _ENCRYPTED:
        raise RefusedError(f"{entry.name} is encrypted", "Save it again without a password.")
    if method or stored != size:
        raise RefusedError(f"{entry.name} is compressed", "Open the file as it was saved, not packed again.")
    if flags & ~_NAME_IS_UTF8:
        raise RefusedError(f"its archive is damaged ({entry.name} has flags {flags:#x})")
    return entry, after
