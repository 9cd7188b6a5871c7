"""The ONNX graph gives the numbers of the window; without the package a remedy is named."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator

from mdn_gui.core.encoding import expanded
from mdn_gui.files.onnx_model import onnx_model, save_onnx
from mdn_gui.files.saving import SaveError
from tests.files.kinds_of_models import HOSTILE, models, places, small_sds_model

MODELS = {**models(), "tiny sds": small_sds_model(-30.0), "least sds": small_sds_model(-800.0)}


@pytest.mark.parametrize("kind", MODELS)
def test_that_the_graph_gives_the_numbers_of_the_window(kind: str, tmp_path: Path) -> None:
    model = MODELS[kind]
    path = tmp_path / "made.onnx"
    save_onnx(path, model)
    made = onnx.load(path)
    onnx.checker.check_model(made, full_check=True)
    x = expanded(model.provenance.encodings, places(model, 6))
    with np.errstate(over="ignore", under="ignore"):
        weights, means, variances = ReferenceEvaluator(made).run(None, {"x": x})
    expected = model.conditional(x)
    np.testing.assert_allclose(weights, expected.weights, rtol=1e-6, atol=1e-306)
    np.testing.assert_allclose(means, expected.locs, rtol=1e-6, atol=1e-306)
    np.testing.assert_allclose(variances, expected.variances, rtol=1e-6, atol=1e-306)


def test_that_the_metadata_tell_columns_settings_texts() -> None:
    model = MODELS["hostile texts"]
    told = {each.key: each.value for each in onnx_model(model).metadata_props}
    columns = json.loads(told["columns"])
    assert [each["column"] for each in columns[:-1]] == list(HOSTILE[:-1])
    assert columns[-1]["levels"] == list(HOSTILE)
    assert json.loads(told["target"]) == model.provenance.target_name
    assert "seed: 8" in json.loads(told["settings"])


def test_that_the_same_model_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        save_onnx(tmp_path / name, MODELS["average"])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_that_components_without_a_limit_are_refused_where_a_quadrature_is_needed() -> None:
    model = MODELS["logit"]
    network = replace(model.network.members[0], scale_ceiling=float("inf"))
    with pytest.raises(SaveError, match="too wide") as caught:
        onnx_model(replace(model, network=network))
    assert "NumPy alone" in caught.value.hint


def test_that_without_the_package_a_remedy_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(SaveError, match="not installed") as caught:
        save_onnx(tmp_path / "made.onnx", MODELS["tanh"])
    assert "pip install mdn-gui[onnx]" in caught.value.hint
    assert not (tmp_path / "made.onnx").exists()
