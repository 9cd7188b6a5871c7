"""Parameter tables, their CSV."""

import csv
import io
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdn_gui import __version__
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.grid import GridSpec
from mdn_gui.errors import ConfigError
from mdn_gui.files import export
from mdn_gui.files.delimited import read_table
from mdn_gui.files.export import ParameterTable, line_through, parameter_table, save_csv, write_csv
from mdn_gui.files.saving import SaveError
from tests.fakes import made_model
from tests.files.models import random_model

GRID = GridSpec(-1.0, 2.0, 7)


def as_csv(table: ParameterTable, *, with_settings: bool = False) -> str:
    stream = io.StringIO()
    write_csv(stream, table, with_settings=with_settings)
    return stream.getvalue()


def test_that_the_columns_are_inputs_components_then_the_mixture() -> None:
    table = parameter_table(random_model(components=2), GRID)
    assert table.names == (
        *("x", "weight_1", "weight_2", "mean_1", "mean_2", "variance_1", "variance_2", "sd_1", "sd_2"),
        *("mixture_mean", "mixture_variance", "mixture_sd"),
    )


def test_that_every_number_is_the_models_own() -> None:
    model = random_model(components=3)
    table = parameter_table(model, GRID)
    mixture = model.conditional(GRID.values()[:, np.newaxis])
    expected = [GRID.values()[:, np.newaxis], mixture.weights, mixture.locs, mixture.variances, mixture.scales]
    expected += [mixture.mean()[:, np.newaxis], mixture.variance()[:, np.newaxis], mixture.sd()[:, np.newaxis]]
    assert np.array_equal(table.values, np.hstack(expected))
    assert not table.values.flags.writeable


def test_that_a_grid_longer_than_a_block_gives_the_same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = parameter_table(random_model(), GRID)
    text = as_csv(whole)
    monkeypatch.setattr(export, "_BLOCK", 3)
    parts = parameter_table(random_model(), GRID)
    assert np.array_equal(whole.values, parts.values)
    assert as_csv(parts) == text


def test_that_other_inputs_stay_at_their_median_or_where_they_are_held() -> None:
    model = random_model(names=("a", "b", "c"))
    table = parameter_table(model, GRID, line_through(model, "b", {"c": "9.5"}))
    assert np.array_equal(table.values[:, 1], GRID.values())
    assert (table.values[:, 0] == model.provenance.input_ranges[0, 1]).all()
    assert (table.values[:, 2] == 9.5).all()
    assert np.array_equal(table.values[:, 3:6], model.conditional(table.values[:, :3]).weights)
    assert "held: c = 9.5" in table.comments
    assert f"held: a = {model.provenance.input_ranges[0, 1]!r}".replace("np.float64(", "").rstrip(")") in table.comments
    assert not any(line.startswith("held: b") for line in table.comments)


@pytest.mark.parametrize(
    ("moving", "held", "what", "remedy"),
    [
        ("q", {}, "no input 'q'", "a, b"),
        ("a", {"a": "1"}, "'a' cannot be held", "one of: b"),
        ("a", {"q": "1"}, "'q' cannot be held", "one of: b"),
        ("a", {"b": "nan"}, "'b' cannot be held at 'nan'", "finite"),
        ("a", {"b": "red"}, "'b' cannot be held at 'red'", "finite"),
    ],
)
def test_that_an_impossible_line_through_the_inputs_is_refused(
    moving: str, held: dict[str, str], what: str, remedy: str
) -> None:
    with pytest.raises(ConfigError, match=what) as caught:
        line_through(random_model(names=("a", "b")), moving, held)
    assert remedy in caught.value.hint


@pytest.mark.parametrize(
    ("text", "what"), [("0:1:0", "count"), ("1:0:10", "stops at 0, before"), ("0:1", "not a grid")]
)
def test_that_a_grid_that_cannot_be_is_refused(text: str, what: str) -> None:
    with pytest.raises(ConfigError, match=what) as caught:
        parameter_table(random_model(), GridSpec.parse(text))
    assert caught.value.hint


def test_that_a_table_beyond_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_shape: object) -> None:
        raise MemoryError

    model = random_model()
    monkeypatch.setattr(np, "empty", full)
    with pytest.raises(SaveError, match="7 rows and 16 columns does not fit into memory") as caught:
        parameter_table(model, GRID)
    assert "fewer grid points" in caught.value.hint


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=20))
def test_that_numbers_written_are_read_back_bit_for_bit(numbers: list[float]) -> None:
    table = ParameterTable(("x",), np.array(numbers)[:, np.newaxis], ())
    cells = as_csv(table).splitlines()[1:]
    assert [struct.pack("d", float(cell)) for cell in cells] == [struct.pack("d", number) for number in numbers]


