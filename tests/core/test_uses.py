import numpy as np

from mdn_gui.core.columns import Column
from mdn_gui.core.selection import HoldOut
from mdn_gui.core.table import Table
from mdn_gui.core.uses import RowUses


def uses() -> RowUses:
    x = np.arange(20.0)
    x[3] = np.nan
    table = Table("t", (Column("x", x, np.isnan(x)), Column("y", np.arange(20.0) % 7, np.zeros(20, dtype=bool))))
    return RowUses.of(table.select(["x"], "y", excluded=[5, 6], hold_out=HoldOut(0.25)), 20)


def test_that_every_row_has_one_use():
    found = uses()
    assert sorted([*found.used(), *found.left_out()]) == list(range(20))
    assert set(found.test()) < set(found.used())
    assert len(found.test()) == 4


def test_that_rows_left_out_have_their_reason():
    found = uses()
    assert found.left_out().tolist() == [3, 5, 6]
    assert [found.word(row) for row in (3, 5, 6)] == ["empty x", "excluded by hand", "excluded by hand"]
    assert found.excluded().tolist() == [5, 6]
    assert found.is_left_out(3)


def test_that_rows_of_the_training_and_of_the_test_are_told_apart():
    found = uses()
    assert {found.word(row) for row in found.test()} == {"test"}
    training = sorted({*found.used()} - {*found.test()})
    assert {found.word(row) for row in training} == {"training"}
    assert not found.is_left_out(training[0])


def test_that_no_row_is_excluded_where_none_was():
    table = Table("t", tuple(Column(name, np.arange(4.0), np.zeros(4, dtype=bool)) for name in "xy"))
    assert len(RowUses.of(table.select(["x"], "y"), 4).excluded()) == 0
