"""The container of a project file: a ZIP archive of stored members, read in memory without unpacking."""

import hashlib
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO

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


def read_archive(content: memoryview) -> dict[str, memoryview]:
    """Return a view of each member of an archive, by name.

    Parameters
    ----------
    content : memoryview
        The whole file.

    Raises
    ------
    RefusedError
        When it is no archive, or one that this program does not write: members that are compressed, encrypted, given
        twice, too many, that overlap or reach beyond the file, whose
        headers differ, whose sums are wrong.
    """
    if len(content) < _END.size or bytes(content[:2]) != b"PK":
        raise RefusedError("it is not a project file", "Choose a .mdn file.")
    entries, end = _directory(content)
    members: dict[str, memoryview] = {}
    free = 0
    for entry in sorted(entries, key=lambda entry: entry.begin):
        if entry.begin < free:
            raise RefusedError(f"{entry.name} overlaps another member")
        start = _start(content, entry)
        free = start + entry.size
        if free > end:
            raise RefusedError(f"{entry.name} ends behind the members")
        members[entry.name] = content[start:free]
        if zlib.crc32(members[entry.name]) != entry.crc32:
            raise RefusedError(f"its archive is damaged (the sum of {entry.name} is wrong)")
    if len(members) < len(entries):
        raise RefusedError("it holds a member twice")
    return members


def _directory(content: memoryview) -> tuple[list[_Entry], int]:
    """Return the entries of the directory, and where it begins."""
    end = len(content) - _END.size
    signature, disk, first_disk, here, count, size, begin, comment = _END.unpack_from(content, end)
    if signature != _SIGNATURES[2] or disk or first_disk or here != count or comment or begin + size != end:
        raise RefusedError("its archive is damaged (the end is not one)")
    if count > MOST_MEMBERS:
        raise RefusedError(f"it holds {count:,} members, more than {MOST_MEMBERS:,}")
    entries, position = [], begin
    for _ in range(count):
        entry, position = _entry(content, position, end)
        entries.append(entry)
    if position != end:
        raise RefusedError("its archive is damaged (the directory is longer than its entries)")
    return entries, begin


def _entry(content: memoryview, position: int, end: int) -> tuple[_Entry, int]:
    """Return the entry that begins at a place of the directory, and where the next one begins."""
    head = _unpacked(_CENTRAL, content, position, end, "an entry is cut off")
    signature, _, _, flags, method, _, _, crc, stored, size, name, extra, comment, disk, _, _, begin = head
    name_end = position + _CENTRAL.size + name
    after = name_end + extra + comment
    if signature != _SIGNATURES[1] or disk or after > end:
        raise RefusedError("its archive is damaged (an entry is not one)")
    entry = _Entry(bytes(content[position + _CENTRAL.size : name_end]), (flags, method, crc, stored, size), begin)
    if flags & _ENCRYPTED:
        raise RefusedError(f"{entry.name} is encrypted", "Save it again without a password.")
    if method or stored != size:
        raise RefusedError(f"{entry.name} is compressed", "Open the file as it was saved, not packed again.")
    if flags & ~_NAME_IS_UTF8:
        raise RefusedError(f"its archive is damaged ({entry.name} has flags {flags:#x})")
    return entry, after


def _start(content: memoryview, entry: _Entry) -> int:
    """Return where the bytes of a member begin, behind a local header that says what the directory says."""
    head = _unpacked(_LOCAL, content, entry.begin, len(content), f"{entry.name} has no header")
    signature, _, flags, method, _, _, crc, stored, size, name, extra = head
    begin = entry.begin + _LOCAL.size
    letters = bytes(content[begin : begin + name])
    said = (signature, (flags, method, crc, stored, size), letters)
    if said != (_SIGNATURES[0], entry.common, entry.letters):
        raise RefusedError(f"its archive is damaged (the headers of {entry.name} differ)")
    return int(begin + name + extra)


def _unpacked(kind: struct.Struct, content: memoryview, position: int, end: int, fault: str) -> tuple[Any, ...]:
    if position + kind.size > end:
        raise RefusedError(f"its archive is damaged ({fault})")
    return kind.unpack_from(content, position)
