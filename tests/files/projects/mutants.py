"""Project files with one thing wrong, as many as are wanted."""

import json
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.files.projects.archives import Members, with_right_sums

WRONG: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**31, 2**53, 2**63, 10**18, 10**39, 0.5, -0.0, 1e300, -1e300, 5e-324),
    *("", "x", "nan", "inf", "-inf", "../../etc/passwd", "\udce9", "\0", "x" * 100_000, "2020-01-01", "number", "text"),
    *([], {}, [[]], [1] * 1000, ["a", "a"], {"a": {"a": {}}}, [{}], [None], [1e308, 1e308, 1e308]),
)
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_FIELDS = {
    _LOCAL: ((4, "<H"), (6, "<H"), (8, "<H"), (10, "<L"), (14, "<L"), (18, "<L"), (22, "<L"), (26, "<H"), (28, "<H")),
    _CENTRAL: (
        *((4, "<H"), (8, "<H"), (10, "<H"), (16, "<L"), (20, "<L"), (24, "<L"), (28, "<H"), (30, "<H"), (32, "<H")),
        *((34, "<H"), (36, "<H"), (38, "<L"), (42, "<L")),
    ),
    _END: ((4, "<H"), (6, "<H"), (8, "<H"), (10, "<H"), (12, "<L"), (16, "<L"), (20, "<H")),
}
_SIZES = ("num_rows", "epochs", "rows", "levels", "oddities", "restarts", "num_components", "number", "runs_made")


@dataclass(frozen=True)
class Mutant:
    """One file with something wrong.

    Parameters
    ----------
    kind : str
        What was done to it.
    content : bytes
        The file.
    is_told : bool
        Whether every sum fits, so that it may be another project that opens.
    """

    kind: str
    content: bytes
    is_told: bool = False


def mutants(content: bytes, members: Members, count: int, seed: int) -> Iterator[Mutant]:
    """Yield mutants of a file, kind after kind in turn.

    Parameters
    ----------
    content : bytes
        The file as it was saved.
    members : dict
        What it holds.
    count : int
        How many.
    seed : int
        Draws them.
    """
    chance = random.Random(seed)
    raw = (_flipped, _overwritten, _cut, _removed, _doubled, _header)
    made = (_said, _left_out_of, _sized, _numbers, _renamed, _dropped, _swapped, _added)
    ways: tuple[Callable[..., Mutant], ...] = (*raw, *made)
    for number in range(count):
        way = ways[number % len(ways)]
        yield way(content if way in raw else members, chance)


def packed(members: Members) -> bytes:
    """Return an archive whose headers are right, whatever the members are called."""
    body, directory = b"", b""
    for name, content in members.items():
        letters = name.encode("utf-8", "surrogatepass")
        common = (20, 0, 0, 0, 33, zlib.crc32(content), len(content), len(content), len(letters), 0)
        central = struct.pack("<4s6H3L5H2L", _CENTRAL, 788, *common, 0, 0, 0, 0, len(body))
        directory += central + letters
        body += struct.pack("<4s5H3L2H", _LOCAL, *common) + letters + content
    count = len(members)
    return body + directory + struct.pack("<4s4H2LH", _END, 0, 0, count, count, len(directory), len(body), 0)


def _flipped(content: bytes, chance: random.Random) -> Mutant:
    copy = bytearray(content)
    for _ in range(chance.randrange(1, 5)):
        copy[chance.randrange(len(copy))] ^= 1 << chance.randrange(8)
    return Mutant("bits flipped", bytes(copy))


def _overwritten(content: bytes, chance: random.Random) -> Mutant:
    copy, place = bytearray(content), chance.randrange(len(content))
    copy[place : place + 16] = chance.randbytes(len(copy[place : place + 16]))
    return Mutant("bytes overwritten", bytes(copy))


def _cut(content: bytes, chance: random.Random) -> Mutant:
    return Mutant("cut off", content[: chance.randrange(len(content))])


def _removed(content: bytes, chance: random.Random) -> Mutant:
    place = chance.randrange(len(content))
    return Mutant("a piece missing", content[:place] + content[place + chance.randrange(1, 200) :])


def _doubled(content: bytes, chance: random.Random) -> Mutant:
    begin, place = chance.randrange(len(content)), chance.randrange(len(content))
    piece = content[begin : begin + chance.randrange(1, 4000)]
    return Mutant("a piece put in", content[:place] + piece + content[place:])


