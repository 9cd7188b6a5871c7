"""Predictions for the rows of another table."""

import csv
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.core.config import ModelConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.questions import Questions
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files import predictions
from mdn_gui.files.formats import read_here, stream_here
from mdn_gui.files.options import ReadingCancelledError, ReadOptions, Unwatched, Watch
from mdn_gui.files.predictions import predict
from mdn_gui.files.saving import SaveError
from mdn_gui.files.tables import DataTable, save_table
from mdn_gui.files.wanted import Wanted
from tests.fakes import made_model
from tests.files.made import parquet
from tests.files.models import random_model

GUESSED = ReadOptions()
ASKED = Wanted(Questions(levels=(0.1, 0.9), high=1.5))
ENCODINGS = (
    Encoding("age"),
    Encoding("day", ColumnKind.DAYS, origin="2020-01-01"),
    Encoding("colour", ColumnKind.CATEGORY, ("red", "blue")),
)


@pytest.fixture(autouse=True)
def read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child process for each test would cost a third of a second; one test has it."""
    monkeypatch.setattr(predictions, "stream_file", stream_here)


def mixed_model(target: str = "strength") -> FittedModel:
    """Return a model of a number, a date and a category."""
    x = np.column_stack((np.arange(4.0), np.arange(4.0), np.eye(2)[[0, 1, 0, 1]]))
    names = tuple(name for each in ENCODINGS for name in each.names)
    return made_model(Dataset(x, np.arange(4.0), names, target, encodings=ENCODINGS))


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("# ")))


def numbers(rows: Sequence[dict[str, str]], *names: str) -> np.ndarray:
    return np.array([[float(row[name] or "nan") for name in names] for row in rows])


def columns_of(table: Table) -> dict[str, list[str]]:
    return {column.name: [column.text(row) for row in range(table.num_rows)] for column in table.columns}


def test_that_each_row_has_the_models_own_numbers(tmp_path: Path) -> None:
    model = random_model(names=("a", "b"), components=2)
    values = np.random.default_rng(0).normal(size=(300, 3))
    source = written(tmp_path / "s.csv", "b,a,y\n" + "".join(f"{b!r},{a!r},{y!r}\n" for a, b, y in values.tolist()))
    done = predict(model, source, tmp_path / "out.csv", GUESSED, ASKED)
    low, high = model.provenance.column_ranges.T
    outside = (values[:, :2] < low) | (values[:, :2] > high)
    assert (done.num_rows, done.without_numbers, done.without_target) == (300, (), ())
    assert done.num_outside == outside.any(axis=1).sum() > 0
    assert dict(done.outside) == dict(zip(("a", "b"), outside.sum(axis=0).tolist(), strict=True))
    rows = rows_of(tmp_path / "out.csv")
    assert list(rows[0]) == [
        *("row", "a", "b", "y", "weight_1", "weight_2", "mean_1", "mean_2", "variance_1", "variance_2", "sd_1", "sd_2"),
        *("mixture_mean", "mixture_variance", "mixture_sd", "quantile_0.1", "quantile_0.9", "probability_below_1.5"),
        *("log_density", "pit", "outside", "reason"),
    ]
    assert [row["row"] for row in rows] == [str(number) for number in range(1, 301)]
    mixture, y = model.conditional(values[:, :2]), values[:, 2]
    assert np.array_equal(numbers(rows, "a", "b", "y"), values)
    assert np.array_equal(numbers(rows, "weight_1", "weight_2"), mixture.weights)
    assert np.array_equal(numbers(rows, "mean_1", "mean_2"), mixture.locs)
    assert np.array_equal(numbers(rows, "variance_1", "variance_2"), mixture.variances)
    assert np.array_equal(numbers(rows, "sd_1", "sd_2"), mixture.scales)
    read = (mixture.mean(), mixture.variance(), mixture.sd())
    assert np.array_equal(numbers(rows, "mixture_mean", "mixture_variance", "mixture_sd"), np.column_stack(read))
    np.testing.assert_allclose(numbers(rows, "quantile_0.1", "quantile_0.9"), mixture.quantile([0.1, 0.9]), rtol=1e-12)
    judged = np.column_stack((mixture.cdf(np.full(300, 1.5)), mixture.log_pdf(y), mixture.cdf(y)))
    np.testing.assert_allclose(numbers(rows, "probability_below_1.5", "log_density", "pit"), judged, rtol=1e-12)


def test_that_a_table_without_the_target_is_read_alike(tmp_path: Path) -> None:
    source = written(tmp_path / "s.csv", "x\n1\n2\n")
    done = predict(random_model(), source, tmp_path / "out.csv")
    assert done.without_target is None
    assert list(rows_of(tmp_path / "out.csv")[0])[-1] == "reason"
    names = set(rows_of(tmp_path / "out.csv")[0])
    assert not {"y", "log_density", "pit", "quantile_0.5"} & names
    assert not any(name.startswith("probability") for name in names)


def test_that_rows_that_cannot_be_used_stay_in_place_and_say_why(tmp_path: Path) -> None:
    source = written(
        tmp_path / "s.csv",
        "age,day,colour,strength\n"
        "1,2020-01-02,red,3\n"
        ",2020-01-02,red,3\n"
        "old,2020-01-02,red,3\n"
        "inf,2020-01-02,red,3\n"
        "1,no day,red,3\n"
        "1,2020-01-02,green,3\n"
        "1,2020-01-02,red,3,9\n"
        "1,2020-01-02,blue,\n"
        "1,2020-01-02,blue,inf\n",
    )
    done = predict(mixed_model(), source, tmp_path / "out.csv")
    rows = rows_of(tmp_path / "out.csv")
    assert [row["reason"] for row in rows] == [
        *("", "empty age", "age is not a number: old", "age is infinite", "day is not a date: no day"),
        *("colour has a level that the model does not know", "more cells than columns"),
        *("empty strength", "strength is infinite"),
    ]
    has_numbers = [not math.isnan(value) for value in numbers(rows, "mixture_mean")[:, 0]]
    assert has_numbers == [True, *[False] * 6, True, True]
    judged = numbers(rows, "log_density", "pit")
    assert np.isfinite(judged[0]).all()
    assert np.isnan(judged[1:]).all()
    assert [row["colour"] for row in rows][4:7] == ["red", "green", ""]
    assert [row["day"] for row in rows][:5] == [*["2020-01-02"] * 4, "no day"]
    assert [row["age"] for row in rows][:6] == ["1.0", "", "", "inf", "1.0", "1.0"]
    assert done.num_rows == 9
    assert ("age is not a number", 1) in done.without_numbers
    assert done.num_without == 6
    assert dict(done.without_numbers)["empty age"] == 1
    assert done.without_target == (("empty strength", 1), ("strength is infinite", 1))


def test_that_categories_and_dates_are_read_in_the_terms_of_the_model(tmp_path: Path) -> None:
    model = mixed_model("due (days since 2020-01-01)")
    text = "colour,day,age,due\nblue,2021-06-30,2.5,2020-01-05\nred,2019-12-31,1,2019-12-30\n"
    predict(model, written(tmp_path / "s.csv", text), tmp_path / "out.csv")
    rows = rows_of(tmp_path / "out.csv")
    x = np.array([[2.5, 546.0, 0.0, 1.0], [1.0, -1.0, 1.0, 0.0]])
    mixture = model.conditional(x)
    assert np.array_equal(numbers(rows, "mean_1", "mean_2", "mean_3"), mixture.locs)
    np.testing.assert_allclose(numbers(rows, "log_density")[:, 0], mixture.log_pdf(np.array([4.0, -2.0])), rtol=1e-12)
    assert [row["due"] for row in rows] == ["2020-01-05", "2019-12-30"]


def test_that_missing_inputs_are_named_with_what_there_is(tmp_path: Path) -> None:
    source = written(tmp_path / "s.csv", "age,y\n1,2\n3,4\n")
    with pytest.raises(DataError, match="'day', 'colour', inputs of the model") as caught:
        predict(mixed_model(), source, tmp_path / "out.csv")
    assert "age, y" in caught.value.hint
    assert not (tmp_path / "out.csv").exists()


def test_that_dates_in_place_of_numbers_are_refused(tmp_path: Path) -> None:
    source = parquet(tmp_path / "s.parquet", {"x": np.array(["2020-01-01", "2020-02-01"], dtype="datetime64[s]")})
    with pytest.raises(DataError, match="'x' is read as date") as caught:
        predict(random_model(), source, tmp_path / "out.csv")
    assert "learned from number" in caught.value.hint


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".parquet", ".xlsx", ".json", ".jsonl"])
@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_that_every_form_gives_the_same_predictions(tmp_path: Path, form: str, ending: str) -> None:
    model = random_model(names=("a", "b"))
    a, b = np.arange(50) / 7, np.arange(50) / -3
    path = tmp_path / f"s.{form}"
    if form == "parquet":
        parquet(path, {"a": a, "b": b})
    elif form == "xlsx":
        save_table(path, DataTable("s", ("a", "b"), (a, b)))
    else:
        written(path, "a,b\n" + "".join(f"{one!r},{two!r}\n" for one, two in zip(a.tolist(), b.tolist(), strict=True)))
    predict(model, path, tmp_path / f"out{ending}", GUESSED, ASKED)
    found = read_here(tmp_path / f"out{ending}", GUESSED, Unwatched())
    assert np.array_equal(found.column("mixture_mean").values, model.conditional(np.column_stack((a, b))).mean())


def test_that_blocks_of_any_length_give_the_same_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mdn_gui.files import decoding

    text = "a,b,y\n" + "".join(f"{n / 7},{'' if n % 9 == 0 else n},{n % 5}\n" for n in range(400))
    source = written(tmp_path / "s.csv", text)
    model = random_model(names=("a", "b"))
    predict(model, source, tmp_path / "whole.csv", GUESSED, ASKED)
    monkeypatch.setattr(decoding, "_BLOCK", 300)
    monkeypatch.setattr(predictions, "rows_at_once", lambda *_: 7)
    done = predict(model, source, tmp_path / "parts.csv", GUESSED, ASKED)
    assert (tmp_path / "parts.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert done.without_numbers == (("empty b", 45),)


def test_that_a_transformed_target_is_judged_in_data_units(tmp_path: Path) -> None:
    model = replace(random_model(), model_config=ModelConfig(num_components=3, target_transform="log"))
    source = written(tmp_path / "s.csv", "x,y\n0.1,2\n0.2,-1\n1e12,5\n")
    predict(model, source, tmp_path / "out.csv", GUESSED, ASKED)
    rows = rows_of(tmp_path / "out.csv")
    expected = model.conditional([[0.1]]).log_pdf([2.0])
    assert numbers(rows, "log_density")[0] == pytest.approx(expected, rel=1e-12)
    assert numbers(rows, "log_density")[1] == -np.inf
    assert [row["reason"] for row in rows] == ["", "", ""]


def test_that_names_that_meet_are_made_different(tmp_path: Path) -> None:
    model = random_model(names=("weight_1",), target="reason", components=1)
    predict(model, written(tmp_path / "s.csv", "weight_1,reason\n1,2\n3,4\n"), tmp_path / "out.json")
    table = columns_of(read_here(tmp_path / "out.json", GUESSED, Unwatched()))
    assert {"weight_1", "weight_1 (2)", "reason", "reason (2)"} <= set(table)
    assert table["reason"] == ["2", "4"]


class Enough(Unwatched):
    """Cancels after so many questions; records the reports."""

    def __init__(self, patience: int) -> None:
        self.patience = patience
        self.fractions: list[float] = []

    def report(self, fraction: float) -> None:
        self.fractions.append(fraction)

    def is_cancelled(self) -> bool:
        self.patience -= 1
        return self.patience < 0


def test_that_cancelling_leaves_what_was_there(tmp_path: Path) -> None:
    source, output = written(tmp_path / "s.csv", "x\n1\n2\n"), written(tmp_path / "out.csv", "earlier")
    with pytest.raises(ReadingCancelledError):
        predict(random_model(), source, output, watch=Enough(1))
    assert output.read_text() == "earlier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "s.csv"]


def test_that_the_share_read_is_told_up_to_the_end(tmp_path: Path) -> None:
    watch = Enough(1000)
    predict(random_model(), written(tmp_path / "s.csv", "x\n1\n2\n"), tmp_path / "out.csv", watch=watch)
    assert watch.fractions == sorted(watch.fractions)
    assert watch.fractions[-1] == 1.0


def test_that_the_table_that_is_read_is_not_written_over(tmp_path: Path) -> None:
    source = written(tmp_path / "s.csv", "x\n1\n2\n")
    with pytest.raises(SaveError, match="is the table that is read"):
        predict(random_model(), source, source)
    assert source.read_text() == "x\n1\n2\n"


def test_that_a_place_that_cannot_be_written_is_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(SaveError, match="no folder"):
        predict(random_model(), tmp_path / "not there.csv", tmp_path / "nowhere" / "out.csv")


def test_that_a_child_process_reads_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mdn_gui.files.reading import stream_file

    asked: list[Path] = []

    def recorded(path: Path, options: ReadOptions, watch: Watch) -> object:
        asked.append(path)
        return stream_file(path, options, watch)

    monkeypatch.setattr(predictions, "stream_file", recorded)
    source = written(tmp_path / "s.csv", "x,y,other\n1,2,a\n2,3,b\n")
    done = predict(random_model(), source, tmp_path / "out.parquet", GUESSED, ASKED)
    assert asked == [source]
    assert done.num_rows == 2


def test_that_inputs_outside_the_data_are_named(tmp_path: Path) -> None:
    model = mixed_model()  # age 0 to 3, day 0 to 3 since 2020-01-01
    text = (
        "age,day,colour\n0,2020-01-01,red\n3,2020-01-04,blue\n-0.5,2020-01-02,red\n"
        "3.5,2020-01-05,red\n2,2019-12-31,red\n99,2020-01-02,green\n"
    )
    done = predict(model, written(tmp_path / "s.csv", text), tmp_path / "out.csv")
    rows = rows_of(tmp_path / "out.csv")
    assert [row["outside"] for row in rows] == ["", "", "age", "age, day", "day", ""]
    assert (done.num_outside, dict(done.outside)) == (3, {"age": 2, "day": 2})


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".parquet", ".xlsx", ".json", ".jsonl"])
def test_that_every_format_has_rows_and_what_is_outside(tmp_path: Path, ending: str) -> None:
    source = written(tmp_path / "s.csv", "x,id,note\n1.5,7,a\n1e9,8,=b\n1.5,9,c\n")
    predict(random_model(), source, tmp_path / f"out{ending}", wanted=Wanted(keep=("note", "id")))
    found = columns_of(read_here(tmp_path / f"out{ending}", GUESSED, Unwatched()))
    assert list(found)[:4] == ["row", "x", "note", "id"]
    assert (found["row"], found["outside"]) == (["1", "2", "3"], ["", "x", ""])
    assert found["id"] == ["7", "8", "9"]
    assert [text.removeprefix("'") for text in found["note"]] == ["a", "=b", "c"]


def test_that_rows_are_numbered_through_all_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mdn_gui.files import decoding

    monkeypatch.setattr(decoding, "_BLOCK", 64)
    source = written(tmp_path / "s.csv", "x\n" + "".join(f"{n}\n" for n in range(200)))
    predict(random_model(), source, tmp_path / "out.csv")
    rows = rows_of(tmp_path / "out.csv")
    assert [(row["row"], row["x"]) for row in rows] == [(f"{n + 1}", f"{n}.0") for n in range(200)]


def test_that_other_columns_are_kept_as_read(tmp_path: Path) -> None:
    text = "id,x,code,when,size,y\nA 1,1,007,2020-01-02,2.50,1\n-B,2,0123,2020-01-03,,2\nC,,9,2020-01-04,-3,3\n"
    source = written(tmp_path / "s.csv", text)
    predict(random_model(), source, tmp_path / "all.csv", wanted=Wanted(keep=None))
    rows = rows_of(tmp_path / "all.csv")
    assert list(rows[0])[:7] == ["row", "x", "y", "id", "code", "when", "size"]
    assert [row["id"] for row in rows] == ["A 1", "'-B", "C"]
    assert [row["code"] for row in rows] == ["007", "0123", "9"]
    assert [row["when"] for row in rows] == ["2020-01-02", "2020-01-03", "2020-01-04"]
    assert [row["size"] for row in rows] == ["2.50", "", "-3"]
    predict(random_model(), source, tmp_path / "one.csv", wanted=Wanted(keep=("id", "x", "id")))
    assert list(rows_of(tmp_path / "one.csv")[0])[:5] == ["row", "x", "y", "id", "weight_1"]


def test_that_a_text_below_the_first_rows_loses_the_kept_column_nothing(tmp_path: Path) -> None:
    lines = [*(f"{n},{n}" for n in range(300)), "1,A7", "2,5"]
    source = written(tmp_path / "s.csv", "\n".join(["x,id", *lines]) + "\n")
    predict(random_model(), source, tmp_path / "out.csv", wanted=Wanted(keep=("id",)))
    assert [row["id"] for row in rows_of(tmp_path / "out.csv")][-3:] == ["299", "A7", "5"]


def test_that_kept_numbers_are_numbers_where_a_file_has_such(tmp_path: Path) -> None:
    source = written(tmp_path / "s.csv", "x;size;code\n0,5;-2,50;01\n1,5;3,25;02\n")
    for ending in (".parquet", ".csv"):
        predict(random_model(), source, tmp_path / f"out{ending}", wanted=Wanted(keep=None))
        found = read_here(tmp_path / f"out{ending}", ReadOptions(kinds={"code": ColumnKind.TEXT}), Unwatched())
        assert found.column("size").values.tolist() == [-2.5, 3.25]
        assert columns_of(found)["code"] == ["01", "02"]


def test_that_a_kept_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    source = written(tmp_path / "s.csv", "x,y\n1,2\n2,3\n")
    with pytest.raises(DataError, match="does not have 'id', which is to be kept") as caught:
        predict(random_model(), source, tmp_path / "out.csv", wanted=Wanted(keep=("id",)))
    assert "x, y" in caught.value.hint


def test_that_columns_of_the_table_keep_their_names(tmp_path: Path) -> None:
    model = random_model(names=("row",), target="outside")
    predict(model, written(tmp_path / "s.csv", "row,outside\n5,2\n6,4\n"), tmp_path / "out.csv")
    rows = rows_of(tmp_path / "out.csv")
    assert list(rows[0])[:3] == ["row (2)", "row", "outside"]
    assert [(row["row (2)"], row["row"]) for row in rows] == [("1", "5.0"), ("2", "6.0")]
