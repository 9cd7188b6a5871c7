import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.diagnostics import diagnose
from mdn_gui.core.score import score_on
from mdn_gui.errors import DataError
from tests.fakes import made_model


@pytest.fixture
def rows() -> Dataset:
    rng = np.random.default_rng(5)
    return Dataset(rng.normal(size=(300, 2)), rng.normal(size=300), ("a", "b"), "y")


def test_that_the_score_is_that_of_the_full_diagnosis(rows):
    model = made_model(rows)
    score, diagnostics = score_on(model, rows), diagnose(model, rows.x, rows.y)
    assert score.nll == diagnostics.nll
    assert score.crps == diagnostics.crps
    assert score.num_rows == 300


def test_that_blocks_make_no_difference(rows, monkeypatch):
    model = made_model(rows)
    whole = score_on(model, rows)
    monkeypatch.setattr("mdn_gui.core.score._ROWS_AT_ONCE", 7)
    assert score_on(model, rows) == whole


def test_that_it_can_be_cancelled_between_blocks(rows, monkeypatch):
    monkeypatch.setattr("mdn_gui.core.score._ROWS_AT_ONCE", 100)
    answers = iter([False, False, True])
    assert score_on(made_model(rows), rows, lambda: next(answers)) is None
    assert list(answers) == []


def test_that_rows_with_other_inputs_are_refused(rows):
    other = Dataset(rows.x[:, :1], rows.y, ("a",), "y")
    with pytest.raises(DataError, match="reads 2 input"):
        score_on(made_model(rows), other)