def _header(content: bytes, chance: random.Random) -> Mutant:
    mark = chance.choice(tuple(_FIELDS))
    places = [place for place in range(len(content)) if content.startswith(mark, place)]
    offset, kind = chance.choice(_FIELDS[mark])
    begin, size = chance.choice(places) + offset, struct.calcsize(kind)
    most = 256**size - 1
    now = int.from_bytes(content[begin : begin + size], "little")
    value = (
        chance.choice((0, 1, most, most // 2, now + 1, now - 1, now * 2, now + 65536, chance.randrange(most))) & most
    )
    return Mutant("a header", content[:begin] + struct.pack(kind, value & most) + content[begin + size :])


def _said(members: Members, chance: random.Random) -> Mutant:
    """Put a wrong value anywhere in what is said of a run, of a table, of the project."""

    def edit(holder: Any, key: Any) -> None:
        holder[key] = chance.choice(WRONG)

    return Mutant("said wrongly", _edited(members, chance, edit), is_told=True)


def _left_out_of(members: Members, chance: random.Random) -> Mutant:
    def edit(holder: Any, key: Any) -> None:
        if isinstance(holder, list) and chance.random() < 0.5:
            holder.append(holder[key])
        else:
            del holder[key]

    return Mutant("not said, or twice", _edited(members, chance, edit), is_told=True)


def _sized(members: Members, chance: random.Random) -> Mutant:
    def edit(holder: Any, key: Any) -> None:
        holder[key] = chance.choice((2**31, 2**40, 10**15, 10**9, 10**6, 1000, 65, -1))

    return Mutant("huge sizes", _edited(members, chance, edit, _SIZES), is_told=True)


def _edited(
    members: Members, chance: random.Random, edit: Callable[[Any, Any], None], only: tuple[str, ...] = ()
) -> bytes:
    name = chance.choice([name for name in members if name.endswith(".json")])
    value = json.loads(members[name])
    places = [place for place in _places(value) if not only or place[1] in only] or list(_places(value))
    edit(*chance.choice(places))
    content = json.dumps(value).encode()
    return packed(_mended({**members, name: content}, name))


def _mended(members: Members, but: str = "") -> Members:
    """Return the members with sums that fit, as far as they can be told."""
    try:
        return with_right_sums(members, but)
    except (AttributeError, KeyError, TypeError, ValueError):
        return members


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


def _numbers(members: Members, chance: random.Random) -> Mutant:
    """Change the numbers of a member, its length now and then; the sums fit."""
    name = chance.choice([name for name in members if not name.endswith(".json") and members[name]])
    copy = bytearray(members[name])
    place = chance.randrange(len(copy))
    match chance.randrange(4):
        case 0:
            copy[place : place + 8] = chance.choice(
                (b"\xff" * 8, bytes(8), struct.pack("<d", 1e300), b"\0\0\x80\x7f" * 2)
            )
        case 1:
            copy[place] ^= 1 << chance.randrange(8)
        case 2:
            del copy[place:]
        case _:
            copy += bytes(chance.choice((1, 4, 8, 64, 100_000)))
    return Mutant("numbers of a member", packed(_mended({**members, name: bytes(copy)})), is_told=True)


def _renamed(members: Members, chance: random.Random) -> Mutant:
    name = chance.choice(list(members))
    new = chance.choice((f"{name}x", name.upper(), f"../{name}", f"/{name}", name[1:], "runs/2/run.json", "\udce9", ""))
    return Mutant("a member renamed", packed({new if each == name else each: members[each] for each in members}))


def _dropped(members: Members, chance: random.Random) -> Mutant:
    name = chance.choice(list(members))
    left = {each: content for each, content in members.items() if each != name}
    return Mutant("a member missing", packed(left if name == "manifest.json" else _mended(left)))


def _swapped(members: Members, chance: random.Random) -> Mutant:
    one, other = chance.sample(list(members), 2)
    changed = {**members, one: members[other], other: members[one]}
    return Mutant("members swapped", packed(_mended(changed)), is_told=True)


def _added(members: Members, chance: random.Random) -> Mutant:
    name = chance.choice(
        ("evil.py", "runs/9/run.json", "rows/table.json", "a/" * 500, "excluded.i64", "runs/1/x", "rows/")
    )
    content = chance.randbytes(chance.choice((0, 10, 1000)))
    return Mutant("a member added", packed({**members, name: content}))
