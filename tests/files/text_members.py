"""Messy, hostile, huge texts: what each is, what it gives."""

import bz2
import codecs
import gzip
import lzma
import zipfile
from pathlib import Path

import numpy as np

from tests.files.dialect_writer import packed
from tests.files.members import MIB, Act, Member, Refused, Values, flipped, with_content

ROWS = b"x,y\n" + b"1.000000000000000,2.000000000000000000\n" * 30_000


def text(content: str, encoding: str = "utf-8") -> bytes:
    return content.encode(encoding)


READ: dict[str, tuple[bytes, Values]] = {
    "HTML names": (text("<b>x</b>,<img src=x>\n1,2\n3,4\n"), {"<b>x</b>": [1, 3], "<img src=x>": [2, 4]}),
    "formula names": (text("=1+1,@sum\n1,2\n"), {"=1+1": [1], "@sum": [2]}),
    "formula cells": (text("x,y\n1,2\n=1+1,3\n4,5\n"), {"x": [1, None, 4], "y": [2, 3, 5]}),
    "duplicate names": (text("x,x,x\n1,2,3\n"), {"x": [1], "x (2)": [2], "x (3)": [3]}),
    "empty names": (text("x,,\n1,2,3\n"), {"x": [1], "column 2": [2], "column 3": [3]}),
    "names of blanks": (text('"  ","\t"\n1,2\n'), {"column 1": [1], "column 2": [2]}),
    "control characters": (text("a\x1b[31mb,y\n1,2\n"), {"a [31mb": [1], "y": [2]}),
    "right to left": (text("\N{RIGHT-TO-LEFT OVERRIDE}x,y\n1,2\n"), {"x": [1], "y": [2]}),
    "ragged rows": (text("x,y\n1\n2,3\n4,5,,\n6,7\n"), {"x": [1, 2, 4, 6], "y": [None, 3, 5, 7]}),
    "surplus cells": (text("x,y\n1,2\n3,4,5\n6,7\n"), {"x": [1, None, 6], "y": [2, None, 7]}),
    "mixed types": (
        text("x,y\n1,a\n2,1\ntrue,2\n3,2020-01-01\n4,3\n"),
        {"x": [1, 2, None, 3, 4], "y": [None, 1, 2, None, 3]},
    ),
    "thousands or decimals": (text("x;y\n1,234;1\n2,345;2\n"), {"x": [1234, 2345], "y": [1, 2]}),
    "UTF-16 with a mark": (text("\ufeffgröße,y\n1,2\n", "utf-16-be"), {"größe": [1], "y": [2]}),
    "UTF-16 without a mark": (text("größe,y\n1,2\n", "utf-16-le"), {"größe": [1], "y": [2]}),
    "UTF-32": (text("größe,y\n1,2\n", "utf-32"), {"größe": [1], "y": [2]}),
    "two marks": (codecs.BOM_UTF8 * 2 + b"x,y\n1,2\n", {"x": [1], "y": [2]}),
    "quoted line ends": (text('x,t\n1,"a\r\nb"\n2,"c\rd"\n'), {"x": [1, 2], "t": ["a\nb", "c\nd"]}),
    "blanks in a quotation of three lines": (
        text('x t\n1  "a\nb  c\nd"\n2\te\n'),
        {"x": [1, 2], "t": ["a\nb  c\nd", "e"]},
    ),
    "every line end": (text("x,y\r\n1,2\n3,4\r5,6"), {"x": [1, 3, 5], "y": [2, 4, 6]}),
    "emoji": (text("😀,y\n1,2\n"), {"😀": [1], "y": [2]}),
    "no end of the last line": (text("x,y\n1,2"), {"x": [1], "y": [2]}),
    "huge numbers": (text("x,y\n1e400,1\n-1e400,2\n1,3\n"), {"x": [np.inf, -np.inf, 1], "y": [1, 2, 3]}),
    "a number of 5,000 figures": (text(f"x,y\n{'9' * 5000},1\n0.{'0' * 400}1,2\n"), {"x": [np.inf, 0], "y": [1, 2]}),
    "HTML cells": (text("x,y\n1,<script>x</script>\n2,3\n3,4\n"), {"x": [1, 2, 3], "y": [None, 3, 4]}),
    "numbers with both marks": (text("x;y\n1.234,5;1\n2.345,25;2\n"), {"x": [1234.5, 2345.25], "y": [1, 2]}),
    "marks that contradict each other": (
        text("x;y\n1.234,5;1\n2.000,5;2\n1,234.5;3\n"),
        {"x": [None] * 3, "y": [1, 2, 3]},
    ),
    "dates of either order": (text("d,y\n1/2/2020,1\n3/4/2020,2\n"), {"d": [0, 62], "y": [1, 2]}),
    "one row in ten is cp1252": (
        b"x,t\n" + b"".join(b"%d,%s\n" % (n, b"caf\xe9" if n % 10 == 0 else b"bar") for n in range(20)),
        {"x": [*range(20)], "t": ["café" if n % 10 == 0 else "bar" for n in range(20)]},
    ),
    "a line that names the delimiter": (text("sep=:\nx:y\n1:2\n"), {"x": [1], "y": [2]}),
    "a list of numbers": (text("3\n1\n2\n"), {"column 1": [3, 1, 2]}),
}

