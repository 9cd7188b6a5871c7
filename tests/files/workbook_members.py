"""Workbooks, messy or built to do harm: how each is made, what it gives."""

import datetime
from pathlib import Path
from typing import Any

from tests.files.made import SHEET_END, SHEET_START, sheet_of_xml, with_member, workbook
from tests.files.members import MIB, Act, Member, Refused, Values, cut_off, flipped

ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>&word;</t></is></c></row>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>7</v></c></row>'
NUMBERS = [[1, 2], [3, 5], [4, 4]]


def bomb_of_blanks(path: Path) -> Path:
    workbook(path, {"s": [["x"]]})
    return with_member(path, "xl/worksheets/sheet1.xml", SHEET_START + " " * (80 * MIB) + SHEET_END)


def billion_laughs(path: Path) -> Path:
    before = f'<!DOCTYPE worksheet [<!ENTITY l0 "ha">{LAUGHS}<!ENTITY word "&l11;">]>'
    return sheet_of_xml(path, ROW, before)


def laughs_in_the_styles(path: Path) -> Path:
    workbook(path, {"s": [["x"], [1]]})
    styles = f'<!DOCTYPE styleSheet [<!ENTITY l0 "ha">{LAUGHS}]><styleSheet>&l11;</styleSheet>'
    return with_member(path, "xl/styles.xml", f'<?xml version="1.0"?>{styles}')


def external_entity(path: Path) -> Path:
    secret = path.with_name("secret.txt")
    secret.write_text("never to be seen")
    return sheet_of_xml(path, ROW, f'<!DOCTYPE worksheet [<!ENTITY word SYSTEM "{secret.as_uri()}">]>')


def rows_out_of_reach(path: Path) -> Path:
    return sheet_of_xml(path, '<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>')


def no_such_text(path: Path) -> Path:
    return sheet_of_xml(path, '<row r="1"><c r="A1" t="s"><v>4000000</v></c></row>')


def far_cell(path: Path) -> Path:
    return sheet_of_xml(path, FAR)


def of_rows(*rows: list[Any]) -> Act:
    return lambda path: workbook(path, {"s": rows})


def merged(path: Path) -> None:
    import openpyxl

    workbook(path, {"s": [["x", "y"], *NUMBERS]})
    book = openpyxl.load_workbook(path)
    book["s"].merge_cells("A2:A3")
    book.save(path)


def hidden_first(path: Path) -> None:
    import openpyxl

    workbook(path, {"lists": [["a", "b"], [8, 9], [6, 7]], "data": [["x", "y"], *NUMBERS]})
    book = openpyxl.load_workbook(path)
    book["lists"].sheet_state = "hidden"
    book.active = 1
    book.save(path)


XY: Values = {"x": [1, 3, 4], "y": [2, 5, 4]}
PLAIN = of_rows(["x", "y"], *NUMBERS)
DAY = datetime.datetime(2020, 1, 1)
ENTITIES = Refused(r"^t\.xlsx defines XML entities", "save it again")
DAMAGED = Refused(r"^t\.xlsx is a damaged (workbook|ZIP archive)", "save it again|Save it again")

HARMFUL: dict[str, Member] = {
    "a sheet of blanks, packed": Member(
        "t.xlsx", bomb_of_blanks, Refused(r"^t\.xlsx: 'xl/worksheets/sheet1.xml' would unpack to 80 MiB", "save")
    ),
    "billion laughs": Member("t.xlsx", billion_laughs, ENTITIES),
    "billion laughs in the styles": Member("t.xlsx", laughs_in_the_styles, ENTITIES),
    "an external entity": Member("t.xlsx", external_entity, ENTITIES),
    "a row out of reach": Member("t.xlsx", rows_out_of_reach, DAMAGED),
    "a text that is not there": Member("t.xlsx", no_such_text, DAMAGED),
}
WORKBOOKS: dict[str, Member] = {
    **HARMFUL,
    "a far-away cell": Member("t.xlsx", far_cell, {"column 1": [1, None], "column 2": [None, 7]}),
    "a cut-off workbook": Member("t.xlsx", cut_off(PLAIN, 0.7), DAMAGED),
    "a workbook with a flipped bit": Member("t.xlsx", flipped(PLAIN, b"xl/worksheets/sheet1.xml"), DAMAGED),
    "HTML names, Excel": Member(
        "t.xlsx", of_rows(["<b>x</b>", "<img src=x>"], *NUMBERS), {"<b>x</b>": XY["x"], "<img src=x>": XY["y"]}
    ),
    "formula names, Excel": Member("t.xlsx", of_rows(["@sum", "+x"], *NUMBERS), {"@sum": XY["x"], "+x": XY["y"]}),
    "a name that is a formula never calculated": Member(
        "t.xlsx", of_rows(["=1+1", "y"], *NUMBERS), {"column 1": XY["x"], "column 2": XY["y"]}
    ),
    "formulas never calculated, Excel": Member(
        "t.xlsx", of_rows(["x", "y"], *NUMBERS, [9, "=1+1"]), {"x": [1, 3, 4, 9], "y": [2, 5, 4, None]}
    ),
    "two tables, one beside the other": Member(
        "t.xlsx",
        of_rows(["x", "y", None, "a", "b"], [1, 2, None, 5, 6], [3, 5, None, 7, 9]),
        {"x": [1, 3], "y": [2, 5], "a": [5, 7], "b": [6, 9]},
    ),
    "two tables, one above the other": Member(
        "t.xlsx",
        of_rows(["x", "y"], *NUMBERS, [], ["a", "b"], [7, 8]),
        {"x": [1, 3, 4, None, 7], "y": [2, 5, 4, None, 8]},
    ),
    "merged cells": Member("t.xlsx", merged, {"x": [1, None, 4], "y": [2, 5, 4]}),
    "error cells": Member(
        "t.xlsx",
        of_rows(["x", "y"], *NUMBERS, ["#DIV/0!", 1], ["#N/A", 2]),
        {"x": [1, 3, 4, None, None], "y": [2, 5, 4, 1, 2]},
    ),
    "a hidden sheet before the table": Member("t.xlsx", hidden_first, XY),
    "a sheet without rows": Member(
        "t.xlsx", of_rows(["x", "y"]), Refused(r"^t\.xlsx: no sheet has rows below a header", "Choose a sheet")
    ),
    "mixed types, Excel": Member(
        "t.xlsx",
        of_rows(["x", "y"], [1, "2"], [3, 5], ["a", DAY], [4, True], [5, 6]),
        {"x": [1, 3, None, 4, 5], "y": [2, 5, None, None, 6]},
    ),
    "numbers kept as texts, Excel": Member(
        "t.xlsx", of_rows(["x", "y"], ["1", 2], ["3", 5], ["1,234", 4]), {"x": [1, 3, None], "y": [2, 5, 4]}
    ),
    "duplicate names, Excel": Member("t.xlsx", of_rows(["x", "x"], *NUMBERS), {"x": XY["x"], "x (2)": XY["y"]}),
    "dates, Excel": Member(
        "t.xlsx", of_rows(["d", "y"], [DAY, 1], [DAY.replace(month=2), 2]), {"d": [0, 31], "y": [1, 2]}
    ),
}