@given(names=st.lists(st.text(), min_size=1, max_size=3), source=st.text(), with_settings=st.booleans())
def test_that_hostile_names_break_neither_header_nor_comments(
    names: list[str], source: str, *, with_settings: bool
) -> None:
    comments = tuple(f"{word}: {text}" for word, text in zip(("a", "b", "c", "data"), (*names, source), strict=False))
    text = as_csv(ParameterTable(tuple(names), np.ones((2, len(names))), comments), with_settings=with_settings)
    lines = text.split("\n")
    num_comments = len(comments) if with_settings else 0
    assert lines[-1] == ""
    assert len(lines) == num_comments + 1 + 2 + 1
    assert all(line.startswith("# ") for line in lines[:num_comments])
    assert "\r" not in text
    header = next(csv.reader([lines[num_comments]]), [""])
    assert len(header) == len(names)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in header)


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+x", "'+x"),
        ("-x", "'-x"),
        ("@x", "'@x"),
        ("\tx", "' x"),
        ("\rx", "' x"),
        ("x=1", "x=1"),
        ("a,b", "a,b"),
        ('say "x"', 'say "x"'),
    ],
)
def test_that_a_header_cell_never_begins_a_formula(name: str, cell: str) -> None:
    text = as_csv(parameter_table(random_model(names=(name, "b")), GRID))
    assert next(csv.reader(io.StringIO(text)))[0] == cell


def test_that_negative_numbers_carry_no_apostrophe() -> None:
    assert as_csv(ParameterTable(("x",), np.array([[-1.5]]), ())) == "x\n-1.5\n"


@pytest.mark.parametrize("name", ["a,=1+1", 'a;"=1+1', "a|\t@x", "a, -2"])
def test_that_a_comment_cannot_smuggle_a_formula_into_a_cell(name: str) -> None:
    text = as_csv(ParameterTable(("x",), np.ones((1, 1)), (f"target: {name}",)), with_settings=True)
    for delimiter in ",;|":
        cells = next(csv.reader([text.split("\n")[0]], delimiter=delimiter))
        assert not any(cell.strip(' "').startswith(("=", "+", "-", "@")) for cell in cells)


def test_that_the_comment_header_names_data_settings_and_result() -> None:
    model = random_model(source="/data/in.csv", target="accel")
    lines = as_csv(parameter_table(model, GRID), with_settings=True).splitlines()
    comments = [line for line in lines if line.startswith("# ")]
    assert comments[0] == f"# mdn-gui {__version__}: parameters of p(y given x), data units"
    for line in (
        *("# data: /data/in.csv", "# rows: 123", "# inputs: x", "# target: accel", "# num_components: 3"),
        *("# hidden_layers: (4, 5)", "# seed: 0", "# patience: automatic", "# best epoch: 2 of 3"),
        *("# validation NLL: 0.3 nats a row", f"# smallest sd: {model.smallest_scale!r}"),
    ):
        assert line in comments
    assert len(lines) == len(comments) + 1 + GRID.count


def test_that_a_snapshot_without_history_can_be_taken_away() -> None:
    table = parameter_table(random_model(history=None), GRID)
    assert not any("NLL" in line for line in table.comments)


def test_that_a_saved_table_opens_again_with_the_same_bits(tmp_path: Path) -> None:
    table = parameter_table(random_model(names=("größe", "b")), GRID)
    path = tmp_path / "table.csv"
    save_csv(path, table)
    again = read_table(path)
    assert tuple(column.name for column in again.columns) == table.names
    assert np.array_equal(np.column_stack([column.values for column in again.columns]), table.values)
    assert b"\r" not in path.read_bytes()
    assert "comment lines skipped" in again.notes[0]


def test_that_the_settings_can_be_left_out_of_a_saved_table(tmp_path: Path) -> None:
    table = parameter_table(random_model(), GRID)
    save_csv(tmp_path / "table.csv", table, with_settings=False)
    assert (tmp_path / "table.csv").read_text(encoding="utf-8") == as_csv(table)


def test_that_a_name_outside_unicode_does_not_stop_the_saving(tmp_path: Path) -> None:
    save_csv(tmp_path / "table.csv", parameter_table(random_model(source="caf\udce9.csv"), GRID))
    assert b"# data: caf" in (tmp_path / "table.csv").read_bytes()


def test_that_levels_on_the_line_are_rows_of_the_inputs_the_network_reads() -> None:
    encodings = (Encoding("g", ColumnKind.CATEGORY, ("a", "b", "c")), Encoding("z"))
    x = np.array([[1.0, 0.0, 0.0, 5.0], [0.0, 1.0, 0.0, 7.0], [0.0, 0.0, 1.0, 9.0]])
    names = tuple(name for each in encodings for name in each.names)
    model = made_model(Dataset(x, np.arange(3.0), names, "y", encodings=encodings))
    table = parameter_table(model, GridSpec.of_levels(3), line_through(model, "g"))
    assert table.names[:4] == ("g = a", "g = b", "g = c", "z")
    np.testing.assert_array_equal(table.values[:, :4], np.column_stack((np.eye(3), np.full(3, 7.0))))