REFUSED: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "t.csv is empty", "Choose a file"),
    "zeros": (bytes(100), "t.csv is not text: byte 0 is 0", "Export"),
    "a zero far behind": (
        b"x,y\n" + b"1,2\n" * 400_000 + b"1,\x002\n",
        "t.csv is not text: byte 1600006 is 0",
        "Export",
    ),
    "wrong bytes far behind": (
        b"x,y\n" + b"1,2\n" * 400_000 + b"1,\xff\n",
        r"t.csv: byte 1600006 \(0xff, line 400002\) is not UTF-8 text",
        "cp1252",
    ),
    "half a character": (b"x,y\n1,2\n\xc3", r"t.csv: byte 8 \(0xc3, line 3\)", "UTF-8"),
    "an open quotation": (
        b'x,y\n1,2\n"3,4\n' + b"5,6\n" * 50_000,
        "t.csv: the cells of line 3 cannot be told apart",
        "partner",
    ),
    "an open quotation far behind": (
        b"x,y\n" + b"1,2\n" * 400_000 + b'"3,4\n5,6\n',
        "t.csv: the cells of line 400,002 cannot be told apart",
        "partner",
    ),
    "100,000 columns": (b",".join([b"x"] * 100_000) + b"\n1\n", "t.csv: line 1 has 100,000 cells", "line end"),
    "100,000 columns far behind": (
        b"x,y\n" + b"1,2\n" * 400_000 + b"," * 99_999 + b"\n",
        "t.csv: line 400,002 has 100,000 cells",
        "line end",
    ),
    "quoted columns without end": (b'"x",' * 100_000 + b"\n1\n", "t.csv: line 1 has 100,001 cells", "line end"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "t.csv is not text|t.csv: byte 0", "Export|Save"),
    "a cut-off archive": (packed(b"x,y\n1,2\n", ".zip")[:-30], "t.csv is damaged", "Get the file again"),
    "an archive of nonsense": (packed(bytes(range(256)), ".gz"), "t.csv", "Export|Save"),
    "a Parquet file": (b"PAR1" + bytes(20), "t.csv is a Parquet file", "Export"),
    "a header without rows": (b"x,y\n", "t.csv has a header and no rows", "rows below"),
}


def long_line(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(b"x,y\n")
        for _ in range(200):
            stream.write(b"5" * MIB)


def late_long_line(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(ROWS)
        for _ in range(200):
            stream.write(b"5" * MIB)


def sparse_zeros(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(ROWS)
        stream.truncate(1 << 40)


def bomb_of_one_line(path: Path) -> None:
    path.write_bytes(gzip.compress(ROWS) + gzip.compress(b"7" * (64 * MIB), 1))


HUGE: dict[str, tuple[Act, str]] = {
    "one line of 200 MiB": (long_line, r"t\.csv: line 2 is longer than 1,048,576 bytes"),
    "a line of 200 MiB far behind": (late_long_line, r"t\.csv: line 30,002 is longer than 16,777,216 bytes"),
    "1 TiB of zeros": (sparse_zeros, r"t\.csv is not text: byte 1170004 is 0"),
    "a packed line without end": (bomb_of_one_line, r"t\.csv: line 30,002 is longer than 16,777,216 bytes"),
}


WIDE_ROWS = (b"1," + b" " * 1000 + b"2\n") * 1024
PACKERS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


def bomb(packing: str) -> Act:
    """Return what writes rows that unpack to a little more than 1 GiB, thousands of times their size."""

    def make(path: Path) -> None:
        if packing == "zip":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("t.csv", "w") as stream:
                stream.write(b"x,y\n")
                for _ in range(1100):
                    stream.write(WIDE_ROWS)
            return
        pack = PACKERS[packing]
        path.write_bytes(pack(b"x,y\n") + pack(WIDE_ROWS * 100) * 11)

    return make


DAMAGED = Refused(r"t\.csv\.gz is damaged or cut off after [\d,]+ unpacked bytes", "Get the file again")
TOO_MUCH = Refused(r"unpack to more than 1,0\d\d,\d{3},\d{3}", "unpack the file")
TEXTS: dict[str, Member] = {
    **{name: Member("t.csv", with_content(content), values) for name, (content, values) in READ.items()},
    **{
        name: Member("t.csv", with_content(content), Refused(what, remedy))
        for name, (content, what, remedy) in REFUSED.items()
    },
    **{name: Member("t.csv", make, Refused(what, "line end|Export")) for name, (make, what) in HUGE.items()},
    "a picture": Member(
        "t.csv", with_content(REFUSED["a picture"][0]), Refused("^t.csv is a picture", "Choose a file")
    ),
    "a cut-off archive": Member(
        "t.csv",
        with_content(REFUSED["a cut-off archive"][0]),
        Refused("^t.csv is a damaged ZIP archive", "Save it again"),
    ),
    "a Parquet file": Member(
        "t.csv",
        with_content(REFUSED["a Parquet file"][0]),
        Refused("^t.csv is a damaged Parquet file", "Save it again"),
    ),
    **{
        f"a bomb, .{packing}": Member(f"t.csv.{packing}", bomb(packing), TOO_MUCH, is_heavy=True)
        for packing in (*PACKERS, "zip")
    },
    "bytes after the archive": Member("t.csv.gz", with_content(gzip.compress(b"x,y\n1,2\n") + b"more"), DAMAGED),
    "an archive with a flipped bit": Member("t.csv.gz", flipped(with_content(gzip.compress(ROWS)), 200), DAMAGED),
}
