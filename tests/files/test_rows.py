import csv
import io

import numpy as np
import pytest

from mdn_gui.core.columns import Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import HoldOut
from mdn_gui.core.table import Table
from mdn_gui.core.uses import RowUses
from mdn_gui.files import rows as module
from mdn_gui.files.rows import save_rows, write_rows
from mdn_gui.files.saving import SaveError

NUMBERS = np.array([0.1, -1 / 3, 1e-300, 12345678.9, 2.0, np.nan, 7.0, -5e22])
FILLED = np.zeros(8, dtype=bool)


def table() -> Table:
    levels = ("=1+1", "a,b", 'say "x"')
    return Table(
        "odd",
        (
            Column("=x", NUMBERS, FILLED, oddities={5: "@SUM(A1)\nnext"}),
            Column("site", np.arange(8.0) % 3, FILLED, ColumnKind.CATEGORY, levels),
            Column("y", np.arange(8.0) % 3, FILLED),
        ),
    )


def saved(path, chosen) -> list[list[str]]:
    save_rows(path, table(), table().select(["=x"], "y", excluded=[1], hold_out=HoldOut(0.5)), np.array(chosen))
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_that_numbers_come_back_bit_equal(tmp_path):
    lines = saved(tmp_path / "rows.csv", range(8))
    read = [float(line[2]) for line in lines[1:] if line[0] != "6"]
    assert read == NUMBERS[~np.isnan(NUMBERS)].tolist()


def test_that_rows_are_told_by_number_and_use(tmp_path):
    lines = saved(tmp_path / "rows.csv", [5, 1, 0])
    assert [line[0] for line in lines[1:]] == ["6", "2", "1"]
    assert lines[1][1] == "'=x is not a number"
    assert lines[2][1] == "excluded by hand"
    assert lines[3][1] in {"training", "test"}


def test_that_no_text_is_a_formula_for_a_spreadsheet(tmp_path):
    lines = saved(tmp_path / "rows.csv", range(8))
    assert lines[0] == ["row", "use", "'=x", "site", "y"]
    assert lines[6][2] == "'@SUM(A1) next"
    assert [lines[number][3] for number in (1, 2, 3)] == ["'=1+1", "a,b", 'say "x"']
    texts = [cell for line in lines[1:] for cell in (line[1], line[3])]
    assert not [cell for cell in texts if cell.startswith(("=", "+", "-", "@"))]


def test_that_blocks_follow_each_other(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_BLOCK", 3)
    assert [line[0] for line in saved(tmp_path / "rows.csv", range(8))[1:]] == [str(number) for number in range(1, 9)]


def test_that_tabs_can_stand_between_cells():
    stream = io.StringIO()
    uses = RowUses.of(table().select(["=x"], "y"), 8)
    write_rows(stream, table(), uses, np.array([1]), delimiter="\t")
    assert stream.getvalue() == "row\tuse\t'=x\tsite\ty\n2\ttraining\t-0.3333333333333333\ta,b\t1\n"


def test_that_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SaveError, match="there is no folder"):
        saved(tmp_path / "missing" / "rows.csv", [0])
