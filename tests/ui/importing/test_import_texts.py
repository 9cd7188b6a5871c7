from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from mdn_gui.core.selection import HoldOut
from mdn_gui.session.importing import ImportChoice, outlook, proposed_choice
from mdn_gui.ui.importing.texts import outlook_text, rows_text
from tests.previews import made_preview

PATH = Path("a.csv")
LONG = "x,y,part\n" + "".join(f"{i},{i * i % 7},{'ab'[i % 4 == 0]}\n" for i in range(20))


def said(preview, choice) -> str:
    return outlook_text(preview, choice, outlook(preview, choice))


@pytest.mark.parametrize(
    ("rows", "estimate", "text"),
    [
        (1, 1, "1 row"),
        (2, 2, "2 rows"),
        (12345, 12345, "12,345 rows"),
        (None, 999_950, "about 1,000,000 rows"),
        (None, 123_456, "about 120,000 rows"),
        (None, 57, "about 57 rows"),
    ],
)
def test_that_known_rows_are_exact_and_estimated_ones_are_round(rows, estimate, text):
    assert rows_text(replace(made_preview(PATH), num_rows=rows, rows_estimate=estimate)) == text


def test_that_counts_have_group_marks_in_the_plain_locale_too():
    before = QLocale()
    QLocale.setDefault(QLocale.c())
    try:
        assert rows_text(made_preview(PATH, num_rows=12345)) == "12,345 rows"
    finally:
        QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("inputs", "reasons"),
    [
        (4, "1 row: empty a; 1 row: empty b; 1 row: empty c; 1 row: empty d"),
        (5, "1 row: empty a; 1 row: empty b; 1 row: empty c; 2 more reasons"),
    ],
)
def test_that_a_fourth_reason_is_told_but_not_a_fifth(inputs, reasons):
    names = "abcde"[:inputs]
    rows = [",".join("" if row == place else str(row * place % 5) for place in range(inputs)) for row in range(9)]
    text = f"{','.join(names)},y\n" + "".join(f"{cells},{row}\n" for row, cells in enumerate(rows))
    choice = ImportChoice(PATH, inputs=tuple(names), target="y")
    assert said(made_preview(PATH, text), choice).endswith(f"; 9 rows, {inputs} left out ({reasons}).")


def test_that_one_reason_is_not_counted_again():
    preview = made_preview(PATH, "x,y\n1,2\n,3\n4,9\n")
    assert said(preview, proposed_choice(preview)) == "Input x, target y; 3 rows, 1 left out (empty x)."


def test_that_the_rows_of_the_test_are_counted_as_far_as_they_are_known():
    part, fraction = HoldOut(column="part", level="b"), HoldOut(0.25)
    whole, longer = made_preview(PATH, LONG), made_preview(PATH, LONG, num_rows=5000)
    for preview, hold_out, words in (
        (whole, part, "rows with part = b kept for the test: 5 of 20 rows."),
        (whole, fraction, "25 % kept for the test: 5 of 20 rows."),
        (longer, part, "rows with part = b kept for the test: 5 of the first 20 rows."),
        (longer, fraction, "; 25 % kept for the test."),
    ):
        choice = replace(proposed_choice(preview), hold_out=hold_out)
        assert said(preview, choice).endswith(words)


def test_that_a_part_without_numbers_names_the_others():
    preview = made_preview(PATH, "a,b\nx,y\nz,w\n")
    sheets = replace(preview, form="Excel workbook", parts=("about", "data\n", "more"))
    sheets = replace(sheets, options=replace(sheets.options, part="about"))
    assert said(sheets, proposed_choice(sheets)).endswith("Or choose another sheet: data, more.")
    assert "another" not in said(preview, proposed_choice(preview))
    roles = ImportChoice(PATH, inputs=(), target="response")
    assert "another" not in said(replace(made_preview(PATH), parts=sheets.parts), roles)
