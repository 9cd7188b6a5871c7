"""A person with mouse and keyboard at the real window: sample, train, read, take away, leave."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from PySide6.QtGui import QImage

from mdn_gui.core.fitted import FittedModel
from mdn_gui.files.projects.opening import open_project
from mdn_gui.training.mdn import Architecture, ScaleLimits, conditional_distribution, mixture_parameters
from tests.end_to_end.likeness import PICTURES, mean_difference
from tests.end_to_end.story import READ_AT


def fit_in(told: Path) -> FittedModel:
    """Return the fit of the project that was saved."""
    model = open_project(told / "cardioid.mdn").model
    assert model is not None
    return model


def extracted_by_tfp(model: FittedModel, x: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights, means, variances at x, data units, by the published calls on the saved weights."""
    network = model.network
    architecture = Architecture(
        network.num_inputs, model.model_config.hidden_layers, network.num_components, network.activation
    )
    pieces = [array.ravel() for layer in zip(network.kernels, network.biases, strict=True) for array in layer]
    parameters = tf.constant(np.concatenate(pieces), tf.float64)
    limits = ScaleLimits(tf.constant(network.scale_floor, tf.float64), tf.constant(network.scale_ceiling, tf.float64))
    scaled = tf.constant(model.x_scaler.scaled(np.array([[x]])))
    weights, means, variances = mixture_parameters(conditional_distribution(architecture, parameters, scaled, limits))
    sd = model.y_scaler.sd
    return weights.numpy()[0], model.y_scaler.restored(means.numpy())[0], variances.numpy()[0] * sd**2


def half_a_digit(text: str) -> float:
    mantissa, _, exponent = text.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 0.5000001 * 10.0 ** (int(exponent or 0) - decimals)


@pytest.mark.parametrize("index", range(len(READ_AT)))
def test_that_the_table_on_the_screen_equals_the_tfp_extraction(facts: dict[str, Any], told: Path, index: int) -> None:
    reading = facts["readings"][index]
    weights, means, variances = extracted_by_tfp(fit_in(told), reading["x"])
    assert len(reading["rows"]) == len(weights) == 8
    for row, weight, mean, variance in zip(reading["rows"], weights, means, variances, strict=True):
        for text, exact in zip(row[1:], (weight, mean, variance, np.sqrt(variance)), strict=True):
            if text.startswith("<"):
                assert 0.0 < exact < float(text[1:])
                continue
            assert abs(float(text) - exact) <= half_a_digit(text) + 1e-9 * abs(exact)


def test_that_the_mouse_puts_the_cursor_where_it_points(facts: dict[str, Any]) -> None:
    for reading in facts["readings"]:
        assert reading["x"] == pytest.approx(reading["wanted"], abs=0.01)
        assert float(reading["x shown"]) == pytest.approx(reading["x"], abs=half_a_digit(reading["x shown"]))


def test_that_the_mixture_can_be_read_while_the_network_learns(facts: dict[str, Any]) -> None:
    assert facts["state while reading"] == "training"


def test_that_the_end_of_the_run_is_one_sentence_with_the_kept_epoch(facts: dict[str, Any]) -> None:
    assert "Kept epoch" in facts["sentence at the end"]
    assert "validation NLL" in facts["sentence at the end"]


def test_that_a_pin_states_its_difference_to_the_cursor(facts: dict[str, Any]) -> None:
    name, here, there, change = facts["means"]
    assert name == "mean"
    assert float(here) - float(there) == pytest.approx(float(change), abs=2e-3)


def test_that_the_copied_read_out_has_every_digit(facts: dict[str, Any], told: Path) -> None:
    rows = [line.split("\t") for line in facts["copied"].splitlines()]
    mixture = fit_in(told).conditional([[facts["copied at"]]])
    copied = np.array([[float(cell) for cell in row[1:]] for row in rows if row[0].isdigit()])
    exact = np.stack([mixture.weights[0], mixture.locs[0], mixture.variances[0], mixture.scales[0]], axis=1)
    np.testing.assert_array_equal(copied, exact)


def test_that_the_saved_parameter_table_reads_back_bit_for_bit(told: Path) -> None:
    lines = (told / "parameters.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    mixture = fit_in(told).conditional([[float(row["x"])] for row in rows])
    assert len(rows) == 1000
    for k in range(8):
        read = np.array([[float(row[f"{name}_{k + 1}"]) for name in ("weight", "mean", "variance")] for row in rows])
        exact = np.stack([mixture.weights[:, k], mixture.locs[:, k], mixture.variances[:, k]], axis=1)
        np.testing.assert_array_equal(read, exact)
    assert any(line.startswith("# ") and "seed: 0" in line for line in lines)


def test_that_the_import_dialog_says_what_a_messy_file_holds(facts: dict[str, Any]) -> None:
    assert facts["messy"] == ["date, in days", "category", "number", "number", "number"]


def test_that_a_file_opened_by_its_dialog_gets_its_columns(facts: dict[str, Any]) -> None:
    assert facts["columns"] == ["times", "accel"]


def test_that_a_pin_of_other_columns_is_said_to_be_gone(facts: dict[str, Any]) -> None:
    assert facts["told of the pin"].startswith("1 pin was taken away")


def test_that_one_run_is_laid_over_another_by_the_mouse(facts: dict[str, Any]) -> None:
    assert facts["laid over"] == [2, 1]


def test_that_leaving_while_training_asks_then_ends_cleanly(facts: dict[str, Any]) -> None:
    assert facts["asked before leaving"] == "A run is under way."
    assert facts["asked of the document"] == "Save the changes to mcycle.csv?"
    assert facts["exit status"] == 0
    assert facts["worker is running at the end"] is False


@pytest.mark.parametrize("name", ["cardioid.png", "mcycle.png", "runs.png"])
def test_that_the_pictures_of_the_readme_show_this_window(told: Path, name: str) -> None:
    fresh, kept = (QImage(str(folder / name)) for folder in (told, PICTURES))
    assert (fresh.width(), fresh.height()) == (kept.width(), kept.height()) == (1280, 800)
    assert mean_difference(fresh, kept) < 8.0
