"""Rows for training, rows for the test, rows taken out by hand."""

import numpy as np
import pytest

from mdn_gui.core.columns import Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import HoldOut, LeftOut
from mdn_gui.core.table import EXCLUDED, Table
from mdn_gui.errors import ConfigError, DataError

NAN = float("nan")


def column(
    name: str, values: list[float], kind: ColumnKind = ColumnKind.NUMBER, levels: tuple[str, ...] = ()
) -> Column:
    return Column(name, np.array(values), np.isnan(values), kind, levels)


def table() -> Table:
    colours = column("colour", [0, 1, 0, NAN, 1, 0, 1, 0], ColumnKind.CATEGORY, ("red", "blue"))
    part = column("part", [0, 0, 1, 0, 1, 0, 0, 1], ColumnKind.CATEGORY, ("train", "test"))
    x, y = column("x", [1, 2, 3, 4, 5, 6, 7, NAN]), column("y", [3, 1, 4, 1, 5, 9, 2, 6])
    return Table("t.csv", (x, colours, part, y))


def test_that_categories_become_inputs_by_level() -> None:
    selection = table().select(["x", "colour"], "y")
    assert selection.dataset.input_names == ("x", "colour = red", "colour = blue")
    assert selection.dataset.x[1].tolist() == [2, 0, 1]
    assert selection.dataset.column_values()[1].tolist() == [2, 1]
    assert [group.reason for group in selection.left_out] == ["empty x", "empty colour"]


def test_that_rows_of_the_data_set_are_known_in_the_table() -> None:
    assert table().select(["x", "colour"], "y").rows.tolist() == [0, 1, 2, 4, 5, 6]


def test_that_excluded_rows_are_left_out_by_that_name() -> None:
    selection = table().select(["x"], "y", excluded=[0, 7])
    assert selection.left_out == (LeftOut(EXCLUDED, (1, 8)),)
    assert selection.rows.tolist() == [1, 2, 3, 4, 5, 6]


def test_that_a_column_can_tell_the_rows_of_the_test() -> None:
    selection = table().select(["x"], "y", hold_out=HoldOut(column="part", level="test"))
    assert selection.test is not None
    assert selection.test_rows.tolist() == [2, 4]
    assert selection.test.y.tolist() == [4, 5]
    assert selection.rows.tolist() == [0, 1, 3, 5, 6]


def test_that_a_fraction_is_drawn_apart_from_the_training_rows_and_stays_the_same() -> None:
    selections = [table().select(["x"], "y", hold_out=HoldOut(0.5, seed)) for seed in (0, 0, 5)]
    tests = [selection.test_rows.tolist() for selection in selections]
    assert tests[0] == tests[1] != tests[2]
    assert sorted([*tests[0], *selections[0].rows.tolist()]) == list(range(7))


def test_that_a_row_stays_on_its_side_of_the_test_when_others_are_taken_out() -> None:
    rows = np.arange(200.0)
    made = Table("t.csv", (column("x", rows.tolist()), column("y", rows.tolist())))
    before = made.select(["x"], "y", hold_out=HoldOut(0.3))
    after = made.select(["x"], "y", hold_out=HoldOut(0.3), excluded=range(50))
    assert set(after.test_rows) == {row for row in before.test_rows if row >= 50}
    assert set(after.rows) == {row for row in before.rows if row >= 50}


def test_that_a_second_file_gives_the_rows_of_the_test() -> None:
    others = Table(
        "u.csv",
        (
            column("colour", [0, 1, 0], ColumnKind.CATEGORY, ("blue", "violet")),
            column("x", [1, 2, 3]),
            column("y", [1, 2, 3]),
            column("z", [1, 2, 3]),
        ),
    )
    selection = table().select(["x", "colour"], "y", test_table=others)
    assert selection.test is not None
    assert selection.test.x.tolist() == [[1, 0, 1], [3, 0, 1]]
    assert len(selection.dataset) == 6


@pytest.mark.parametrize(
    ("hold_out", "what"),
    [
        (HoldOut(0.1), "[01] of 7 usable rows are for the test"),
        (HoldOut(0.9), "[67] of 7 usable rows are for the test"),
        (HoldOut(column="part", level="none"), "0 of 7 usable rows"),
        (HoldOut(column="x", level="1"), "column 'x' has a role"),
        (HoldOut(column="q", level="1"), "has no column 'q'"),
    ],
)
def test_that_an_impossible_test_set_is_refused(hold_out: HoldOut, what: str) -> None:
    with pytest.raises(DataError, match=what) as caught:
        table().select(["x"], "y", hold_out=hold_out)
    assert caught.value.hint


def test_that_a_fraction_out_of_range_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"fraction of 0\.95"):
        HoldOut(0.95)


def test_that_levels_unknown_to_a_model_are_left_out_by_name() -> None:
    encodings = table().select(["x", "colour"], "y").dataset.encodings
    colours = column("colour", [0, 1, 1], ColumnKind.CATEGORY, ("violet", "red"))
    others = Table("u.csv", (colours, column("x", [1, 2, 3]), column("y", [1, 2, 3])))
    selection = others.complete_rows(["x", "colour"], "y", encodings)
    assert selection.left_out == (LeftOut("colour has a level that the model does not know", (1,)),)
    assert selection.dataset.x.tolist() == [[2, 1, 0], [3, 1, 0]]


def test_that_a_text_of_many_kinds_is_refused_by_name() -> None:
    words = column("word", list(range(60)), ColumnKind.TEXT, tuple(map(str, range(60))))
    rows = Table("t.csv", (words, column("x", list(range(60))), column("y", list(range(60)))))
    with pytest.raises(DataError, match="'word' holds 60 different texts") as caught:
        rows.select(["word"], "y")
    assert "'x', 'y'" in caught.value.hint


def test_that_a_category_is_no_target() -> None:
    with pytest.raises(DataError, match="column 'colour' does not hold numbers"):
        table().select(["x"], "colour")


def test_that_a_constant_category_is_refused_by_its_level() -> None:
    same = column("kind", [1, 1, 1], ColumnKind.CATEGORY, ("a", "b"))
    with pytest.raises(DataError, match="every value of 'kind' is b"):
        Table("t.csv", (same, column("y", [1, 2, 3]))).select(["kind"], "y")


def test_that_equal_rows_have_one_digest_wherever_they_came_from() -> None:
    first, again = (table().select(["x"], "y").dataset for _ in range(2))
    other = table().select(["x"], "y", excluded=[0]).dataset
    assert first.digest == again.digest != other.digest
