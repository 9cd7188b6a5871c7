"""The scripts that stand alone give the numbers of the window, whatever the model, whatever its texts."""

import ast
import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from mdn_gui.core.encoding import ColumnKind, expanded
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.transformed_mixture import ConditionalDensity
from mdn_gui.files.saving import SaveError
from mdn_gui.files.script import Flavour, python_script, save_script
from tests.files.kinds_of_models import HOSTILE, MIXED, encoded_model, models, places, small_sds_model
from tests.files.models import random_model

MODELS = models()
READ = [*MODELS.values(), small_sds_model(-30.0), small_sds_model(-800.0)]
CLOSE = {"rtol": 1e-6, "atol": 1e-306}

ONLY = """
import runpy, sys
class Only:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in {allowed!r} | sys.stdlib_module_names:
            raise ImportError(name + " is not there")
sys.meta_path.insert(0, Only())
sys.argv = {arguments!r}
runpy.run_path(sys.argv[0], run_name="__main__")
"""

READ_ALL = """
import pathlib, runpy, sys
import numpy as np
for script in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    parameters = runpy.run_path(str(script))["parameters"]
    np.savez(script.with_suffix(".read.npz"), *parameters(np.load(script.with_suffix(".npy"))))
"""


def loaded(model: FittedModel, flavour: Flavour = "numpy") -> ModuleType:
    """The script as a module."""
    module = ModuleType("made")
    exec(compile(python_script(model, flavour), "made.py", "exec"), module.__dict__)
    return module


def window(model: FittedModel, columns: np.ndarray) -> ConditionalDensity:
    return model.conditional(expanded(model.provenance.encodings, columns))


def run(arguments: list[str], code: str | None = None, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", *(() if code is None else ("-c", code)), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, encoding="utf-8", **options
    )


def assert_same_parameters(found: Any, expected: ConditionalDensity) -> None:
    weights, means, variances = found
    np.testing.assert_allclose(weights, expected.weights, **CLOSE)
    np.testing.assert_allclose(means, expected.locs, **CLOSE)
    np.testing.assert_allclose(variances, expected.variances, **CLOSE)


