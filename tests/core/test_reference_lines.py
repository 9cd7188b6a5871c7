import math

import numpy as np
import pytest

from mdn_gui.core.baselines import Rival
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.reference_lines import TRUTH, reference_lines
from mdn_gui.core.samples import sample
from mdn_gui.core.split import split_of_run
from mdn_gui.errors import DataError
from tests.laws import Cardioid

CONFIG, MODEL = TrainingConfig(), ModelConfig()


def made(y, source="") -> Dataset:
    return Dataset(np.arange(float(len(y)))[:, np.newaxis], np.asarray(y, dtype=float), ("x",), "y", source)


def by_name(dataset: Dataset, model_config=MODEL, config=CONFIG) -> dict[str, float]:
    return {each.name: each.nll for each in reference_lines(dataset, model_config, config)}


def test_that_one_gaussian_has_mean_and_sd_of_the_training_rows_and_is_judged_on_the_others():
    dataset = made(np.random.default_rng(0).normal(5.0, 3.0, 400))
    train, held_out = (dataset.y[rows] for rows in split_of_run(CONFIG, 400))
    z = (held_out - train.mean()) / train.std()
    expected = float((0.5 * z**2).mean() + math.log(train.std() * math.sqrt(2.0 * math.pi)))
    assert by_name(dataset)[Rival.GAUSSIAN.value] == pytest.approx(expected, rel=1e-12)


def test_that_the_mixture_sees_two_clusters_where_one_gaussian_does_not():
    y = np.random.default_rng(1).normal(np.repeat([-10.0, 10.0], 400), 1.0)
    found = by_name(made(np.random.default_rng(2).permutation(y)))
    entropy = 0.5 * math.log(2.0 * math.pi * math.e) + math.log(2.0)
    assert found[Rival.MIXTURE.value] == pytest.approx(entropy, abs=0.15)
    assert found[Rival.GAUSSIAN.value] > found[Rival.MIXTURE.value] + 0.5


def test_that_the_truth_is_told_of_rows_drawn_from_a_law():
    dataset = sample("cardioid").table(2000, 3).complete_rows(("x",), "y").dataset
    _, held_out = split_of_run(CONFIG, 2000)
    expected = -Cardioid().log_p(dataset.x[held_out, 0], dataset.y[held_out]).mean()
    found = by_name(dataset)
    assert found[TRUTH] == pytest.approx(expected, abs=1e-9)
    assert list(found) == [Rival.GAUSSIAN.value, Rival.MIXTURE.value, TRUTH]
    assert found[TRUTH] < found[Rival.MIXTURE.value] < found[Rival.GAUSSIAN.value]


def test_that_a_transformed_target_is_stated_in_data_units():
    y = np.exp(np.random.default_rng(3).normal(2.0, 0.5, 600))
    log = by_name(made(y), ModelConfig(target_transform="log"))[Rival.GAUSSIAN.value]
    train, held_out = (np.log(y[rows]) for rows in split_of_run(CONFIG, 600))
    z = (held_out - train.mean()) / train.std()
    assert log == pytest.approx(float((0.5 * z**2 + held_out).mean() + math.log(train.std() * math.sqrt(2 * math.pi))))


@pytest.mark.parametrize("config", [TrainingConfig(validation_fraction=0.0)])
def test_that_without_held_out_rows_there_is_nothing_to_compare(config):
    assert reference_lines(made(np.arange(50.0)), MODEL, config) == ()


@pytest.mark.parametrize(
    "y",
    [np.full(60, 3.0), np.repeat([0.0, 1.0], 30), 1e140 * np.linspace(-1.0, 1.0, 60), np.r_[np.zeros(59), 1e30]],
    ids=["constant", "two values", "huge", "outlier"],
)
def test_that_every_reference_is_finite_whatever_the_targets(y):
    assert all(math.isfinite(nll) for nll in by_name(made(y)).values())


def test_that_targets_that_the_transform_does_not_take_are_refused():
    with pytest.raises(DataError, match="log"):
        reference_lines(made(np.linspace(-1.0, 1.0, 60)), ModelConfig(target_transform="log"), CONFIG)
