"""Tables, their roles, the rows taken from them."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdn_gui.core.columns import Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import LeftOut
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError

NAN, INF = float("nan"), float("inf")


def column(name: str, values: Sequence[float], empty: Sequence[int] = ()) -> Column:
    return Column(name, np.array(values), np.isin(np.arange(len(values)), empty))


def table(**columns: Sequence[float]) -> Table:
    return Table("t.csv", tuple(column(name, values) for name, values in columns.items()))


def test_that_selection_keeps_the_complete_rows_in_order() -> None:
    selection = table(x=[1, 2, NAN, 4], z=[5, 6, 7, 8], y=[1, INF, 3, 4]).select(["x"], "y")
    assert selection.dataset.x.tolist() == [[1], [4]]
    assert selection.dataset.y.tolist() == [1, 4]
    assert selection.dataset.input_names == ("x",)
    assert selection.dataset.source == "t.csv"


def test_that_the_same_selection_is_not_made_twice() -> None:
    rows = table(x=[1, 2, 3, 4], z=[5, 6, 7, 8], y=[1, 2, 3, 4])
    first = rows.select(["x"], "y", excluded=[1])
    assert rows.select(("x",), "y", excluded=np.array([1])) is first
    assert rows.select(["x"], "y", excluded=[2]).rows.tolist() == [0, 1, 3]
    assert rows.select(["z"], "y", excluded=[1]).dataset.input_names == ("z",)
    assert rows.select(["x"], "y", excluded=[1]).rows.tolist() == first.rows.tolist()


def test_that_each_row_left_out_is_counted_once_with_its_reason() -> None:
    columns = (column("x", [1, NAN, NAN, 4, INF, 6, 7], [2]), column("y", [1, NAN, 3, NAN, 5, 6, 7], [1, 3]))
    selection = Table("t.csv", columns).select(["x"], "y")
    assert selection.left_out == (
        LeftOut("empty x", (3,)),
        LeftOut("x is infinite", (5,)),
        LeftOut("x is not a number", (2,)),
        LeftOut("empty y", (4,)),
    )
    assert selection.num_left_out == 4
    assert len(selection.dataset) == 3


def test_that_rows_ruined_while_reading_are_reported_first() -> None:
    columns = (column("x", [1, NAN, 3, 4]), column("y", [1, NAN, NAN, 5]))
    ruined = Table("t.csv", columns, left_out=(LeftOut("more cells than columns", (2,)),))
    assert ruined.select(["x"], "y").left_out == (
        LeftOut("more cells than columns", (2,)),
        LeftOut("y is not a number", (3,)),
    )


@given(st.lists(st.tuples(st.sampled_from([1.0, 2.0, NAN, INF]), st.sampled_from([1.0, 2.0, NAN, -INF]))))
def test_that_rows_used_and_rows_left_out_make_the_table(rows: list[tuple[float, float]]) -> None:
    # two complete rows, so that there is something to select; enough finite cells, so that both count as numeric
    x, y = zip(*rows, *[(1.0, 1.0), (2.0, 2.0)] * (len(rows) + 1), strict=True)
    selection = table(x=x, y=y).select(["x"], "y")
    left_out = [row for group in selection.left_out for row in group.rows]
    assert len(left_out) == len(set(left_out)) == selection.num_left_out
    assert len(selection.dataset) + selection.num_left_out == len(x)


@pytest.mark.parametrize(
    ("inputs", "target", "what", "remedy"),
    [
        (["q"], "y", "t.csv has no column 'q'", "'x', 'y', 'text', 'none'"),
        (["x"], "q", "t.csv has no column 'q'", "'x', 'y', 'text', 'none'"),
        (["x"], "x", "t.csv: column 'x' is chosen twice", "different columns"),
        (["x", "x"], "y", "t.csv: column 'x' is chosen twice", "different columns"),
        (["text"], "y", "t.csv: column 'text' does not hold numbers", "'x', 'y'"),
        (["x"], "none", "t.csv: column 'none' is empty", "'x', 'y'"),
        ([], "y", "t.csv: no input column is chosen", "at least one"),
    ],
)
def test_that_an_unusable_choice_is_refused_with_a_remedy(
    inputs: list[str], target: str, what: str, remedy: str
) -> None:
    columns = (
        column("x", [1, 2, 3]),
        column("y", [1, 2, 3]),
        column("text", [NAN] * 3),
        column("none", [NAN] * 3, [0, 1, 2]),
    )
    with pytest.raises(DataError, match=what) as caught:
        Table("t.csv", columns).select(inputs, target)
    assert remedy in caught.value.hint


@pytest.mark.parametrize(("x", "y"), [([1.0], [2.0]), ([1, NAN, 3], [NAN, 2, 3])])
def test_that_one_complete_row_is_not_enough(x: list[float], y: list[float]) -> None:
    with pytest.raises(DataError, match=rf"t.csv: 1 of {len(x)} rows have finite numbers in 'x', 'y'") as caught:
        table(x=x, y=y).select(["x"], "y")
    assert "At least 2 complete rows" in caught.value.hint


@pytest.mark.parametrize(("x", "y", "name"), [([5, 5, 5], [1, 2, 3], "x"), ([1, 2, 3], [5, 5, 5], "y")])
def test_that_a_constant_column_is_refused(x: list[float], y: list[float], name: str) -> None:
    with pytest.raises(DataError, match=f"t.csv: every value of '{name}' is 5") as caught:
        table(x=x, y=y).select(["x"], "y")
    assert "choose another" in caught.value.hint


def test_that_a_column_constant_only_in_the_complete_rows_is_refused() -> None:
    with pytest.raises(DataError, match="every value of 'x' is 5"):
        table(x=[5, 5, 6], y=[1, 2, NAN]).select(["x"], "y")


def test_that_one_constant_input_among_several_passes() -> None:
    selection = table(a=[5, 5, 5], b=[1, 2, 3], y=[1, 2, 4]).select(["a", "b"], "y")
    assert selection.dataset.num_inputs == 2


def test_that_inputs_that_are_all_constant_are_refused() -> None:
    with pytest.raises(DataError, match="every value of 'a' is 5"):
        table(a=[5, 5], b=[1, 1], y=[1, 2]).select(["a", "b"], "y")


def test_that_constant_columns_can_be_scored() -> None:
    assert len(table(x=[5, 5], y=[1, 1]).complete_rows(["x"], "y").dataset) == 2


def test_that_values_at_the_edge_of_the_number_range_are_not_called_constant() -> None:
    assert len(table(x=[-1.7e308, 1.7e308], y=[1, 2]).select(["x"], "y").dataset) == 2


@pytest.mark.parametrize(
    ("columns", "roles"),
    [
        ({"a": [3, 1, 2], "b": [1, 2, 4]}, (("a",), "b")),
        ({"row": [1, 2, 3], "a": [3, 1, 2], "b": [1, 2, 4]}, (("a",), "b")),
        ({"row": [0, 1, 2], "a": [3, 1, 2], "b": [1, 2, 4], "same": [7, 7, 7]}, (("a",), "b")),
        ({"row": [1, 2, 3], "b": [1, 2, 4]}, (("row",), "b")),
        ({"row": [1, 2, 3], "b": [1, 2, 4], "same": [7, 7, 7]}, (("row",), "b")),
        ({"same": [7, 7, 7], "row": [0, 1, 2], "b": [1, 2, 4]}, (("row",), "b")),
        ({"row": [1, 2, 3], "same": [7, 7, 7]}, (("row",), "same")),
        ({"text": [NAN, NAN, NAN], "a": [3, 1, 2], "b": [1, 2, 4]}, (("a",), "b")),
        ({"a": [1, 5, 6], "b": [3, 1, 2], "c": [1, 2, 4]}, (("a",), "c")),
    ],
)
def test_that_telling_columns_are_proposed(columns: dict[str, list[float]], roles: tuple[tuple[str, ...], str]) -> None:
    assert table(**columns).proposed_roles() == roles


def of_kind(name: str, kind: ColumnKind, values: Sequence[float]) -> Column:
    levels = ("a", "b", "c", "d")[: int(max(values)) + 1] if kind is ColumnKind.CATEGORY else ()
    return Column(name, np.array(values, dtype=float), np.isnan(values), kind, levels)


B = of_kind("b", ColumnKind.BOOLEAN, [0, 1, 1, 0])
T = of_kind("t", ColumnKind.DAYS, [0, 3, 5, 4])
X, Y, ROW, SAME = (
    column("x", [3, 1, 2, 9]),
    column("y", [1, 2, 4, 3]),
    column("row", [1, 2, 3, 4]),
    column("same", [7] * 4),
)
SITE = of_kind("site", ColumnKind.CATEGORY, [0, 1, 0, 1])
NAMES = of_kind("names", ColumnKind.CATEGORY, [0, 1, 2, 3])
ONE = of_kind("one", ColumnKind.CATEGORY, [0, 0, 0, 0])


@pytest.mark.parametrize(
    ("columns", "roles"),
    [
        ((SITE, T, X, Y, B), (("t",), "y")),
        ((X, Y, T), (("x",), "y")),
        ((Y, T), (("t",), "y")),
        ((B, X, Y), (("x",), "y")),
        ((X, B), (("b",), "x")),
        ((B, T), (("b",), "t")),
    ],
)
def test_that_numbers_are_proposed_as_target_before_dates_before_booleans(
    columns: tuple[Column, ...], roles: tuple[tuple[str, ...], str]
) -> None:
    assert Table("t.csv", columns).proposed_roles() == roles


@pytest.mark.parametrize(
    ("columns", "roles"),
    [
        ((SITE, Y), (("site",), "y")),
        ((Y, NAMES, SITE), (("site",), "y")),
        ((ROW, Y, SITE), (("row",), "y")),
        ((SITE, Y, SAME), (("site",), "y")),
        ((SITE, ROW), (("site",), "row")),
        ((SITE, X, Y), (("x",), "y")),
        ((ROW, Y, NAMES), (("row",), "y")),
    ],
)
def test_that_a_category_is_proposed_as_input_where_no_other_number_changes(
    columns: tuple[Column, ...], roles: tuple[tuple[str, ...], str]
) -> None:
    table = Table("t.csv", columns)
    assert table.proposed_roles() == roles
    assert len(table.select(*roles).dataset) == 4


@pytest.mark.parametrize("category", [NAMES, ONE], ids=["a name for each row", "one level"])
def test_that_a_category_that_tells_no_groups_is_not_proposed(category: Column) -> None:
    with pytest.raises(DataError, match="only 'y' holds numbers") as caught:
        Table("t.csv", (category, Y)).proposed_roles()
    assert "x may be categories" in caught.value.hint


def test_that_roles_that_came_with_the_table_are_proposed() -> None:
    given_roles = Table("t.csv", (column("a", [1, 2]), column("b", [3, 4])), inputs=("b",), target="a")
    assert given_roles.proposed_roles() == (("b",), "a")


@pytest.mark.parametrize(
    ("columns", "what"),
    [
        ({"a": [NAN, NAN]}, "t.csv: no column holds numbers"),
        ({"a": [1, 2], "b": [NAN, NAN]}, "t.csv: only 'a' holds numbers"),
    ],
)
def test_that_a_table_without_two_numeric_columns_proposes_nothing(columns: dict[str, list[float]], what: str) -> None:
    with pytest.raises(DataError, match=what) as caught:
        table(**columns).proposed_roles()
    assert "Two numeric columns" in caught.value.hint


def test_that_a_column_is_numeric_when_half_of_its_filled_cells_are() -> None:
    assert column("a", [1, NAN, NAN, NAN], [2, 3]).is_numeric
    assert not column("a", [1, NAN, NAN, NAN], [3]).is_numeric
    assert not column("a", [NAN, NAN], [0, 1]).is_numeric


def test_that_a_table_and_its_columns_cannot_be_changed_from_outside() -> None:
    values, empty = np.array([1.0, 2.0]), np.array([False, False])
    made = Column("a", values, empty)
    values[0], empty[0] = 9.0, True
    assert made.values[0] == 1.0
    assert not made.empty[0]
    with pytest.raises(ValueError, match="read-only"):
        made.empty[0] = True


@pytest.mark.parametrize("columns", [(), (column("a", [1]), column("b", [1, 2])), (column("a", [1]),) * 2])
def test_that_columns_which_do_not_fit_together_are_no_table(columns: tuple[Column, ...]) -> None:
    with pytest.raises(DataError, match="do not form a table") as caught:
        Table("t.csv", columns)
    assert caught.value.hint
