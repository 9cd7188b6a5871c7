"""Parameter tables, their CSV."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from mdn_gui import __version__
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.grid import GridSpec
from mdn_gui.errors import ConfigError
from mdn_gui.files import export
from mdn_gui.files.delimited import read_table
from mdn_gui.files.export import line_through, parameter_table
from mdn_gui.files.saving import SaveError
from mdn_gui.files.tables import DataTable, save_table, write_table
from tests.fakes import made_model
from tests.files.models import random_model

GRID = GridSpec(-1.0, 2.0, 7)


def as_csv(table: DataTable, *, with_settings: bool = False) -> str:
    stream = io.StringIO()
    write_table(stream, table, with_comments=with_settings)
    return stream.getvalue()


def values_of(table: DataTable) -> np.ndarray:
    return np.column_stack(table.columns)


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
    assert np.array_equal(values_of(table), np.hstack(expected))
    assert not any(column.flags.writeable for column in table.columns)


def test_that_a_grid_longer_than_a_block_gives_the_same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = parameter_table(random_model(), GRID)
    text = as_csv(whole)
    monkeypatch.setattr(export, "rows_at_once", lambda *_: 3)
    parts = parameter_table(random_model(), GRID)
    assert np.array_equal(values_of(whole), values_of(parts))
    assert as_csv(parts) == text


def test_that_other_inputs_stay_at_their_median_or_where_they_are_held() -> None:
    model = random_model(names=("a", "b", "c"))
    table = parameter_table(model, GRID, line_through(model, "b", {"c": "9.5"}))
    assert np.array_equal(values_of(table)[:, 1], GRID.values())
    assert (values_of(table)[:, 0] == model.provenance.input_ranges[0, 1]).all()
    assert (values_of(table)[:, 2] == 9.5).all()
    assert np.array_equal(values_of(table)[:, 3:6], model.conditional(values_of(table)[:, :3]).weights)
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


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+x", "'+x"),
        ("-x", "'-x"),
        ("-1+x", "'-1+x"),
        ("-1.5e-3", "-1.5e-3"),
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
    save_table(path, table)
    again = read_table(path)
    assert tuple(column.name for column in again.columns) == table.names
    assert np.array_equal(np.column_stack([column.values for column in again.columns]), values_of(table))
    assert b"\r" not in path.read_bytes()
    assert "comment lines skipped" in again.notes[0]


def test_that_a_name_outside_unicode_does_not_stop_the_saving(tmp_path: Path) -> None:
    save_table(tmp_path / "table.csv", parameter_table(random_model(source="caf\udce9.csv"), GRID))
    assert b"# data: caf" in (tmp_path / "table.csv").read_bytes()


def test_that_levels_on_the_line_are_rows_of_the_inputs_the_network_reads() -> None:
    encodings = (Encoding("g", ColumnKind.CATEGORY, ("a", "b", "c")), Encoding("z"))
    x = np.array([[1.0, 0.0, 0.0, 5.0], [0.0, 1.0, 0.0, 7.0], [0.0, 0.0, 1.0, 9.0]])
    names = tuple(name for each in encodings for name in each.names)
    model = made_model(Dataset(x, np.arange(3.0), names, "y", encodings=encodings))
    table = parameter_table(model, GridSpec.of_levels(3), line_through(model, "g"))
    assert table.names[:4] == ("g = a", "g = b", "g = c", "z")
    np.testing.assert_array_equal(values_of(table)[:, :4], np.column_stack((np.eye(3), np.full(3, 7.0))))