@pytest.mark.parametrize("kind", MODELS)
def test_that_the_numpy_script_gives_the_numbers_of_the_window(kind: str) -> None:
    model, script = MODELS[kind], loaded(MODELS[kind])
    columns = places(model)
    expected, found = window(model, columns), script.conditional(columns)
    assert_same_parameters(script.parameters(columns), expected)
    np.testing.assert_allclose(found.mean(), expected.mean(), **CLOSE)
    np.testing.assert_allclose(found.sd(), expected.sd(), **CLOSE)
    levels = [1e-9, 0.05, 0.5, 0.9, 1 - 1e-9]
    np.testing.assert_allclose(found.quantile(levels), expected.quantile(levels), **CLOSE)
    np.testing.assert_allclose(found.quantile(0.25), expected.quantile(0.25), **CLOSE)
    inside = expected.quantile([0.01, 0.3, 0.8])
    y = np.column_stack([inside, np.full(len(columns), -1.0), np.full(len(columns), 0.5), np.full(len(columns), 1e12)])
    np.testing.assert_allclose(found.log_density(y), expected.log_pdf(y), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(found.density(y), expected.pdf(y), rtol=1e-5, atol=1e-300)
    np.testing.assert_allclose(found.cdf(y), expected.cdf(y), rtol=1e-6, atol=1e-200)
    np.testing.assert_allclose(found.cdf(inside[:, 1]), expected.cdf(inside[:, 1]), **CLOSE)


def test_that_the_numpy_script_stops_at_the_smallest_sd() -> None:
    model = small_sds_model(-800.0)
    expected = window(model, places(model))
    assert 0.0 < expected.variances.max() < 1e-290
    assert_same_parameters(loaded(model).parameters(places(model)), expected)


def test_that_the_tfp_scripts_give_the_numbers_of_the_window(tmp_path: Path) -> None:
    for number, model in enumerate(READ):
        save_script(tmp_path / f"{number}.py", model)
        np.save(tmp_path / f"{number}.npy", places(model))
    result = run([str(tmp_path)], READ_ALL, env={"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""})
    assert result.returncode == 0, result.stderr
    for number, model in enumerate(READ):
        with np.load(tmp_path / f"{number}.read.npz") as read:
            assert_same_parameters(read.values(), window(model, places(model)))


def test_that_the_tfp_script_makes_the_calls_of_the_published_answer() -> None:
    script = python_script(MODELS["tanh"], "tfp")
    for call in (
        "import tensorflow_probability as tfp",
        "tfd.MixtureSameFamily(",
        "tfd.Categorical(",
        "tfd.Normal",
        "gm.mixture_distribution.probs_parameter().numpy()",
        "gm.components_distribution.mean().numpy()",
        "gm.components_distribution.variance().numpy()",
    ):
        assert call in script


@pytest.mark.parametrize("kind", ["mixed columns", "hostile texts", "logit, averaged"])
def test_that_the_numpy_script_runs_with_numpy_alone(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "made.py"
    save_script(path, MODELS[kind], "numpy")
    result = run([], ONLY.format(allowed={"numpy"}, arguments=[str(path)]), cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    rows = list(csv.reader(result.stdout.splitlines()))
    names, model = rows[0], MODELS[kind]
    assert len(rows) == 22
    start, components = len(model.provenance.encodings), model.num_components
    x = np.tile(model.provenance.middle, (21, 1))
    x[:, 0] = np.linspace(*model.provenance.column_ranges[0], 21)
    expected = window(model, x)
    numbers = np.array([row[start:] for row in rows[1:]], dtype=float)
    assert names[start : start + 2] == ["weight_1", "weight_2"]
    np.testing.assert_allclose(numbers[:, :components], expected.weights, **CLOSE)
    np.testing.assert_allclose(numbers[:, -1], expected.quantile(0.95), **CLOSE)


def test_that_a_module_that_is_not_there_would_be_missed(tmp_path: Path) -> None:
    save_script(tmp_path / "made.py", MODELS["tanh"], "tfp")
    result = run([], ONLY.format(allowed={"numpy"}, arguments=[str(tmp_path / "made.py")]))
    assert "tensorflow is not there" in result.stderr


@pytest.mark.parametrize("flavour", ["numpy", "tfp"])
def test_that_texts_of_the_data_never_become_code(flavour: Flavour) -> None:
    """Two models that differ in their texts alone give the same code, but for literals."""

    def shape(names: tuple[str, ...]) -> list[str]:
        encodings = tuple(encoding for encoding in MIXED if encoding.kind is not ColumnKind.CATEGORY)
        renamed = tuple(
            type(each)(name, each.kind, (), each.origin) for each, name in zip(encodings, names, strict=True)
        )
        model = encoded_model(renamed, random_model(1, names=tuple("abc"), source=names[0], target=names[1]))
        tree = ast.parse(python_script(model, flavour))
        return [type(node).__name__ for node in ast.walk(tree)]

    expected = shape(("a", "b", "c"))
    for start in range(len(HOSTILE)):
        assert shape(tuple(HOSTILE[(start + each) % len(HOSTILE)] for each in range(3))) == expected


def test_that_hostile_texts_are_read_back_as_they_are() -> None:
    script, model = loaded(MODELS["hostile texts"]), MODELS["hostile texts"]
    assert [column["column"] for column in script.INPUTS[:-1]] == list(HOSTILE[:-1])
    assert script.INPUTS[-1]["levels"] == list(HOSTILE)
    assert HOSTILE[2] == script.TARGET
    assert script.ABOUT["data"] == HOSTILE[1]
    assert model.provenance.source == HOSTILE[1]


def test_that_the_script_shows_nothing_that_could_deceive_its_reader() -> None:
    script = python_script(MODELS["hostile texts"])
    assert all(char.isprintable() or char == "\n" for char in script)
    assert "\u05d0" not in script
    assert "\u6c34" in script  # a plain name stays readable


def as_columns(**columns: Any) -> dict[str, Any]:
    return {"age": [30.5], "colour": ["green"], "day": ["2020-02-01"], "smokes": ["true"], **columns}


@pytest.mark.parametrize(
    "columns",
    [
        as_columns(),
        as_columns(colour=[1], day=[31], smokes=[1.0]),
        as_columns(day=["2020-02-01 00:00:00"], smokes=[True], age="30.5"),
        as_columns(day=["2020-02-01T00:00:00+00:00"], age=30.5),
        as_columns(day=np.array(["2020-02-01"], dtype="datetime64[D]"), colour="green"),
    ],
)
def test_that_columns_are_read_by_name(columns: dict[str, Any]) -> None:
    model = MODELS["mixed columns"]
    expected = window(model, np.array([[30.5, 1.0, 31.0, 1.0]]))
    assert_same_parameters(loaded(model).parameters(columns), expected)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (as_columns(colour=["blue"]), "'colour' has no level 'blue'"),
        (as_columns(age=["old"]), "'old' in 'age' is not a number"),
        (as_columns(age=[np.nan]), "'age' holds a value that is not a finite number"),
        ({"age": [1.0]}, "x has no column 'colour'"),
        (np.zeros((2, 3)), "give [N, 4]"),
    ],
)
def test_that_what_cannot_be_read_is_named(columns: Any, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        loaded(MODELS["mixed columns"]).conditional(columns)


def printed(tmp_path: Path, *arguments: str) -> Iterator[dict[str, str]]:
    path = tmp_path / "made.py"
    save_script(path, MODELS["mixed columns"], "numpy")
    result = run([str(path), *arguments])
    assert result.returncode == 0, result.stderr
    return iter(csv.DictReader(result.stdout.splitlines()))


def test_that_the_command_line_reads_at_one_place(tmp_path: Path) -> None:
    (row,) = printed(tmp_path, "--at", "colour=3", "age=-2.5")
    model = MODELS["mixed columns"]
    x = model.provenance.middle.copy()
    x[:2] = (-2.5, 2.0)
    expected = window(model, x[np.newaxis])
    assert row["colour"] == "3"
    assert float(row["mean_2"]) == pytest.approx(expected.locs[0, 1], rel=1e-9)
    assert float(row["mixture_sd"]) == pytest.approx(float(expected.sd()[0]), rel=1e-9)


def test_that_the_command_line_reads_a_table(tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("smokes,colour,age,day,other\ntrue,red,1,2020-01-05,x\nfalse,3,2,2020-01-06,y\n", encoding="utf-8")
    rows = list(printed(tmp_path, "--table", str(table)))
    expected = window(MODELS["mixed columns"], np.array([[1.0, 0.0, 4.0, 1.0], [2.0, 2.0, 5.0, 0.0]]))
    assert [float(row["variance_3"]) for row in rows] == pytest.approx(expected.variances[:, 2].tolist(), rel=1e-9)


def test_that_the_command_line_names_what_it_cannot_do(tmp_path: Path) -> None:
    path = tmp_path / "made.py"
    save_script(path, MODELS["mixed columns"], "numpy")
    for arguments, said in (
        (["--at", "height=3"], "names no input"),
        (["--table", str(tmp_path / "none.csv")], "No such file"),
        (["--at", "colour=blue"], "has no level 'blue'"),
    ):
        result = run([str(path), *arguments])
        assert result.returncode == 2
        assert said in result.stderr
        assert "Traceback" not in result.stderr


def test_that_a_script_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(SaveError):
        save_script(tmp_path / "none" / "made.py", MODELS["tanh"])
