"""What is no table, no file, or changes while it is read: how each is made, what it gives."""

import os
from pathlib import Path

import numpy as np

from tests.files.members import Act, Member, Refused, with_content


def long_text(path: Path) -> None:
    path.write_bytes(b"x,y\n" + b"1,2\n3,4\n" * 3_000_000)


def long_array(path: Path) -> None:
    np.save(path, np.arange(16_000_000.0).reshape(-1, 2))


def shrink(path: Path) -> None:
    os.truncate(path, 2000)


def link_to(target: str) -> Act:
    return lambda path: path.symlink_to(target)


GONE = Refused(r"^There is no file .*t\.csv", "Check the name")
SHRUNK = Refused(r"^t\.npy could not be read: its reader stopped", "damaged")

OTHERS: dict[str, Member] = {
    "a folder": Member("t.csv", Path.mkdir, Refused(r"t\.csv is a folder", "Choose a file in it")),
    "no file at all": Member("t.csv", lambda path: path, GONE),
    "a link to nothing": Member("t.csv", link_to("nowhere"), GONE),
    "a link to itself": Member("t.csv", link_to("t.csv"), Refused(r"t\.csv cannot be read: .*symbolic link", "Check")),
    "a pipe": Member("t.csv", os.mkfifo, Refused(r"t\.csv is not a regular file", "Save its content")),
    "a device": Member("t.csv", link_to("/dev/zero"), Refused(r"t\.csv is not a regular file", "Save its content")),
    "a name of HTML": Member("<img src=x>.csv", with_content(b"x,y\n1,2\n3,4\n"), {"x": [1, 3], "y": [2, 4]}),
    "a file that vanishes before it is read": Member(
        "t.csv", with_content(b"x,y\n1,2\n3,4\n"), GONE, change=os.unlink, is_changed_early=True
    ),
    "a text that shrinks while it is read": Member("t.csv", long_text, None, change=shrink),
    "an array that shrinks while it is read": Member("t.npy", long_array, SHRUNK, change=shrink),
    "an old workbook": Member(
        "t.xls",
        with_content(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        Refused(r"^t\.xls is an old or locked Excel workbook", "save it as .xlsx"),
    ),
    "a web page called .xls": Member(
        "t.xls", with_content(b"<html><table><tr><td>1</table>"), Refused(r"^t\.xls is a web page", "save it as .xlsx")
    ),
    "a text called .xlsx": Member("t.xlsx", with_content(b"x,y\n1,2\n3,4\n"), {"x": [1, 3], "y": [2, 4]}),
    "a pickle": Member("t.pkl", with_content(b"\x80\x04\x95" + bytes(30)), Refused(r"^t\.pkl is a pickle", "Parquet")),
}
