"""The list of runs as a table to take away."""

import csv
import io
import math

import numpy as np

from mdn_gui.core.config import TrainingConfig
from mdn_gui.files.tables import tsv_text
from mdn_gui.ui.runs.taken_out import runs_table
from tests.ui.runs.made import HOSTILE, made_history, made_run, shown_of


def test_that_without_runs_there_is_no_table():
    assert runs_table((), shown_of()) is None


def test_that_every_number_has_all_its_digits():
    first, second = made_run(1, 1.0 / 3.0), made_run(2, -0.1, is_starred=True, continues=1, name="best", notes="a")
    table = runs_table((second, first), shown_of(first, second, shown=1))
    columns = dict(zip(table.names, table.columns, strict=True))
    assert columns["number"].tolist() == [2.0, 1.0]
    assert columns["name"] == ("best", "")
    assert columns["starred"].tolist() == [1.0, 0.0]
    assert columns["validation_nll"].tolist() == [-0.1, 1.0 / 3.0]
    assert columns["nll_less_that_of_the_run_shown"][0] == -0.1 - 1.0 / 3.0
    assert math.isnan(columns["nll_less_that_of_the_run_shown"][1])
    assert columns["best_epoch"].tolist() == [4.0, 4.0]
    assert columns["stop_reason"] == ("patience", "patience")
    assert columns["ended"] == ("2026-11-23T03:10:00Z",) * 2
    assert columns["data_digest"][0] == first.model.provenance.data_digest
    np.testing.assert_array_equal(columns["continues"], [1.0, math.nan])


def test_that_the_settings_of_each_run_are_in_it():
    runs = (made_run(1), made_run(2, config=TrainingConfig(epochs=20, learning_rate=1 / 3)))
    table = runs_table(runs, shown_of(*runs))
    columns = dict(zip(table.names, table.columns, strict=True))
    assert columns["setting_learning_rate"].tolist() == [5e-3, 1 / 3]
    assert columns["setting_epochs"] == ("automatic", "20")
    assert columns["setting_hidden_layers"] == ("8", "8")


def test_that_it_can_be_read_back_whatever_the_names():
    runs = (
        made_run(1, name=HOSTILE),
        made_run(2, name="=1+1", notes="a\tb\n\nc", history=made_history(held_out=False)),
    )
    text = tsv_text(runs_table(runs, shown_of(*runs)))
    rows = list(
        csv.reader(io.StringIO("\n".join(line for line in text.split("\n") if line[:1] != "#")), delimiter="\t")
    )
    assert len({len(row) for row in rows if row}) == 1
    name, nll = rows[0].index("name"), rows[0].index("validation_nll")
    assert rows[2][name] == "'=1+1"
    assert (float(rows[1][nll]), rows[2][nll]) == (0.5, "")
